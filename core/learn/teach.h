/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_TEACH_H
#define CORE_LEARN_TEACH_H

#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"

/*
 * A teacher plays both sides of numbered games and labels every position with
 * its policy and value: what an imitation learner is given.  Early moves are
 * drawn from the policy, and some games begin at random, so that the labels
 * cover more than the teacher's best line.  A game depends on its number, the
 * seed and the recipe alone.
 */
struct teaching {
	const struct game *game;     /* borrowed, all */
	const struct recipe *recipe; /* explore_plies, opening_plies, _share */
	uint64_t seed;
	/* One for each thread of the pool, of one spec, that keeps no traces.
	 */
	struct agent *const *teachers;
};

/*
 * Games first .. first + count - 1 are played; then `game` gets them in that
 * order.  `tick` is called now and then by the calling thread; false stops:
 * ERR_CANCELLED, and `game` gets none.  What `game` returns ends the rest.
 */
ATTR_NODISCARD enum err_code
teach_games(const struct teaching *t, int64_t first, int count,
	    struct pool *pool,
	    enum err_code (*game)(void *ctx, const struct self_play_game *g,
				  struct err *e),
	    bool (*tick)(void *ctx), void *ctx, struct err *e);

#endif
