/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_LABELLED_H
#define TUI_SCREEN_LABELLED_H

#include "tui/canvas.h"

/* The label of a part in the first column, its text beside it, wrapped; the
 * rows that it took.  Nothing for NULL and an empty text. */
int labelled_draw(struct canvas *c, int row, const char *label, enum style st,
		  const char *text);

#endif
