/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_TEACH_H
#define CORE_LAB_TEACH_H

#include "core/base/pool.h"
#include "core/lab/job.h"
#include "core/learn/recipe.h"

/*
 * A teacher plays both sides of games numbered 1 .. games and labels every
 * position with its policy and value; the games are stored with the run, some
 * at a time.  Early moves are drawn from the policy, and some games begin at
 * random, so that the labels cover more than the teacher's best line.
 */
struct teaching {
	struct lab *lab; /* borrowed, all */
	struct job *job;
	int64_t run_id;
	const struct game *game;
	const struct recipe *recipe;
	uint64_t seed;
	const char *teacher; /* spec */
	int games;
};

/* Goes on after the games that are stored already.  ERR_CANCELLED when asked to
 * stop: what was stored stands. */
ATTR_NODISCARD enum err_code teach_games(const struct teaching *t,
					 struct pool *pool, struct err *e);

#endif
