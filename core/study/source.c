/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/source.h"

#include <assert.h>

const struct source *const source_table[] = {
	&source_thompson,  &source_ucb,         &source_best_arm,
	&source_room_q,    &source_room_expert, &source_room_noisy,
	&source_keydoor_q, &source_credit,      &source_latch,
	&source_sgd,       &source_ridge,       NULL,
};

void source_life_begin(struct source_life *l, const struct source *s,
		       const void *task, uint64_t seed, uint64_t number)
{
	assert(s->mind_size <= SOURCE_MIND_BYTES);
	*l = (struct source_life){.source = s, .task = task};
	rng_init(&l->rng, seed, RNG_SOURCE, number, 0);
	s->begin(&l->mind, task);
}

int source_life_episode(struct source_life *l, struct env_step *out,
			double *gain)
{
	const struct source *s = l->source;
	union env_bytes world;
	struct env_step seen, next;
	struct env_result got = {0};
	double sum = 0;
	int n = 0;

	env_begin(s->env, l->task, &world, &l->rng, &seen);
	while (!got.done) {
		assert(n < s->env->steps);
		seen.action = (uint8_t)s->act(&l->mind, seen.look, &l->rng);
		got = env_act(s->env, l->task, &world, &l->rng, &seen, &next);
		sum += got.gain;
		if (s->told && !l->frozen)
			s->told(&l->mind, &seen, got.done, &l->rng);
		out[n++] = seen;
		seen = next;
	}
	l->episodes++;
	if (gain)
		*gain = sum;
	return n;
}
