/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "core/agent/agent_int.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/solver.h"

/* The agent that plays perfectly: the best score, of equals the first. */

struct perfect_conf {
	int memory; /* MB */
	int nodes;
};

static const struct conf_spec perfect_spec[] = {
	{"memory", CONF_INT, offsetof(struct perfect_conf, memory), 1, 65536,
	 "64", NULL, "largest table, in MB"},
	{"nodes", CONF_INT, offsetof(struct perfect_conf, nodes), 0, 2000000000,
	 "0", NULL, "positions looked at for a move at most; 0: no limit"},
	{0},
};

struct perfect {
	struct solver *solver; /* owned */
};

static enum err_code perfect_open(struct agent *a, struct err *e)
{
	const struct perfect_conf *c = a->conf;
	struct perfect *p = a->self;
	enum err_code rc =
		solver_open(&p->solver, a->g, (size_t)c->memory << 20, e);

	if (!rc)
		solver_limit(p->solver, (unsigned long long)c->nodes);
	return rc;
}

static void perfect_close(struct agent *a)
{
	struct perfect *p = a->self;

	solver_close(p->solver);
}

static float sign(int score)
{
	return score > 0 ? 1.0f : score < 0 ? -1.0f : 0;
}

/* Cut short, with the scores that there are: the best if it wins, else the move
 * nearest the middle that has none, about which nothing bad is known. */
static void choose_unsure(const int *scores, struct thought *out)
{
	int best = 0, middle = out->count / 2, open = -1;

	for (int i = 0; i < out->count; i++) {
		int score = scores[out->moves[i].move];

		if (score > scores[out->moves[best].move])
			best = i;
		if (score == SOLVER_NO_MOVE &&
		    (open < 0 || abs(i - middle) < abs(open - middle)))
			open = i;
		else if (score != SOLVER_NO_MOVE)
			out->moves[i].q = out->moves[i].value = sign(score);
	}
	if (scores[out->moves[best].move] <= 0 && open >= 0)
		best = open;
	out->move = out->moves[best].move;
	out->moves[best].policy = out->moves[best].prior = 1;
}

/* Equals have equal shares in the policy, and the first is played. */
static void choose_best(const struct game *g, const int *scores,
			struct thought *out)
{
	int best = SOLVER_NO_MOVE, equals = 0;

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
	game_value_wdl(g, sign(best), out->wdl);
}

static void perfect_think(struct agent *a, const void *state, struct rng *r,
			  const atomic_bool *cancel, struct thought *out)
{
	struct perfect *p = a->self;
	int *scores = mem_alloc((size_t)a->g->move_count * sizeof(*scores));

	(void)r;
	if (solver_moves(p->solver, state, cancel, scores))
		choose_best(a->g, scores, out);
	else
		choose_unsure(scores, out);
	free(scores);
}

const struct agent_kind agent_kind_solver = {
	.name = "solver",
	.form = "solver[:nodes=N]",
	.help = "plays perfectly; quick where the game is small or near its "
		"end",
	.conf = perfect_spec,
	.conf_size = sizeof(struct perfect_conf),
	.self_size = sizeof(struct perfect),
	.open = perfect_open,
	.close = perfect_close,
	.think = perfect_think,
};
