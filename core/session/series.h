/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_SERIES_H
#define CORE_SESSION_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "store/store.h"

/*
 * The training history of one run as arrays to plot: one curve per metric, with
 * x in steps, games and working time, the values, their smoothed form, and a
 * band where metrics NAME.low and NAME.high exist.
 */
enum series_x { SERIES_STEP, SERIES_GAMES, SERIES_TIME, SERIES_X_COUNT };

struct series {
	char name[64];
	size_t count;
	/* owned [count], ascending */
	double *x[SERIES_X_COUNT]; /* steps, games, seconds */
	double *value;             /* owned [count] */
	double *smooth;            /* owned [count] */
	double *low, *high;        /* owned [count]; NULL: no band */
	size_t cap;
};

struct series_set {
	int64_t run_id;
	char run[80];
	struct series *series; /* owned [count]; as metric_compare() has it */
	int count;
	double weight; /* of the smoothing; see smooth.h */
};

/* Zeroed before; nothing is read yet. */
void series_set_init(struct series_set *h, int64_t run_id, const char *run);
void series_set_release(struct series_set *h);

/* Read what is new since the last call; *changed (may be NULL) says whether
 * anything was.  ERR_IO with the store's sentence. */
ATTR_NODISCARD enum err_code series_set_update(struct series_set *h,
					       struct store *s, bool *changed,
					       struct err *e);

void series_set_smooth(struct series_set *h, double weight);

const struct series *series_set_find(const struct series_set *h,
				     const char *name);
/* The point nearest to `at` that has a value, of x[count], y[count]; -1 if
 * there is none. */
int series_nearest(const double *x, const double *y, size_t count, double at);

const char *series_x_name(enum series_x x);

#endif
