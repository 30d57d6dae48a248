/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/rollout.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"

struct lane {
	union env_bytes task, world;
	struct rng rng; /* of this episode's world */
	struct rng own; /* of the model's choices */
	struct env_step seen, before;
	const struct env_step *read; /* &before, once there is one */
	int episode;
};

struct state {
	const struct rollout *r;
	struct lane *lanes;       /* owned; [lanes] */
	int *at;                  /* owned; [lanes], those that act */
	float *x, *logits, *gain; /* x, logits: owned */
	int ids;
};

static void begin_episode(struct state *s, int number)
{
	const struct rollout *r = s->r;
	struct lane *l = &s->lanes[number];

	rng_init(&l->rng, r->seed, RNG_ROLLOUT, (uint64_t)(r->first + number),
		 (uint64_t)l->episode);
	env_begin(r->env, &l->task, &l->world, &l->rng, &l->seen);
}

/* Out of the legal ones, in proportion to exp(logit / temperature). */
static int choose(const struct rollout *r, const float *logits, uint32_t legal,
		  struct rng *rng)
{
	float weight[ENV_ACTIONS];
	int top = -1;

	for (int a = 0; a < r->env->actions; a++)
		if (legal >> a & 1 && (top < 0 || logits[a] > logits[top]))
			top = a;
	if (r->temperature <= 0)
		return top;
	for (int a = 0; a < r->env->actions; a++)
		weight[a] = legal >> a & 1 ? expf((logits[a] - logits[top]) /
						  r->temperature)
					   : 0;
	return rng_pick(rng, weight, r->env->actions);
}

/* Steps of the last episodes of a history; returns how many. */
static int last_steps(const struct rollout *r, int64_t history,
		      struct env_step *out)
{
	int all = histories_episodes(r->prime, history), n = 0;

	for (int ep = all > r->prime_episodes ? all - r->prime_episodes : 0;
	     ep < all; ep++)
		n += histories_episode(r->prime, history, ep, out + n);
	return n;
}

/* Every lane reads its history, a row at a time; what the model says of it is
 * not asked. */
static void prime(struct state *s, const struct rollout_mind *mind)
{
	const struct rollout *r = s->r;
	int cap = r->prime_episodes * r->env->steps, most = 0;
	struct env_step *steps =
		mem_zalloc((size_t)r->lanes * (size_t)cap, sizeof(*steps));
	int *count = mem_zalloc((size_t)r->lanes, sizeof(*count));

	for (int i = 0; i < r->lanes; i++) {
		count[i] = last_steps(r, r->first + i,
				      steps + (size_t)i * (size_t)cap);
		most = count[i] > most ? count[i] : most;
	}
	for (int t = 0; t < most; t++) {
		int n = 0;

		for (int i = 0; i < r->lanes; i++) {
			const struct env_step *now =
				&steps[(size_t)i * (size_t)cap + (size_t)t];
			struct lane *l = &s->lanes[i];

			if (t >= count[i])
				continue;
			env_row(r->env, l->read, now->look, now->number,
				s->x + n * s->ids);
			s->at[n++] = i;
			l->before = *now;
			l->read = &l->before;
		}
		mind->say(mind->self, n, s->at, s->x, s->logits);
	}
	free(steps);
	free(count);
}

/* One step of every lane that is not done; false: all are. */
static bool step_all(struct state *s, const struct rollout_mind *mind)
{
	const struct rollout *r = s->r;
	const struct env *e = r->env;
	int n = 0;

	for (int i = 0; i < r->lanes; i++) {
		const struct lane *l = &s->lanes[i];

		if (l->episode == r->episodes)
			continue;
		env_row(e, l->read, l->seen.look, l->seen.number,
			s->x + n * s->ids);
		s->at[n++] = i;
	}
	if (!n)
		return false;
	mind->say(mind->self, n, s->at, s->x, s->logits);
	for (int k = 0; k < n; k++) {
		struct lane *l = &s->lanes[s->at[k]];
		struct env_step next;
		struct env_result got;

		l->seen.action =
			(uint8_t)choose(r, s->logits + k * e->actions,
					env_legal(e, l->seen.look), &l->own);
		got = env_act(e, &l->task, &l->world, &l->rng, &l->seen, &next);
		s->gain[s->at[k] * r->episodes + l->episode] += (float)got.gain;
		l->before = l->seen;
		l->read = &l->before;
		l->seen = next;
		if (got.done && ++l->episode < r->episodes)
			begin_episode(s, s->at[k]);
	}
	return true;
}

void rollout_run(const struct rollout *r, const struct rollout_mind *mind,
		 float *gain)
{
	struct state s = {.r = r, .gain = gain, .ids = env_ids(r->env)};
	size_t lanes = (size_t)r->lanes;

	assert(r->lanes > 0 && r->episodes > 0);
	assert(!r->prime || histories_count(r->prime) >= r->first + r->lanes);
	s.lanes = mem_zalloc(lanes, sizeof(*s.lanes));
	s.at = mem_zalloc(lanes, sizeof(*s.at));
	s.x = mem_floats(lanes * (size_t)s.ids);
	s.logits = mem_floats(lanes * (size_t)r->env->actions);
	memset(gain, 0, lanes * (size_t)r->episodes * sizeof(*gain));
	for (int i = 0; i < r->lanes; i++) {
		struct lane *l = &s.lanes[i];

		r->env->task(r->tasks[i], &l->task);
		rng_init(&l->own, r->seed, RNG_ROLLOUT,
			 (uint64_t)(r->first + i), UINT64_MAX);
		mind->reset(mind->self, i);
	}
	if (r->prime)
		prime(&s, mind);
	for (int i = 0; i < r->lanes; i++)
		begin_episode(&s, i);
	while (step_all(&s, mind))
		;
	free(s.lanes);
	free(s.at);
	free(s.x);
	free(s.logits);
}
