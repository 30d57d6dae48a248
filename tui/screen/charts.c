/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/charts.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/session/metric.h"
#include "core/session/smooth.h"
#include "tui/screen/curve.h"

enum { LEAST_WIDTH = 26, LEAST_HEIGHT = 6, CURSOR_STEPS = 60 };

struct charts_seen {
	int shown;
	struct {
		int chart, row, col, height, width;
		struct plot_area area;
	} at[CHARTS_MAX];
	int columns; /* of the grid, for Up and Down */
};

void charts_init(struct charts *c)
{
	memset(c, 0, sizeof(*c));
	c->x = SERIES_GAMES;
	c->weight = 0.8;
	c->seen = mem_zalloc(1, sizeof(*c->seen));
	c->seen->columns = 3;
}

void charts_release(struct charts *c)
{
	for (int i = 0; i < c->run_count; i++)
		series_set_release(&c->run[i]);
	free(c->seen);
	memset(c, 0, sizeof(*c));
}

struct series_set *charts_add(struct charts *c, int64_t run_id,
			      const char *name)
{
	struct series_set *h;

	if (c->run_count == CHARTS_RUNS)
		return NULL;
	h = &c->run[c->run_count++];
	series_set_init(h, run_id, name);
	h->weight = c->weight;
	return h;
}

void charts_remove_others(struct charts *c)
{
	while (c->run_count > 1)
		series_set_release(&c->run[--c->run_count]);
	c->top = 0;
	charts_refresh(c);
}

static int compare_names(const void *a, const void *b)
{
	return metric_compare(a, b);
}

void charts_refresh(struct charts *c)
{
	char focused[64] = "";

	/* the first chart stays the first, whichever that will be */
	if (c->count && c->focus)
		memcpy(focused, c->name[c->focus], sizeof(focused));
	c->count = 0;
	c->focus = 0;
	for (int r = 0; r < c->run_count; r++) {
		for (int i = 0; i < c->run[r].count; i++) {
			const char *name = c->run[r].series[i].name;
			bool known = false;

			for (int k = 0; k < c->count; k++)
				known |= !strcmp(c->name[k], name);
			if (!known && c->count < CHARTS_MAX)
				snprintf(c->name[c->count++],
					 sizeof(c->name[0]), "%s", name);
		}
	}
	qsort(c->name, (size_t)c->count, sizeof(c->name[0]), compare_names);
	for (int k = 0; k < c->count; k++) {
		if (!strcmp(c->name[k], focused))
			c->focus = k;
	}
}

/* ---- drawing ---- */

/* The curves of one metric, one series for each run that has it. */
static int chart_series(const struct charts *c, int chart, bool names,
			struct plot_series *out, int *focus)
{
	int n = 0;

	*focus = 0;
	for (int r = 0; r < c->run_count; r++) {
		const struct series *curve =
			series_set_find(&c->run[r], c->name[chart]);

		if (!curve)
			continue;
		out[n] = curve_of(curve, c->x);
		out[n].name = names ? c->run[r].run : NULL;
		out[n].number = r;
		/* the unsmoothed points of many runs hide the curves */
		if (r != c->top && c->run_count > 1) {
			out[n].raw = NULL;
			out[n].low = out[n].high = NULL;
		}
		if (r == c->top)
			*focus = n;
		n++;
	}
	return n;
}

static bool full_extent(const struct charts *c, double *low, double *high)
{
	bool any = false;

	for (int k = 0; k < c->count; k++) {
		struct plot_series s[CHARTS_RUNS];
		double a = 0, b = 0;
		int focus, n = chart_series(c, k, false, s, &focus);

		if (!plot_extent(s, n, &a, &b))
			continue;
		*low = any ? fmin(*low, a) : a;
		*high = any ? fmax(*high, b) : b;
		any = true;
	}
	return any;
}

