/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_ENTRY_H
#define TUI_WIDGET_ENTRY_H

#include "core/game/game.h"
#include "tui/canvas.h"
#include "tui/widget/board.h"

/*
 * How a person gives a move on a board: by a cell, or, where pieces move, by
 * the piece and then where it goes; where that still leaves several moves
 * (promotions), by one of a list.
 *
 *	keys and clicks: entry_put(), entry_step()
 *	draw:            entry_board() before board_draw(), entry_draw() after
 *it while entry_asks(), every key goes to entry_key()
 */
enum { ENTRY_OPTIONS = 8, ENTRY_WHY = 160 };

struct entry {
	int row, col; /* of the cursor */
	int chosen;   /* cell of the piece about to move; -1: none */
	game_move options[ENTRY_OPTIONS];
	int option_count; /* 0: nothing is asked */
	int option;       /* the selected one */
};

enum entry_result {
	ENTRY_NOTHING, /* refused: `why` says so */
	ENTRY_CHANGED, /* draw again */
	ENTRY_MOVE,    /* *m is the move */
};

/* In the middle of the board, nothing chosen. */
void entry_init(struct entry *e, const struct game *g);
/* The position changed: what was chosen is not any more. */
void entry_forget(struct entry *e);

/* Move the cursor by this many rows and columns as drawn. */
void entry_step(struct entry *e, const struct game *g, bool flip, int rows,
		int cols);

/* Enter, or a click, on the cell under the cursor. */
enum entry_result entry_put(struct entry *e, const struct game *g,
			    const void *s, game_move *m, char why[ENTRY_WHY]);

bool entry_asks(const struct entry *e);
/* A key while something is asked: arrows, Enter, Esc, the letter of a piece. */
enum entry_result entry_key(struct entry *e, const struct game *g,
			    const void *s, int key, game_move *m);

/* Leave the piece that is chosen; false if none is. */
bool entry_leave(struct entry *e);

/* The legal move that `text` names; GAME_NO_MOVE and why not. */
game_move entry_parse(const struct game *g, const void *s, const char *text,
		      char why[ENTRY_WHY]);

/* The legal move that leaves the board alone: a pass; or GAME_NO_MOVE. */
game_move entry_pass(const struct game *g, const void *s);

void entry_board(const struct entry *e, struct board *b);
void entry_draw(const struct entry *e, const struct game *g, const void *s,
		struct canvas *c);

#endif
