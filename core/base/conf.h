/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_CONF_H
#define CORE_BASE_CONF_H

#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/*
 * Settings as `key = value`, described once: a table says name, kind, range,
 * default and meaning, and from it come reading, printing, the error with the
 * nearest name, the command's --help and the manual's table.
 */
enum conf_kind {
	CONF_INT,     /* int */
	CONF_INT64,   /* int64_t */
	CONF_FLOAT,   /* float */
	CONF_BOOL,    /* bool; yes no true false on off 1 0 */
	CONF_TEXT,    /* char[size] */
	CONF_REST,    /* the same; in a list, which it ends, with commas */
	CONF_CHOICE,  /* int: index into `choices` */
	CONF_DOUBLE,  /* double */
	CONF_STRING,  /* const char *: the value itself, borrowed */
	CONF_THREADS, /* int; "all processors": as many as are online */
};

struct conf_spec {
	const char *name;
	enum conf_kind kind;
	size_t offset;        /* of the field in the struct that is set */
	double min, max;      /* range of numbers; max: size of a text */
	const char *fallback; /* default, as a person would write it; NULL: the
			       * field stays as it is */
	const char *choices;  /* "a|b|c" for CONF_CHOICE */
	const char *help;     /* one line, with the unit */
};

/* An entry for a number that is called as the member that it sets: `kind` is
 * CONF_INT or CONF_FLOAT. */
#define CONF_NUMBER(type, kind, key, lo, hi, fallback, help)                  \
	{                                                                     \
#key, kind, offsetof(type, key), lo, hi, fallback, NULL, help \
	}

/* `spec` tables end with a NULL name; `self` is the struct that they describe.
 */
void conf_defaults(const struct conf_spec *spec, void *self);

/* ERR_USAGE: unknown key (the nearest is named) or a value out of range. */
ATTR_NODISCARD enum err_code conf_set(const struct conf_spec *spec, void *self,
				      const char *key, const char *value,
				      struct err *e);

/* The same for one setting.  A bad value is told without naming the setting,
 * "must be ...", for the caller to put before it what was typed. */
ATTR_NODISCARD enum err_code conf_set_one(const struct conf_spec *one,
					  void *self, const char *value,
					  struct err *e);
void conf_default_one(const struct conf_spec *one, void *self);

/* Text of `key = value` lines, # comments.  `origin` names it in errors. */
ATTR_NODISCARD enum err_code conf_read(const struct conf_spec *spec, void *self,
				       const char *text, const char *origin,
				       struct err *e);

/* "k=v,k=v" as in agent specs; an empty text sets nothing. */
ATTR_NODISCARD enum err_code conf_read_list(const struct conf_spec *spec,
					    void *self, const char *list,
					    const char *origin, struct err *e);

/* Every key as `key = value` lines, in table order; conf_read() reads it back
 * to the same bits. */
void conf_format(const struct conf_spec *spec, const void *self,
		 struct buf *out);
void conf_format_value(const struct conf_spec *one, const void *self,
		       struct buf *out);

const struct conf_spec *conf_find(const struct conf_spec *spec,
				  const char *key);

/* The name of names[count] closest to `wrong`, for
 * "did you mean"; NULL if none is near. */
const char *conf_nearest(const char *wrong, const char *const *names,
			 size_t count);

#endif
