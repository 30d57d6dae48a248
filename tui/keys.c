/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/keys.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "tui/utf8.h"

static const struct {
	const char *name;
	int key;
} key_names[] = {
	{"Up", K_UP},
	{"Down", K_DOWN},
	{"Left", K_LEFT},
	{"Right", K_RIGHT},
	{"Home", K_HOME},
	{"End", K_END},
	{"PgUp", K_PGUP},
	{"PgDn", K_PGDN},
	{"Insert", K_INSERT},
	{"Delete", K_DELETE},
	{"Backspace", K_BACKSPACE},
	{"Tab", K_TAB},
	{"Shift-Tab", K_BACKTAB},
	{"Enter", K_ENTER},
	{"Esc", K_ESC},
	{"Space", ' '},
};

int keys_parse(const char *name)
{
	const char *p = name;
	uint32_t code;

	for (size_t i = 0; i < ARRAY_LEN(key_names); i++)
		if (!strcmp(name, key_names[i].name))
			return key_names[i].key;
	if (name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
		char *end;
		long n = strtol(name + 1, &end, 10);

		return !*end && n <= 12 ? K_F1 + (int)n - 1 : K_NONE;
	}
	if (!strncmp(name, "Ctrl-", 5) && name[5] >= 'A' && name[5] <= 'Z' &&
	    !name[6])
		return name[5] - 'A' + 1;
	code = utf8_next(&p);
	return code && !*p ? (int)code : K_NONE;
}

void keys_name(int key, struct buf *out)
{
	char utf8[4];

	for (size_t i = 0; i < ARRAY_LEN(key_names); i++) {
		if (key_names[i].key == key) {
			buf_puts(out, key_names[i].name);
			return;
		}
	}
	if (key >= K_F1 && key <= K_F12)
		buf_printf(out, "F%d", key - K_F1 + 1);
	else if (key >= 1 && key <= 26)
		buf_printf(out, "Ctrl-%c", 'A' + key - 1);
	else
		buf_add(out, utf8, utf8_put(utf8, (uint32_t)key));
}

bool keys_next(const char **list, char *name, size_t size)
{
	const char *end;
	size_t len;

	if (!**list)
		return false;
	end = strstr(*list + 1, ", ");
	len = end ? (size_t)(end - *list) : strlen(*list);
	*list += end ? len + 2 : len;
	if (len >= size)
		len = size - 1;
	memcpy(name, *list - (end ? len + 2 : len), len);
	name[len] = '\0';
	return true;
}

bool keys_match(const char *list, int key)
{
	char name[16];

	while (keys_next(&list, name, sizeof(name)))
		if (keys_parse(name) == key)
			return true;
	return false;
}

const struct key_binding keys_none[] = {{0}};

static bool is_line(const struct key_binding *b)
{
	return b && (b->help || b->run || b->table);
}

bool keys_each(const struct key_binding *table, struct key_found *f)
{
	const struct key_binding *b = f->binding ? f->binding + 1 : table;

	if (f->outer && !is_line(b)) {
		b = f->outer + 1;
		f->outer = NULL;
	}
	if (is_line(b) && b->table) {
		f->outer = b;
		b = b->table;
	}
	f->binding = is_line(b) ? b : NULL;
	return f->binding != NULL;
}

struct key_found keys_find(const struct key_binding *table, int key)
{
	struct key_found f = {NULL};

	while (keys_each(table, &f))
		if (f.binding->keys && keys_match(f.binding->keys, key))
			break;
	return f;
}

struct key_found keys_find_name(const struct key_binding *table,
				const char *name)
{
	struct key_found f = {NULL};

	while (keys_each(table, &f))
		if (f.binding->name && !strcmp(f.binding->name, name))
			break;
	return f;
}

static enum screen_action run_in(const struct key_binding *b, void *self,
				 const struct canvas_map *seen,
				 const char *text)
{
	struct key_press k = {.arg = b->arg, .seen = seen, .text = text};

	return b->run((char *)self + b->part, &k);
}

enum screen_action keys_run(const struct key_found *f, void *self,
			    const struct canvas_map *seen)
{
	return keys_command(f, self, seen, "");
}

enum screen_action keys_command(const struct key_found *f, void *self,
				const struct canvas_map *seen, const char *text)
{
	if (!f->outer)
		return run_in(f->binding, self, seen, text);
	if (f->outer->run) {
		struct key_press k = {
			.seen = seen, .text = text, .inner = f->binding};

		return f->outer->run(self, &k);
	}
	return run_in(f->binding, (char *)self + f->outer->part, seen, text);
}

enum screen_action keys_inner(const struct key_press *k, void *widget)
{
	return run_in(k->inner, widget, k->seen, k->text);
}

int keys_alias(int key)
{
	switch (key) {
	case 'h':
		return K_LEFT;
	case 'j':
		return K_DOWN;
	case 'k':
		return K_UP;
	case 'l':
		return K_RIGHT;
	case 'g':
		return K_HOME;
	case 'G':
		return K_END;
	case 'F' - '@':
	case 'D' - '@':
		return K_PGDN;
	case 'B' - '@':
	case 'U' - '@':
		return K_PGUP;
	default:
		return K_NONE;
	}
}

const char *keys_pretty(const char *name)
{
	static const char *const pretty[][2] = {
		{"Up", "↑"},
		{"Down", "↓"},
		{"Left", "←"},
		{"Right", "→"},
	};

	for (size_t i = 0; i < ARRAY_LEN(pretty); i++)
		if (!strcmp(name, pretty[i][0]))
			return pretty[i][1];
	return name;
}
