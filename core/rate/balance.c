/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/balance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/search/solver.h"

/* A solver has so many positions for each of two questions, about a tenth of a
 * second, and so much memory. */
enum { NODES = 300000, MEMORY = 16 << 20 };

static enum err_code open_networks(struct balance *b,
				   const char *const agents[2],
				   const struct agent_source *source,
				   struct err *e)
{
	char network[2][AGENT_COMMAND_SIZE], spec[AGENT_COMMAND_SIZE + 8];
	int count = 0;

	for (int i = 0; i < 2 && agents[i]; i++) {
		enum err_code rc;

		if (!agent_network(agents[i], network[count]) ||
		    (count && !strcmp(network[0], network[1])))
			continue;
		snprintf(spec, sizeof(spec), "policy:%s", network[count]);
		rc = agent_open(&b->agents[count++], spec, b->game, source, e);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

enum err_code balance_init(struct balance *b, const struct game *g, float most,
			   const char *const agents[2],
			   const struct agent_source *source, struct err *e)
{
	*b = (struct balance){.game = g, .most = most};
	if (solver_knows(g)) {
		enum err_code rc = solver_open(&b->solver, g, MEMORY, e);

		if (rc)
			return rc;
		solver_limit(b->solver, NODES);
	}
	return open_networks(b, agents, source, e);
}

void balance_release(struct balance *b)
{
	solver_close(b->solver);
	for (int i = 0; i < 2; i++)
		agent_close(b->agents[i]);
	memset(b, 0, sizeof(*b));
}

/* -1 lost, 0 drawn, 1 won; false: it would take longer. */
static bool solve(struct balance *b, const void *state, int *sign)
{
	bool not_lost, won;

	if (!b->solver || !solver_is_quick(b->game, state) ||
	    !solver_at_least(b->solver, state, 0, NULL, &not_lost) ||
	    !solver_at_least(b->solver, state, 1, NULL, &won))
		return false;
	*sign = won ? 1 : not_lost ? 0 : -1;
	return true;
}

bool balance_is_even(struct balance *b, const void *state, enum balance_by *by)
{
	float sum = 0;
	int known = 0, sign;

	*by = BALANCE_SOLVER;
	if (solve(b, state, &sign))
		return (float)(sign * sign) <= b->most;
	for (int i = 0; i < 2 && b->agents[i]; i++) {
		struct thought t;

		agent_think(b->agents[i], state, 1, 0, 0, NULL, &t);
		if (t.has_value) {
			sum += t.wdl[0] - t.wdl[2];
			known++;
		}
		thought_release(&t);
	}
	*by = known ? BALANCE_NETWORK : BALANCE_NOBODY;
	return !known || fabsf(sum / (float)known) <= b->most;
}
