/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_OPTION_H
#define TUI_CMD_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/conf.h"

/*
 * What can be typed after a command: options and positional arguments, declared
 * as settings are, with type, range, default and help.  From the table come
 * parsing into a struct of the command, the sentence about a wrong value and
 * --help, in whose texts {} stands for the default.
 *
 *	struct perft_args { const char *game; int depth; bool json; };
 *	#define ARGS struct perft_args
 *	static const struct cmd_option options[] = {
 *		CMD_ARG(1, "GAME", game),
 *		CMD_ARG_INT(2, "depth", depth, 1, 100),
 *		CMD_FLAG("json", json, "as JSON"),
 *		CMD_END,
 *	};
 */
struct cmd_option {
	struct conf_spec conf; /* `name` without the dashes; NULL ends it */
	const char *value;     /* what --help calls it, "FILE"; NULL: a flag */
	int place;             /* 1, 2, ...: a positional argument */
};

/* Offset of a member of ARGS; one that is not of the type does not compile. */
#define CMD_MEMBER(member, type)  \
	(offsetof(ARGS, member) + \
	 0 * sizeof(_Generic(((ARGS *)0)->member, type : 0)))
#define CMD_OPTION(kind, name, value, at, lo, hi, dflt, help)        \
	{                                                            \
		{name, kind, at, lo, hi, dflt, NULL, help}, value, 0 \
	}
/* `dflt` as a person would type it; NULL: the member stays 0. */
#define CMD_STRING(name, value, member, dflt, help)                            \
	CMD_OPTION(CONF_STRING, name, value, CMD_MEMBER(member, const char *), \
		   0, 0, dflt, help)
#define CMD_INT(name, value, member, lo, hi, dflt, help)                   \
	CMD_OPTION(CONF_INT, name, value, CMD_MEMBER(member, int), lo, hi, \
		   dflt, help)
#define CMD_INT64(name, value, member, lo, hi, dflt, help)                   \
	CMD_OPTION(CONF_INT64, name, value, CMD_MEMBER(member, int64_t), lo, \
		   hi, dflt, help)
#define CMD_DOUBLE(name, value, member, lo, hi, dflt, help)                  \
	CMD_OPTION(CONF_DOUBLE, name, value, CMD_MEMBER(member, double), lo, \
		   hi, dflt, help)
/* `words`: "a|b|c"; the member is the index. */
#define CMD_CHOICE(name, value, member, words, dflt, help)                \
	{                                                                 \
		{name,  CONF_CHOICE, CMD_MEMBER(member, int), 0, 0, dflt, \
		 words, help},                                            \
			value, 0                                          \
	}
#define CMD_FLAG(name, member, help)                                      \
	CMD_OPTION(CONF_BOOL, name, NULL, CMD_MEMBER(member, bool), 0, 0, \
		   "no", help)
#define CMD_LAB(member)                         \
	CMD_STRING("lab", "FILE", member, NULL, \
		   "the lab file (else PLYSCOPE_LAB, then the default)")
/* What several commands take: an int64_t, and an int. */
#define CMD_SEED(member, help) \
	CMD_INT64("seed", "S", member, 0, (double)INT64_MAX, "1", help)
#define CMD_THREADS(member)                                                  \
	CMD_OPTION(CONF_THREADS, "threads", "T", CMD_MEMBER(member, int), 1, \
		   256, "all processors",                                    \
		   "workers; changes only the speed ({})")
/* Positional arguments; those that were not typed leave their member 0. */
#define CMD_ARG(place, name, member)                                  \
	{                                                             \
		{name, CONF_STRING, CMD_MEMBER(member, const char *), \
		 0,    0,           NULL,                             \
		 NULL, NULL},                                         \
			NULL, place                                   \
	}
#define CMD_ARG_INT(place, name, member, lo, hi)                        \
	{                                                               \
		{name, CONF_INT, CMD_MEMBER(member, int), lo, hi, NULL, \
		 NULL, NULL},                                           \
			NULL, place                                     \
	}
#define CMD_END                         \
	{                               \
		{.name = NULL}, NULL, 0 \
	}

/* The option that argv[*i], which begins with "--", names in `first` or in
 * `second`; either may be NULL.  *value is borrowed, and "" for a flag; *i
 * moves on if it is the next argument.  NULL: not understood, ERR_USAGE, which
 * for an unknown option names the nearest, else says `hint`. */
const struct cmd_option *option_take(const struct cmd_option *first,
				     const struct cmd_option *second,
				     char **argv, int *i, const char **value,
				     const char *hint, struct err *e);

/* By its name, among options alone; NULL: there is none. */
const struct cmd_option *option_find(const struct cmd_option *table,
				     const char *name);

/* All defaults. */
void option_defaults(const struct cmd_option *table, void *args);
/* A value as typed, into its field; ERR_USAGE: "--games x: must be ...". */
ATTR_NODISCARD enum err_code option_set(const struct cmd_option *o, void *args,
					const char *value, struct err *e);

/* A line each, as --help shows them. */
void option_help(const struct cmd_option *table, struct buf *out);

#endif
