/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_LOOK_H
#define TUI_WIDGET_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/game/game.h"
#include "tui/canvas.h"

/*
 * How the boards and pieces of a family of games look: a constant table, one
 * entry a family.  A family without an entry gets the last one.
 */
enum look_shape { LOOK_DISC, LOOK_RING, LOOK_CROSS };

struct look_piece { /* what rules->cell() calls 1, 2, ... */
	const char *text;      /* one character of width 1 */
	char letter;           /* in ASCII */
	enum look_shape shape; /* in quarter blocks, from two rows up */
	enum style style;
};

enum look_label { LOOK_NONE, LOOK_NUMBERS, LOOK_LETTERS };

struct look {
	const char *family; /* NULL: the fallback */
	bool by_column;     /* a move is a column, a piece drops */
	bool frame;         /* a line around the cells */
	enum look_label columns, rows;
	bool rows_up; /* rows are counted from the bottom */
	const char *empty, *target; /* an empty cell; one where a move lands */
	char empty_letter, target_letter;
	const struct look_piece *pieces;
	int piece_count;
};

const struct look *look_of(const struct game *g);

/* The piece for rules->cell() value `v` >= 1; the last one for values beyond
 * the table. */
const struct look_piece *look_piece(const struct look *l, int v);

/* Whether the shape covers the point u, v; both in [-1, 1], v downwards. */
bool look_covers(enum look_shape shape, double u, double v, bool large);

/* Draw the shape on rows x cols cells in quarter blocks. */
void look_draw(struct canvas *c, int row, int col, int rows, int cols,
	       const struct look_piece *p, enum style st);

#endif
