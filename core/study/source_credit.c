/* SPDX-License-Identifier: MIT */
/* The learner of hidden rules: each line has a credit, which grows when a game
 * ends on it and falls when it was completed for nothing.  It plays where
 * credited lines are nearest to be completed, or to be stopped. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_rules.h"
#include "core/study/source.h"

static const float RATE = 0.2f;
/* What a line is worth to who takes the cell: by marks of its owner on it so
 * far, none of the other's. */
static const float OWN[3] = {0.3f, 1, 6}, THEIR[3] = {0, 0.5f, 3};

struct mind {
	float credit[RULES_LINES];
};

static void begin(void *mind, const void *task)
{
	(void)task;
	memset(mind, 0, sizeof(struct mind));
}

static float worth(const struct mind *m, int cell, int own, int their)
{
	float sum = 0;

	for (int l = 0; l < RULES_LINES; l++) {
		int line = rules_line[l];

		if (!(line >> cell & 1))
			continue;
		if (!(line & their))
			sum += m->credit[l] *
			       OWN[__builtin_popcount((unsigned)(line & own))];
		if (!(line & own))
			sum += m->credit[l] * THEIR[__builtin_popcount((
						      unsigned)(line & their))];
	}
	return sum;
}

static int act(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct mind *m = mind;
	uint32_t can = env_rules.legal(look);
	float weight[RULES_CELLS];
	int own, their;

	rules_board(look, &own, &their);
	for (int c = 0; c < RULES_CELLS; c++)
		weight[c] =
			can >> c & 1 ? expf(3 * worth(m, c, own, their)) : 0;
	return rng_pick(r, weight, RULES_CELLS);
}

static void told(void *mind, const struct env_step *seen, bool done,
		 struct rng *r)
{
	struct mind *m = mind;
	int own, their;

	(void)r;
	if (!done)
		return;
	rules_board(seen->shown, &own, &their);
	for (int l = 0; l < RULES_LINES; l++) {
		int line = rules_line[l];
		bool mine = (own & line) == line;
		bool other = (their & line) == line;
		bool pays = mine ? seen->reward == RULES_WON
				 : seen->reward == RULES_LOST;

		if (mine || other)
			m->credit[l] += RATE * ((float)pays - m->credit[l]);
	}
}

const struct source source_credit = {
	.name = "credit",
	.what = "gives credit to lines that ended games",
	.env = &env_rules,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = act,
	.told = told,
};
