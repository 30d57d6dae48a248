/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/conf.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/base/attr.h"

enum { MAX_NAME = 64 };

const struct conf_spec *conf_find(const struct conf_spec *spec, const char *key)
{
	for (; spec->name; spec++)
		if (!strcmp(spec->name, key))
			return spec;
	return NULL;
}

/* Levenshtein distance, case folded; names are short. */
static int edit_distance(const char *a, const char *b)
{
	int row[MAX_NAME + 1];
	int n = (int)strnlen(b, MAX_NAME);

	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 1; a[i - 1] && i <= MAX_NAME; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= n; j++) {
			int same = tolower((unsigned char)a[i - 1]) ==
				   tolower((unsigned char)b[j - 1]);
			int cost = diagonal + !same;

			diagonal = row[j];
			if (row[j] + 1 < cost)
				cost = row[j] + 1;
			if (row[j - 1] + 1 < cost)
				cost = row[j - 1] + 1;
			row[j] = cost;
		}
	}
	return row[n];
}

const char *conf_nearest(const char *wrong, const char *const *names,
			 size_t count)
{
	const char *best = NULL;
	int least = (int)strnlen(wrong, MAX_NAME) / 2 + 1;

	for (size_t i = 0; i < count; i++) {
		int d = edit_distance(wrong, names[i]);

		if (d <= least && (!best || d < least)) {
			least = d;
			best = names[i];
		}
	}
	return best;
}

static enum err_code unknown_key(const struct conf_spec *spec, const char *key,
				 struct err *e)
{
	const char *names[128];
	const char *near;
	size_t n = 0;

	for (; spec->name && n < ARRAY_LEN(names); spec++)
		names[n++] = spec->name;
	near = conf_nearest(key, names, n);
	if (near)
		return err_set(e, ERR_USAGE,
			       "unknown key '%s': did you mean '%s'?", key,
			       near);
	return err_set(e, ERR_USAGE, "unknown key '%s'", key);
}

static enum err_code out_of_range(const struct conf_spec *s, struct err *e)
{
	if (s->kind == CONF_FLOAT || s->kind == CONF_DOUBLE)
		return err_set(e, ERR_USAGE,
			       "must be a number from %.10g to %.10g", s->min,
			       s->max);
	/* The largest whole number is no double. */
	if (s->max >= (double)INT64_MAX)
		return err_set(e, ERR_USAGE,
			       "must be a whole number from %.0f to %lld",
			       s->min, (long long)INT64_MAX);
	return err_set(e, ERR_USAGE, "must be a whole number from %.0f to %.0f",
		       s->min, s->max);
}

static enum err_code set_int(const struct conf_spec *s, void *field,
			     const char *value, struct err *e)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(value, &end, 10);
	if (end == value || *end || errno || (double)v < s->min ||
	    (double)v > s->max)
		return out_of_range(s, e);
	if (s->kind == CONF_INT64)
		*(int64_t *)field = v;
	else
		*(int *)field = (int)v;
	return ERR_OK;
}

static enum err_code set_threads(const struct conf_spec *s, void *field,
				 const char *value, struct err *e)
{
	long online;

	if (strcmp(value, "all processors") != 0)
		return set_int(s, field, value, e);
	online = sysconf(_SC_NPROCESSORS_ONLN);
	*(int *)field = online < 1              ? 1
			: online > (long)s->max ? (int)s->max
						: (int)online;
	return ERR_OK;
}

static enum err_code set_float(const struct conf_spec *s, void *field,
			       const char *value, struct err *e)
{
	char *end;
	double v = strtod(value, &end);

	/* The range is checked as the float that will be kept. */
	if (end == value || *end || !isfinite(v) || (float)v < (float)s->min ||
	    (float)v > (float)s->max)
		return out_of_range(s, e);
	*(float *)field = (float)v;
	return ERR_OK;
}

static enum err_code set_double(const struct conf_spec *s, void *field,
				const char *value, struct err *e)
{
	char *end;
	double v = strtod(value, &end);

	if (end == value || *end || !(v >= s->min && v <= s->max))
		return out_of_range(s, e);
	*(double *)field = v;
	return ERR_OK;
}

static enum err_code set_bool(void *field, const char *value, struct err *e)
{
	static const char *const words[] = {"no",  "yes", "false", "true",
					    "off", "on",  "0",     "1"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcasecmp(value, words[i])) {
			*(bool *)field = i % 2;
			return ERR_OK;
		}
	return err_set(e, ERR_USAGE, "must be yes or no");
}

static enum err_code set_choice(const struct conf_spec *s, void *field,
				const char *value, struct err *e)
{
	const char *p = s->choices;

	for (int i = 0; p; i++) {
		size_t n = strcspn(p, "|");

		if (strlen(value) == n && !strncmp(value, p, n)) {
			*(int *)field = i;
			return ERR_OK;
		}
		p = p[n] ? p + n + 1 : NULL;
	}
	return err_set(e, ERR_USAGE, "must be one of %s", s->choices);
}

enum err_code conf_set_one(const struct conf_spec *one, void *self,
			   const char *value, struct err *e)
{
	void *field = (char *)self + one->offset;

	switch (one->kind) {
	case CONF_INT:
	case CONF_INT64:
		return set_int(one, field, value, e);
	case CONF_THREADS:
		return set_threads(one, field, value, e);
	case CONF_FLOAT:
		return set_float(one, field, value, e);
	case CONF_DOUBLE:
		return set_double(one, field, value, e);
	case CONF_BOOL:
		return set_bool(field, value, e);
	case CONF_CHOICE:
		return set_choice(one, field, value, e);
	case CONF_STRING:
		*(const char **)field = value;
		return ERR_OK;
	case CONF_TEXT:
	case CONF_REST:
		if (strlen(value) >= (size_t)one->max)
			return err_set(e, ERR_USAGE,
				       "longer than %d characters",
				       (int)one->max - 1);
		memcpy(field, value, strlen(value) + 1);
		return ERR_OK;
	}
	assert(!"a kind of setting without a reader");
	return ERR_USAGE;
}

