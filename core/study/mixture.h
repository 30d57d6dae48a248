/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_MIXTURE_H
#define CORE_STUDY_MIXTURE_H

#include "core/study/tabular.h"

/*
 * The ideal imitator: Bayes' rule over an enumerated family of learners, all as
 * likely at first.  It reads what somebody did; each learner reads it too, and
 * is as much likelier as it would have done that.  It acts as the mean of all,
 * by how likely they are: what Solomonoff's induction would do were the family
 * all there is (Solomonoff, Information and Control 7, 1964; Hutter, Universal
 * Artificial Intelligence, 2005).
 *
 * A learner whose share falls below `least` is dropped: that the true one is
 * ever dropped has a chance below `least` times the size of the family (one
 * over its share is a supermartingale that begins at that size: Ville).
 */
struct mixture {
	const struct tabular_world *world;    /* borrowed */
	const struct tabular_learner *family; /* borrowed; [count] */
	int count;
	double least;
	/* Of those that are left. */
	int left;
	int *which;    /* owned; [left], ascending */
	double *share; /* owned; [left]; sums to 1 */
	float **minds; /* owned; [left] */
};

void mixture_init(struct mixture *m, const struct tabular_world *w,
		  const struct tabular_learner *family, int count,
		  double least);
/* One that has read the same. */
void mixture_copy(struct mixture *m, const struct mixture *of);
void mixture_release(struct mixture *m);

/* The chance of each action. */
void mixture_policy(const struct mixture *m, int state, float *out);
/* It reads an episode, and is told, or not, whether it is its own: there is no
 * difference.  Returns the logarithm of the chance that it gave to the actions;
 * an action that nobody would take says nothing of who it was. */
double mixture_read(struct mixture *m, const struct tabular_episode *e);

/* The likeliest learner. */
int mixture_likeliest(const struct mixture *m);
/* The share of one; 0 where it was dropped. */
double mixture_share(const struct mixture *m, int learner);
/* Only this one is left, as likely as can be. */
void mixture_keep(struct mixture *m, int learner);

#endif
