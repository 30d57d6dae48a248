/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/format.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "core/base/conf.h"

/* The last one takes any text. */
const struct format *const format_table[] = {
	&format_sgf,
	&format_pgn,
	&format_plain,
	NULL,
};

enum err_code format_find(const char *name, const struct format **out,
			  struct err *e)
{
	const char *names[16];
	const char *near;
	size_t n = 0;

	for (const struct format *const *f = format_table; *f; f++) {
		names[n++] = (*f)->name;
		*out = *f;
		if (!strcmp((*f)->name, name))
			return ERR_OK;
	}
	near = conf_nearest(name, names, n);
	return err_set(e, ERR_USAGE, "unknown format '%s': %s '%s'", name,
		       near ? "did you mean" : "there are sgf, pgn and",
		       near ? near : "plain");
}

const struct format *format_usual(const struct game *g)
{
	const struct format *const *f = format_table;

	/* The last one has no family of its own. */
	for (;; f++) {
		assert(*f);
		if (!(*f)->family || !strcmp((*f)->family, g->rules->family))
			return *f;
	}
}

const struct format *format_of_name(const char *path)
{
	const char *dot = strrchr(path, '.');

	for (const struct format *const *f = format_table; dot && *f; f++)
		if (!strcasecmp(dot + 1, (*f)->extension))
			return *f;
	return NULL;
}

const struct format *format_guess(const char *path, struct text_in *in)
{
	const struct format *by_name = path ? format_of_name(path) : NULL;
	const struct format *const *f = format_table;
	char head[64];

	if (by_name)
		return by_name;
	text_head(in, head, sizeof(head));
	while (f[1] && !((*f)->begins && (*f)->begins(head)))
		f++;
	return *f;
}