enum err_code conf_set(const struct conf_spec *spec, void *self,
		       const char *key, const char *value, struct err *e)
{
	const struct conf_spec *s = conf_find(spec, key);
	enum err_code rc;

	if (!s)
		return unknown_key(spec, key, e);
	rc = conf_set_one(s, self, value, e);
	/* A text that is too long is not said again. */
	if (rc && (s->kind == CONF_TEXT || s->kind == CONF_REST))
		err_prefix(e, "%s", s->name);
	else if (rc)
		err_prefix(e, "%s = %s", s->name, value);
	return rc;
}

void conf_default_one(const struct conf_spec *one, void *self)
{
	struct err e = ERR_INIT;

	if (one->fallback && conf_set_one(one, self, one->fallback, &e))
		assert(!"a default outside its own range");
}

void conf_defaults(const struct conf_spec *spec, void *self)
{
	for (; spec->name; spec++)
		conf_default_one(spec, self);
}

/* Trim in place; returns the first character that stays. */
static char *trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

static enum err_code set_pair(const struct conf_spec *spec, void *self,
			      char *pair, struct err *e)
{
	char *eq = strchr(pair, '=');

	if (!eq)
		return err_set(e, ERR_USAGE, "'%s' is not key = value", pair);
	*eq = '\0';
	return conf_set(spec, self, trim(pair), trim(eq + 1), e);
}

enum err_code conf_read(const struct conf_spec *spec, void *self,
			const char *text, const char *origin, struct err *e)
{
	int number = 1;

	while (*text) {
		enum err_code rc;
		char line[512];
		size_t n = strcspn(text, "\n");
		char *p;

		if (n >= sizeof(line))
			return err_set(e, ERR_USAGE,
				       "%s:%d: line longer than %zu characters",
				       origin, number, sizeof(line) - 1);
		memcpy(line, text, n);
		line[n] = '\0';
		line[strcspn(line, "#")] = '\0';
		p = trim(line);
		rc = *p ? set_pair(spec, self, p, e) : ERR_OK;
		if (rc) {
			err_prefix(e, "%s:%d", origin, number);
			return rc;
		}
		text += n;
		text += *text == '\n';
		number++;
	}
	return ERR_OK;
}

/* The first "k=v" of a list: as long as this. */
static size_t pair_span(const struct conf_spec *spec, const char *list)
{
	for (; spec->name; spec++) {
		size_t n = strlen(spec->name);

		if (spec->kind == CONF_REST && !strncmp(list, spec->name, n) &&
		    list[n] == '=')
			return strlen(list);
	}
	return strcspn(list, ",");
}

enum err_code conf_read_list(const struct conf_spec *spec, void *self,
			     const char *list, const char *origin,
			     struct err *e)
{
	while (*list) {
		enum err_code rc;
		char pair[512];
		size_t n = pair_span(spec, list);

		if (n >= sizeof(pair))
			return err_set(
				e, ERR_USAGE,
				"%s: a setting longer than %zu characters",
				origin, sizeof(pair) - 1);
		memcpy(pair, list, n);
		pair[n] = '\0';
		rc = set_pair(spec, self, trim(pair), e);
		if (rc) {
			err_prefix(e, "%s", origin);
			return rc;
		}
		list += n;
		list += *list == ',';
	}
	return ERR_OK;
}

void conf_format_value(const struct conf_spec *one, const void *self,
		       struct buf *out)
{
	const void *field = (const char *)self + one->offset;
	const char *p = one->choices;
	char text[32];

	switch (one->kind) {
	case CONF_INT:
	case CONF_THREADS:
		buf_printf(out, "%d", *(const int *)field);
		break;
	case CONF_INT64:
		buf_printf(out, "%lld", (long long)*(const int64_t *)field);
		break;
	case CONF_FLOAT:
		/* 9 digits read back to the same float; fewer often do too. */
		for (int digits = 3; digits <= 9; digits++) {
			snprintf(text, sizeof(text), "%.*g", digits,
				 (double)*(const float *)field);
			if (strtof(text, NULL) == *(const float *)field)
				break;
		}
		buf_puts(out, text);
		break;
	case CONF_DOUBLE:
		buf_printf(out, "%.17g", *(const double *)field);
		break;
	case CONF_STRING:
		if (*(const char *const *)field)
			buf_puts(out, *(const char *const *)field);
		break;
	case CONF_BOOL:
		buf_puts(out, *(const bool *)field ? "yes" : "no");
		break;
	case CONF_TEXT:
	case CONF_REST:
		buf_puts(out, field);
		break;
	case CONF_CHOICE:
		for (int i = *(const int *)field; i > 0; i--)
			p = strchr(p, '|') + 1;
		buf_add(out, p, strcspn(p, "|"));
		break;
	}
}

void conf_format(const struct conf_spec *spec, const void *self,
		 struct buf *out)
{
	for (; spec->name; spec++) {
		buf_printf(out, "%s = ", spec->name);
		conf_format_value(spec, self, out);
		buf_putc(out, '\n');
	}
}
