/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_BALANCE_H
#define CORE_RATE_BALANCE_H

#include <stdbool.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/game/game.h"

/*
 * Whether a position is about even.  Who says so: a solver, where the game has
 * one that comes to an end within a fixed number of positions; else the
 * networks of those who play, by the mean of their values; else nobody, and
 * then anything may be even.  Answers depend on what was asked before, never on
 * time.  One thread at a time.
 */
enum balance_by { BALANCE_NOBODY, BALANCE_NETWORK, BALANCE_SOLVER };

struct balance {
	const struct game *game; /* borrowed */
	float most;            /* |value| of a position that is even, [0, 1] */
	struct solver *solver; /* owned; NULL: none for the game */
	struct agent *agents[2]; /* owned; the networks; NULL: no more */
};

/* `agents` are specs as in a match; `source` must outlive `b`.  Release it
 * after any return.  As agent_open(). */
ATTR_NODISCARD enum err_code balance_init(struct balance *b,
					  const struct game *g, float most,
					  const char *const agents[2],
					  const struct agent_source *source,
					  struct err *e);
void balance_release(struct balance *b);

/* `state` is not over. */
bool balance_is_even(struct balance *b, const void *state, enum balance_by *by);

#endif
