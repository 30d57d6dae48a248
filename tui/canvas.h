/* SPDX-License-Identifier: MIT */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/buf.h"

/*
 * A grid of character cells.  Screens draw on it and nothing else, so a screen
 * is tested without a terminal; term.c puts it on the terminal, and the same
 * grid printed as text is what golden tests, --script and screen readers see.
 *
 * Rows and columns count from 0 at the top left.  Everything outside the
 * current clip is dropped silently, so a screen need not guard small sizes.
 */

/* Meaning, not colour: the theme decides how each looks with 256, 8 or no
 * colours.  No state is shown by style alone: a glyph or letter goes with
 * it. */
enum style {
	STYLE_NORMAL,
	STYLE_DIM, /* of less weight: raw curves, hints */
	STYLE_BOLD,
	STYLE_TITLE, /* name of a screen or pane */
	STYLE_BORDER,
	STYLE_LABEL,    /* field names, column heads */
	STYLE_VALUE,    /* figures */
	STYLE_SELECTED, /* the row or cell under the cursor */
	STYLE_MARKED,   /* the path, the last move, the winning line */
	STYLE_GOOD,
	STYLE_BAD,
	STYLE_WARN,
	STYLE_KEY, /* a key in a hint line */
	STYLE_PLAYER0,
	STYLE_PLAYER1,
	STYLE_BOARD,   /* the board's own lines */
	STYLE_SERIES0, /* 8 series, told apart by marker too */
	STYLE_SERIES7 = STYLE_SERIES0 + 7,
	/* Grounds of boards: each is four styles, see STYLE_ON. */
	STYLE_WOOD,
	STYLE_FELT = STYLE_WOOD + 4,
	STYLE_LIGHT = STYLE_FELT + 4, /* squares */
	STYLE_DARK = STYLE_LIGHT + 4,
	STYLE_LIT = STYLE_DARK + 4, /* a square that the last move touched */
	STYLE_COUNT = STYLE_LIT + 4,
};

/* On a ground: the ground itself with its lines and dots, the pieces of
 * players 0 and 1, and text: `STYLE_WOOD + STYLE_ON_TEXT`. */
enum { STYLE_ON_PLAYER0 = 1, STYLE_ON_PLAYER1, STYLE_ON_TEXT };

struct cell {
	uint32_t glyph; /* one code point of width 1; 0 = blank */
	uint8_t style;
};

struct canvas_map; /* tui/canvas_map.h */

struct canvas {
	struct cell *cells; /* owned; [rows * cols] */
	int rows, cols;
	/* clip, in canvas coordinates: drawing is relative to its corner */
	int top, left, height, width;
	bool ascii; /* replace everything outside ASCII */
	/* where the hardware cursor parks, for screen readers; -1: hidden */
	int cursor_row, cursor_col;
	struct canvas *parked;  /* borrowed; of a pane: the whole, whose cursor
				 * canvas_cursor() sets.  NULL in the whole */
	struct canvas_map *map; /* borrowed: notes what is drawn where
				 * (tui/canvas_map.h); NULL: nobody asks */
};

void canvas_init(struct canvas *c, int rows, int cols);
void canvas_release(struct canvas *c);
void canvas_resize(struct canvas *c, int rows, int cols);
void canvas_clear(struct canvas *c);

/* The part of `c` at row, col (relative to its clip): same cells, own clip.
 * Borrowed: valid while `c` is, nothing to release. */
struct canvas canvas_pane(struct canvas *c, int row, int col, int height,
			  int width);

void canvas_glyph(struct canvas *c, int row, int col, enum style st,
		  uint32_t glyph);
/* The same with the caller's own substitute for ASCII terminals; without it,
 * lines become + - |, U+25CF 'X', U+25CB 'O' and so on (tui/utf8.h). */
void canvas_glyph_or(struct canvas *c, int row, int col, enum style st,
		     uint32_t glyph, char ascii);
/* UTF-8; returns the column after the last character. */
int canvas_text(struct canvas *c, int row, int col, enum style st,
		const char *text);
int canvas_printf(struct canvas *c, int row, int col, enum style st,
		  const char *fmt, ...) ATTR_PRINTF(5, 6);
/* Right-aligned: the last character stands at column `col - 1`. */
void canvas_right(struct canvas *c, int row, int col, enum style st,
		  const char *text);
/* Cut to `width` columns with an ellipsis, padded with blanks. */
void canvas_field(struct canvas *c, int row, int col, int width, enum style st,
		  const char *text);
/* Cut at blanks and line ends into rows of `width` columns, from the first row
 * on; an ellipsis where there are too few rows.  Returns how many it needs; `c`
 * NULL: only counts them. */
int canvas_wrap(struct canvas *c, int width, enum style st, const char *text);
void canvas_fill(struct canvas *c, int row, int col, int height, int width,
		 enum style st, uint32_t glyph);
void canvas_style(struct canvas *c, int row, int col, int width,
		  enum style st); /* restyle a run, text stays */
/* A frame with a title in its top line; returns the pane inside. */
struct canvas canvas_box(struct canvas *c, int row, int col, int height,
			 int width, const char *title);
void canvas_cursor(struct canvas *c, int row, int col);

/* Columns that UTF-8 text takes: one for every code point that shows
 * (utf8_next()). */
int canvas_width(const char *text);

/* The grid as text, trailing blanks cut, one line per row.  With `styles`, each
 * line starts with '|' and is followed, where any style differs from normal, by
 * one that starts with ':' and holds a letter per cell, in the order of enum
 * style: " dbtelvSMgrwkxo#01234567" and "ABCDEFGHIJKLNOPQRTUV" for grounds. */
void canvas_dump(const struct canvas *c, bool styles, struct buf *out);

#endif
