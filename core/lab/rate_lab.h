/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_RATE_LAB_H
#define CORE_LAB_RATE_LAB_H

#include <stddef.h>
#include <stdint.h>

#include "core/lab/lab.h"
#include "core/lab/rate_fit.h"
#include "store/match.h"

/*
 * The ratings of a game: one fit (core/rate/fit.h) over all its matches in the
 * lab, those of `plyscope match` and those that training plays, even while they
 * are being played.  Players are told apart by their specs: policy:c4/64 and
 * mcts:c4/64,sims=50 are two, each with games of its own.
 *
 * The random agent has Elo 0.  In a game where nobody met it the mean of all
 * players is 0 instead, and nobody is linked.
 */
struct rate_table {
	struct store_rating *rows; /* [count], strongest first, in the bag;
				    * last those who are not linked, where
				    * others are: theirs are guesses */
	double *above;  /* [count], in the bag: the chance that a player is
			 * stronger than the next one; NAN for the last */
	double *spread; /* [count], in the bag: half the 95% interval of the
			 * difference to the mean of all, whoever is at 0 */
	/* [count], in the bag: against the checkpoint before; `before` is its
	 * row here */
	struct rate_gain *gains;
	double mean; /* of all Elo */
	double zero; /* Elo here of what is 0 in the lab */
	size_t count;
	const char *anchor; /* whose Elo is 0; NULL: the mean of all is */
	/* Pairs with games enough to compare, worst first: by their distance
	 * in standard deviations. */
	struct rate_residual *residuals;
	size_t residual_count;
	struct store_bag bag;
};

/* What two agents' own games say against what the fit makes of all (struct
 * fit_residual), from the side of the stronger by the fit. */
struct rate_residual {
	const char *first, *second;
	int64_t games;
	double score, expected; /* [0, 1] */
	double elo, direct;     /* difference by the fit, by their games */
	double deviations;
};

struct rate_options {
	const char *anchor; /* whose Elo is 0 in the table; NULL: the random
			     * agent's.  What is kept is always the latter */
	bool (*goes_on)(void *ctx); /* NULL, or whether to go on */
	void *ctx;
};

/*
 * Fit and, where the lab can be written, keep it: the game's rating rows become
 * those of the fit, and so does the Elo of each checkpoint that has games,
 * with the values of its run's metrics elo, elo.low and elo.high.  A
 * checkpoint's Elo is that of rate_agent_name() (rate_fit.h), whoever else uses
 * its network.
 *
 * The fit is made without a lock; where the matches changed meanwhile it is
 * made again, and only then written.
 *
 * `game` as runs and matches name it.  A game without matches has no rows, and
 * nothing is changed then.  `options` may be NULL.  *out is to be released
 * after ERR_OK.  ERR_CANCELLED: options->goes_on() said no.  ERR_NOTFOUND: the
 * anchor met nobody.
 */
ATTR_NODISCARD enum err_code rate_lab(struct lab *lab, const char *game,
				      const struct rate_options *options,
				      struct rate_table *out, struct err *e);
void rate_table_release(struct rate_table *t);

#endif
