/* SPDX-License-Identifier: MIT */
/* Five arms that pay 1 with probabilities drawn from [0, 1]; an episode is one
 * pull.  The agent is told which arm paid or did not, in one number: from the
 * sum of two, a model is slow to learn which arm it was that paid.  Counted is
 * what an arm pays on average. */
#include "config.h"

#include "core/study/env_bandit.h"

#include "core/base/rng.h"
#include "core/study/env.h"

enum { ARMS = BANDIT_ARMS };

struct task {
	float pays[ARMS];
};

static void make(int64_t number, void *task)
{
	struct task *t = task;
	struct rng r;

	rng_init(&r, 0, RNG_TASK, (uint64_t)number, 0);
	for (int a = 0; a < ARMS; a++)
		t->pays[a] = rng_float(&r);
}

static void start(const void *task, void *world, struct rng *r)
{
	(void)task, (void)world, (void)r;
}

static struct env_result step(const void *task, void *world, int action,
			      struct rng *r)
{
	const struct task *t = task;

	(void)world;
	return (struct env_result){
		.reward = 2 * action + (rng_float(r) < t->pays[action]),
		.gain = (double)t->pays[action],
		.done = true,
	};
}

int bandit_best_arm(const void *task)
{
	const struct task *t = task;
	int top = 0;

	for (int a = 1; a < ARMS; a++)
		if (t->pays[a] > t->pays[top])
			top = a;
	return top;
}

static double best(const void *task)
{
	const struct task *t = task;

	return (double)t->pays[bandit_best_arm(task)];
}

static double uniform(const void *task)
{
	const struct task *t = task;
	double sum = 0;

	for (int a = 0; a < ARMS; a++)
		sum += (double)t->pays[a];
	return sum / ARMS;
}

const struct env env_bandit = {
	.name = "bandit",
	.what = "five arms, each pays with its own probability",
	.actions = ARMS,
	.rewards = 2 * ARMS,
	.steps = 1,
	.tasks = INT64_C(1) << 40,
	.task_size = sizeof(struct task),
	.world_size = 0,
	.task = make,
	.start = start,
	.step = step,
	.best = best,
	.uniform = uniform,
};
