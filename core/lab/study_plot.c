/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_series.h"

#include <math.h>
#include <string.h>

#include "core/base/buf.h"

/*
 * Curves as lines over x with a band from the least to the most over seeds, and
 * figures without a curve as bars of that with a dot at the mean.  Colours:
 * Okabe and Ito, told apart by people who are colour-blind.
 */
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73",
				      "#cc79a7", "#e69f00", "#56b4e9",
				      "#000000", "#999999"};
enum {
	COLOURS = 8,
	WIDE = 640,
	HIGH = 320,
	SMALL_WIDE = 220,
	SMALL_HIGH = 150
};
enum { LEFT = 52, RIGHT = 8, TOP = 22, BOTTOM = 24, KEY = 16, ACROSS = 3 };

struct frame {
	double x0, x1, y0, y1;  /* in figures */
	double left, top, w, h; /* on paper, inside the axes */
	bool curve;
};

static void escape(const char *text, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n && text[i]; i++) {
		if (text[i] == '<')
			buf_puts(out, "&lt;");
		else if (text[i] == '>')
			buf_puts(out, "&gt;");
		else if (text[i] == '&')
			buf_puts(out, "&amp;");
		else if ((unsigned char)text[i] >= ' ')
			buf_putc(out, text[i]);
	}
}

static void words(struct buf *out, double x, double y, const char *anchor,
		  const char *text, size_t n)
{
	buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y,
		   anchor);
	escape(text, n, out);
	buf_puts(out, "</text>\n");
}

/* 1, 2 or 5 times a power of ten, about `count` of them. */
static double step_of(double range, int count)
{
	double rough = range / count, power = pow(10, floor(log10(rough)));
	double n = rough / power;

	return power * (n < 1.5 ? 1 : n < 3.5 ? 2 : n < 7.5 ? 5 : 10);
}

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
	return f->left + f->w * (x - f->x0) / (f->x1 - f->x0);
}

static double py(const struct frame *f, double y)
{
	return f->top + f->h * (f->y1 - y) / (f->y1 - f->y0);
}

static void axes(const struct frame *f, struct buf *out)
{
	double dy = step_of(f->y1 - f->y0, f->h > 200 ? 6 : 4);
	double dx = step_of(f->x1 - f->x0, f->w > 300 ? 8 : 4);
	char text[32];

	for (double y = ceil(f->y0 / dy) * dy; y <= f->y1; y += dy) {
		buf_printf(out,
			   "<path d=\"M%.1f %.1fh%.1f\" stroke=\"#ddd\"/>\n",
			   f->left, py(f, y), f->w);
		snprintf(text, sizeof(text), "%.4g", fabs(y) < dy / 2 ? 0 : y);
		words(out, f->left - 4, py(f, y) + 4, "end", text, 32);
	}
	for (double x = ceil(f->x0 / dx) * dx; f->curve && x <= f->x1;
	     x += dx) {
		snprintf(text, sizeof(text), "%.5g", fabs(x) < dx / 2 ? 0 : x);
		words(out, px(f, x), f->top + f->h + 14, "middle", text, 32);
	}
	buf_printf(out,
		   "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		   "fill=\"none\" stroke=\"#888\"/>\n",
		   f->left, f->top, f->w, f->h);
}

static void draw_curve(const struct frame *f, const struct study_series *s,
		       const char *colour, struct buf *out)
{
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
	buf_printf(out, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
		   colour);
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
	const char *arms[64];
	int arm_count, panels;
	bool curve;
};

static bool belongs(const struct drawing *d, const struct study_series *s)
{
	size_t n = study_base(d->name);

	return study_base(s->name) == n && !strncmp(s->name, d->name, n);
}

static void survey(struct drawing *d)
{
	const char *last = NULL;

	for (size_t i = 0; i < d->p->count; i++) {
		const struct study_series *s = &d->p->series[i];
		int at = 0;

		if (!belongs(d, s))
			continue;
		d->panels += !last || strcmp(last, s->name) != 0;
		last = s->name;
		while (at < d->arm_count && strcmp(d->arms[at], s->arm))
			at++;
		if (at == d->arm_count && at < 64)
			d->arms[d->arm_count++] = s->arm;
	}
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
		widen(&f->x0, &f->x1);
	}
	widen(&f->y0, &f->y1);
}

static void draw_panel(const struct drawing *d, const struct study_series *s,
		       size_t n, int at, struct buf *out)
{
	bool small = d->panels > 1;
	int w = small ? SMALL_WIDE : WIDE, h = small ? SMALL_HIGH : HIGH;
	struct frame f;

	measure_frame(d, s, n, &f);
	f.left = (small ? at % ACROSS * w : 0) + LEFT;
	f.top = (small ? at / ACROSS * h : 0) + TOP;
	f.w = w - LEFT - RIGHT;
	f.h = h - TOP - BOTTOM;
	words(out, f.left, f.top - 6, "start", s->name, strlen(s->name));
	axes(&f, out);
	for (size_t i = 0; i < n; i++) {
		int arm = number_of(d->arms, d->arm_count, s[i].arm);

		if (d->curve)
			draw_curve(&f, &s[i], colours[arm % COLOURS], out);
		else
			draw_dot(&f, &s[i], arm, colours[arm % COLOURS], out);
	}
}

static void draw_key(const struct drawing *d, int top, struct buf *out)
{
	for (int i = 0; i < d->arm_count; i++) {
		int x = LEFT + i % 4 * 145, y = top + i / 4 * KEY;

		buf_printf(out,
			   "<rect x=\"%d\" y=\"%d\" width=\"10\" height=\"10\" "
			   "fill=\"%s\"/>\n",
			   x, y, colours[i % COLOURS]);
		words(out, x + 14, y + 9, "start", d->arms[i], 22);
	}
}

void study_plot(const struct study_panels *p, const char *name, struct buf *out)
{
	struct drawing d = {
		.p = p, .name = name, .curve = study_is_curve(p, name)};
	int high, at = 0;

	survey(&d);
	high = d.panels > 1 ? (d.panels + ACROSS - 1) / ACROSS * SMALL_HIGH
			    : HIGH;
	buf_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		   "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
		   "font-size=\"11\">\n<rect width=\"100%%\" height=\"100%%\" "
		   "fill=\"#fff\"/>\n",
		   d.panels > 1 ? ACROSS * SMALL_WIDE : WIDE,
		   high + KEY * ((d.arm_count + 3) / 4) + 4);
	for (size_t i = 0; i < p->count;) {
		const struct study_series *s = &p->series[i];
		size_t n = 1;

		while (i + n < p->count && !strcmp(s[n].name, s->name))
			n++;
		if (belongs(&d, s))
			draw_panel(&d, s, n, at++, out);
		i += n;
	}
	draw_key(&d, high, out);
	buf_puts(out, "</svg>\n");
}
