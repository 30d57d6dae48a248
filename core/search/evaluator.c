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

/* One random game; its result for `player`. */
static float play_out(struct rollout *ro, const struct game *g, struct rng *r,
		      const void *from, int player)
{
	float value[GAME_MAX_PLAYERS];
	int who;

	memcpy(ro->state, from, g->state_size);
	while ((who = g->rules->to_act(g, ro->state)) != GAME_OVER) {
		game_move m =
			who == GAME_CHANCE
				? game_chance_move(g, ro->state, r, ro->legal)
				: game_random_move(g, ro->state, r, ro->legal);

		g->rules->apply(g, ro->state, m);
	}
	g->rules->score(g, ro->state, value);
	return value[player];
}

static void rollout(void *self, const struct game *g, int n,
		    const void *const *states, float *policy, float *wdl)
{
	struct rollout *ro = self;

	equal_logits(g, n, policy);
	for (int i = 0; i < n; i++) {
		int player = g->rules->to_act(g, states[i]);
		double sum[3] = {0};
		struct rng r;

		rng_init(&r, ro->seed, RNG_SEARCH, g->rules->hash(g, states[i]),
			 2);
		for (int k = 0; k < ro->games; k++) {
			float v = play_out(ro, g, &r, states[i], player), w[3];

			game_value_wdl(g, v, w);
			for (int j = 0; j < 3; j++)
				sum[j] += (double)w[j];
		}
		for (int k = 0; k < 3; k++)
			wdl[3 * i + k] = (float)(sum[k] / ro->games);
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
