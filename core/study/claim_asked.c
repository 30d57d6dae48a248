/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/study/claim_int.h"

/* What the settings ask of an arm: whether it is tried, and where it is judged.
 */

bool claim_left_out(const struct claim_conf *c, const char *arm)
{
	const struct {
		const char *arm;
		bool out;
	} costly[] = {
		{"rules", c->rules < 1},     {"net-transfer", c->rules < 1},
		{"transfer", c->rules < 1},  {"net-doubled", c->doubled < 2},
		{"doubled", c->doubled < 2},
	};

	for (size_t i = 0; i < ARRAY_LEN(costly); i++)
		if (!strcmp(costly[i].arm, arm))
			return costly[i].out;
	return false;
}

double claim_judged_at(const struct claim_conf *c, enum claim_point p)
{
	int round = c->tune_round * c->sim_lanes;

	switch (p) {
	case CLAIM_AT_DREAMED:
		return c->counted < c->dreamed ? c->counted : c->dreamed;
	case CLAIM_AT_WHOLE:
		return c->counted_whole < c->dreamed ? c->counted_whole
						     : c->dreamed;
	case CLAIM_AT_PLAYED:
		return c->simulated;
	case CLAIM_AT_TUNED:
		return (c->tune_games + round - 1) / round * round;
	case CLAIM_AT_ASKED:
		return 2;
	case CLAIM_AT_STAGE:
		return c->traj_stage ? c->traj_stage : c->after;
	case CLAIM_AT_DOUBLING:
		return c->doubled_ahead;
	case CLAIM_AT_ALL:
		break;
	}
	return 0;
}
