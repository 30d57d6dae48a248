/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_PICTURE_H
#define CORE_STUDY_PICTURE_H

#include <stdbool.h>

/*
 * Which measures of a study belong into which picture: a constant table that
 * the study offers (struct study), and that its page and its report draw by.
 * No part of a plan.
 *
 * A figure of an arm is, at each seed, its measure at the greatest x: who reads
 * games is shown after the most that it read.  All texts are borrowed.
 */
enum study_picture_kind {
	/* A row for each arm that has the measure: its seeds as dots in shares
	 * of `whole`, 0 to 1 and beyond, and the interval. */
	STUDY_PICTURE_DOTS,
	/* A row for each of `of`, from the least to the greatest: the mean over
	 * seeds with its interval, as bars from 0.  `of` NULL: a row for each
	 * estimate of the name; of "NAME/ARM/OTHER" the lowest of an arm. */
	STUDY_PICTURE_BARS,
	/* Over x, by factors: each of `of` as a line, a single figure as a
	 * level across; solid up to `cut`, dashed past it. */
	STUDY_PICTURE_CURVES,
	/* A row for each arm that has the measure of the first of `of`, which
	 * are opponents and their measures; 0 is the strength of the first.
	 * What was measured, less what strengths of one scale say that fit all
	 * of it best. */
	STUDY_PICTURE_FIT,
	/* A line for each part of "MEASURE/PART/...", over x as a multiple of
	 * the part: the first of `of`, in shares of the second at x, where that
	 * is above 0. */
	STUDY_PICTURE_PARTS,
};

struct study_trace {
	const char *label;
	const char *arm; /* NULL: 0 at every seed */
	const char *measure;
	bool after; /* its x counts from the cut on */
};

struct study_mark {
	double at;
	const char *label;
};

/* Lists end with a NULL label. */
struct study_picture {
	enum study_picture_kind kind;
	const char *title;
	const char *unit;
	const char *measure;          /* of the kinds that name arms by it */
	const struct study_trace *of; /* or NULL, see the kinds */
	struct study_trace whole;     /* that DOTS are shares of */
	/* (optional) Estimates "NAME/ARM" with the intervals of rows; of
	 * curves, told below: multiples of the cut. */
	const char *estimate;
	const struct study_mark *marks; /* (optional) on the axis of DOTS */
	const char *cut; /* (optional) the setting with the x of the cut */
};

#endif
