/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/evaluator.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"

static void equal_logits(const struct game *g, int n, float *policy)
{
	memset(policy, 0, (size_t)n * (size_t)g->move_count * sizeof(*policy));
}

static void uniform(void *self, const struct game *g, int n,
		    const void *const *states, float *policy, float *wdl)
{
	(void)self;
	(void)states;
	equal_logits(g, n, policy);
	for (int i = 0; i < n; i++) {
		wdl[3 * i] = wdl[3 * i + 2] = 0;
		wdl[3 * i + 1] = 1;
	}
}

const struct evaluator evaluator_uniform = {
	.name = "uniform",
	.max_batch = 256,
	.evaluate = uniform,
};

struct rollout {
	int games;
	uint64_t seed;
	void *state;      /* owned */
	game_move *legal; /* owned; [move_count] */
};

/* One random game; its result for `player`: 0 win, 1 draw, 2 loss. */
static int play_out(struct rollout *ro, const struct game *g, struct rng *r,
		    const void *from, int player)
{
	float value[GAME_MAX_PLAYERS];

	memcpy(ro->state, from, g->state_size);
	while (g->rules->to_act(g, ro->state) != GAME_OVER) {
		int n = g->rules->legal(g, ro->state, ro->legal);

		g->rules->apply(g, ro->state,
				ro->legal[rng_below(r, (uint32_t)n)]);
	}
	g->rules->score(g, ro->state, value);
	return value[player] > 0 ? 0 : value[player] < 0 ? 2 : 1;
}

static void rollout(void *self, const struct game *g, int n,
		    const void *const *states, float *policy, float *wdl)
{
	struct rollout *ro = self;

	equal_logits(g, n, policy);
	for (int i = 0; i < n; i++) {
		int player = g->rules->to_act(g, states[i]);
		int count[3] = {0};
		struct rng r;

		rng_init(&r, ro->seed, RNG_SEARCH, g->rules->hash(g, states[i]),
			 2);
		for (int k = 0; k < ro->games; k++)
			count[play_out(ro, g, &r, states[i], player)]++;
		for (int k = 0; k < 3; k++)
			wdl[3 * i + k] = (float)count[k] / (float)ro->games;
	}
}

void evaluator_rollout_open(struct evaluator *ev, const struct game *g,
			    int games, uint64_t seed)
{
	struct rollout *ro = mem_zalloc(1, sizeof(*ro));

	ro->games = games;
	ro->seed = seed;
	ro->state = mem_zalloc(1, g->state_size);
	ro->legal = mem_zalloc((size_t)g->move_count, sizeof(*ro->legal));
	ev->name = "rollout";
	ev->max_batch = 256;
	ev->evaluate = rollout;
	ev->self = ro;
}

void evaluator_rollout_close(struct evaluator *ev)
{
	struct rollout *ro = ev->self;

	free(ro->state);
	free(ro->legal);
	free(ro);
	ev->self = NULL;
}
