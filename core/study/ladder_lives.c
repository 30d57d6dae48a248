/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/ladder.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/study/histories.h"
#include "core/study/source.h"

/* Life numbers of learners at tasks that are not trained on, whose chances are
 * their own. */
static const uint64_t TEST_LIVES = UINT64_C(1) << 40;

/* Worlds with more tasks than this have them by the seed: each seed its own. */
enum { COUNTABLE = 1 << 20 };

static void order_tasks(int64_t *order, int64_t n, uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, RNG_STUDY, 0, 0);
	for (int64_t i = 0; i < n; i++) {
		int64_t j = rng_below(&r, (uint32_t)i + 1);

		order[i] = order[j];
		order[j] = i;
	}
}

void ladder_tasks_init(struct ladder_tasks *t, const struct ladder_rung *g,
		       const struct env *e, uint64_t seed)
{
	int64_t *order = NULL, base = (int64_t)(seed % 8192) << 24;

	*t = (struct ladder_tasks){.train_count = g->tasks,
				   .test_count = g->test_tasks};
	t->train = mem_zalloc((size_t)g->tasks, sizeof(*t->train));
	t->test = mem_zalloc((size_t)g->test_tasks, sizeof(*t->test));
	assert(g->tasks + g->test_tasks <= e->tasks);
	if (e->tasks <= COUNTABLE) {
		order = mem_alloc((size_t)e->tasks * sizeof(*order));
		order_tasks(order, e->tasks, seed);
	}
	for (int i = 0; i < g->tasks; i++)
		t->train[i] = order ? order[i] : base + i;
	for (int i = 0; i < g->test_tasks; i++)
		t->test[i] = order ? order[g->tasks + i] : base + g->tasks + i;
	free(order);
}

void ladder_tasks_release(struct ladder_tasks *t)
{
	free(t->train);
	free(t->test);
}

/* --- lives ------------------------------------------------------------------
 */

/* Where a life is cut: by what the learner is, not by what chance gave it, for
 * a return that is first high is high by luck; and by the mean of several
 * episodes, so that what made it strong is seen at work. */
struct cut {
	const struct ladder_rung *rung;
	double strength[LADDER_CUT_OVER]; /* after the last episodes */
};

static bool is_cut(struct cut *c, const struct source_life *l)
{
	const struct ladder_rung *g = c->rung;
	double sum = 0;

	if (g->cut_episodes)
		return l->episodes >= g->cut_episodes;
	c->strength[l->episodes % LADDER_CUT_OVER] =
		l->source->strength(&l->mind, l->task);
	for (int i = 0; i < LADDER_CUT_OVER; i++)
		sum += c->strength[i] / LADDER_CUT_OVER;
	return sum >= (double)g->cut_strength || l->episodes >= g->episodes;
}

static void live(struct source_life *l, struct env_step *steps,
		 struct histories *out)
{
	int n = source_life_episode(l, steps, NULL);

	if (out)
		histories_add(out, steps, n);
}

/* A snapshot from anywhere before the cut, which plays for as many episodes as
 * a sequence shows, and learns nothing more. */
static void live_frozen(const struct ladder_arm *a, struct source_life *l,
			struct env_step *steps, struct histories *out)
{
	struct source_life again = *l;
	struct cut cut = {.rung = a->rung};
	struct rng r = l->rng;
	int64_t stage;

	r.key = rng_mix(r.key, RNG_STUDY);
	do
		live(l, steps, NULL);
	while (!is_cut(&cut, l));
	stage = rng_below(&r, (uint32_t)l->episodes + 1);
	while (again.episodes < stage)
		live(&again, steps, NULL);
	again.frozen = true;
	for (int rows = 0; rows < a->rung->rows;) {
		int n = source_life_episode(&again, steps, NULL);

		histories_add(out, steps, n);
		rows += n;
	}
}

static void live_one(const struct ladder_arm *a, struct source_life *l,
		     struct env_step *steps, struct histories *out)
{
	struct cut cut = {.rung = a->rung};

	histories_begin(out);
	if (a->shown == LADDER_FROZEN) {
		live_frozen(a, l, steps, out);
	} else if (a->shown == LADDER_CUT) {
		do
			live(l, steps, out);
		while (!is_cut(&cut, l));
	} else {
		while (l->episodes < a->rung->episodes)
			live(l, steps, out);
	}
}

struct histories *ladder_lives(const struct ladder_arm *a,
			       const struct ladder_tasks *t, float share,
			       uint64_t seed)
{
	const struct env *e = a->source->env;
	struct histories *out = histories_new(e);
	struct env_step *steps = mem_alloc((size_t)e->steps * sizeof(*steps));
	int lives = (int)ceilf((float)a->rung->lives * share);
	int tasks = a->rung->lives > 1
			    ? t->train_count
			    : (int)ceilf((float)t->train_count * share);

	for (int k = 0; k < lives; k++)
		for (int i = 0; i < tasks; i++) {
			union env_bytes task;
			struct source_life l;

			e->task(t->train[i], &task);
			source_life_begin(&l, a->source, &task, seed,
					  (uint64_t)k * (uint64_t)tasks +
						  (uint64_t)i);
			live_one(a, &l, steps, out);
		}
	free(steps);
	return out;
}

/* --- teachers ----------------------------------------------------------------
 */

void ladder_teachers_init(struct ladder_teachers *t, const struct ladder_arm *a,
			  const struct ladder_tasks *tasks, int lanes,
			  uint64_t seed)
{
	const struct env *e = a->source->env;
	struct env_step *steps = mem_alloc((size_t)e->steps * sizeof(*steps));

	*t = (struct ladder_teachers){.lanes = lanes};
	t->task = mem_zalloc((size_t)lanes, sizeof(*t->task));
	t->tasks = mem_zalloc((size_t)lanes, sizeof(*t->tasks));
	t->lives = mem_zalloc((size_t)lanes, sizeof(*t->lives));
	t->before = histories_new(e);
	for (int i = 0; i < lanes; i++) {
		struct source_life *l = &t->lives[i];
		struct cut cut = {.rung = a->rung};

		t->task[i] = tasks->test[i % tasks->test_count];
		e->task(t->task[i], &t->tasks[i]);
		source_life_begin(l, a->source, &t->tasks[i], seed,
				  TEST_LIVES + (uint64_t)i);
		histories_begin(t->before);
		if (a->rung->prime)
			do
				live(l, steps, t->before);
			while (!is_cut(&cut, l));
		t->episodes += (double)l->episodes / lanes;
		t->strength +=
			l->source->strength
				? l->source->strength(&l->mind, l->task) / lanes
				: (double)NAN;
	}
	free(steps);
}

void ladder_teachers_release(struct ladder_teachers *t)
{
	free(t->task);
	free(t->tasks);
	free(t->lives);
	histories_free(t->before);
}

void ladder_teachers_go_on(struct ladder_teachers *t, int episodes, bool frozen,
			   float *gain)
{
	for (int i = 0; i < t->lanes; i++) {
		struct source_life l = t->lives[i];
		struct env_step *steps = mem_alloc(
			(size_t)l.source->env->steps * sizeof(*steps));

		l.frozen = frozen;
		for (int e = 0; e < episodes; e++) {
			double sum;

			source_life_episode(&l, steps, &sum);
			gain[i * episodes + e] = (float)sum;
		}
		free(steps);
	}
}
