/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_HISTORY_H
#define TUI_SCREEN_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "store/store.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"

/*
 * The training history of one run as arrays to plot: one curve a metric, with x
 * in steps, games and working time, the values, their smoothed form, and a band
 * where metrics NAME.low and NAME.high exist.
 */
enum history_x { HISTORY_STEP, HISTORY_GAMES, HISTORY_TIME, HISTORY_X_COUNT };

struct history_curve {
	char name[64];
	size_t count;
	/* owned [count], ascending */
	double *x[HISTORY_X_COUNT]; /* steps, games, seconds */
	double *value;              /* owned [count] */
	double *smooth;             /* owned [count] */
	double *low, *high;         /* owned [count]; NULL: no band */
	size_t cap;
};

struct history {
	int64_t run_id;
	char run[80];
	struct history_curve *curves; /* owned [count], in the order to show */
	int count;
	double weight; /* of the smoothing; see smooth.h */
};

/* How a metric is shown; every metric name has a look. */
struct history_look {
	const char *name;
	const char *title; /* NULL: the name itself */
	enum axis_kind kind;
	bool steady; /* not smoothed: already an estimate, or a setting */
};
const struct history_look *history_look(const char *name);
const char *history_title(const char *name); /* `name` itself if it has none */

/* Zeroed before; nothing is read yet. */
void history_init(struct history *h, int64_t run_id, const char *run);
void history_release(struct history *h);

/* Read what is new since the last call; *changed (may be NULL) says whether
 * anything was.  ERR_IO with the store's sentence. */
ATTR_NODISCARD enum err_code history_update(struct history *h, struct store *s,
					    bool *changed, struct err *e);

void history_smooth(struct history *h, double weight);

const struct history_curve *history_find(const struct history *h,
					 const char *name);
/* A curve as a series of a plot: the smoothed one before the measured one.
 * Borrows from `c`, valid until the next update. */
struct plot_series history_series(const struct history_curve *c,
				  enum history_x x);

const char *history_x_name(enum history_x x);
enum axis_kind history_x_kind(enum history_x x);

#endif
