/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/lab/study_picture.h"
#include "core/base/svg.h"
#include "core/study/picture.h"

enum {
	WIDE = 640,
	LABEL = 120,  /* before rows */
	FIGURE = 150, /* behind them */
	ROW = 16,
	TOP = 36,
	BOTTOM = 26,
	HIGH = 320,
	LEFT = 52,
	RIGHT = 12,
};

/* One line across the paper, and where its figures stand. */
struct axis {
	double low, high, left, width;
};

static double at(const struct axis *a, double v)
{
	double share = (v - a->low) / (a->high - a->low);

	return a->left + a->width * fmin(fmax(share, 0), 1);
}

static void upright(struct buf *out, double x, double top, double bottom,
		    const char *colour)
{
	buf_printf(out, "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\"/>\n", x, top,
		   bottom, colour);
}

/* ---- rows ---- */

static void axis_of_rows(const struct study_drawing *d, const struct axis *a,
			 int bottom, struct buf *out)
{
	double step = svg_step(a->high - a->low, 6);

	for (double v = ceil(a->low / step) * step; v <= a->high; v += step) {
		char text[32];

		snprintf(text, sizeof(text), "%.4g",
			 fabs(v) < step / 2 ? 0 : v);
		upright(out, at(a, v), TOP, bottom, "#eee");
		svg_words(out, at(a, v), bottom + 14, "middle", text,
			  sizeof(text));
	}
	upright(out, at(a, 0), TOP, bottom, "#888");
	for (const struct study_mark *m = d->picture->marks; m && m->label;
	     m++) {
		upright(out, at(a, m->at), TOP, bottom, "#888");
		svg_words(out, at(a, m->at), TOP - 6, "middle", m->label, 32);
	}
}

static void draw_row(const struct study_drawing *d, const struct study_row *r,
		     const struct axis *a, double y, struct buf *out)
{
	const char *colour = svg_ink(r->arm < 0 ? 6 : r->arm).colour;
	struct buf text;

	if (d->picture->kind == STUDY_PICTURE_BARS)
		buf_printf(out,
			   "<path d=\"M%.1f %.1fH%.1f\" stroke=\"%s\" "
			   "stroke-width=\"9\" stroke-opacity=\"0.35\"/>\n",
			   at(a, 0), y, at(a, r->value), colour);
	if (!isnan(r->low) && !isnan(r->high))
		buf_printf(out,
			   "<path d=\"M%.1f %.1fH%.1f\" stroke=\"%s\" "
			   "stroke-width=\"2\"/>\n",
			   at(a, r->low), y, at(a, r->high), colour);
	for (int i = 0;
	     r->dots && i < r->seeds && d->picture->kind == STUDY_PICTURE_DOTS;
	     i++)
		buf_printf(out,
			   "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" "
			   "fill=\"%s\" fill-opacity=\"0.5\"/>\n",
			   at(a, r->dots[i]), y, colour);
	upright(out, at(a, r->value), y - 5, y + 5, colour);
	svg_words(out, LABEL - 6, y + 4, "end", r->label, 40);
	buf_init(&text);
	study_row_text(r, &text);
	if (r->seeds)
		buf_printf(&text, " n=%d", r->seeds);
	if (r->against)
		buf_printf(&text, " %s", r->against);
	svg_words(out, a->left + a->width + 8, y + 4, "start", text.data,
		  text.len);
	buf_release(&text);
}

static void draw_rows(const struct study_drawing *d, struct buf *out)
{
	struct axis a = {d->low, d->high, LABEL, WIDE - LABEL - FIGURE};
	int bottom = TOP + ROW * d->row_count;

	if (!(a.high > a.low))
		a.high = a.low + 1;
	svg_begin(WIDE, bottom + BOTTOM, out);
	svg_words(out, 4, 14, "start", d->picture->title, 100);
	axis_of_rows(d, &a, bottom, out);
	for (int i = 0; i < d->row_count; i++)
		draw_row(d, &d->rows[i], &a, TOP + ROW * (i + 0.5), out);
	svg_end(out);
}

