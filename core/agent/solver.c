/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "core/agent/agent_int.h"
#include "core/base/mem.h"
#include "core/search/solver.h"

/* The agent that plays perfectly: the best score, of equals the first. */

static const struct conf_spec solver_conf[] = {
	{"memory", CONF_INT, offsetof(struct agent_conf, memory), 1, 65536,
	 "64", NULL, "largest table, in MB"},
	{0},
};

static enum err_code solver_begin(struct agent *a, struct err *e)
{
	return solver_open(&a->solver, a->g, (size_t)a->conf.memory << 20, e);
}

static float sign(int score)
{
	return score > 0 ? 1.0f : score < 0 ? -1.0f : 0;
}

/* Cancelled before it is sure, it takes the first legal move and says nothing
 * about the position. */
static void solver_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	int *scores = mem_alloc((size_t)a->g->move_count * sizeof(*scores));
	int best = SOLVER_NO_MOVE, equals = 0;

	(void)r;
	if (!solver_moves(a->solver, state, cancel, scores)) {
		free(scores);
		return;
	}
	for (int i = 0; i < out->count; i++) {
		struct agent_move *m = &out->moves[i];
		int score = scores[m->move];

		m->q = m->value = sign(score);
		if (score > best) {
			best = score;
			out->move = m->move;
			equals = 0;
		}
		equals += score == best;
	}
	for (int i = 0; i < out->count; i++) {
		struct agent_move *m = &out->moves[i];

		m->policy = m->prior =
			scores[m->move] == best ? 1.0f / (float)equals : 0.0f;
	}
	out->has_value = true;
	game_value_wdl(a->g, sign(best), out->wdl);
	free(scores);
}

const struct agent_kind agent_kind_solver = {
	.name = "solver",
	.conf = solver_conf,
	.begin = solver_begin,
	.think = solver_think,
};
