/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/agent_int.h"
#include "core/base/rng.h"

/* Agents that need nothing. */

static void random_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	(void)a;
	(void)state;
	(void)cancel;
	for (int i = 0; i < out->count; i++)
		out->moves[i].prior = out->moves[i].policy =
			1 / (float)out->count;
	out->move = out->moves[rng_below(r, (uint32_t)out->count)].move;
}

const struct agent_kind agent_kind_random = {
	.name = "random",
	.form = "random",
	.help = "any legal move, all equally likely",
	.think = random_think,
};

const struct agent_kind agent_kind_human = {
	.name = "human",
	.form = "human",
	.help = "a person at the keyboard",
};
