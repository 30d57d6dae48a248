/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SESSION_LIKED_H
#define TESTS_SESSION_LIKED_H

#include <math.h>

#include "core/agent/agent.h"
#include "core/session/opinion.h"

/* Of Connect Four's seven moves, 0 to 6, one has .7 of the policy. */
static inline struct opinion *liked_move(int move)
{
	struct agent_move moves[7];
	const struct thought th = {.count = 7, .moves = moves};

	for (int i = 0; i < 7; i++)
		moves[i] = (struct agent_move){
			.move = (game_move)i,
			.policy = i == move ? 0.7f : 0.05f,
			.q = NAN,
			.value = NAN,
		};
	return opinion_new(&th);
}

#endif
