/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_int.h"
#include "core/base/mem.h"

void thought_release(struct thought *t)
{
	free(t->moves);
	trace_free(t->trace);
	free(t->ownership);
	memset(t, 0, sizeof(*t));
}

void thought_begin(struct thought *t, const struct agent *a, const void *state)
{
	memset(t, 0, sizeof(*t));
	t->count = a->g->rules->legal(a->g, state, a->legal);
	t->moves = mem_zalloc((size_t)t->count, sizeof(*t->moves));
	for (int i = 0; i < t->count; i++) {
		t->moves[i].move = a->legal[i];
		t->moves[i].q = t->moves[i].value = NAN;
	}
	t->move = t->moves[0].move;
}

static int largest(const struct thought *t)
{
	int best = 0;

	for (int i = 1; i < t->count; i++) {
		const struct agent_move *m = &t->moves[i];
		const struct agent_move *b = &t->moves[best];

		if (m->policy > b->policy ||
		    (m->policy == b->policy && m->prior > b->prior))
			best = i;
	}
	return best;
}

void thought_choose(struct thought *t, struct agent *a, float temperature,
		    struct rng *r)
{
	int best = largest(t);

	if (temperature > 0) {
		float top = t->moves[best].policy;

		/* Relative to the largest, so that nothing overflows. */
		for (int i = 0; i < t->count; i++)
			a->weight[i] =
				powf(t->moves[i].policy / top, 1 / temperature);
		best = rng_pick(r, a->weight, t->count);
	}
	t->move = t->moves[best].move;
}

void thought_priors(struct thought *t, const float *logits)
{
	float top = -INFINITY, sum = 0;

	for (int i = 0; i < t->count; i++)
		top = fmaxf(top, logits[t->moves[i].move]);
	for (int i = 0; i < t->count; i++) {
		t->moves[i].prior = expf(logits[t->moves[i].move] - top);
		sum += t->moves[i].prior;
	}
	for (int i = 0; i < t->count; i++) {
		t->moves[i].prior = sum > 0 && sum < INFINITY
					    ? t->moves[i].prior / sum
					    : 1.0f / (float)t->count;
		t->moves[i].policy = t->moves[i].prior;
	}
}
