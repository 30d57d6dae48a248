/* SPDX-License-Identifier: MIT */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "tui/screen.h"

/*
 * Keys as numbers.  A character is its code point, Ctrl-A .. Ctrl-Z are 1..26,
 * and keys without a character follow the last code point.
 */
enum key {
	K_NONE = 0,
	K_TAB = 9,
	K_ENTER = 13,
	K_ESC = 27,
	K_BACKSPACE = 127, /* Backspace, whichever code it sends */
	K_UP = 0x110000,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_INSERT,
	K_DELETE,
	K_BACKTAB, /* Shift-Tab */
	K_F1,      /* F1 .. F12 */
	K_F12 = K_F1 + 11,
};

/* The key that `name` names: one character ("q", "<", ","), "Ctrl-L", or
 * Up Down Left Right Home End PgUp PgDn Insert Delete Backspace Tab Shift-Tab
 * Enter Esc Space F1 .. F12.  K_NONE for anything else. */
int keys_parse(const char *name);

/* Appends the name that keys_parse() reads back. */
void keys_name(int key, struct buf *out);

/* Does the list of a binding ("PgDn, Ctrl-F") hold `key`?  Names are separated
 * by ", "; the comma key itself may stand anywhere: ",, <". */
bool keys_match(const char *list, int key);

/* The next name of a list into name[size]; false at its end.  *list starts as
 * the list and is moved on. */
bool keys_next(const char **list, char *name, size_t size);

/* A binding, and the line that includes its table; NULL: none does. */
struct key_found {
	const struct key_binding *binding, *outer;
};

/* The bindings of a table (may be NULL) one after another, those of included
 * tables in their places: from a zeroed `f` until it returns false. */
bool keys_each(const struct key_binding *table, struct key_found *f);

/* The binding of `table` for a key or, by its name, for a `:` command; without
 * a binding if there is none. */
struct key_found keys_find(const struct key_binding *table, int key);
struct key_found keys_find_name(const struct key_binding *table,
				const char *name);

/* The keys of a popup, or of a screen that is only passed through, where
 * nothing is heard. */
extern const struct key_binding keys_none[];

/* Run what was found in a table of the screen whose state is `self`, after the
 * frame `seen`; the second with what was typed behind its name, "": nothing. */
enum screen_action keys_run(const struct key_found *f, void *self,
			    const struct canvas_map *seen);
enum screen_action keys_command(const struct key_found *f, void *self,
				const struct canvas_map *seen,
				const char *text);
/* For the function of a line that includes a table: run the widget's. */
enum screen_action keys_inner(const struct key_press *k, void *widget);

/* vi's keys as the keys they stand for: h j k l, g G, Ctrl-F Ctrl-B (a page),
 * Ctrl-D Ctrl-U (also a page).  K_NONE for others.  A screen that binds the
 * letter itself keeps it. */
int keys_alias(int key);

/* What every screen has unless its own table binds the same key; the functions
 * get the app. */
extern const struct key_binding keys_global[];

/* A name as the bottom line and help show it: arrows as arrows. */
const char *keys_pretty(const char *name);

#endif
