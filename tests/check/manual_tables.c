/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/agent/kind.h"
#include "core/learn/method.h"
#include "core/learn/recipe.h"
#include "core/learn/serial.h"
#include "tui/keys.h"
#include "tui/screen.h"

/*
 * The parts of plyscope(1) that come from the program's tables, as mdoc:
 * `manual_tables NAME`.  test_manual.sh holds the manual to it.
 */

/* Roff and mdoc read some characters, and words that are one, in their way.  An
 * empty line is a new paragraph. */
static void put_text(const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '\n':
			fputs(s[1] == '\n' ? "\n.Pp" : "\n\\&", stdout);
			break;
		case '\\':
			fputs("\\e", stdout);
			break;
		case '"':
			fputs("\\(dq", stdout);
			break;
		case '\'':
			fputs("\\(aq", stdout);
			break;
		case '`':
			fputs("\\(ga", stdout);
			break;
		case '^':
			fputs("\\(ha", stdout);
			break;
		case '~':
			fputs("\\(ti", stdout);
			break;
		case '-':
			fputs("\\-", stdout);
			break;
		default:
			putchar(*s);
		}
	}
}

static void put_item(const char *tag, const char *help)
{
	printf(".It Ic \"\\&");
	put_text(tag);
	printf("\"\n\\&");
	put_text(help);
	putchar('\n');
}

static void put_keys(const struct key_binding *table)
{
	struct key_found f = {NULL};

	printf(".Bl -tag -width \"PgDn, Space\" -compact\n");
	while (keys_each(table, &f))
		put_item(f.binding->keys, f.binding->help);
	printf(".El\n");
}

static void keys(void)
{
	printf(".Ss Every screen\n");
	put_keys(keys_global);
	for (const struct screen *const *s = screen_table; *s; s++) {
		printf(".Ss The screen %s\n\\&", (*s)->name);
		put_text((*s)->help);
		printf("\n.Pp\n");
		put_keys((*s)->keys);
	}
}

static void put_settings(const struct conf_spec *spec)
{
	printf(".Bl -tag -width \"checkpoint_growth\" -compact\n");
	for (const struct conf_spec *c = spec; c->name; c++) {
		printf(".It Cm %s No =%s%s\n\\&", c->name,
		       *c->fallback ? " " : "", c->fallback);
		put_text(c->help);
		if (c->choices) {
			printf(": ");
			put_text(c->choices);
		} else if (c->kind == CONF_INT || c->kind == CONF_FLOAT) {
			printf(" (%.12g to %.12g)", c->min, c->max);
		}
		putchar('\n');
	}
	printf(".El\n");
}

static void recipe(void)
{
	put_settings(recipe_spec);
}

static void methods(void)
{
	for (const struct method_entry *m = method_table; m->name; m++) {
		printf(".Ss The method %s\n\\&", m->name);
		put_text(m->help);
		printf("\n");
		if (m->conf) {
			printf(".Pp\n");
			put_settings(m->conf);
		}
	}
}

static void serial(void)
{
	put_settings(serial_spec);
}

/* Not a region but what the manual must have: each kind, and with it each of
 * its settings. */
static void agents(void)
{
	for (const struct agent_kind *const *k = agent_kinds; *k; k++) {
		printf("%s\n", (*k)->name);
		for (const struct conf_spec *c = (*k)->conf; c && c->name; c++)
			printf("%s %s\n", (*k)->name, c->name);
	}
}

/* The tables by the names that their regions have in the manual. */
static const struct {
	const char *name;
	void (*put)(void);
} tables[] = {
	{"agents", agents}, {"keys", keys},     {"methods", methods},
	{"recipe", recipe}, {"serial", serial},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < ARRAY_LEN(tables); i++) {
		if (!strcmp(argv[1], tables[i].name)) {
			tables[i].put();
			return 0;
		}
	}
	return 2;
}
