/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/views_agent.h"

#include <math.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/base/rng.h"
#include "core/game/game.h"

void views_choose(struct agent *a, const float *logs, float temperature,
		  struct rng *r, struct thought *out)
{
	for (int i = 0; i < 3; i++)
		out->wdl[i] = expf(logs[a->g->move_count + i]);
	out->has_value = true;
	thought_priors(out, logs);
	thought_choose(out, a, temperature, r);
}
