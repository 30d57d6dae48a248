/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/charts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/session/metric.h"
#include "core/session/series.h"
#include "core/session/smooth.h"
#include "tui/canvas_map.h"
#include "tui/screen/curve.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"

/* Parts of the canvas: chart i, where its curves stand, and all charts. */
enum { PART_CURVES = OVERLAY_METRICS, PART_ALL = 2 * OVERLAY_METRICS };

void charts_init(struct charts *c)
{
	memset(c, 0, sizeof(*c));
	overlay_init(&c->figures);
}

void charts_release(struct charts *c)
{
	overlay_release(&c->figures);
	memset(c, 0, sizeof(*c));
}

/* ---- drawing ---- */

/* The curves of one metric, one series for each run that has it. */
static int chart_series(const struct charts *c, int chart, bool names,
			bool all_points, struct plot_series *out, int *focus)
{
	int n = 0;

	*focus = 0;
	for (int r = 0; r < c->figures.run_count; r++) {
		const struct series *curve = series_set_find(
			&c->figures.run[r], c->figures.name[chart]);

		if (!curve)
			continue;
		out[n] = curve_of(curve, c->figures.x);
		out[n].name = names ? c->figures.run[r].run : NULL;
		out[n].number = r;
		/* the unsmoothed points of many runs hide the curves */
		if (!all_points && r != c->figures.top &&
		    c->figures.run_count > 1) {
			out[n].raw = NULL;
			out[n].low = out[n].high = NULL;
		}
		if (r == c->figures.top)
			*focus = n;
		n++;
	}
	return n;
}

/* Small multiples share their x, so that they compare. */
static void x_shown(const struct charts *c, double *low, double *high)
{
	*low = c->figures.range.low;
	*high = c->figures.range.high;
	if (*low >= *high)
		overlay_extent(&c->figures, low, high);
}

/* Without its series. */
static struct plot chart_plot(const struct charts *c, int chart)
{
	const char *name = c->figures.name[chart];
	struct plot p = {
		.title = metric_title(name),
		.x_name = series_x_name(c->figures.x),
		.x_kind = curve_x_kind(c->figures.x),
		.y_kind = c->log ? AXIS_LOG : curve_y_kind(name),
		.has_cursor = c->figures.has_cursor,
		.cursor = c->figures.cursor,
		.selected = chart == c->figures.focus && !c->large,
	};

	x_shown(c, &p.x_low, &p.x_high);
	return p;
}

static void draw_chart(const struct charts *c, int chart, struct canvas *at,
		       int row, int col, int height, int width)
{
	struct canvas pane = canvas_pane(at, row, col, height, width);
	struct plot_series s[OVERLAY_RUNS];
	struct plot_area area;
	struct plot p = chart_plot(c, chart);

	p.series = s;
	p.count = chart_series(c, chart, c->large, false, s, &p.focus);
	canvas_region(&pane, c, chart, 0);
	area = plot_draw(&p, &pane);
	pane = canvas_pane(&pane, area.top, area.left, area.rows, area.cols);
	canvas_region(&pane, c, PART_CURVES + chart, 0);
}

