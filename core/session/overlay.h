/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_OVERLAY_H
#define CORE_SESSION_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/series.h"
#include "core/session/x_range.h"

/*
 * The figures of several runs laid over each other: every metric that any of
 * them has, one metric in focus, one range of x and one cursor for all, and the
 * run that is on top, whose figures the cursor reads.
 */
enum { OVERLAY_RUNS = 8, OVERLAY_METRICS = 48 };

struct overlay {
	struct series_set run[OVERLAY_RUNS];
	int run_count;
	int top;                        /* the run that is read */
	char name[OVERLAY_METRICS][64]; /* as metric_compare() has it */
	int count, focus;
	enum series_x x;
	double weight; /* of the smoothing */
	struct x_range range;
	bool has_cursor;
	double cursor; /* x of a point of the series in focus */
};

void overlay_init(struct overlay *o);
void overlay_release(struct overlay *o);

/* Returns the new run's figures, to be read; NULL when there is no room. */
struct series_set *overlay_add(struct overlay *o, int64_t run_id,
			       const char *name);
void overlay_remove_others(struct overlay *o); /* only run 0 stays */
/* After figures have changed. */
void overlay_refresh(struct overlay *o);

/* Of the run on top, without points NULL. */
const struct series *overlay_focused(const struct overlay *o);
/* The step of the run on top at the cursor, of its last point without one; -1
 * if the focused metric has no point of it. */
int64_t overlay_step(const struct overlay *o);
/* Least and largest x of all that there is; false without any point. */
bool overlay_extent(const struct overlay *o, double *low, double *high);

/* Another metric; `around` from the last to the first. */
void overlay_focus_by(struct overlay *o, int by, bool around);

/* `way` -1 or 1: to the next point; where there are many, to the next that is
 * far enough away to be seen to move, unless it is to be `one`.  Past the last
 * point the cursor goes off, and what comes is followed. */
void overlay_cursor_by(struct overlay *o, int way, bool one);
void overlay_cursor_first(struct overlay *o);
/* To the point nearest to x.  False: there is none. */
bool overlay_cursor_at(struct overlay *o, double x);

/* Steps, games, time in turn; cursor and range stay at the same steps. */
void overlay_next_x(struct overlay *o);
void overlay_next_run(struct overlay *o);
void overlay_smooth(struct overlay *o, double weight);
/* Around the cursor, else around the end, which is what one looks at. */
void overlay_zoom(struct overlay *o, double factor);
void overlay_pan(struct overlay *o, double fraction);

#endif
