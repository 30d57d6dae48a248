/* SPDX-License-Identifier: MIT */
/* Dark Key-to-Door (Laskin et al. 2022, arXiv 2210.14215): the dark room with a
 * hidden key and a hidden door.  The key pays 1, once an episode; the door pays
 * 1 to who has the key, and ends the episode. */
#include "config.h"

#include <string.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_grid.h"

enum { STEPS = 50 };

struct task {
	uint8_t key, door;
};
struct world {
	uint8_t at, steps;
	bool has_key;
};

static void make(int64_t number, void *task)
{
	struct task *t = task;

	t->key = (uint8_t)(number / GRID_CELLS);
	t->door = (uint8_t)(number % GRID_CELLS);
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
	bool pays = false, open = false;

	(void)r;
	w->at = (uint8_t)grid_move(w->at, action);
	if (w->has_key)
		pays = open = w->at == t->door;
	else
		w->has_key = pays = w->at == t->key;
	return (struct env_result){
		.reward = pays,
		.gain = pays,
		.done = ++w->steps == STEPS || open,
	};
}

/* Every key and every door is in reach: 8 steps at most, and then 16. */
static double best(const void *task)
{
	(void)task;
	return 2;
}

static double uniform(const void *task)
{
	const struct task *t = task;
	double p[2][GRID_CELLS] = {0}, sum = 0;

	p[0][GRID_MIDDLE] = 1;
	for (int i = 0; i < STEPS; i++) {
		double next[2][GRID_CELLS] = {0};

		for (int c = 0; c < GRID_CELLS; c++)
			for (int a = 0; a < GRID_ACTIONS; a++) {
				int to = grid_move(c, a);

				next[to == t->key][to] +=
					p[0][c] / GRID_ACTIONS;
				next[1][to] += p[1][c] / GRID_ACTIONS;
				sum += (to == t->key) * p[0][c] / GRID_ACTIONS;
				if (to != t->door)
					continue;
				sum += p[1][c] / GRID_ACTIONS;
				next[1][to] -= p[1][c] / GRID_ACTIONS;
			}
		memcpy(p, next, sizeof(p));
	}
	return sum;
}

const struct env env_keydoor = {
	.name = "keydoor",
	.what = "a dark room with a hidden key and a hidden door",
	.actions = GRID_ACTIONS,
	.rewards = 2,
	.steps = STEPS,
	.fields = 2,
	.field_size = {GRID_SIDE, GRID_SIDE},
	.tasks = GRID_CELLS * GRID_CELLS,
	.task_size = sizeof(struct task),
	.world_size = sizeof(struct world),
	.task = make,
	.start = start,
	.look = look,
	.step = step,
	.best = best,
	.uniform = uniform,
};
