/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/csv.h"
#include "core/base/svg.h"
#include "tui/picture.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot_int.h"

/* A plot as SVG and as comma-separated values. */

enum { WIDE = 760, HIGH = 420, LEFT = 64, RIGHT = 16, BOTTOM = 40 };
enum { KEY_ROW = 16, KEY_COLS = 2 }; /* of the legend above the curves */

/* ---- values ---- */

static bool is_shown(const struct plot_frame *f, double x)
{
	return x >= f->x_low && x <= f->x_high;
}

static void put_values(const struct plot *p, const struct plot_frame *f,
		       struct buf *out)
{
	buf_puts(out, "series,");
	csv_text(out, p->x_name ? p->x_name : "x");
	buf_puts(out, ",value,smoothed,low,high\n");
	for (int k = 0; k < p->count; k++) {
		const struct plot_series *s = &p->series[k];

		for (size_t i = 0; i < s->count; i++) {
			if (!is_shown(f, s->x[i]))
				continue;
			csv_text(out, s->name    ? s->name
				      : p->title ? p->title
						 : "");
			csv_number(out, s->x[i]);
			csv_number(out, s->raw ? s->raw[i] : s->y[i]);
			csv_number(out, s->raw ? s->y[i] : (double)NAN);
			csv_number(out, s->low ? s->low[i] : (double)NAN);
			csv_number(out, s->high ? s->high[i] : (double)NAN);
			buf_putc(out, '\n');
		}
	}
}

/* ---- a drawing ---- */

struct paper {
	const struct plot *p;
	const struct plot_frame *f;
	double left, top, wide, high;
	struct buf *out;
};

static double across(const struct paper *at, double x)
{
	double low = plot_to_x(at->f, at->f->x_low);
	double high = plot_to_x(at->f, at->f->x_high);
	double share =
		high > low ? (plot_to_x(at->f, x) - low) / (high - low) : 0.5;

	return at->left + share * at->wide;
}

/* Of a y that went through plot_to_y(). */
static double down(const struct paper *at, double y)
{
	double share = (y - at->f->y_low) / (at->f->y_high - at->f->y_low);

	return at->top + (1 - share) * at->high;
}

static void put_line(const struct paper *at, double x1, double y1, double x2,
		     double y2, const char *look)
{
	buf_printf(at->out,
		   "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		   "%s/>\n",
		   x1, y1, x2, y2, look);
}

static void put_axes(const struct paper *at)
{
	const struct plot *p = at->p;
	const struct plot_frame *f = at->f;
	double right = at->left + at->wide, bottom = at->top + at->high;
	struct axis_ticks ticks;

	axis_ticks(f->log_y ? AXIS_LOG : p->y_kind,
		   f->log_y ? pow(10, f->y_low) : f->y_low,
		   f->log_y ? pow(10, f->y_high) : f->y_high, 9, &ticks);
	for (int i = 0; i < ticks.count; i++) {
		double y = down(at, plot_to_y(f, ticks.at[i]));

		put_line(at, at->left, y, right, y, "stroke=\"#ddd\"");
		svg_words(at->out, at->left - 6, y + 4, "end", ticks.label[i],
			  AXIS_LABEL_SIZE);
	}
	axis_ticks(f->log_x                ? AXIS_LOG
		   : p->x_kind == AXIS_LOG ? AXIS_NUMBER
					   : p->x_kind,
		   f->x_low, f->x_high, 10, &ticks);
	for (int i = 0; i < ticks.count; i++) {
		double x = across(at, ticks.at[i]);

		put_line(at, x, at->top, x, bottom + 4, "stroke=\"#ddd\"");
		svg_words(at->out, x, bottom + 17, "middle", ticks.label[i],
			  AXIS_LABEL_SIZE);
	}
	put_line(at, at->left, bottom, right, bottom, "stroke=\"#000\"");
	put_line(at, at->left, at->top, at->left, bottom, "stroke=\"#000\"");
	if (p->x_name)
		svg_words(at->out, right, bottom + 33, "end", p->x_name,
			  strlen(p->x_name));
	if (p->has_mark && is_shown(f, p->mark))
		put_line(at, across(at, p->mark), at->top, across(at, p->mark),
			 bottom, "stroke=\"#000\" stroke-dasharray=\"3 3\"");
}

/* Pieces between gaps: [*from, end), in which all that is drawn is known. */
static size_t next_piece(const struct paper *at, const struct plot_series *s,
			 const double *a, const double *b, size_t *from)
{
	size_t end;

	while (*from < s->count && !(is_shown(at->f, s->x[*from]) &&
				     isfinite(plot_to_y(at->f, a[*from])) &&
				     isfinite(plot_to_y(at->f, b[*from]))))
		(*from)++;
	for (end = *from; end < s->count && is_shown(at->f, s->x[end]) &&
			  isfinite(plot_to_y(at->f, a[end])) &&
			  isfinite(plot_to_y(at->f, b[end]));
	     end++)
		;
	return end;
}

