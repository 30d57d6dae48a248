/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_MOVE_TABLE_H
#define CORE_SESSION_MOVE_TABLE_H

#include <stdbool.h>

#include "core/game/game.h"
#include "core/session/figures.h"

/*
 * The moves at one node of a search, with their figures, sorted by a column
 * that a key changes.  The cursor stays on its move when the order changes.
 */
struct move_row {
	uint32_t node;
	char text[GAME_TEXT_SIZE];
	struct figures f;
};

struct move_table {
	uint32_t node;         /* whose moves */
	struct move_row *rows; /* owned */
	int count, cap;
	enum figure sort; /* FIGURE_COUNT: in move order */
	int cursor;
};

void move_table_init(struct move_table *t); /* sorted by visits */
void move_table_release(struct move_table *t);

/* The moves at `node` of a trace that fits the game; `state` is the node's
 * position.  A cost of its children, nothing else. */
void move_table_fill(struct move_table *t, const struct trace_view *view,
		     const struct sim_path *path, const struct game *g,
		     const void *state, uint32_t node);

/* Sort by the next column (or the one before), the moves' order among them. */
void move_table_cycle(struct move_table *t, int step);

bool move_table_move(struct move_table *t, int rows);
bool move_table_select(struct move_table *t, uint32_t node);
uint32_t move_table_selected(const struct move_table *t); /* 0: none */

#endif
