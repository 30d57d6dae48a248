/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_series.h"

#include <math.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/svg.h"
#include "core/study/study.h"

/*
 * Curves as lines over x with a band from the least to the most over seeds, and
 * figures without a curve as bars of that with a dot at the mean.
 */
enum {
	MOST_ARMS = 64,
	WIDE = 640,
	HIGH = 320,
	SMALL_WIDE = 220,
	SMALL_HIGH = 150
};
enum { LEFT = 52, RIGHT = 8, TOP = 22, BOTTOM = 24, KEY = 16 };
enum { ACROSS = 3, MOST_ACROSS = 5 }; /* panels side by side */

struct frame {
	double x0, x1, y0, y1;  /* in figures */
	double left, top, w, h; /* on paper, inside the axes */
	bool curve;
	bool by_factors; /* x0 and x1 are logarithms to ten */
	bool one;        /* all figures stand at one x, in the middle */
};

static void widen(double *low, double *high)
{
	double room = 0.05 * (*high - *low);

	if (!(room > 0))
		room = fmax(fabs(*low) * 0.1, 0.5);
	*low -= room;
	*high += room;
}

static double px(const struct frame *f, double x)
{
	if (f->by_factors)
		x = log10(x);
	return f->left + f->w * (x - f->x0) / (f->x1 - f->x0);
}

static double py(const struct frame *f, double y)
{
	return f->top + f->h * (f->y1 - y) / (f->y1 - f->y0);
}

static void tick_x(const struct frame *f, double x, int digits, struct buf *out)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*g", digits, x);
	svg_words(out, px(f, x), f->top + f->h + 14, "middle", text, 32);
}

/* Powers of ten, and between them 2 and 5 where there is room. */
static void ticks_by_factors(const struct frame *f, struct buf *out)
{
	static const double steps[] = {1, 2, 5};
	size_t n = f->w / (f->x1 - f->x0) > 120 ? ARRAY_LEN(steps) : 1;

	for (double e = floor(f->x0); e <= f->x1; e++)
		for (size_t i = 0; i < n; i++) {
			double x = steps[i] * pow(10, e);

			if (log10(x) >= f->x0 && log10(x) <= f->x1)
				tick_x(f, x, 7, out);
		}
}

static void axes(const struct frame *f, struct buf *out)
{
	double dy = svg_step(f->y1 - f->y0, f->h > 200 ? 6 : 4);
	double dx = svg_step(f->x1 - f->x0, f->w > 300 ? 8 : 4);
	char text[32];

	for (double y = ceil(f->y0 / dy) * dy; y <= f->y1; y += dy) {
		buf_printf(out,
			   "<path d=\"M%.1f %.1fh%.1f\" stroke=\"#ddd\"/>\n",
			   f->left, py(f, y), f->w);
		snprintf(text, sizeof(text), "%.4g", fabs(y) < dy / 2 ? 0 : y);
		svg_words(out, f->left - 4, py(f, y) + 4, "end", text, 32);
	}
	if (f->one)
		tick_x(f, (f->x0 + f->x1) / 2, 7, out);
	else if (f->by_factors)
		ticks_by_factors(f, out);
	else if (f->curve)
		for (double x = ceil(f->x0 / dx) * dx; x <= f->x1; x += dx)
			tick_x(f, fabs(x) < dx / 2 ? 0 : x, 5, out);
	buf_printf(out,
		   "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		   "fill=\"none\" stroke=\"#888\"/>\n",
		   f->left, f->top, f->w, f->h);
}

static void draw_curve(const struct frame *f, const struct study_series *s,
		       const struct svg_ink *ink, struct buf *out)
{
	const char *colour = ink->colour;

	if (s->count == 1)
		buf_printf(out,
			   "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" "
			   "fill=\"%s\"/>\n",
			   px(f, s->points[0].x), py(f, s->points[0].mean),
			   colour);
	buf_puts(out, "<path d=\"");
	for (size_t i = 0; i < s->count; i++)
		buf_printf(out, "%c%.1f %.1f", i ? 'L' : 'M',
			   px(f, s->points[i].x), py(f, s->points[i].high));
	for (size_t i = s->count; i-- > 0;)
		buf_printf(out, "L%.1f %.1f", px(f, s->points[i].x),
			   py(f, s->points[i].low));
	buf_printf(out,
		   "Z\" fill=\"%s\" fill-opacity=\"0.15\" stroke=\"none\"/>\n",
		   colour);
	buf_puts(out, "<path d=\"");
	for (size_t i = 0; i < s->count; i++)
		buf_printf(out, "%c%.1f %.1f", i ? 'L' : 'M',
			   px(f, s->points[i].x), py(f, s->points[i].mean));
	buf_printf(out,
		   "\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"%s/>\n",
		   colour, ink->dash);
}

static void draw_dot(const struct frame *f, const struct study_series *s,
		     int at, const char *colour, struct buf *out)
{
	double x = px(f, at);
	const struct study_point *p = &s->points[0];

	buf_printf(out,
		   "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\" "
		   "stroke-width=\"2\"/>\n<circle cx=\"%.1f\" cy=\"%.1f\" "
		   "r=\"4\" fill=\"%s\"/>\n",
		   x, py(f, p->low), x, py(f, p->high), colour, x,
		   py(f, p->mean), colour);
}

/* Arms keep their colour in all panels. */
static int number_of(const char *const *arms, int count, const char *arm)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(arms[i], arm))
			return i;
	return 0;
}

struct drawing {
	const struct study_panels *p;
	const char *name;
	const char *arms[MOST_ARMS];
	int arm_count, panels, across;
	int wide, high; /* of a panel */
	bool curve, by_family;
};

