/* SPDX-License-Identifier: MIT */
/* A hidden code: eight contexts, in each of which one of four actions is right.
 * An episode asks for each context once, in an order by chance.  Counted is the
 * share of right actions. */
#include "config.h"

#include "core/study/env_code.h"

#include "core/base/rng.h"
#include "core/study/env.h"

struct task {
	uint16_t code; /* two bits a context */
};
struct world {
	uint8_t order[CODE_CONTEXTS], steps;
};

int code_right(const void *task, int context)
{
	const struct task *t = task;

	return t->code >> 2 * context & 3;
}

static void make(int64_t number, void *task)
{
	struct task *t = task;

	t->code = (uint16_t)number;
}

static void start(const void *task, void *world, struct rng *r)
{
	struct world *w = world;

	(void)task;
	w->steps = 0;
	for (int i = 0; i < CODE_CONTEXTS; i++) {
		uint32_t j = rng_below(r, (uint32_t)i + 1);

		w->order[i] = w->order[j];
		w->order[j] = (uint8_t)i;
	}
}

static void look(const void *world, uint8_t *out)
{
	const struct world *w = world;

	out[0] = w->order[w->steps % CODE_CONTEXTS];
}

static struct env_result step(const void *task, void *world, int action,
			      struct rng *r)
{
	struct world *w = world;
	bool right = action == code_right(task, w->order[w->steps]);

	(void)r;
	return (struct env_result){
		.reward = right,
		.gain = right / (double)CODE_CONTEXTS,
		.done = ++w->steps == CODE_CONTEXTS,
	};
}

static double best(const void *task)
{
	(void)task;
	return 1;
}

static double uniform(const void *task)
{
	(void)task;
	return 1.0 / CODE_ACTIONS;
}

const struct env env_code = {
	.name = "code",
	.what = "eight contexts, one hidden right action of four in each",
	.actions = CODE_ACTIONS,
	.rewards = 2,
	.steps = CODE_CONTEXTS,
	.fields = 1,
	.field_size = {CODE_CONTEXTS},
	.tasks = 1 << 2 * CODE_CONTEXTS,
	.task_size = sizeof(struct task),
	.world_size = sizeof(struct world),
	.task = make,
	.start = start,
	.look = look,
	.step = step,
	.best = best,
	.uniform = uniform,
};
