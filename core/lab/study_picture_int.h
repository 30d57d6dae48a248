/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_PICTURE_INT_H
#define CORE_LAB_STUDY_PICTURE_INT_H

#include "core/lab/study_picture.h"

/* What study_picture.c and study_picture_fit.c share. */

/* A figure of an arm at one x, over seeds. */
struct study_over {
	double value, low, high; /* the mean with Student's interval; of one
				  * seed its own */
	int seeds;
	int64_t each; /* the least behind a seed */
};

/* At the greatest x; no seeds: not measured.  `whole` NULL, or what each seed
 * is a share of; dots NULL or [figures of the arm]. */
void study_over_last(const struct study_seen *s, const char *arm,
		     const char *measure, const struct study_trace *whole,
		     double *dots, struct study_over *out);

/* Strengths on one scale that fit what rows and opponents measured best, by
 * weighted least squares, the first opponent 0: fitted and rest of each row. */
void study_fit(const struct study_trace *opponents, int opponent_count,
	       const struct study_over *measured, /* [row][opponent] */
	       const struct study_seen *s, struct study_row *rows,
	       int row_count);

#endif
