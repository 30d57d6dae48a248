/* SPDX-License-Identifier: MIT */
/* The learner of hidden codes: in a context whose right action it does not hold
 * yet it draws one, and a success makes it hold that action with a small
 * chance.  So it grows at a steady rate, whatever one success may tell. */
#include "config.h"

#include <string.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_code.h"
#include "core/study/source.h"

static const float LATCH = 0.08f, SLIP = 0.05f;

struct mind {
	uint8_t held[CODE_CONTEXTS]; /* 0: none, else the action and one */
};

static void begin(void *mind, const void *task)
{
	(void)task;
	memset(mind, 0, sizeof(struct mind));
}

static int act(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct mind *m = mind;
	int held = m->held[look[0]];

	if (!held || rng_float(r) < SLIP)
		return (int)rng_below(r, CODE_ACTIONS);
	return held - 1;
}

static void told(void *mind, const struct env_step *seen, bool done,
		 struct rng *r)
{
	struct mind *m = mind;
	uint8_t *held = &m->held[seen->look[0]];

	(void)done;
	if (seen->reward && !*held && rng_float(r) < LATCH)
		*held = (uint8_t)(seen->action + 1);
}

static double strength(const void *mind, const void *task)
{
	const struct mind *m = mind;
	double sum = 0;

	(void)task; /* what is held is right: only successes are */
	for (int c = 0; c < CODE_CONTEXTS; c++)
		sum += m->held[c]
			       ? 1 - (double)SLIP + (double)SLIP / CODE_ACTIONS
			       : 1.0 / CODE_ACTIONS;
	return sum / CODE_CONTEXTS;
}

const struct source source_latch = {
	.name = "latch",
	.what = "holds a right action with a chance of 0.08 a success",
	.env = &env_code,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = act,
	.told = told,
	.strength = strength,
};