static void draw_chart(const struct charts *c, int chart, struct canvas *at,
		       int row, int col, int height, int width)
{
	struct canvas pane = canvas_pane(at, row, col, height, width);
	const char *name = c->name[chart];
	struct plot_series s[CHARTS_RUNS];
	struct charts_seen *seen = c->seen;
	struct plot p = {
		.title = metric_title(name),
		.x_name = series_x_name(c->x),
		.x_kind = curve_x_kind(c->x),
		.y_kind = c->log ? AXIS_LOG : curve_y_kind(name),
		.x_low = c->view.low,
		.x_high = c->view.high,
		.series = s,
		.has_cursor = c->has_cursor,
		.cursor = c->cursor,
		.selected = chart == c->focus && !c->large,
	};

	p.count = chart_series(c, chart, c->large, s, &p.focus);
	/* small multiples share their x, so that they compare */
	if (c->view.low >= c->view.high)
		full_extent(c, &p.x_low, &p.x_high);
	seen->at[seen->shown].chart = chart;
	seen->at[seen->shown].row = row;
	seen->at[seen->shown].col = col;
	seen->at[seen->shown].height = height;
	seen->at[seen->shown].width = width;
	seen->at[seen->shown].area = plot_draw(&p, &pane);
	seen->shown++;
}

/* As many columns as let every chart be seen, of a shape that reads well: about
 * seven columns of text wide for two rows high.  When all do not fit, as many
 * as fit, a page at a time. */
static void grid_shape(int count, int height, int width, int *rows, int *cols)
{
	double best = -1;
	int most = width / LEAST_WIDTH;

	*cols = most < 1 ? 1 : most > count ? count : most;
	*rows = height / LEAST_HEIGHT < 1 ? 1 : height / LEAST_HEIGHT;
	for (int n = 1; n <= most && n <= count; n++) {
		int lines = (count + n - 1) / n;
		double shape = fmin(width / n, 3.5 * (height / lines));

		if (height / lines >= LEAST_HEIGHT && shape > best) {
			best = shape;
			*cols = n;
			*rows = lines;
		}
	}
}

static void draw_grid(const struct charts *c, struct canvas *pane)
{
	int rows, cols, first;

	grid_shape(c->count, pane->height, pane->width, &rows, &cols);
	c->seen->columns = cols;
	first = c->focus / (rows * cols) * (rows * cols);
	for (int i = 0; i < rows * cols && first + i < c->count; i++) {
		/* what is left over goes to the last row and column */
		int r = i / cols, k = i % cols;
		int top = r * pane->height / rows;
		int left = k * pane->width / cols;
		int bottom = (r + 1) * pane->height / rows;
		int right = (k + 1) * pane->width / cols;

		draw_chart(c, first + i, pane, top, left, bottom - top,
			   right - left - (k + 1 < cols));
	}
}

void charts_draw(const struct charts *c, struct canvas *pane)
{
	c->seen->shown = 0;
	if (!c->count) {
		canvas_text(pane, pane->height / 2, 2, STYLE_DIM,
			    "No figures yet: they come with the first "
			    "iterations.");
		return;
	}
	if (c->large)
		draw_chart(c, c->focus, pane, 0, 0, pane->height, pane->width);
	else
		draw_grid(c, pane);
}

void charts_describe(const struct charts *c, struct buf *out)
{
	char low[AXIS_LABEL_SIZE], high[AXIS_LABEL_SIZE];

	buf_printf(out, "x: %s", series_x_name(c->x));
	if (c->weight > 0)
		buf_printf(out, ", smoothed %g", c->weight);
	if (c->log)
		buf_puts(out, ", log y");
	if (c->view.low < c->view.high) {
		axis_format(curve_x_kind(c->x), c->view.low, low);
		axis_format(curve_x_kind(c->x), c->view.high, high);
		buf_printf(out, ", from %s to %s", low, high);
	}
	if (c->count)
		buf_printf(out, ", %d/%d", c->focus + 1, c->count);
}

/* ---- cursor ---- */

static const struct series *focused(const struct charts *c)
{
	const struct series *curve = NULL;

	if (c->count && c->run_count)
		curve = series_set_find(&c->run[c->top], c->name[c->focus]);
	return curve && curve->count ? curve : NULL;
}

/* The point of the focused curve that is read; -1 if there is none. */
static int read_at(const struct charts *c, const struct series *curve)
{
	struct plot_series s;

	if (!curve)
		return -1;
	s = curve_of(curve, c->x);
	return c->has_cursor ? plot_nearest(&s, c->cursor)
			     : (int)curve->count - 1;
}

int64_t charts_step(const struct charts *c)
{
	const struct series *curve = focused(c);
	int at = read_at(c, curve);

	return at < 0 ? -1 : (int64_t)curve->x[SERIES_STEP][at];
}

static void shown_range(const struct charts *c, double *low, double *high)
{
	*low = c->view.low;
	*high = c->view.high;
	if (*low >= *high) {
		*low = *high = 0;
		full_extent(c, low, high);
	}
}

