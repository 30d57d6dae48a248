/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CHOOSER_H
#define CORE_STUDY_CHOOSER_H

#include "core/base/rng.h"

/*
 * A contextual bandit: which of two is to act, by what is seen, learned from
 * rewards.  Of each it believes that the reward is linear in the context, with
 * a normal posterior, draws weights of both and takes the greater (Thompson
 * sampling; Agrawal and Goyal, ICML 2013).  Noothigattu et al. 2019 (IJCAI,
 * section 4) let one choose between a policy that was demonstrated and one that
 * learned from points.  Plain data: copying is assignment.
 */
enum { CHOOSER_SEES = 7, CHOOSER_ARMS = 2 };

struct chooser {
	/* Of each: the precision, I at first, and sums of reward times
	 * context. */
	double precision[CHOOSER_ARMS][CHOOSER_SEES][CHOOSER_SEES];
	double sum[CHOOSER_ARMS][CHOOSER_SEES];
	double spread; /* of what is drawn; 0: the means */
};

void chooser_init(struct chooser *c, double spread);
/* The one that acts at seen[CHOOSER_SEES]. */
int chooser_pick(const struct chooser *c, const double *seen, struct rng *r);
void chooser_learn(struct chooser *c, const double *seen, int arm,
		   double reward);

#endif
