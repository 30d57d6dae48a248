/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/mnk_state.h"
#include "core/search/solver_int.h"
#include "core/search/solver_line.h"

/* Small boards of the mnk family: what fits a column layout of 32 bits. */
static bool mnk_knows(const struct game *g)
{
	return (g->rows + 1) * g->cols <= 32;
}

enum { QUICK_EMPTY = 16 };

static bool mnk_is_quick(const struct game *g, const void *state)
{
	const struct mnk_state *s = state;

	return g->rows * g->cols - (int)s->ply <= QUICK_EMPTY;
}

static void *mnk_open(const struct game *g, size_t memory)
{
	struct line_shape shape = {
		.rows = g->param[MNK_ROWS],
		.cols = g->param[MNK_COLS],
		.line = g->param[MNK_LINE],
	};

	return line_solver_new(&shape, memory);
}

static void mnk_close(void *self)
{
	line_solver_free(self);
}

/* Cells row by row from the top, as columns from the bottom. */
static uint64_t columns(const struct game *g, uint64_t stones)
{
	uint64_t out = 0;

	for (uint64_t left = stones; left; left &= left - 1) {
		int cell = __builtin_ctzll(left);

		out |= 1ULL << (cell % g->cols * (g->rows + 1) + g->rows - 1 -
				cell / g->cols);
	}
	return out;
}

static void mnk_limit(void *self, unsigned long long nodes)
{
	line_solver_limit(self, nodes);
}

static bool mnk_score(void *self, const struct game *g, const void *state,
		      const atomic_bool *cancel, int *score)
{
	const struct mnk_state *s = state;
	uint64_t mine = columns(g, s->stones[s->ply & 1][0]);
	uint64_t theirs = columns(g, s->stones[~s->ply & 1][0]);

	return line_solver_score(self, mine, mine | theirs, cancel, score);
}

static bool mnk_at_least(void *self, const struct game *g, const void *state,
			 int bound, const atomic_bool *cancel, bool *yes)
{
	const struct mnk_state *s = state;
	uint64_t mine = columns(g, s->stones[s->ply & 1][0]);
	uint64_t theirs = columns(g, s->stones[~s->ply & 1][0]);

	return line_solver_at_least(self, mine, mine | theirs, bound, cancel,
				    yes);
}

static int mnk_ended(const struct game *g, const void *state, int player)
{
	const struct mnk_state *s = state;
	int left = g->rows * g->cols - (int)s->ply;

	if (s->end != MNK_WON)
		return 0;
	return (int)(s->ply & 1) == player ? -(left / 2 + 1) : left / 2 + 1;
}

static unsigned long long mnk_nodes(const void *self)
{
	return line_solver_nodes(self);
}

const struct solver_kind solver_kind_mnk = {
	.family = "mnk",
	.knows = mnk_knows,
	.is_quick = mnk_is_quick,
	.open = mnk_open,
	.close = mnk_close,
	.limit = mnk_limit,
	.score = mnk_score,
	.at_least = mnk_at_least,
	.ended = mnk_ended,
	.nodes = mnk_nodes,
};
