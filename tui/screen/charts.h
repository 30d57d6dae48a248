/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_CHARTS_H
#define TUI_SCREEN_CHARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/series.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/widget/plot.h"

/*
 * The curves of a run page: one small chart per metric, or one large, each with
 * the curves of all runs that were laid over each other; one cursor and one x
 * range for all.  Reading from the store is the page's business.
 */
enum { CHARTS_RUNS = 8, CHARTS_MAX = 48 };

struct charts {
	struct series_set run[CHARTS_RUNS]; /* the page's own run is number 0 */
	int run_count;
	int top; /* the run whose curves are drawn last, and read */
	char name[CHARTS_MAX][64]; /* metrics that any run has */
	int count, focus;
	enum series_x x;
	double weight; /* of the smoothing */
	bool log;
	bool large;
	struct plot_view view;
	bool has_cursor;
	double cursor;            /* x of a point of the focused curve */
	struct charts_seen *seen; /* owned: where the last draw put things, for
				   * the mouse; no part of the state */
};

void charts_init(struct charts *c);
void charts_release(struct charts *c);
/* Returns the new run's history, to be read; NULL when there is no room. */
struct series_set *charts_add(struct charts *c, int64_t run_id,
			      const char *name);
void charts_remove_others(struct charts *c); /* only run 0 stays */
/* After histories have changed. */
void charts_refresh(struct charts *c);

void charts_draw(const struct charts *c, struct canvas *pane);
/* "games, smoothed 0.9, log, 2000 to 4000", for the page's header. */
void charts_describe(const struct charts *c, struct buf *out);

/* The step of the top run at the cursor, of its last point without one; -1 if
 * the focused chart has no point of it. */
int64_t charts_step(const struct charts *c);

/* For a struct charts. */
extern const struct key_binding charts_keys[];

/* A click on a chart selects it and moves the cursor, a second one on the same
 * point asks to open it; the wheel zooms. */
enum charts_click { CHARTS_NO_CLICK, CHARTS_MOVED, CHARTS_OPENED };
enum charts_click charts_mouse(struct charts *c, const struct mouse_event *m);

#endif
