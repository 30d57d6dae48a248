/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_LINE_EDIT_H
#define TUI_WIDGET_LINE_EDIT_H

#include <stdbool.h>

#include "tui/canvas.h"

/* One line of text with a caret.  Plain data: a zeroed one is empty.  A game
 * that somebody pastes has room. */
enum { LINE_EDIT_SIZE = 16384 };

struct line_edit {
	char text[LINE_EDIT_SIZE]; /* UTF-8, NUL-terminated */
	int len, caret;            /* in bytes, at a character's start */
};

void line_edit_set(struct line_edit *e,
		   const char *text); /* caret at its end */

/* A character or a key of tui/keys.h: Left Right Home End Backspace Delete,
 * Ctrl-A Ctrl-E Ctrl-U Ctrl-K Ctrl-W.  False if it means nothing here. */
bool line_edit_key(struct line_edit *e, int key);

/* Draws into `width` columns, sliding so that the caret shows.  With `focus`
 * the hardware cursor parks on it. */
void line_edit_draw(const struct line_edit *e, struct canvas *c, int row,
		    int col, int width, enum style st, bool focus);

int line_edit_caret_column(const struct line_edit *e);

#endif
