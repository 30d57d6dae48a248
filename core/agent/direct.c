/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/agent/agent_int.h"

/* Agents that ask a network and do not search. */

static const struct conf_spec policy_conf[] = {
	{"temperature", CONF_FLOAT, offsetof(struct agent_conf, temperature), 0,
	 100, "0", NULL,
	 "0 plays the likeliest move, 1 as likely as the network says"},
	{0},
};

static void policy_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	const void *states[1] = {state};

	(void)cancel;
	evaluator_run(&a->evaluator, a->g, 1, states, a->logits, out->wdl);
	out->has_value = true;
	thought_priors(out, a->logits);
	thought_choose(out, a, a->conf.temperature, r);
}

/*
 * TD-Gammon's way to move (Tesauro 1995): the position after each move is
 * valued, and the best taken.  Finished games have their exact value.
 */
static void ask_children(struct agent *a, const void *state,
			 struct thought *out)
{
	const struct game *g = a->g;
	int player = g->rules->to_act(g, state);
	const void *states[1] = {a->child};
	float sign = g->player_count == 2 ? -1.0f : 1.0f;
	float best = -INFINITY;

	for (int i = 0; i < out->count; i++) {
		struct agent_move *m = &out->moves[i];
		float wdl[3] = {0};

		memcpy(a->child, state, g->state_size);
		g->rules->apply(g, a->child, m->move);
		if (g->rules->to_act(g, a->child) == GAME_OVER) {
			float value[GAME_MAX_PLAYERS];

			g->rules->score(g, a->child, value);
			m->value = value[player];
			wdl[sign * m->value > 0   ? 0
			    : sign * m->value < 0 ? 2
						  : 1] = 1;
		} else {
			evaluator_run(&a->evaluator, g, 1, states, a->logits,
				      wdl);
			m->value = sign * (wdl[0] - wdl[2]);
		}
		m->q = m->value;
		if (m->q <= best)
			continue;
		best = m->q;
		out->wdl[0] = sign < 0 ? wdl[2] : wdl[0];
		out->wdl[1] = wdl[1];
		out->wdl[2] = sign < 0 ? wdl[0] : wdl[2];
	}
	out->has_value = true;
}

static void lookahead_think(struct agent *a, const void *state, struct rng *r,
			    const atomic_bool *cancel, struct thought *out)
{
	const void *states[1] = {state};
	int best = 0;

	(void)cancel;
	evaluator_run(&a->evaluator, a->g, 1, states, a->logits, out->wdl);
	thought_priors(out, a->logits);
	ask_children(a, state, out);
	for (int i = 1; i < out->count; i++)
		if (out->moves[i].q > out->moves[best].q)
			best = i;
	for (int i = 0; i < out->count; i++)
		out->moves[i].policy = i == best ? 1.0f : 0.0f;
	thought_choose(out, a, 0, r);
}

const struct agent_kind agent_kind_policy = {
	.name = "policy",
	.mind = AGENT_NETWORK,
	.conf = policy_conf,
	.think = policy_think,
};

const struct agent_kind agent_kind_lookahead = {
	.name = "lookahead",
	.mind = AGENT_NETWORK,
	.think = lookahead_think,
};
