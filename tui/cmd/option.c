/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/option.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"

static const struct cmd_option *find(const struct cmd_option *table,
				     const char *name, size_t len)
{
	for (; table && table->conf.name; table++)
		if (!table->place && strlen(table->conf.name) == len &&
		    !strncmp(table->conf.name, name, len))
			return table;
	return NULL;
}

const struct cmd_option *option_find(const struct cmd_option *table,
				     const char *name)
{
	return find(table, name, strlen(name));
}

static bool is_flag(const struct cmd_option *o)
{
	return !o->value;
}

static size_t add_names(const struct cmd_option *table, const char **names,
			size_t n, size_t most)
{
	for (; table && table->conf.name && n < most; table++)
		if (!table->place)
			names[n++] = table->conf.name;
	return n;
}

static void unknown_option(const struct cmd_option *first,
			   const struct cmd_option *second, const char *name,
			   const char *hint, struct err *e)
{
	const char *names[64], *near;
	size_t n = add_names(first, names, 0, ARRAY_LEN(names));

	n = add_names(second, names, n, ARRAY_LEN(names));
	near = conf_nearest(name, names, n);
	if (near)
		err_set(e, ERR_USAGE,
			"unknown option '--%s': did you mean '--%s'?", name,
			near);
	else
		err_set(e, ERR_USAGE, "unknown option '--%s': %s", name, hint);
}

const struct cmd_option *option_take(const struct cmd_option *first,
				     const struct cmd_option *second,
				     char **argv, int *i, const char **value,
				     const char *hint, struct err *e)
{
	const char *typed = argv[*i] + 2;
	size_t len = strcspn(typed, "=");
	const struct cmd_option *o = find(first, typed, len);
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)len, typed);
	if (!o)
		o = find(second, typed, len);
	if (!o) {
		unknown_option(first, second, name, hint, e);
		return NULL;
	}
	*value = typed[len] ? typed + len + 1 : NULL;
	if (is_flag(o) && *value) {
		err_set(e, ERR_USAGE, "--%s takes no value", name);
		return NULL;
	}
	if (is_flag(o))
		*value = "";
	if (!*value && argv[*i + 1])
		*value = argv[++*i];
	if (!*value) {
		err_set(e, ERR_USAGE, "--%s needs a value", name);
		return NULL;
	}
	return o;
}

void option_defaults(const struct cmd_option *table, void *args)
{
	for (; table && table->conf.name; table++)
		conf_default_one(&table->conf, args);
}

enum err_code option_set(const struct cmd_option *o, void *args,
			 const char *value, struct err *e)
{
	enum err_code rc = conf_set_one(
		&o->conf, args, is_flag(o) && !o->place ? "yes" : value, e);

	if (rc)
		err_prefix(e, "%s%s %s", o->place ? "" : "--", o->conf.name,
			   value);
	return rc;
}

void option_help(const struct cmd_option *table, struct buf *out)
{
	for (; table && table->conf.name; table++) {
		const char *help = table->conf.help, *mark;
		char left[40];

		if (table->place)
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", table->conf.name,
			 is_flag(table) ? "" : " ",
			 is_flag(table) ? "" : table->value);
		buf_printf(out, "  %-22s ", left);
		mark = strstr(help, "{}");
		if (mark)
			buf_printf(out, "%.*s%s%s\n", (int)(mark - help), help,
				   table->conf.fallback, mark + 2);
		else
			buf_printf(out, "%s\n", help);
	}
}
