/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/plot.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/session/series.h"
#include "tui/widget/plot_int.h"

enum { GRID_WIDTH = 26, GRID_HEIGHT = 6 }; /* least of a plot in a grid */
enum { NAME_ROOM = 24 };                   /* longest name in a legend */

/* ---- axes, legend, cursor ---- */

static void draw_y_axis(const struct plot_frame *f,
			const struct axis_ticks *ticks, struct canvas *c,
			int top, int gutter)
{
	int rows = f->height / f->dots_y, last = -1;

	for (int row = 0; row < rows; row++)
		canvas_glyph(c, top + row, gutter - 1, STYLE_BORDER,
			     c->ascii ? '|' : 0x2502);
	for (int i = ticks->count; i-- > 0;) {
		double at = f->log_y ? log10(ticks->at[i]) : ticks->at[i];
		int row = plot_dot_y(f, at) / f->dots_y;

		if (row < 0 || row >= rows || row == last)
			continue;
		canvas_right(c, top + row, gutter - 1, STYLE_LABEL,
			     ticks->label[i]);
		canvas_glyph(c, top + row, gutter - 1, STYLE_BORDER,
			     c->ascii ? '+' : 0x2524);
		last = row;
	}
}

/* How a figure is written. */
static enum axis_kind plain(enum axis_kind kind)
{
	return kind == AXIS_LOG ? AXIS_NUMBER : kind;
}

static void draw_x_axis(const struct plot_frame *f, const struct plot *p,
			struct canvas *c, int row, bool line, int gutter)
{
	int cols = f->width / f->dots_x, free_from = gutter;
	struct axis_ticks ticks;

	if (p->x_name)
		canvas_field(c, row + line, 0, gutter - 1, STYLE_LABEL,
			     p->x_name);
	if (line) {
		canvas_glyph(c, row, gutter - 1, STYLE_BORDER,
			     c->ascii ? '+' : 0x2514);
		canvas_fill(c, row, gutter, 1, cols, STYLE_BORDER,
			    c->ascii ? '-' : 0x2500);
	}
	axis_ticks(f->log_x ? AXIS_LOG : plain(p->x_kind), f->x_low, f->x_high,
		   cols / 9 + 1, &ticks);
	for (int i = 0; i < ticks.count; i++) {
		int width = (int)strlen(ticks.label[i]);
		int at = gutter + plot_dot_x(f, ticks.at[i]) / f->dots_x;
		int start = at - width / 2;

		if (start + width > gutter + cols)
			start = gutter + cols - width;
		if (start < free_from)
			start = at == gutter ? gutter : start;
		if (start < free_from)
			continue;
		canvas_text(c, row + line, start, STYLE_LABEL, ticks.label[i]);
		if (line)
			canvas_glyph(c, row, at, STYLE_BORDER,
				     c->ascii ? '+' : 0x252c);
		free_from = start + width + 1;
	}
}

static int nearest(const struct plot_series *s, double x)
{
	return series_nearest(s->x, s->y, s->count, x);
}

/* At the cursor, else the last there is. */
static double reading(const struct plot *p, const struct plot_series *s)
{
	int at = (int)s->count - 1;

	if (p->has_cursor)
		at = nearest(s, p->cursor);
	while (at >= 0 && isnan(s->y[at]))
		at--;
	return at < 0 ? (double)NAN : s->y[at];
}

static enum axis_kind reading_kind(const struct plot *p)
{
	return plain(p->y_kind);
}

static int figure_width(const struct plot *p, const struct plot_series *s,
			char figure[AXIS_LABEL_SIZE])
{
	axis_format(reading_kind(p), reading(p, s), figure);
	return canvas_width(figure);
}

static const struct plot_series *last_piece(const struct plot *p, int k)
{
	while (k + 1 < p->count && p->series[k + 1].piece)
		k++;
	return &p->series[k];
}