static int points_between(const struct series *curve, enum series_x x,
			  double low, double high)
{
	int n = 0;

	for (size_t i = 0; i < curve->count; i++)
		n += curve->x[x][i] >= low && curve->x[x][i] <= high;
	return n;
}

/* To the next point; where there are many, to the next that is far enough away
 * to be seen to move. */
static void move_cursor(struct charts *c, int way, bool one)
{
	const struct series *curve = focused(c);
	double low, high, full_low = 0, full_high = 0, least;
	int at = read_at(c, curve);

	if (at < 0)
		return;
	shown_range(c, &low, &high);
	one |= points_between(curve, c->x, low, high) <= 2 * CURSOR_STEPS;
	least = one ? 0 : (high - low) / CURSOR_STEPS;
	if (!c->has_cursor) {
		if (way > 0)
			return;
		at = (int)curve->count; /* the first step back is the last point
					 */
	} else {
		double from = curve->x[c->x][at];

		do
			at += way;
		while (at >= 0 && at < (int)curve->count &&
		       fabs(curve->x[c->x][at] - from) < least);
		at -= way;
	}
	at += way;
	if (at >= (int)curve->count) {
		/* past the last point: follow what comes */
		c->has_cursor = (int)curve->count - 1 != read_at(c, curve);
		at = (int)curve->count - 1;
	}
	at = at < 0 ? 0 : at;
	if (way < 0)
		c->has_cursor = true;
	c->cursor = curve->x[c->x][at];
	full_extent(c, &full_low, &full_high);
	plot_view_reveal(&c->view, full_low, full_high, c->cursor);
}

/* The cursor and the zoomed range stay at the same steps. */
static double translate(const struct series *curve, enum series_x from,
			enum series_x to, double x)
{
	struct plot_series s = curve_of(curve, from);
	int at = plot_nearest(&s, x);

	return at < 0 ? x : curve->x[to][at];
}

static void next_x(struct charts *c)
{
	const struct series *curve = focused(c);
	enum series_x next = (enum series_x)((c->x + 1) % SERIES_X_COUNT);

	if (curve) {
		c->cursor = translate(curve, c->x, next, c->cursor);
		if (c->view.low < c->view.high) {
			c->view.low = translate(curve, c->x, next, c->view.low);
			c->view.high =
				translate(curve, c->x, next, c->view.high);
		}
	}
	c->x = next;
}

/* ---- commands ---- */

static void set_weight(struct charts *c, double weight)
{
	c->weight = weight;
	for (int r = 0; r < c->run_count; r++)
		series_set_smooth(&c->run[r], weight);
}

static void zoom(struct charts *c, double factor)
{
	double low = 0, high = 0;

	if (!full_extent(c, &low, &high))
		return;
	/* without a cursor: what came last is what one looks at */
	plot_view_zoom(&c->view, low, high, factor,
		       c->has_cursor ? c->cursor : high);
}

static void pan(struct charts *c, double fraction)
{
	double low = 0, high = 0;

	if (full_extent(c, &low, &high))
		plot_view_pan(&c->view, low, high, fraction);
}

static void focus_by(struct charts *c, int by, bool around)
{
	int next = c->focus + by;

	if (!c->count)
		return;
	if (around)
		next = (next + c->count) % c->count;
	if (next >= 0 && next < c->count)
		c->focus = next;
}

static enum screen_action cursor_by(void *self, const struct key_press *k)
{
	move_cursor(self, k->arg, false);
	return SCREEN_REDRAW;
}

static enum screen_action point_by(void *self, const struct key_press *k)
{
	move_cursor(self, k->arg, true);
	return SCREEN_REDRAW;
}

static enum screen_action cursor_first(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	if (focused(c)) {
		c->has_cursor = true;
		c->cursor = focused(c)->x[c->x][0];
	}
	return SCREEN_REDRAW;
}

static enum screen_action cursor_off(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	c->has_cursor = false;
	return SCREEN_REDRAW;
}

static enum screen_action chart_by(void *self, const struct key_press *k)
{
	focus_by(self, k->arg, true);
	return SCREEN_REDRAW;
}

static enum screen_action line_by(void *self, const struct key_press *k)
{
	struct charts *c = self;

	focus_by(c, k->arg * (c->large ? 1 : c->seen->columns), false);
	return SCREEN_REDRAW;
}

static enum screen_action large(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	c->large = !c->large;
	return SCREEN_REDRAW;
}

