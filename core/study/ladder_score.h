/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_LADDER_SCORE_H
#define CORE_STUDY_LADDER_SCORE_H

#include "core/study/ladder.h"

/*
 * What rollouts are worth, task by task.  A task has one lane or several; its
 * curve is their mean.
 */
struct ladder_score {
	const struct ladder_rung *rung;
	int tasks;
	float *curve;         /* owned; (tasks, roll) */
	double *early, *late; /* owned; [tasks], means of the two ends */
	double *lost;         /* owned; [tasks], what the best gains more */
};

/* gain[lane * roll + episode] of tasks of a world, lane i at task i % tasks. */
void ladder_score_init(struct ladder_score *s, const struct ladder_rung *g,
		       const struct env *e, const struct ladder_teachers *t,
		       int tasks, const float *gain);
void ladder_score_release(struct ladder_score *s);
/* What the rung counts: late, late minus early, or lost; [tasks]. */
void ladder_score_counted(const struct ladder_score *s, double *out);

/* All measures of it: with `full` curves, deciles and tasks; NAME-late and so
 * on with a prefix. */
void ladder_score_measure(struct study_run *r, const struct ladder_score *s,
			  const char *prefix, double temperature);
void ladder_score_details(struct study_run *r, const struct ladder_score *s,
			  const char *prefix);

#endif