static void draw_grid(const struct charts *c, struct canvas *pane)
{
	int rows, cols, first;

	plot_grid(c->figures.count, pane->height, pane->width, &rows, &cols);
	first = c->figures.focus / (rows * cols) * (rows * cols);
	for (int i = 0; i < rows * cols && first + i < c->figures.count; i++) {
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
	canvas_region(pane, c, PART_ALL, 0);
	if (!c->figures.count) {
		canvas_text(pane, pane->height / 2, 2, STYLE_DIM,
			    "No figures yet: they come with the first "
			    "iterations.");
		return;
	}
	if (c->large)
		draw_chart(c, c->figures.focus, pane, 0, 0, pane->height,
			   pane->width);
	else
		draw_grid(c, pane);
}

bool charts_picture(const struct charts *c, enum picture_format f,
		    struct buf *out)
{
	struct plot_series s[OVERLAY_RUNS];
	struct plot p;

	if (!c->figures.count)
		return false;
	p = chart_plot(c, c->figures.focus);
	p.series = s;
	p.count = chart_series(c, c->figures.focus, true, true, s, &p.focus);
	plot_picture(&p, f, out);
	return true;
}

void charts_describe(const struct charts *c, struct buf *out)
{
	char low[AXIS_LABEL_SIZE], high[AXIS_LABEL_SIZE];

	buf_printf(out, "x: %s", series_x_name(c->figures.x));
	if (c->figures.weight > 0)
		buf_printf(out, ", smoothed %g", c->figures.weight);
	if (c->log)
		buf_puts(out, ", log y");
	if (c->figures.range.low < c->figures.range.high) {
		axis_format(curve_x_kind(c->figures.x), c->figures.range.low,
			    low);
		axis_format(curve_x_kind(c->figures.x), c->figures.range.high,
			    high);
		buf_printf(out, ", from %s to %s", low, high);
	}
	if (c->figures.count)
		buf_printf(out, ", %d/%d", c->figures.focus + 1,
			   c->figures.count);
}

/* ---- commands ---- */

static enum screen_action cursor_by(void *self, const struct key_press *k)
{
	struct charts *c = self;

	overlay_cursor_by(&c->figures, k->arg, false);
	return SCREEN_REDRAW;
}

static enum screen_action point_by(void *self, const struct key_press *k)
{
	struct charts *c = self;

	overlay_cursor_by(&c->figures, k->arg, true);
	return SCREEN_REDRAW;
}

static enum screen_action cursor_first(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	overlay_cursor_first(&c->figures);
	return SCREEN_REDRAW;
}

static enum screen_action cursor_off(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	c->figures.has_cursor = false;
	return SCREEN_REDRAW;
}

static enum screen_action chart_by(void *self, const struct key_press *k)
{
	struct charts *c = self;

	overlay_focus_by(&c->figures, k->arg, true);
	return SCREEN_REDRAW;
}

static enum screen_action line_by(void *self, const struct key_press *k)
{
	struct charts *c = self;
	const struct canvas_region *all = canvas_map_find(k->seen, c, PART_ALL);
	int rows, columns = 1;

	if (all && !c->large)
		plot_grid(c->figures.count, all->height, all->width, &rows,
			  &columns);
	overlay_focus_by(&c->figures, k->arg * columns, false);
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
	struct charts *c = self;

	(void)k;
	overlay_zoom(&c->figures, 0.5);
	return SCREEN_REDRAW;
}

static enum screen_action zoom_out(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	overlay_zoom(&c->figures, 2);
	return SCREEN_REDRAW;
}

static enum screen_action fit(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	c->figures.range.low = c->figures.range.high = 0;
	return SCREEN_REDRAW;
}

static enum screen_action pan_by(void *self, const struct key_press *k)
{
	struct charts *c = self;

	overlay_pan(&c->figures, 0.25 * k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action smoother(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	overlay_smooth(&c->figures, smooth_next(c->figures.weight));
	return SCREEN_REDRAW;
}

static enum screen_action rougher(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	overlay_smooth(&c->figures, smooth_previous(c->figures.weight));
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
	struct charts *c = self;

	(void)k;
	overlay_next_x(&c->figures);
	return SCREEN_REDRAW;
}

static enum screen_action next_run(void *self, const struct key_press *k)
{
	struct charts *c = self;

	(void)k;
	overlay_next_run(&c->figures);
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

/* A second click on the same point opens it. */
static enum charts_click click(struct overlay *o, double x)
{
	bool had = o->has_cursor;
	double was = o->cursor;

	if (!overlay_cursor_at(o, x))
		return CHARTS_MOVED;
	return had && fabs(was - o->cursor) <= 0 ? CHARTS_OPENED : CHARTS_MOVED;
}

enum charts_click charts_mouse(struct charts *c, const struct mouse_event *m)
{
	struct overlay *o = &c->figures;
	const struct canvas_region *r = NULL;
	double low = 0, high = 0;
	int chart = -1;

	for (int i = 0; chart < 0 && i < o->count; i++)
		if (canvas_map_inside(canvas_map_find(m->seen, c, i), m->row,
				      m->col))
			chart = i;
	if (chart < 0)
		return CHARTS_NO_CLICK;
	o->focus = chart;
	if (m->button == 4 || m->button == 5) {
		overlay_zoom(o, m->button == 4 ? 0.5 : 2);
		return CHARTS_MOVED;
	}
	r = canvas_map_find(m->seen, c, PART_CURVES + chart);
	if (!r || m->col < r->col || m->col >= r->col + r->width ||
	    r->width < 2)
		return CHARTS_MOVED;
	x_shown(c, &low, &high);
	return click(o,
		     low + (high - low) * (m->col - r->col) / (r->width - 1));
}