static int name_width(const struct plot_series *s)
{
	int width = s->name ? canvas_width(s->name) : 0;

	return width > NAME_ROOM ? NAME_ROOM : width;
}

/* The one figure that matters most, at the right end: for a plot with one
 * series, or with no room for the others. */
static void draw_one_figure(const struct plot *p, struct canvas *c)
{
	const struct plot_series *s = &p->series[p->focus];
	enum style st = p->selected ? STYLE_SELECTED : STYLE_TITLE;
	char figure[AXIS_LABEL_SIZE];
	int at = c->width - figure_width(p, s, figure);

	if (p->count > 1)
		at -= 2;
	if (p->title && canvas_width(p->title) > at - 1) {
		canvas_fill(c, 0, 0, 1, c->width, STYLE_NORMAL, 0);
		canvas_field(c, 0, 0, at - 1, st, p->title);
	}
	if (p->count > 1) {
		canvas_glyph(c, 0, at, plot_style(s->number),
			     (unsigned char)plot_letter(s->number));
		at += 2;
	}
	canvas_text(c, 0, at, STYLE_VALUE, figure);
}

/* Title, then every series with its letter and figure, over as many rows as it
 * takes but at most `most`; returns the rows used. */
static int draw_legend(const struct plot *p, struct canvas *c, int most)
{
	enum style st = p->selected ? STYLE_SELECTED : STYLE_TITLE;
	char figure[AXIS_LABEL_SIZE];
	int row = 0, col = 0, all = 0;

	if (p->title)
		col = canvas_text(c, 0, 0, st, p->title) + 1;
	for (int k = 0; k < p->count; k++)
		if (!p->series[k].piece)
			all += name_width(&p->series[k]) + 5 +
			       figure_width(p, &p->series[k], figure);
	if (p->has_cursor && p->count) {
		axis_format(plain(p->x_kind), p->cursor, figure);
		if (col + canvas_width(figure) + 12 < c->width) {
			col = canvas_text(c, 0, col, STYLE_LABEL, "at ");
			col = canvas_text(c, 0, col, STYLE_VALUE, figure) + 1;
		}
	}
	if (p->count == 1 ||
	    (p->count > 1 && most == 1 && col + all > c->width)) {
		draw_one_figure(p, c);
		return 1;
	}
	for (int k = 0; k < p->count; k++) {
		const struct plot_series *s = &p->series[k];
		int name = name_width(s), gap = name > 0;
		int width;

		if (s->piece)
			continue;
		/* The figure is that of its last piece. */
		width = 2 + name + gap +
			figure_width(p, last_piece(p, k), figure);
		if (col > 0 && col + width > c->width) {
			if (row + 1 >= most) {
				canvas_glyph(c, row, c->width - 1, STYLE_DIM,
					     c->ascii ? '~' : 0x2026);
				break;
			}
			row++;
			col = 0;
		}
		canvas_glyph(c, row, col, plot_style(s->number),
			     (unsigned char)plot_letter(s->number));
		if (name)
			canvas_field(c, row, col + 2, name,
				     k == p->focus ? STYLE_BOLD : STYLE_NORMAL,
				     s->name);
		col = canvas_text(c, row, col + 2 + name + gap, STYLE_VALUE,
				  figure) +
		      2;
	}
	return row + 1;
}

static void draw_upright(const struct plot_frame *f, double x)
{
	int col = plot_dot_x(f, x) / f->dots_x;
	struct canvas pane = f->pane;

	if (x < f->x_low || x > f->x_high)
		return;
	for (int row = 0; row < f->height / f->dots_y; row++)
		canvas_glyph(&pane, row, col, STYLE_LABEL,
			     pane.ascii ? '|' : 0x250a);
}

static void draw_cursor_mark(const struct plot_frame *f, const struct plot *p,
			     struct canvas *c, int top, int gutter)
{
	const struct plot_series *s = &p->series[p->focus];
	int at = nearest(s, p->cursor);
	double y;

