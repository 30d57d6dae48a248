/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "tui/keys.h"
#include "tui/screen.h"

static void test_names_round_trip(void **state)
{
	static const char *const names[] = {
		"Up",        "Down",   "Left",   "Right",  "Home",      "End",
		"PgUp",      "PgDn",   "Insert", "Delete", "Backspace", "Tab",
		"Shift-Tab", "Enter",  "Esc",    "Space",  "F1",        "F12",
		"Ctrl-L",    "Ctrl-Z", "q",      "<",      ",",         ":",
		"?",         "é",      "0",      "F",
	};
	struct buf name;

	(void)state;
	buf_init(&name);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		int key = keys_parse(names[i]);

		assert_int_not_equal(key, K_NONE);
		buf_clear(&name);
		keys_name(key, &name);
		assert_string_equal(name.data, names[i]);
	}
	buf_release(&name);
}

static void test_unknown_names(void **state)
{
	static const char *const names[] = {"",      "up",     "F13", "F0",
					    "Ctrl-", "Ctrl-l", "qq",  "F1x"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_int_equal(keys_parse(names[i]), K_NONE);
}

static void test_lists(void **state)
{
	(void)state;
	assert_true(keys_match("q, Esc", K_ESC));
	assert_true(keys_match("q, Esc", 'q'));
	assert_false(keys_match("q, Esc", ','));
	assert_true(keys_match(",, <", ','));
	assert_true(keys_match(",, <", '<'));
	assert_true(keys_match("<, ,", ','));
	assert_false(keys_match("", ','));
}

/* ---- a widget with bindings of its own, in a screen ---- */

struct dial {
	int at;
};

struct room {
	int heard;
	struct dial dial;
};

static enum screen_action dial_turn(void *self, const struct key_press *k)
{
	struct dial *d = self;

	d->at += k->arg;
	return SCREEN_REDRAW;
}

static const struct key_binding dial_keys[] = {
	{"Up", "more", "turn it up", false, .run = dial_turn, .arg = 1},
	{"Down", "less", "turn it down", false, .run = dial_turn, .arg = -1},
	{0},
};

static enum screen_action room_hear(void *self, const struct key_press *k)
{
	struct room *r = self;

	(void)k;
	r->heard++;
	return SCREEN_STAY;
}

static enum screen_action room_dial(void *self, const struct key_press *k)
{
	struct room *r = self;

	r->heard += 10;
	return keys_inner(k, &r->dial);
}

static void test_included_tables(void **state)
{
	static const struct key_binding room_keys[] = {
		{"h", "hear", "hear it", false, .run = room_hear},
		{KEYS_OF(struct room, dial, dial_keys)},
		{"0", "tenfold", "turn it far up", false, .run = dial_turn,
		 .arg = 10, .part = offsetof(struct room, dial)},
		{0},
	};
	static const struct key_binding wrapped[] = {
		{KEYS_OF(struct room, dial, dial_keys), .run = room_dial},
		{0},
	};
	static const char *const order[] = {"hear", "more", "less", "tenfold"};
	struct room r = {0};
	struct key_found f = {NULL};
	int n = 0;

	(void)state;
	while (keys_each(room_keys, &f))
		assert_string_equal(f.binding->name, order[n++]);
	assert_int_equal(n, ARRAY_LEN(order));
	assert_false(keys_each(NULL, &f));
	f = keys_find(room_keys, K_DOWN);
	assert_int_equal(keys_run(&f, &r, NULL), SCREEN_REDRAW);
	assert_int_equal(r.dial.at, -1);
	f = keys_find_name(room_keys, "hear");
	assert_int_equal(keys_run(&f, &r, NULL), SCREEN_STAY);
	f = keys_find_name(room_keys, "tenfold");
	keys_run(&f, &r, NULL);
	assert_int_equal(r.dial.at, 9);
	assert_int_equal(r.heard, 1);
	assert_null(keys_find(room_keys, 'x').binding);
	/* the screen hears of it before the widget does its part */
	f = keys_find(wrapped, K_UP);
	assert_int_equal(keys_run(&f, &r, NULL), SCREEN_REDRAW);
	assert_int_equal(r.dial.at, 10);
	assert_int_equal(r.heard, 11);
}

/* Everything that a table says must be a key that can be pressed, no key may
 * do two things in one screen, and each command needs a name and a help. */
static void check_table(const struct key_binding *table)
{
	struct key_found f = {NULL};
	int seen[256], n = 0;

	while (keys_each(table, &f)) {
		const struct key_binding *b = f.binding;
		const char *list = b->keys;
		char name[16];

		assert_non_null(list);
		assert_non_null(b->help);
		assert_non_null(b->run);
		assert_non_null(b->name);
		assert_null(strchr(b->name, ' '));
		assert_ptr_equal(keys_find_name(table, b->name).binding, b);
		while (keys_next(&list, name, sizeof(name))) {
			int key = keys_parse(name);

			if (key == K_NONE)
				fail_msg("%s: no key is named %s", b->name,
					 name);
			for (int i = 0; i < n; i++)
				if (seen[i] == key)
					fail_msg("%s: %s is bound twice",
						 b->name, name);
			assert_true(n < (int)ARRAY_LEN(seen));
			seen[n++] = key;
		}
	}
}

static void test_every_table(void **state)
{
	(void)state;
	check_table(keys_global);
	for (const struct screen *const *s = screen_table; *s; s++) {
		check_table((*s)->keys);
		for (const struct screen *const *o = screen_table; o < s; o++)
			assert_string_not_equal((*s)->name, (*o)->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_round_trip),
		cmocka_unit_test(test_unknown_names),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_included_tables),
		cmocka_unit_test(test_every_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