static void put_point(const struct paper *at, double x, double y)
{
	buf_printf(at->out, "%.1f,%.1f ", across(at, x),
		   down(at, plot_to_y(at->f, y)));
}

static void put_band(const struct paper *at, const struct plot_series *s)
{
	for (size_t from = 0, end; s->low; from = end) {
		end = next_piece(at, s, s->low, s->high, &from);
		if (from >= s->count)
			return;
		buf_puts(at->out, "<polygon points=\"");
		for (size_t i = from; i < end; i++)
			put_point(at, s->x[i], s->high[i]);
		for (size_t i = end; i-- > from;)
			put_point(at, s->x[i], s->low[i]);
		buf_printf(at->out, "\" fill=\"%s\" fill-opacity=\".15\"/>\n",
			   svg_ink(s->number).colour);
	}
}

/* As they were measured, where a curve was smoothed. */
static void put_dots(const struct paper *at, const struct plot_series *s)
{
	if (!s->raw)
		return;
	buf_printf(at->out, "<g fill=\"%s\" fill-opacity=\".35\">\n",
		   svg_ink(s->number).colour);
	for (size_t i = 0; i < s->count; i++) {
		double y = plot_to_y(at->f, s->raw[i]);

		if (is_shown(at->f, s->x[i]) && isfinite(y))
			buf_printf(at->out,
				   "<circle cx=\"%.1f\" cy=\"%.1f\" "
				   "r=\"1.5\"/>\n",
				   across(at, s->x[i]), down(at, y));
	}
	buf_puts(at->out, "</g>\n");
}

static void put_curve(const struct paper *at, const struct plot_series *s)
{
	struct svg_ink ink = svg_ink(s->number);

	for (size_t from = 0, end;; from = end) {
		end = next_piece(at, s, s->y, s->y, &from);
		if (from >= s->count)
			return;
		if (end == from + 1)
			buf_printf(at->out,
				   "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" "
				   "fill=\"%s\"/>\n",
				   across(at, s->x[from]),
				   down(at, plot_to_y(at->f, s->y[from])),
				   ink.colour);
		buf_puts(at->out, "<polyline points=\"");
		for (size_t i = from; i < end; i++)
			put_point(at, s->x[i], s->y[i]);
		buf_printf(at->out,
			   "\" fill=\"none\" stroke=\"%s\" "
			   "stroke-width=\"1.5\"%s/>\n",
			   ink.colour,
			   s->dashed ? " stroke-dasharray=\"5 4\"" : ink.dash);
	}
}

static bool has_key(const struct plot_series *s)
{
	return s->name && !s->piece;
}

static int key_rows(const struct plot *p)
{
	int n = 0;

	for (int k = 0; k < p->count; k++)
		n += has_key(&p->series[k]);
	return (n + KEY_COLS - 1) / KEY_COLS;
}

static void put_key(const struct paper *at, double top)
{
	int n = 0;

	for (int k = 0; k < at->p->count; k++) {
		const struct plot_series *s = &at->p->series[k];
		double x = at->left + at->wide / KEY_COLS * (n % KEY_COLS);
		double y = top + KEY_ROW * (n / KEY_COLS);
		char look[80];

		if (!has_key(s))
			continue;
		n++;
		snprintf(look, sizeof(look),
			 "stroke=\"%s\" stroke-width=\"2\"%s",
			 svg_ink(s->number).colour, svg_ink(s->number).dash);
		put_line(at, x, y - 4, x + 20, y - 4, look);
		svg_words(at->out, x + 26, y, "start", s->name,
			  strlen(s->name));
	}
}

static void put_drawing(const struct plot *p, struct plot_frame *f, bool any,
			struct buf *out)
{
	double key = 24, top = key + KEY_ROW * key_rows(p);
	struct paper at = {p,  f, LEFT, top, WIDE - LEFT - RIGHT, HIGH - BOTTOM,
			   out};
	int high = HIGH + (int)top;

	svg_begin(WIDE, high, out);
	if (p->title)
		svg_words(out, LEFT, 15, "start", p->title, strlen(p->title));
	put_key(&at, key + KEY_ROW - 4);
	if (any && plot_y_range(f, p)) {
		put_axes(&at);
		for (int k = 0; k < p->count; k++)
			put_band(&at, &p->series[k]);
		for (int k = 0; k < p->count; k++)
			put_dots(&at, &p->series[k]);
		for (int k = 0; k < p->count; k++)
			put_curve(&at, &p->series[k]);
	}
	svg_end(out);
}

void plot_picture(const struct plot *p, enum picture_format format,
		  struct buf *out)
{
	struct plot_frame f = {.log_y = p->y_kind == AXIS_LOG};
	bool any = plot_x_range(&f, p);

	assert(format == PICTURE_CSV || format == PICTURE_SVG);
	if (format == PICTURE_CSV)
		put_values(p, &f, out);
	else
		put_drawing(p, &f, any, out);
}
