/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_BOARD_H
#define TUI_WIDGET_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/game/game.h"
#include "tui/canvas.h"

/*
 * Draws a position of any game in the table.  The rules say what stands on a
 * cell and where a move lands; how that looks is one entry per family in
 * look.c.  The board takes the largest scale that fits its canvas, from one
 * character per piece to pieces drawn in quarter blocks, and stands in the
 * middle of it.
 *
 * Nothing is shown by colour alone: players differ by shape (or letter), the
 * last move stands in [ ] and where it came from in ( ), the cursor in > <, the
 * winning line in * *, a chosen piece in { }, a piece that it may take in + +;
 * an owned cell has a square, full for player 0 and hollow for player 1.
 */
enum { BOARD_CELLS = 1024 }; /* no game in the table has more */

struct board_mark { /* a figure beside a move: policy, visits */
	game_move move;
	float share;  /* [0, 1]: length of the bar */
	char text[8]; /* "37%", "1.2k"; shown where it fits */
};

/* What is shown; everything is borrowed. */
struct board {
	const struct game *game;
	const void *state;
	/* Stands on the cells instead of the state's; nobody moves then.
	 * [rows * cols]; NULL: the state. */
	const uint8_t *cells;
	/* The cell that the person points at; row is ignored where moves are
	 * columns.  cursor_col -1: no cursor. */
	int cursor_row, cursor_col;
	int last_cell; /* where the last move landed; -1: none */
	int last_from; /* the cell that it left; -1: none; see board_last() */
	int chosen;    /* the cell of the piece about to move; -1: none */
	bool flip;     /* seen from the other side */
	const float *ownership; /* [rows * cols], from player 0; NULL: hidden */
	bool show_legal;        /* mark the cells where a move may land */
	bool figures; /* keep room for marks, so that the board stands still
		       * while they come and go */
	const struct board_mark *marks; /* [mark_count] */
	int mark_count;
};
#define BOARD_INIT(g, s)                                                       \
	{                                                                      \
		.game = (g), .state = (s), .cursor_row = -1, .cursor_col = -1, \
		.last_cell = -1, .last_from = -1, .chosen = -1,                \
	}

/* No allocation, no I/O. */
void board_draw(const struct board *b, struct canvas *c);

/* The legal move that a click at row, col means, when the board was drawn on a
 * canvas of height x width; GAME_NO_MOVE beside the board or where no move is
 * legal.  `cell` (may be NULL) gets row * cols + col of the cell, -1 beside
 * the board. */
game_move board_hit(const struct board *b, int height, int width, bool ascii,
		    int row, int col, int *cell);

/* For setting up by hand: how many kinds of pieces there are, numbered from 1
 * as rules->cell() counts them; a kind as UTF-8 text; and the kind that a key
 * means, by its letter or number; 0: none. */
int board_kinds(const struct game *g);
const char *board_kind_text(const struct game *g, int kind, bool ascii);
int board_kind_of_key(const struct game *g, int key);

/* What its figures mean where they stand as one character each, on the canvas
 * that board_draw() gets; NULL: each figure is written out. */
const char *board_legend(const struct board *b, int height, int width,
			 bool ascii);

/* The smallest canvas that shows the whole board with its labels. */
void board_room(const struct game *g, int *rows, int *cols);

/* "d4", by the board's labels; "" where it has none. */
void board_cell_name(const struct game *g, int cell, char out[16]);

/* Show who owns each cell: as `seen` says, or where that is NULL by the rules'
 * own count, into own[BOARD_CELLS]; nothing where cells have no owners. */
void board_owners(struct board *b, const float *seen, float *own);

/* Mark `m`, made at `before`, as the last move. */
void board_last(struct board *b, const void *before, game_move m);

/* The legal move at a cell, or in its column; GAME_NO_MOVE if there is none. */
game_move board_move_at(const struct game *g, const void *state, int row,
			int col);

/* How a finished game ended, as its players write it: "B+3.5", "1-0 checkmate",
 * "Black 38-26", "● wins".  `s` is over by the rules. */
void board_result(const struct game *g, const void *s, bool ascii,
		  struct buf *out);

/* How it stands, of a game whose players count as they play: "B+3.5" by the
 * stones that stand, "● 34  ○ 12" discs; adds nothing elsewhere. */
void board_standing(const struct game *g, const void *s, bool ascii,
		    struct buf *out);

/* Whether players of the game have such a notation of their own. */
bool board_writes_results(const struct game *g);

/* Whether a move is a column (a piece drops) and not a cell. */
bool board_by_column(const struct game *g);
/* Whether the second player wants to see it from the other side. */
bool board_turns(const struct game *g);

/* How the board draws the pieces of player 0 or 1: their style, and one
 * character as UTF-8 text. */
enum style board_style(int player);
const char *board_piece_text(const struct game *g, int player, bool ascii);

#endif
