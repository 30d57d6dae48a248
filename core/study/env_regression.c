/* SPDX-License-Identifier: MIT */
/* Regression with a hidden linear function of eight inputs: the agent says what
 * it expects, then it is told the answer, with noise.  An episode is one
 * question.  Counted is minus the squared error against the answer without
 * noise. */
#include "config.h"

#include "core/study/env_regression.h"

#include <math.h>

#include "core/base/rng.h"
#include "core/study/env.h"

static const float REACH = 3, NOISE = 0.1f;

struct task {
	float w[REGRESSION_INPUTS]; /* normal, of variance 1 */
};
struct world {
	uint8_t x; /* bit i: input i is positive */
};

float regression_input(const uint8_t *look, int i)
{
	int bits = look[0] | look[1] << 4;
	float size = 0.35355339f; /* 1/sqrt(8) */

	return bits >> i & 1 ? size : -size;
}

int regression_level(float y)
{
	float step = 2 * REACH / (REGRESSION_LEVELS - 1);
	float at = roundf((y + REACH) / step);

	if (at < 0)
		return 0;
	return at < REGRESSION_LEVELS - 1 ? (int)at : REGRESSION_LEVELS - 1;
}

float regression_value(int level)
{
	return (float)level * 2 * REACH / (REGRESSION_LEVELS - 1) - REACH;
}

static void make(int64_t number, void *task)
{
	struct task *t = task;
	struct rng r;

	rng_init(&r, 1, RNG_TASK, (uint64_t)number, 0);
	for (int i = 0; i < REGRESSION_INPUTS; i++)
		t->w[i] = rng_normal(&r);
}

static void start(const void *task, void *world, struct rng *r)
{
	struct world *w = world;

	(void)task;
	w->x = (uint8_t)rng_below(r, 1 << REGRESSION_INPUTS);
}

static void look(const void *world, uint8_t *out)
{
	const struct world *w = world;

	out[0] = w->x & 15;
	out[1] = w->x >> 4;
}

static float answer(const struct task *t, int x)
{
	uint8_t seen[2] = {(uint8_t)(x & 15), (uint8_t)(x >> 4)};
	float y = 0;

	for (int i = 0; i < REGRESSION_INPUTS; i++)
		y += t->w[i] * regression_input(seen, i);
	return y;
}

static double error(const struct task *t, int x, int action)
{
	double d = (double)(regression_value(action) - answer(t, x));

	return d * d;
}

static struct env_result step(const void *task, void *world, int action,
			      struct rng *r)
{
	struct world *w = world;

	return (struct env_result){
		.reward = regression_level(answer(task, w->x) +
					   NOISE * rng_normal(r)),
		.gain = -error(task, w->x, action),
		.done = true,
	};
}

static double best(const void *task)
{
	double sum = 0;

	for (int x = 0; x < 1 << REGRESSION_INPUTS; x++)
		sum += error(task, x, regression_level(answer(task, x)));
	return -sum / (1 << REGRESSION_INPUTS);
}

static double uniform(const void *task)
{
	double sum = 0;

	for (int x = 0; x < 1 << REGRESSION_INPUTS; x++)
		for (int a = 0; a < REGRESSION_LEVELS; a++)
			sum += error(task, x, a);
	return -sum / (1 << REGRESSION_INPUTS) / REGRESSION_LEVELS;
}

const struct env env_regression = {
	.name = "regression",
	.what = "a hidden linear function of eight inputs",
	.actions = REGRESSION_LEVELS,
	.rewards = REGRESSION_LEVELS,
	.steps = 1,
	.fields = 2,
	.field_size = {16, 16},
	.tasks = INT64_C(1) << 40,
	.task_size = sizeof(struct task),
	.world_size = sizeof(struct world),
	.task = make,
	.start = start,
	.look = look,
	.step = step,
	.best = best,
	.uniform = uniform,
};
