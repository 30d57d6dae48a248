/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_RATE_RUN_H
#define CORE_LAB_RATE_RUN_H

#include "core/base/pool.h"
#include "core/lab/lab.h"
#include "core/learn/recipe.h"

/*
 * Rating a run's newest checkpoint while it trains: matches against the random
 * agent (Elo 0) and earlier rated checkpoints, then a new fit of all players of
 * the game in this lab (core/lab/rate_lab.h).  Learning never looks at it.
 *
 * In a one-player game Elo has no meaning: the checkpoint plays alone, the same
 * games of chance as every other, and the metrics score, score.low and
 * score.high are the mean of its points with the 95% interval.
 */
struct rate_request {
	int64_t run_id;
	const char *run;
	const struct game *game;
	const struct recipe *recipe;
	uint64_t seed;
	int64_t games, time_ms; /* of the run, for the curve */
};

/* Does nothing if the newest checkpoint is rated already.  *score: the mean
 * points of the newest rated checkpoint in a one-player game; else NAN.  `tick`
 * returning false stops: ERR_CANCELLED, and nothing is written. */
ATTR_NODISCARD enum err_code
rate_run(struct lab *lab, const struct rate_request *want, struct pool *pool,
	 bool (*tick)(void *ctx), void *ctx, double *score, struct err *e);

#endif
