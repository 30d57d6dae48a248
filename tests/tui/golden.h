/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TUI_GOLDEN_H
#define TESTS_TUI_GOLDEN_H

#include "tui/canvas.h"
#include "tui/screen.h"

/*
 * Golden pictures: what is drawn must equal tests/tui/golden/NAME.txt, text and
 * styles (canvas_dump() with styles).  UPDATE_GOLDEN=1 in the environment
 * writes the file instead: look at the difference before it is committed. All
 * fail the running cmocka test, and print the wanted and the drawn picture.
 */
void golden_canvas(const struct canvas *c, const char *name);

/* Where the frames that these drew showed what, for keys and clicks.  Another
 * screen must begin with an empty one. */
extern struct canvas_map golden_seen;

/* The screen with its title and hint lines at the size of a whole terminal. */
void golden_screen(const struct screen *s, const void *self, int rows, int cols,
		   bool ascii, const char *name);

/* The same at 80x24, 200x60, 40x12 and, in ASCII, 80x24: NAME-80x24 and so on.
 * Also draws, without comparing, sizes from 20x6 to 90x30, so that a sanitizer
 * finds what is written outside a buffer. */
void golden_sizes(const struct screen *s, const void *self, const char *name);

#endif