/* ---- direct against fitted ---- */

static void draw_table(const struct study_drawing *d, struct buf *out)
{
	enum { COLUMN = 84 };

	svg_begin(WIDE, TOP + ROW * d->row_count + BOTTOM, out);
	svg_words(out, 4, 14, "start", d->picture->title, 100);
	svg_words(out, LABEL + COLUMN, TOP - 4, "end", "fit", 8);
	for (int o = 0; o < d->opponents; o++)
		svg_words(out, LABEL + COLUMN * (o + 2), TOP - 4, "end",
			  d->picture->of[o].label, 16);
	for (int i = 0; i < d->row_count; i++) {
		const struct study_row *r = &d->rows[i];
		double y = TOP + ROW * (i + 0.8);
		char text[32];

		svg_words(out, LABEL - 6, y, "end", r->label, 40);
		snprintf(text, sizeof(text), "%.0f", r->fitted);
		svg_words(out, LABEL + COLUMN, y, "end", text, 32);
		for (int o = 0; o < d->opponents; o++) {
			if (isnan(r->rest[o]))
				continue;
			snprintf(text, sizeof(text), "%+.0f", r->rest[o]);
			svg_words(out, LABEL + COLUMN * (o + 2), y, "end", text,
				  32);
		}
	}
	svg_end(out);
}

/* ---- lines ---- */

struct paper {
	struct axis x, y; /* y grows downwards: its width is negative */
	bool by_factors;
};

static double across(const struct paper *p, double x)
{
	return at(&p->x, p->by_factors ? log10(x) : x);
}

static void measure(const struct study_drawing *d, struct paper *p)
{
	struct axis x = {INFINITY, -INFINITY, LEFT, WIDE - LEFT - RIGHT};
	struct axis y = {0, 0, HIGH - BOTTOM, TOP + BOTTOM - HIGH};

	for (int i = 0; i < d->stroke_count; i++) {
		const struct study_stroke *s = &d->strokes[i];

		for (size_t k = 0; k < s->count; k++) {
			y.low = fmin(y.low, fmin(s->y[k], s->low[k]));
			y.high = fmax(y.high, fmax(s->y[k], s->high[k]));
			if (s->count < 2)
				continue;
			x.low = fmin(x.low, s->x[k]);
			x.high = fmax(x.high, s->x[k]);
		}
	}
	if (!(x.low <= x.high))
		x.low = x.high = 1;
	p->by_factors = x.low > 0 && x.high >= 4 * x.low;
	if (p->by_factors) {
		x.low = log10(x.low);
		x.high = log10(x.high);
	}
	if (!(x.high > x.low))
		x.high = x.low + 1;
	if (!(y.high > y.low))
		y.high = y.low + 1;
	p->x = x;
	p->y = y;
}

static void tick(const struct paper *p, double x, struct buf *out)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6g", x);
	svg_words(out, across(p, x), HIGH - BOTTOM + 14, "middle", text, 32);
}

static void draw_axes(const struct paper *p, struct buf *out)
{
	double step = svg_step(p->y.high - p->y.low, 6);
	char text[32];

	for (double v = ceil(p->y.low / step) * step; v <= p->y.high;
	     v += step) {
		buf_printf(out, "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>\n",
			   LEFT, at(&p->y, v), WIDE - RIGHT);
		snprintf(text, sizeof(text), "%.4g",
			 fabs(v) < step / 2 ? 0 : v);
		svg_words(out, LEFT - 4, at(&p->y, v) + 4, "end", text, 32);
	}
	for (int i = 0; p->by_factors && i < 60; i++) {
		double x = (i % 3 == 2 ? 5 : i % 3 + 1) *
			   pow(10, floor(p->x.low) + i / 3);

		if (log10(x) >= p->x.low && log10(x) <= p->x.high)
			tick(p, x, out);
	}
	step = svg_step(p->x.high - p->x.low, 8);
	for (double v = ceil(p->x.low / step) * step;
	     !p->by_factors && v <= p->x.high; v += step)
		tick(p, fabs(v) < step / 2 ? 0 : v, out);
	buf_printf(out,
		   "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		   "fill=\"none\" stroke=\"#888\"/>\n",
		   LEFT, TOP, WIDE - LEFT - RIGHT, HIGH - TOP - BOTTOM);
}

