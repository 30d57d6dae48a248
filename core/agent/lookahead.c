/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_int.h"
#include "core/agent/kind.h"
#include "core/agent/mind.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/evaluator.h"

/* The agent that values the position after each move. */

struct lookahead {
	struct mind mind;
	float *logits; /* owned; [move_count]: work space */
};

static enum err_code lookahead_open(struct agent *a, struct err *e)
{
	static const struct mind_conf as_it_is = MIND_CONF_DEFAULT;
	struct lookahead *l = a->self;

	l->logits = mem_floats((size_t)a->g->move_count);
	return mind_open(&l->mind, a, &as_it_is, e);
}

static void lookahead_close(struct agent *a)
{
	struct lookahead *l = a->self;

	mind_close(&l->mind);
	free(l->logits);
}

/* Win, draw and loss for `player` at `state`, `share` of them added to `sum`:
 * chance is averaged, and the end has its exact value. */
static void add_value(struct agent *a, const void *state, int player,
		      float share, float sum[3])
{
	const struct game *g = a->g;
	struct lookahead *l = a->self;
	int who = g->rules->to_act(g, state);
	float value[GAME_MAX_PLAYERS], wdl[3];

	if (who == GAME_CHANCE) {
		int n = g->rules->legal(g, state, a->legal);
		size_t moves = (size_t)n * sizeof(*a->legal);
		game_move *outcomes = mem_alloc(moves);
		float *prob = mem_floats((size_t)n);
		void *child = mem_alloc(g->state_size);

		memcpy(outcomes, a->legal, moves);
		g->rules->chance(g, state, prob);
		for (int i = 0; i < n; i++) {
			memcpy(child, state, g->state_size);
			g->rules->apply(g, child, outcomes[i]);
			add_value(a, child, player, share * prob[i], sum);
		}
		free(child);
		free(prob);
		free(outcomes);
		return;
	}
	if (who == GAME_OVER) {
		g->rules->score(g, state, value);
		game_value_wdl(g, value[player], wdl);
		who = player;
	} else {
		evaluator_run(&l->mind.evaluator, g, 1, &state, l->logits, wdl);
	}
	sum[0] += share * (who == player ? wdl[0] : wdl[2]);
	sum[1] += share * wdl[1];
	sum[2] += share * (who == player ? wdl[2] : wdl[0]);
}

/*
 * TD-Gammon's way to move (Tesauro 1995): the position after each move is
 * valued, over all that chance may do there, and the best taken.
 */
static void ask_children(struct agent *a, const void *state,
			 struct thought *out)
{
	const struct game *g = a->g;
	int player = g->rules->to_act(g, state);
	float best = -INFINITY;

	for (int i = 0; i < out->count; i++) {
		struct agent_move *m = &out->moves[i];
		float wdl[3] = {0};

		memcpy(a->child, state, g->state_size);
		g->rules->apply(g, a->child, m->move);
		add_value(a, a->child, player, 1, wdl);
		m->q = m->value = wdl[0] - wdl[2];
		memcpy(m->wdl, wdl, sizeof(wdl));
		if (m->q <= best)
			continue;
		best = m->q;
		memcpy(out->wdl, wdl, sizeof(wdl));
	}
	out->has_value = true;
}

static void lookahead_think(struct agent *a, const void *state, struct rng *r,
			    const atomic_bool *cancel, struct thought *out)
{
	struct lookahead *l = a->self;
	int best = 0;

	(void)cancel;
	mind_show(&l->mind, a, state, out);
	evaluator_run(&l->mind.evaluator, a->g, 1, &state, l->logits, out->wdl);
	thought_priors(out, l->logits);
	ask_children(a, state, out);
	for (int i = 1; i < out->count; i++)
		if (out->moves[i].q > out->moves[best].q)
			best = i;
	for (int i = 0; i < out->count; i++)
		out->moves[i].policy = i == best ? 1.0f : 0.0f;
	thought_choose(out, a, 0, r);
}

const struct agent_kind agent_kind_lookahead = {
	.name = "lookahead",
	.form = "lookahead:RUN/STEP",
	.help = "the best value after the move, one ply deep",
	.mind = AGENT_NETWORK,
	.self_size = sizeof(struct lookahead),
	.open = lookahead_open,
	.close = lookahead_close,
	.think = lookahead_think,
};
