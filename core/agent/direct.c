/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_int.h"
#include "core/base/mem.h"

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

static void policy_rows(struct agent *a, struct agent_turn *turns, int rows,
			const void **states, float *logits, float *wdl)
{
	struct evaluator ev = net_eval_evaluator(a->wide);
	size_t moves = (size_t)a->g->move_count;

	for (int i = 0; i < rows; i++)
		states[i] = turns[i].at.state;
	evaluator_run(&ev, a->g, rows, states, logits, wdl);
	for (int i = 0; i < rows; i++) {
		struct thought *out = &turns[i].out;
		struct rng r;

		memcpy(out->wdl, wdl + (size_t)i * 3, sizeof(out->wdl));
		out->has_value = true;
		thought_priors(out, logits + (size_t)i * moves);
		agent_turn_to(a, &turns[i], &r);
		thought_choose(out, a, a->conf.temperature, &r);
	}
}

static bool policy_together(struct agent *a, struct agent_turn *turns,
			    int count, const atomic_bool *cancel)
{
	size_t rows = (size_t)a->wide_rows;
	const void **states = mem_zalloc(rows, sizeof(*states));
	float *logits = mem_floats(rows * (size_t)a->g->move_count);
	float *wdl = mem_floats(rows * 3);
	bool going = true;

	for (int i = 0; i < count && going; i += a->wide_rows) {
		int n = count - i < a->wide_rows ? count - i : a->wide_rows;

		policy_rows(a, turns + i, n, states, logits, wdl);
		going = agent_goes_on(cancel);
	}
	free(states);
	free(logits);
	free(wdl);
	return going;
}

/* Win, draw and loss for `player` at `state`, `share` of them added to `sum`:
 * chance is averaged, and the end has its exact value. */
static void add_value(struct agent *a, const void *state, int player,
		      float share, float sum[3])
{
	const struct game *g = a->g;
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
		evaluator_run(&a->evaluator, g, 1, &state, a->logits, wdl);
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
	.form = "policy:RUN/STEP[,temperature=T]",
	.help = "the network's policy, without search",
	.mind = AGENT_NETWORK,
	.conf = policy_conf,
	.conf_size = sizeof(struct agent_conf),
	.think = policy_think,
	.together = policy_together,
};

const struct agent_kind agent_kind_lookahead = {
	.name = "lookahead",
	.form = "lookahead:RUN/STEP",
	.help = "the best value after the move, one ply deep",
	.mind = AGENT_NETWORK,
	.think = lookahead_think,
};
