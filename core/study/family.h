/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_FAMILY_H
#define CORE_STUDY_FAMILY_H

#include <stdint.h>

struct life; /* core/learn/life.h */

/*
 * A family of learners with a few parameters, and which of its members a life
 * is likely to be one of: seen from what the life's networks do at its stages,
 * and not from its weights or searches.  Members are known by lives of theirs,
 * with other seeds.  Pure but for the reading of lives; any thread.
 */

/* What is seen of a stage: the means over its games and their plies of
 *
 *	the entropy of the policy, as a share of that of an equal one
 *	the chance of its likeliest move
 *	how far the value is from an even one, |win - loss|
 *	the chance of a draw that it says
 *	the plies of a game
 *	the result of the first player
 */
enum { FAMILY_SEEN = 6 };

/* Of the first `stages` into out[stages][FAMILY_SEEN]. */
void family_see(const struct life *l, int stages, double *out);

/*
 * seen[members][lives][n] of members' lives and x[n] of another: the logarithm
 * of how likely it is of each, into out[members], less a constant.  Each number
 * is normal around the mean of the member's lives, with the variance that lives
 * of one member have, on average over members, and as independent of the
 * others: the numbers of one life are not, so differences are larger than the
 * truth's, and their order is what counts.  A number that never differs between
 * lives of a member says nothing.  Returns the likeliest.  With one life each,
 * the variance is that over all lives, and the likeliest is the nearest.
 */
int family_fit(const double *seen, int members, int lives, int n,
	       const double *x, double *out);

#endif