static enum screen_action zoom_in(void *self, const struct key_press *k)
{
	(void)k;
	zoom(self, 0.5);
	return SCREEN_REDRAW;
}

static enum screen_action zoom_out(void *self, const struct key_press *k)
{
	(void)k;
	zoom(self, 2);
	return SCREEN_REDRAW;
}

static enum screen_action fit(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	c->view.low = c->view.high = 0;
	return SCREEN_REDRAW;
}

static enum screen_action pan_by(void *self, const struct key_press *k)
{
	pan(self, 0.25 * k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action smoother(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	set_weight(c, smooth_next(c->weight));
	return SCREEN_REDRAW;
}

static enum screen_action rougher(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	set_weight(c, smooth_previous(c->weight));
	return SCREEN_REDRAW;
}

static enum screen_action log_y(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	c->log = !c->log;
	return SCREEN_REDRAW;
}

static enum screen_action other_x(void *self, const struct key_press *k)
{
	(void)k;
	next_x(self);
	return SCREEN_REDRAW;
}

static enum screen_action next_run(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	if (c->run_count)
		c->top = (c->top + 1) % c->run_count;
	return SCREEN_REDRAW;
}

const struct key_binding charts_keys[] = {
	{"Left", "cursor-left", "cursor back along the curve", false,
	 .run = cursor_by, .arg = -1},
	{"Right", "cursor-right",
	 "cursor on along the curve; past its end: off", false,
	 .run = cursor_by, .arg = 1},
	{",", "point-back", "cursor back by one point", false, .run = point_by,
	 .arg = -1},
	{".", "point-on", "cursor on by one point", false, .run = point_by,
	 .arg = 1},
	{"Home", "cursor-first", "cursor to the first point", false,
	 .run = cursor_first},
	{"End", "cursor-off", "cursor off: read the last point", false,
	 .run = cursor_off},
	{"Tab", "next-chart", "next chart", false, .run = chart_by, .arg = 1},
	{"Shift-Tab", "previous-chart", "previous chart", false,
	 .run = chart_by, .arg = -1},
	{"Up", "chart-up", "chart above", false, .run = line_by, .arg = -1},
	{"Down", "chart-down", "chart below", false, .run = line_by, .arg = 1},
	{"f", "large", "one large chart, or all", true, .run = large},
	{"+, =", "zoom-in", "show half as much of x", false, .run = zoom_in},
	{"-", "zoom-out", "show twice as much of x", false, .run = zoom_out},
	{"0", "fit", "show all of x", false, .run = fit},
	{"[", "pan-left", "show earlier x", false, .run = pan_by, .arg = -1},
	{"]", "pan-right", "show later x", false, .run = pan_by, .arg = 1},
	{"s", "smoother", "smooth more", true, .run = smoother},
	{"S", "rougher", "smooth less", false, .run = rougher},
	{"y", "log", "logarithmic y", false, .run = log_y},
	{"x", "x-axis", "x: steps, games or time", true, .run = other_x},
	{"n", "next-run", "next run on top, to be read", false,
	 .run = next_run},
	{0},
};

enum charts_click charts_mouse(struct charts *c, const struct mouse_event *m)
{
	for (int i = 0; i < c->seen->shown; i++) {
		const struct plot_area *a = &c->seen->at[i].area;
		int row = m->row - c->seen->at[i].row;
		int col = m->col - c->seen->at[i].col;
		struct plot_series s;
		double x;
		int at;

		if (row < 0 || col < 0 || row >= c->seen->at[i].height ||
		    col >= c->seen->at[i].width)
			continue;
		c->focus = c->seen->at[i].chart;
		if (m->button == 4 || m->button == 5) {
			zoom(c, m->button == 4 ? 0.5 : 2);
			return CHARTS_MOVED;
		}
		col -= a->left;
		if (!focused(c) || col < 0 || col >= a->cols || a->cols < 2)
			return CHARTS_MOVED;
		x = a->x_low + (a->x_high - a->x_low) * col / (a->cols - 1);
		s = curve_of(focused(c), c->x);
		at = plot_nearest(&s, x);
		if (at < 0)
			return CHARTS_MOVED;
		if (c->has_cursor && fabs(c->cursor - s.x[at]) <= 0)
			return CHARTS_OPENED;
		c->has_cursor = true;
		c->cursor = s.x[at];
		return CHARTS_MOVED;
	}
	return CHARTS_NO_CLICK;
}
