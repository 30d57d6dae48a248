/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_GRADE_RUN_H
#define CORE_LAB_GRADE_RUN_H

#include "core/lab/rate_run.h"
#include "core/rate/grade.h"

/*
 * Grades of a run's checkpoints, as its metrics grade.class and grade.score at
 * the checkpoint's step, in [0, 1].
 */

/* The positions that every run of a game is graded on while it trains: as many
 * as its recipe says, of random play, and only such as are solved quickly.
 * They depend on the game and the number alone.  None where no solver knows the
 * game.  `set` becomes one of `game`, which is borrowed; the caller releases
 * it. `tick` returning false: ERR_CANCELLED. */
ATTR_NODISCARD enum err_code
grade_run_positions(struct graded_set *set, const struct game *game,
		    const struct recipe *recipe, struct pool *pool,
		    bool (*tick)(void *ctx), void *ctx, struct err *e);

/* Grade the newest checkpoint on these, as an agent that searches as in rating
 * games, and keep it.  Does nothing without positions, or if it is graded
 * already.  `tick` returning false stops: ERR_CANCELLED, nothing is written. */
ATTR_NODISCARD enum err_code
grade_run(struct lab *lab, const struct rate_request *want,
	  const struct graded_set *set, struct pool *pool,
	  bool (*tick)(void *ctx), void *ctx, struct err *e);

/* A checkpoint and when the run came to it. */
struct grade_point {
	int64_t step, games;
	int64_t time_ms; /* worked until then; -1: not known */
};

/* Those of a run, by step, into *out, which the caller frees. */
ATTR_NODISCARD enum err_code grade_points(struct store *s, int64_t run_id,
					  struct grade_point **out, int *count,
					  struct err *e);

/* Keep a grade as the run's metrics at `at`, in place of an earlier one. `tick`
 * as lab_begin(): NULL where nothing is lost by asking again. */
ATTR_NODISCARD enum err_code grade_keep(struct store *s, int64_t run_id,
					const struct grade_point *at,
					const struct grade_tally *grade,
					bool (*tick)(void *ctx), void *ctx,
					struct err *e);

#endif