static void draw_stroke(const struct paper *p, const struct study_stroke *s,
			const char *colour, struct buf *out)
{
	if (s->count < 2) {
		buf_printf(out,
			   "<path d=\"M%d %.1fH%d\" stroke=\"%s\" "
			   "stroke-width=\"1\"/>\n",
			   LEFT, at(&p->y, s->y[0]), WIDE - RIGHT, colour);
		return;
	}
	for (size_t k = 0; k < s->count; k++) {
		if (isnan(s->low[k]) || isnan(s->high[k]))
			continue;
		upright(out, across(p, s->x[k]), at(&p->y, s->high[k]),
			at(&p->y, s->low[k]), colour);
	}
	buf_puts(out, "<path d=\"");
	for (size_t k = 0; k < s->count; k++)
		buf_printf(out, "%c%.1f %.1f", k ? 'L' : 'M',
			   across(p, s->x[k]), at(&p->y, s->y[k]));
	buf_printf(out,
		   "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n",
		   colour, s->dashed ? " stroke-dasharray=\"6 3\"" : "");
}

/* Each line once, by its number among labels. */
static int ink_of(const struct study_drawing *d, int stroke)
{
	int n = 0;

	for (int i = 0; i < stroke; i++)
		n += strcmp(d->strokes[i].label, d->strokes[i + 1].label) != 0;
	return n;
}

static void draw_key(const struct study_drawing *d, int top, struct buf *out)
{
	for (int i = 0; i < d->stroke_count; i++) {
		int n = ink_of(d, i), x = LEFT + n % 4 * 145,
		    y = top + n / 4 * ROW;

		if (i && ink_of(d, i - 1) == n)
			continue;
		buf_printf(out,
			   "<path d=\"M%d %dh12\" stroke=\"%s\" "
			   "stroke-width=\"4\"/>\n",
			   x, y + 5, svg_ink(n).colour);
		svg_words(out, x + 16, y + 9, "start", d->strokes[i].label, 24);
	}
}

static int draw_told(const struct study_drawing *d, int top, struct buf *out)
{
	for (int i = 0; i < d->row_count; i++, top += ROW) {
		struct buf text;

		buf_init(&text);
		buf_printf(&text, "%s %s: ", d->picture->estimate,
			   d->rows[i].label);
		study_row_text(&d->rows[i], &text);
		buf_printf(&text, " times the cut, n=%d", d->rows[i].seeds);
		svg_words(out, LEFT, top + 9, "start", text.data, text.len);
		buf_release(&text);
	}
	return top;
}

static void draw_lines(const struct study_drawing *d, struct buf *out)
{
	int labels = ink_of(d, d->stroke_count - 1) + 1;
	int key = HIGH + ROW * ((labels + 3) / 4);
	struct paper p;

	measure(d, &p);
	svg_begin(WIDE, key + ROW * d->row_count + 4, out);
	svg_words(out, 4, 14, "start", d->picture->title, 100);
	svg_words(out, 4, 28, "start", d->picture->unit, 100);
	draw_axes(&p, out);
	if (!isnan(d->cut)) {
		upright(out, across(&p, d->cut), TOP, HIGH - BOTTOM, "#888");
		svg_words(out, across(&p, d->cut), TOP - 4, "middle", "cut", 8);
	}
	for (int i = 0; i < d->stroke_count; i++)
		draw_stroke(&p, &d->strokes[i], svg_ink(ink_of(d, i)).colour,
			    out);
	draw_key(d, HIGH, out);
	draw_told(d, key, out);
	svg_end(out);
}

void study_drawing_svg(const struct study_drawing *d, struct buf *out)
{
	if (d->picture->kind == STUDY_PICTURE_FIT)
		draw_table(d, out);
	else if (d->stroke_count)
		draw_lines(d, out);
	else
		draw_rows(d, out);
}
