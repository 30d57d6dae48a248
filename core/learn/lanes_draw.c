/* SPDX-License-Identifier: MIT */
/* What lanes have in common, however moves are chosen in them. */
#include "config.h"

#include <math.h>

#include "core/base/clock.h"
#include "core/base/rng.h"
#include "core/learn/lanes_int.h"
#include "core/net/batch.h"
#include "core/net/net.h"

void lanes_draw(struct lanes *l, struct lanes_group *gr, const struct lane *at,
		int n, struct lanes_step *s)
{
	struct rng rng;
	int i;

	rng_init(&rng, l->seed, RNG_SELF_PLAY, (uint64_t)at->number,
		 (uint64_t)at->count);
	i = rng_pick(&rng, gr->chance, n);
	s->chosen.move = gr->legal[i];
	s->chosen.log_chance = logf(gr->chance[i]);
	for (int k = 0; k < n; k++)
		if (gr->chance[k] > 0)
			gr->figures.entropy -= (double)gr->chance[k] *
					       log((double)gr->chance[k]);
}

void lanes_ask(struct lanes_group *gr, const struct net_plan *plan, int n,
	       bool policy, bool value)
{
	struct net_batch batch = {.sequences = n, .x = gr->x};
	float *out[NET_HEADS] = {NULL};
	double before = clock_thread_seconds();

	out[NET_POLICY] = policy ? gr->logits : NULL;
	out[NET_VALUE] = value ? gr->wdl : NULL;
	net_infer(plan, gr->work, NULL, &batch, out);
	gr->figures.rows += n;
	gr->figures.net_seconds += clock_thread_seconds() - before;
}
