/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_TEACH_H
#define CORE_LEARN_TEACH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"

/*
 * A teacher plays both sides of numbered games and labels every position with
 * what the recipe's `target` says and its value: what an imitation learner is
 * given.  Or students play, and the teacher labels the positions that they come
 * to (DAgger: Ross, Gordon, Bagnell 2011).  Early moves are drawn from the
 * player's policy, and some games begin at random, so that the labels cover
 * more than one line of play.  A game depends on its number, the seed, the
 * recipe and who plays alone.
 */
enum teach_target { TEACH_POLICY, TEACH_MOVE, TEACH_VISITS, TEACH_VALUES };

struct teaching {
	const struct game *game; /* borrowed, all */
	/* explore_plies, opening_plies, opening_share, teacher_lanes, target,
	 * target_temperature */
	const struct recipe *recipe;
	uint64_t seed;
	/* One for each thread of the pool, of one spec, that keeps no traces.
	 */
	struct agent *const *teachers;
	struct agent *const *students; /* the same; NULL: the teachers play */
	/* Policies are played, and taught, as they are at this temperature; 0:
	 * as they are said, which is 1. */
	float temperature;
	/* (optional) Games of the call that are over: for who watches. */
	atomic_int *finished;
};

/* The chances of the legal moves that a thought teaches, into weights[t->count]
 * which sum to 1.  False: it does not say, as a raw policy has no visits.
 * `temperature` is that of TEACH_VALUES. */
bool teach_label(const struct thought *t, enum teach_target target,
		 float temperature, float *weights);

/*
 * Games first .. first + count - 1 are played; then `game` gets them in that
 * order.  `tick` is called now and then by the calling thread; false stops:
 * ERR_CANCELLED, and `game` gets none.  What `game` returns ends the rest.
 * Where the thought of a teacher does not say what the target asks for, or it
 * had no answer, the position teaches nothing.
 */
ATTR_NODISCARD enum err_code
teach_games(const struct teaching *t, int64_t first, int count,
	    struct pool *pool,
	    enum err_code (*game)(void *ctx, const struct self_play_game *g,
				  struct err *e),
	    bool (*tick)(void *ctx), void *ctx, struct err *e);

#endif