	if (at < 0)
		return;
	y = plot_to_y(f, s->y[at]);
	if (!isfinite(y) || s->x[at] < f->x_low || s->x[at] > f->x_high)
		return;
	plot_put(f, s->x[at], y, STYLE_SELECTED, c->ascii ? '@' : 0x25cf);
	canvas_cursor(c, top + plot_dot_y(f, y) / f->dots_y,
		      gutter + plot_dot_x(f, s->x[at]) / f->dots_x);
}

struct plot_area plot_draw(const struct plot *p, struct canvas *c)
{
	struct plot_area area = {0};
	struct plot_frame f = {.log_y = p->y_kind == AXIS_LOG};
	int top = draw_legend(p, c, c->height >= 10 ? 3 : 1);
	bool line = c->height - top >= 7;
	int rows = c->height - top - 1 - line, gutter;
	struct axis_ticks ticks;
	bool any;

	assert(p->count == 0 || (p->focus >= 0 && p->focus < p->count));
	if (rows < 1 || c->width < 10)
		return area;
	any = plot_x_range(&f, p);
	f.dots_x = c->ascii ? 1 : 2;
	f.dots_y = c->ascii ? 1 : 4;
	f.height = rows * f.dots_y;
	if (!any || !plot_y_range(&f, p)) {
		canvas_text(c, top + rows / 2, c->width > 24 ? 6 : 0, STYLE_DIM,
			    "nothing measured yet");
		return area;
	}
	/* two labels in three rows at the least, so that small plots read */
	axis_ticks(f.log_y ? AXIS_LOG : p->y_kind,
		   f.log_y ? pow(10, f.y_low) : f.y_low,
		   f.log_y ? pow(10, f.y_high) : f.y_high, rows / 2 + 1,
		   &ticks);
	gutter = (ticks.width > 4 ? ticks.width : 4) + 1;
	if (p->x_name && canvas_width(p->x_name) >= gutter)
		gutter = canvas_width(p->x_name) + 1;
	f.pane = canvas_pane(c, top, gutter, rows, c->width - gutter);
	f.width = (c->width - gutter) * f.dots_x;

	draw_y_axis(&f, &ticks, c, top, gutter);
	draw_x_axis(&f, p, c, top + rows, line, gutter);
	if (p->has_mark)
		draw_upright(&f, p->mark);
	if (p->has_cursor)
		draw_upright(&f, p->cursor);
	for (int k = 0; k < p->count; k++) {
		if (p->series[k].low)
			plot_band(&f, &p->series[k]);
	}
	for (int k = 0; k < p->count; k++)
		plot_points(&f, &p->series[k]);
	for (int k = 1; k <= p->count; k++)
		plot_curve(&f, &p->series[(p->focus + k) % p->count],
			   p->count == 1);
	/* letters after all curves, the focused one's on top */
	for (int k = 1; k <= p->count; k++)
		plot_marks(&f, &p->series[(p->focus + k) % p->count], p->count);
	if (p->has_cursor)
		draw_cursor_mark(&f, p, c, top, gutter);
	return (struct plot_area){.top = top,
				  .left = gutter,
				  .rows = rows,
				  .cols = c->width - gutter,
				  .x_low = f.x_low,
				  .x_high = f.x_high};
}

void plot_grid(int count, int height, int width, int *rows, int *cols)
{
	double best = -1;
	int most = width / GRID_WIDTH;

	*cols = most < 1 ? 1 : most > count ? count : most;
	*rows = height / GRID_HEIGHT < 1 ? 1 : height / GRID_HEIGHT;
	for (int n = 1; n <= most && n <= count; n++) {
		int lines = (count + n - 1) / n;
		double shape = fmin(width / n, 3.5 * (height / lines));

		if (height / lines >= GRID_HEIGHT && shape > best) {
			best = shape;
			*cols = n;
			*rows = lines;
		}
	}
}
