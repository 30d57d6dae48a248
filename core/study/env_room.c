/* SPDX-License-Identifier: MIT */
/* Dark Room (Laskin et al. 2022, arXiv 2210.14215): a room of 9x9 cells, an
 * agent that begins in its middle and sees where it is, a goal that it does not
 * see.  Each of 20 steps that ends on the goal pays 1. */
#include "config.h"

#include "core/study/env_room.h"

#include <string.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_grid.h"

enum { STEPS = 20 };

struct task {
	uint8_t goal;
};
struct world {
	uint8_t at, steps;
};

int room_goal(const void *task)
{
	const struct task *t = task;

	return t->goal;
}

static void make(int64_t number, void *task)
{
	struct task *t = task;

	t->goal = (uint8_t)(number + (number >= GRID_MIDDLE));
}

static void start(const void *task, void *world, struct rng *r)
{
	struct world *w = world;

	(void)task, (void)r;
	*w = (struct world){.at = GRID_MIDDLE};
}

static void look(const void *world, uint8_t *out)
{
	const struct world *w = world;

	grid_look(w->at, out);
}

static struct env_result step(const void *task, void *world, int action,
			      struct rng *r)
{
	const struct task *t = task;
	struct world *w = world;
	bool there;

	(void)r;
	w->at = (uint8_t)grid_move(w->at, action);
	there = w->at == t->goal;
	return (struct env_result){
		.reward = there,
		.gain = there,
		.done = ++w->steps == STEPS,
	};
}

static double best(const void *task)
{
	const struct task *t = task;

	return STEPS - grid_distance(GRID_MIDDLE, t->goal) + 1;
}

static double uniform(const void *task)
{
	const struct task *t = task;
	double p[GRID_CELLS] = {0}, sum = 0;

	p[GRID_MIDDLE] = 1;
	for (int i = 0; i < STEPS; i++) {
		double next[GRID_CELLS] = {0};

		for (int c = 0; c < GRID_CELLS; c++)
			for (int a = 0; a < GRID_ACTIONS; a++)
				next[grid_move(c, a)] += p[c] / GRID_ACTIONS;
		sum += next[t->goal];
		memcpy(p, next, sizeof(p));
	}
	return sum;
}

const struct env env_room = {
	.name = "room",
	.what = "a dark room with a hidden goal",
	.actions = GRID_ACTIONS,
	.rewards = 2,
	.steps = STEPS,
	.fields = 2,
	.field_size = {GRID_SIDE, GRID_SIDE},
	.tasks = GRID_CELLS - 1,
	.task_size = sizeof(struct task),
	.world_size = sizeof(struct world),
	.task = make,
	.start = start,
	.look = look,
	.step = step,
	.best = best,
	.uniform = uniform,
};
