/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_RATE_LAB_H
#define CORE_LAB_RATE_LAB_H

#include <stddef.h>
#include <stdint.h>

#include "core/lab/lab.h"
#include "core/learn/recipe.h"
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
	double *above; /* [count], in the bag: the chance that a player is
			* stronger than the next one; NAN for the last */
	size_t count;
	struct store_bag bag;
};

/*
 * Fit and, where the lab can be written, keep it: the game's rating rows become
 * those of the fit, and so does the Elo of each checkpoint that has games,
 * with the values of its run's metrics elo, elo.low and elo.high.  A
 * checkpoint's Elo is that of rate_agent_name(), whoever else uses its network.
 *
 * `game` as runs and matches name it.  A game without matches has no rows, and
 * nothing is changed then.  *out is to be released after ERR_OK.
 */
ATTR_NODISCARD enum err_code rate_lab(struct lab *lab, const char *game,
				      struct rate_table *out, struct err *e);
/* The same within a transaction of the caller's. */
ATTR_NODISCARD enum err_code rate_lab_within(struct store *s, const char *game,
					     struct rate_table *out,
					     struct err *e);
void rate_table_release(struct rate_table *t);

/* The agent as which a run's checkpoint plays its rating games.  Search hides
 * what a network has learned: an untrained one with 64 simulations is 760 Elo
 * above random in Connect Four.  So it is the raw policy, unless the recipe
 * says with how many simulations. */
void rate_agent_name(const struct recipe *recipe, const char *run, int64_t step,
		     char out[128]);

#endif
