/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_LOOK_H
#define TUI_WIDGET_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/game/game.h"
#include "tui/canvas.h"

/*
 * How the boards and pieces of a family of games look: a constant table, one
 * entry per family.  A family without an entry gets the last one.
 */
enum look_shape {
	LOOK_DISC,
	LOOK_RING,
	LOOK_CROSS,
	LOOK_PAWN,
	LOOK_KNIGHT,
	LOOK_BISHOP,
	LOOK_ROOK,
	LOOK_QUEEN,
	LOOK_KING
};

struct look_piece {            /* what rules->cell() calls 1, 2, ... */
	const char *text;      /* one character of width 1 */
	char letter;           /* in ASCII */
	enum look_shape shape; /* in quarter blocks, from two rows up */
	enum style style;
};

/* LOOK_GO: capitals without I. */
enum look_label { LOOK_NONE, LOOK_NUMBERS, LOOK_LETTERS, LOOK_GO };

/* Cells in boxes, points where lines cross, or squares of two shades. */
enum look_kind { LOOK_BOXES, LOOK_POINTS, LOOK_SQUARES };

/* How players of the game write a result: in words, "B+3.5", "1-0",
 * "Black 38-26". */
enum look_result { LOOK_WORDS, LOOK_LEAD, LOOK_POINTS_EACH, LOOK_DISCS };

struct look {
	const char *family; /* NULL: the fallback */
	enum look_kind kind;
	enum look_result result;
	enum style ground; /* STYLE_WOOD ..; 0: the terminal's own */
	bool by_column;    /* a move is a column, a piece drops */
	bool frame;        /* a line around the cells */
	enum look_label columns, rows;
	bool rows_up; /* rows are counted from the bottom */
	bool labels_above;
	bool turns; /* drawn from the side of the person who plays */
	/* Nearly every cell is legal: those that are not are worth a mark. */
	bool mark_forbidden;
	const char *empty, *target; /* an empty cell; one where a move lands */
	char empty_letter, target_letter;
	const struct look_piece *pieces;
	int piece_count;
	const struct look_piece *players; /* [2], in tables; NULL: pieces */
	/* By cell() value, in plain text; NULL: as the pieces. */
	const char *letters;
	/* What the signs of a game mean, one line each; NULL: no need to
	 * say. */
	const char *const *legend;
	/* (optional) Draws the whole position in its own way. */
	void (*draw)(const struct game *g, const void *state, struct canvas *c);
};

const struct look *look_of(const struct game *g);

/* The piece for rules->cell() value `v` >= 1; the last one for values beyond
 * the table. */
const struct look_piece *look_piece(const struct look *l, int v);

/* The same as a letter, for plain text; `v` may be 0, an empty cell. */
char look_letter(const struct look *l, int v);

/* look_shape.c: draw the shape on rows x cols cells in quarter blocks. */
void look_draw(struct canvas *c, int row, int col, int rows, int cols,
	       const struct look_piece *p, enum style st);

#endif
