/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/search/fake.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"

static void from_hash(void *self, const struct game *g, int n,
		      const void *const *states, float *policy, float *wdl)
{
	(void)self;
	for (int i = 0; i < n; i++) {
		float *p = policy + i * g->move_count, *w = wdl + 3 * i;
		struct rng r;
		float sum = 0;

		rng_init(&r, 5, RNG_TEST, g->rules->hash(g, states[i]), 0);
		for (int m = 0; m < g->move_count; m++)
			p[m] = rng_normal(&r);
		for (int k = 0; k < 3; k++)
			sum += w[k] = rng_float(&r) + 0.01f;
		for (int k = 0; k < 3; k++)
			w[k] /= sum;
	}
}

const struct evaluator fake_random = {
	.name = "random",
	.max_batch = 64,
	.evaluate = from_hash,
};

static void from_table(void *self, const struct game *g, int n,
		       const void *const *states, float *policy, float *wdl)
{
	struct fake_fixed *f = self;

	(void)states;
	f->calls += n;
	for (int i = 0; i < n; i++) {
		for (int m = 0; m < g->move_count; m++)
			policy[i * g->move_count + m] =
				f->logits ? f->logits[m] : 0;
		memcpy(wdl + 3 * i, f->wdl, sizeof(f->wdl));
	}
}

struct evaluator fake_fixed_of(struct fake_fixed *f)
{
	struct evaluator ev = {.name = "fixed",
			       .max_batch = 64,
			       .evaluate = from_table,
			       .self = f};

	return ev;
}

void *fake_position(const struct game *g, const char *line)
{
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	void *s = game_state_new(g, 0);
	int n;

	if (game_play_text(g, s, line, moves, &n, NULL))
		abort();
	free(moves);
	return s;
}
