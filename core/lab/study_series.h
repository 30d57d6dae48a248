/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_SERIES_H
#define CORE_LAB_STUDY_SERIES_H

#include <stddef.h>

#include "core/lab/study_rows.h"

/* The figures of a study put together as they are drawn and tabulated: over
 * seeds, by x, for each figure and arm. */
struct study_point {
	double x;
	double mean, low, high; /* over seeds: the mean, the least, the most */
	int seeds;
};

/* One figure of one arm; points by x. */
struct study_series {
	const char *arm, *name;     /* borrowed */
	struct study_point *points; /* owned */
	size_t count;
};

struct study_panels {
	struct study_series *series; /* owned; by name, then as the arms */
	size_t count;
};
void study_panels_make(struct study_panels *p, const struct study_rows *r);
void study_panels_release(struct study_panels *p);

/* A figure's name up to its part: "curve" of "curve/17". */
size_t study_base(const char *name);
/* Where a figure has more arms than can be told apart, a family of arms has a
 * panel and a table. */
enum { STUDY_MANY_ARMS = 6 };
bool study_same_family(const char *a, const char *b);
bool study_by_family(const struct study_panels *p, const char *name);
/* How many series from `from` on are one panel: of one name and, by families,
 * of one. */
size_t study_panel(const struct study_panels *p, size_t from, bool by_family);
/* Whether any series of that base has more than one x. */
bool study_is_curve(const struct study_panels *p, const char *name);

/* Do figures at these x, of a median among them, stand better by their
 * logarithms?  They span a decade and grow by factors. */
bool study_by_factors(double low, double median, double high);

/* An SVG of all series of that base: a panel for each part. */
void study_plot(const struct study_panels *p, const char *name,
		struct buf *out);

#endif
