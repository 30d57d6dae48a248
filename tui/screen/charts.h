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

enum {
	CHARTS_LEFT = 9300,
	CHARTS_RIGHT,
	CHARTS_BACK_ONE,
	CHARTS_ON_ONE,
	CHARTS_FIRST,
	CHARTS_LAST,
	CHARTS_NEXT,
	CHARTS_PREVIOUS,
	CHARTS_UP,
	CHARTS_DOWN,
	CHARTS_LARGE,
	CHARTS_ZOOM_IN,
	CHARTS_ZOOM_OUT,
	CHARTS_FIT,
	CHARTS_PAN_LEFT,
	CHARTS_PAN_RIGHT,
	CHARTS_SMOOTHER,
	CHARTS_ROUGHER,
	CHARTS_LOG,
	CHARTS_X,
	CHARTS_TOP,
};
#define CHARTS_KEYS                                                          \
	{"Left", "cursor-left", "cursor back along the curve", false,        \
	 .command = CHARTS_LEFT},                                            \
		{"Right", "cursor-right",                                    \
		 "cursor on along the curve; past its end: off", false,      \
		 .command = CHARTS_RIGHT},                                   \
		{",", "point-back", "cursor back by one point", false,       \
		 .command = CHARTS_BACK_ONE},                                \
		{".", "point-on", "cursor on by one point", false,           \
		 .command = CHARTS_ON_ONE},                                  \
		{"Home", "cursor-first", "cursor to the first point", false, \
		 .command = CHARTS_FIRST},                                   \
		{"End", "cursor-off", "cursor off: read the last point",     \
		 false, .command = CHARTS_LAST},                             \
		{"Tab", "next-chart", "next chart", false,                   \
		 .command = CHARTS_NEXT},                                    \
		{"Shift-Tab", "previous-chart", "previous chart", false,     \
		 .command = CHARTS_PREVIOUS},                                \
		{"Up", "chart-up", "chart above", false,                     \
		 .command = CHARTS_UP},                                      \
		{"Down", "chart-down", "chart below", false,                 \
		 .command = CHARTS_DOWN},                                    \
		{"f", "large", "one large chart, or all", true,              \
		 .command = CHARTS_LARGE},                                   \
		{"+, =", "zoom-in", "show half as much of x", false,         \
		 .command = CHARTS_ZOOM_IN},                                 \
		{"-", "zoom-out", "show twice as much of x", false,          \
		 .command = CHARTS_ZOOM_OUT},                                \
		{"0", "fit", "show all of x", false, .command = CHARTS_FIT}, \
		{"[", "pan-left", "show earlier x", false,                   \
		 .command = CHARTS_PAN_LEFT},                                \
		{"]", "pan-right", "show later x", false,                    \
		 .command = CHARTS_PAN_RIGHT},                               \
		{"s", "smoother", "smooth more", true,                       \
		 .command = CHARTS_SMOOTHER},                                \
		{"S", "rougher", "smooth less", false,                       \
		 .command = CHARTS_ROUGHER},                                 \
		{"y", "log", "logarithmic y", false, .command = CHARTS_LOG}, \
		{"x", "x-axis", "x: steps, games or time", true,             \
		 .command = CHARTS_X},                                       \
	{                                                                    \
		"n", "next-run", "next run on top, to be read", false,       \
			.command = CHARTS_TOP                                \
	}

/* True if `command` was one of them and the page must be drawn again. */
bool charts_command(struct charts *c, int command);
/* A click on a chart selects it and moves the cursor, a second one on the same
 * point asks to open it; the wheel zooms. */
enum charts_click { CHARTS_NO_CLICK, CHARTS_MOVED, CHARTS_OPENED };
enum charts_click charts_mouse(struct charts *c, const struct mouse_event *m);

#endif