static bool belongs(const struct drawing *d, const struct study_series *s)
{
	size_t n = study_base(d->name);

	return study_base(s->name) == n && !strncmp(s->name, d->name, n);
}

static void survey(struct drawing *d)
{
	for (size_t i = 0; i < d->p->count;) {
		const struct study_series *s = &d->p->series[i];
		size_t n = study_panel(d->p, i, d->by_family);

		i += n;
		if (!belongs(d, s))
			continue;
		d->panels++;
		for (size_t k = 0; k < n; k++) {
			int at = 0;

			while (at < d->arm_count &&
			       strcmp(d->arms[at], s[k].arm))
				at++;
			if (at == d->arm_count && at < MOST_ARMS)
				d->arms[d->arm_count++] = s[k].arm;
		}
	}
}

/* Families of one part stand in a row. */
static int count_across(const struct drawing *d)
{
	int most = 0;

	for (size_t i = 0; i < d->p->count;) {
		size_t all = study_panel(d->p, i, false), end = i + all;
		int n = 0;

		if (!d->by_family || !belongs(d, &d->p->series[i]))
			i = end;
		for (; i < end; n++)
			i += study_panel(d->p, i, true);
		most = n > most ? n : most;
	}
	return most < 2 ? ACROSS : most > MOST_ACROSS ? MOST_ACROSS : most;
}

/* One large, a few of half the width, or many small ones. */
static void lay_out(struct drawing *d)
{
	bool one = d->panels < 2, few = d->panels <= 4;

	d->across = one ? 1 : few ? 2 : count_across(d);
	d->wide = one ? WIDE : few ? WIDE / 2 : SMALL_WIDE;
	d->high = one ? HIGH : few ? 200 : SMALL_HIGH;
}

/* By the longest of them. */
static bool grows_by_factors(const struct study_series *s, size_t n, double low)
{
	const struct study_series *l = s;

	for (size_t i = 1; i < n; i++)
		if (s[i].count > l->count)
			l = &s[i];
	return low > 0 && l->count > 2 &&
	       study_by_factors(l->points[0].x, l->points[l->count / 2].x,
				l->points[l->count - 1].x);
}

static void measure_frame(const struct drawing *d, const struct study_series *s,
			  size_t n, struct frame *f)
{
	f->curve = d->curve;
	f->x0 = f->y0 = HUGE_VAL;
	f->x1 = f->y1 = -HUGE_VAL;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < s[i].count; k++) {
			const struct study_point *p = &s[i].points[k];

			f->x0 = fmin(f->x0, p->x);
			f->x1 = fmax(f->x1, p->x);
			f->y0 = fmin(f->y0, p->low);
			f->y1 = fmax(f->y1, p->high);
		}
	if (!f->curve) {
		f->x0 = -0.5;
		f->x1 = d->arm_count - 0.5;
	} else {
		f->one = !(f->x1 > f->x0);
		f->by_factors = grows_by_factors(s, n, f->x0);
		if (f->by_factors) {
			f->x0 = log10(f->x0);
			f->x1 = log10(f->x1);
		}
		widen(&f->x0, &f->x1);
	}
	widen(&f->y0, &f->y1);
}

static void title(const struct drawing *d, const struct study_series *s,
		  const struct frame *f, struct buf *out)
{
	char text[64];

	if (d->by_family)
		snprintf(text, sizeof(text), "%.*s %s",
			 (int)study_name_family(s->arm), s->arm, s->name);
	else
		snprintf(text, sizeof(text), "%s", s->name);
	svg_words(out, f->left, f->top - 6, "start", text, sizeof(text));
}

static void draw_panel(const struct drawing *d, const struct study_series *s,
		       size_t n, int at, struct buf *out)
{
	int w = d->wide, h = d->high;
	struct frame f = {0};

	measure_frame(d, s, n, &f);
	f.left = at % d->across * w + LEFT;
	f.top = at / d->across * h + TOP;
	f.w = w - LEFT - RIGHT;
	f.h = h - TOP - BOTTOM;
	title(d, s, &f, out);
	axes(&f, out);
	for (size_t i = 0; i < n; i++) {
		int arm = number_of(d->arms, d->arm_count, s[i].arm);

		struct svg_ink ink = svg_ink(arm);

		if (d->curve)
			draw_curve(&f, &s[i], &ink, out);
		else
			draw_dot(&f, &s[i], arm, ink.colour, out);
	}
}

static void draw_key(const struct drawing *d, int top, struct buf *out)
{
	for (int i = 0; i < d->arm_count; i++) {
		int x = LEFT + i % 4 * 145, y = top + i / 4 * KEY;
		struct svg_ink ink = svg_ink(i);

		buf_printf(out,
			   "<path d=\"M%d %dh12\" stroke=\"%s\" "
			   "stroke-width=\"4\"%s/>\n",
			   x, y + 5, ink.colour, ink.dash);
		svg_words(out, x + 16, y + 9, "start", d->arms[i], 22);
	}
}

void study_plot(const struct study_panels *p, const char *name, struct buf *out)
{
	struct drawing d = {.p = p,
			    .name = name,
			    .curve = study_is_curve(p, name),
			    .by_family = study_by_family(p, name)};
	int high, at = 0;

	survey(&d);
	lay_out(&d);
	high = (d.panels + d.across - 1) / d.across * d.high;
	svg_begin(d.across * d.wide, high + KEY * ((d.arm_count + 3) / 4) + 4,
		  out);
	for (size_t i = 0; i < p->count;) {
		const struct study_series *s = &p->series[i];
		size_t n = study_panel(p, i, d.by_family);

		if (belongs(&d, s))
			draw_panel(&d, s, n, at++, out);
		i += n;
	}
	draw_key(&d, high, out);
	svg_end(out);
}
