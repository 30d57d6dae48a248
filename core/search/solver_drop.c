/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "core/game/drop_lines.h"
#include "core/game/drop_state.h"
#include "core/search/solver_int.h"
#include "core/search/solver_line.h"

/* The drop family: every board and every rule there is.  A solver looks at the
 * stones where they count, which makes an order of columns a matter of reading.
 */
static bool drop_knows(const struct game *g)
{
	(void)g;
	return true;
}

/* Measured on six rows by seven columns, line 4, and carried over to others by
 * the number of empty cells.  Where fewer directions count, fewer moves are
 * forced: lines along the row alone take 26 times as long at 28 empty cells. */
enum { QUICK_EMPTY = 28, QUICK_EMPTY_SOME = 22 };

static bool drop_is_quick(const struct game *g, const void *state)
{
	const struct drop_state *s = state;
	int quick = g->param[DROP_DIRS] == DROP_ALL ? QUICK_EMPTY
						    : QUICK_EMPTY_SOME;

	return g->rows * g->cols - (int)s->ply <= quick;
}

static void *drop_open(const struct game *g, size_t memory)
{
	struct line_shape shape = {
		.rows = g->param[DROP_ROWS],
		.cols = g->param[DROP_COLS],
		.line = g->param[DROP_LINE],
		.dirs = g->param[DROP_DIRS],
		.falls = true,
	};

	return line_solver_new(&shape, memory);
}

static void drop_close(void *self)
{
	line_solver_free(self);
}

static void drop_limit(void *self, unsigned long long nodes)
{
	line_solver_limit(self, nodes);
}

static uint64_t mine(const struct game *g, const struct drop_state *s)
{
	return drop_counted(g, s->stones[s->ply & 1]);
}

static uint64_t all(const struct game *g, const struct drop_state *s)
{
	return drop_counted(g, s->stones[0] | s->stones[1]);
}

static bool drop_score(void *self, const struct game *g, const void *state,
		       const atomic_bool *cancel, int *score)
{
	const struct drop_state *s = state;

	return line_solver_score(self, mine(g, s), all(g, s), cancel, score);
}

static bool drop_at_least(void *self, const struct game *g, const void *state,
			  int bound, const atomic_bool *cancel, bool *yes)
{
	const struct drop_state *s = state;

	return line_solver_at_least(self, mine(g, s), all(g, s), bound, cancel,
				    yes);
}

static int drop_ended(const struct game *g, const void *state, int player)
{
	const struct drop_state *s = state;
	int left = g->rows * g->cols - (int)s->ply;

	if (s->end != DROP_WON)
		return 0;
	return (int)(s->ply & 1) == player ? -(left / 2 + 1) : left / 2 + 1;
}

static unsigned long long drop_nodes(const void *self)
{
	return line_solver_nodes(self);
}

const struct solver_kind solver_kind_drop = {
	.family = "drop",
	.knows = drop_knows,
	.is_quick = drop_is_quick,
	.open = drop_open,
	.close = drop_close,
	.limit = drop_limit,
	.score = drop_score,
	.at_least = drop_at_least,
	.ended = drop_ended,
	.nodes = drop_nodes,
};
