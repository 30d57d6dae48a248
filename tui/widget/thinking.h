/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_THINKING_H
#define TUI_WIDGET_THINKING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "tui/canvas.h"
#include "tui/widget/board.h"

/*
 * A pane that shows what an agent thinks: who it is, its value as a bar of
 * win, draw and loss, a table of moves, and the line that it expects.  The
 * figures are taken out of a thought when there is a new one; drawing needs
 * nothing else.
 */
enum { THINKING_ROWS = 64, THINKING_LINE = 12 };

struct thinking_row {
	game_move move;
	char text[GAME_TEXT_SIZE];
	uint32_t visits;
	float share; /* of visits, or the policy without a search */
	float prior;
	float q, value; /* for the player to act; NAN: unknown */
	bool chosen;
};

struct thinking {
	char name[160];    /* of the agent */
	int player;        /* whose move it is about; -1: nothing yet */
	char piece[2][8];  /* as the board draws the players */
	bool running;      /* the thought is not finished */
	bool searched;     /* with visits */
	bool has_q, has_v; /* some row has one */
	bool has_value;
	float wdl[3]; /* for `player` */
	int simulations;
	uint64_t kept; /* visits that an earlier search had left in the tree */
	struct thought_reading reading;
	int ply;                                 /* moves before it */
	struct thinking_row rows[THINKING_ROWS]; /* best first */
	int count;                               /* rows in use */
	int names; /* columns for the moves' text */
	int more;  /* moves that found no row */
	bool has_owners;
	float owners[BOARD_CELLS]; /* who owns each cell, from player 0 */
	char line[160];            /* principal variation as text; "" unknown */
};

void thinking_init(struct thinking *t, const char *name);

/* Take the figures of a thought about `state`.  `ascii` chooses the signs of
 * the players. */
void thinking_set(struct thinking *t, const struct game *g, const void *state,
		  const struct thought *th, int ply, bool running, bool ascii);
void thinking_clear(struct thinking *t); /* keeps the name */

/* The pane's content without a frame; from 3 rows x 16 columns on. */
void thinking_draw(const struct thinking *t, struct canvas *c);

/* The figures as marks for the board; `out` has room for `max`.  By visits
 * where there was a search, else by policy. */
int thinking_marks(const struct thinking *t, bool visits,
		   struct board_mark *out, int max);

/* A bar of win, draw, loss across `width` columns: '#', '=', '.' in ASCII. */
void thinking_bar(struct canvas *c, int row, int col, int width,
		  const float wdl[3]);

#endif
