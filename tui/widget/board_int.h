/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_BOARD_INT_H
#define TUI_WIDGET_BOARD_INT_H

#include "tui/widget/board.h"
#include "tui/widget/look.h"

/*
 * What the files of the board share.  From the bottom: board_layout.c says
 * where cells stand and board_cell.c what one shows; board_boxes.c,
 * board_points.c and board_squares.c draw one kind of board each; board.c
 * gathers what is known of every cell and has it drawn.
 */
enum { BOARD_MAX_MOVES = 8192, BOARD_MAX_CELLS = BOARD_CELLS };

/* Room for one cell, without its lines. */
struct scale {
	int height, width;
	bool lines; /* between cells */
};

/* Where everything stands on the canvas. */
struct layout {
	struct scale scale;
	int frame;  /* 1 or 0 */
	int drop;   /* row of the piece about to drop; -1: none */
	int labels; /* row of the column labels; -1: none */
	int bars;   /* first row of the figures below; -1: none */
	int bar_rows;
	int row_labels; /* column; -1: none */
	int row_label_width;
	int row, col;   /* of the first cell */
	int rows, cols; /* of cells */
	bool flip;      /* the first cell is the last one */
};

/* What is known of a cell before it is drawn. */
enum {
	SPOT_TARGET = 1,  /* a move may land here */
	SPOT_WON = 2,     /* in the winning line */
	SPOT_LAST = 4,    /* the last move went here */
	SPOT_FROM = 8,    /* and came from here */
	SPOT_CHOSEN = 16, /* the piece about to move */
	SPOT_CURSOR = 32,
	SPOT_REACHED = 64,    /* some legal move lands here */
	SPOT_FORBIDDEN = 128, /* empty, and none does */
};

struct spot {
	int what; /* rules->cell() */
	unsigned flags;
	float share;      /* of the figures of moves that land here */
	const char *text; /* NULL: no figure */
	char sum[8];
};

/* board_layout.c: the largest scale that has room on the canvas. */
void board_lay_out(struct layout *l, const struct board *b,
		   const struct look *look, int height, int width, bool ascii);
int layout_across(const struct layout *l, int cells, int size);
int layout_row(const struct layout *l, int r); /* of a cell's upper left */
int layout_col(const struct layout *l, int c);

/* board_cell.c: signs on both sides of a cell: readable without colour. */
struct sign {
	char left, right;
	enum style style;
	bool tall; /* along the whole height of the cell */
};
/* The sign for a spot; NULL: none. */
const struct sign *board_sign(const struct spot *s);
/* The sign for the cursor alone. */
extern const struct sign board_cursor_sign;
void board_draw_sign(const struct layout *l, struct canvas *c, int y, int x,
		     const struct sign *s, enum style st);

/* The cursor, and a figure (NULL: none) that stands in the row of its signs and
 * stays readable: without its "%", and with one sign where two would hide it.
 */
void board_draw_cursor(const struct layout *l, struct canvas *c, int y, int x,
		       const char *figure, enum style st);

/* One character in the middle of a cell. */
void board_draw_small(const struct layout *l, struct canvas *c, int y, int x,
		      enum style st, uint32_t glyph);
uint32_t board_piece_glyph(const struct look_piece *p, bool ascii);
uint32_t board_code_point(const char *text);

/* How a cell's owner is marked: by size and by sign; 0: nobody's. */
uint32_t board_owner_glyph(float owner, bool ascii);
bool board_owner_differs(const struct look *look, int what, float owner);

int board_legal(const struct board *b, game_move *out);
const struct board_mark *board_mark_of(const struct board *b, game_move m);
enum style board_ground(const struct look *look, int what, enum style own);

void board_boxes(const struct board *b, const struct layout *l,
		 const struct look *look, struct canvas *c,
		 const struct spot *spots);
void board_points(const struct board *b, const struct layout *l,
		  const struct look *look, struct canvas *c,
		  const struct spot *spots);
/* Whether some figure has only one character: its share in tenths. */
bool board_points_abridged(const struct layout *l, const struct board *b);
void board_squares(const struct board *b, const struct layout *l,
		   const struct look *look, struct canvas *c,
		   const struct spot *spots);

#endif
