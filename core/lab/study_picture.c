/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/study_picture_int.h"
#include "core/rate/estimate.h"
#include "core/study/plan_text.h"
#include "core/study/study.h"

/* ---- figures ---- */

static bool is_of(const struct study_figure *f, const char *arm,
		  const char *measure)
{
	return !strcmp(f->arm, arm) && !strcmp(f->name, measure);
}

static double greatest_x(const struct study_seen *s, const char *arm,
			 const char *measure)
{
	double x = -INFINITY;

	for (size_t i = 0; i < s->figure_count; i++)
		if (is_of(&s->figures[i], arm, measure))
			x = fmax(x, s->figures[i].x);
	return x;
}

static double at_seed(const struct study_seen *s, const char *arm,
		      const char *measure, uint64_t seed)
{
	double x = greatest_x(s, arm, measure);

	for (size_t i = 0; i < s->figure_count; i++)
		if (is_of(&s->figures[i], arm, measure) &&
		    s->figures[i].seed == seed && s->figures[i].x == x)
			return s->figures[i].value;
	return (double)NAN;
}

/* What one seed says more. */
static void add_seed(struct study_over *out, const struct study_figure *f,
		     double share, double *values)
{
	values[out->seeds++] = f->value * share;
	out->low = f->low * share;
	out->high = f->high * share;
	if (out->seeds == 1 || f->n < out->each)
		out->each = f->n;
}

static void sum_up(struct study_over *out, const double *values)
{
	struct estimate e;

	if (!out->seeds)
		return;
	e = estimate_t(values, out->seeds, 0.95);
	out->value = e.value;
	if (out->seeds > 1) {
		out->low = e.low;
		out->high = e.high;
	}
}

/* Of what is not above 0 there are none. */
static double share_of(double whole)
{
	return whole > 0 ? 1 / whole : (double)NAN;
}

static void over_at(const struct study_seen *s, const char *arm,
		    const char *measure, double x,
		    const struct study_trace *whole, double *values,
		    struct study_over *out)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < s->figure_count; i++) {
		const struct study_figure *f = &s->figures[i];
		double share = 1;

		if (!is_of(f, arm, measure) || f->x != x)
			continue;
		if (whole)
			share = share_of(at_seed(s, whole->arm, whole->measure,
						 f->seed));
		if (isfinite(f->value * share))
			add_seed(out, f, share, values);
	}
	sum_up(out, values);
}

void study_over_last(const struct study_seen *s, const char *arm,
		     const char *measure, const struct study_trace *whole,
		     double *dots, struct study_over *out)
{
	double *values = mem_zalloc(s->figure_count + 1, sizeof(*values));

	over_at(s, arm, measure, greatest_x(s, arm, measure), whole, values,
		out);
	if (dots)
		memcpy(dots, values, (size_t)out->seeds * sizeof(*dots));
	free(values);
}

static int arm_number(const struct study_seen *s, const char *name, size_t len)
{
	for (size_t i = 0; name && i < s->arm_count; i++)
		if (strlen(s->arms[i].name) == len &&
		    !strncmp(s->arms[i].name, name, len))
			return (int)i;
	return -1;
}

static int arm_named(const struct study_seen *s, const char *name)
{
	return arm_number(s, name, name ? strlen(name) : 0);
}

/* What follows "KIND/" in the name of an estimate; NULL: it is none. */
static const char *estimate_of(const char *name, const char *kind)
{
	size_t n = strlen(kind);

	return !strncmp(name, kind, n) && name[n] == '/' ? name + n + 1 : NULL;
}

static const struct store_estimate *
find_estimate(const struct study_seen *s, const char *kind, const char *arm)
{
	for (size_t i = 0; kind && arm && i < s->estimate_count; i++) {
		const char *of = estimate_of(s->estimates[i].name, kind);

		if (of && !strcmp(of, arm))
			return &s->estimates[i];
	}
	return NULL;
}

/* ---- rows ---- */

static struct study_row *add_row(struct study_drawing *d)
{
	d->rows = mem_realloc(d->rows,
			      (size_t)(d->row_count + 1) * sizeof(*d->rows));
	d->rows[d->row_count] = (struct study_row){
		.arm = -1, .low = (double)NAN, .high = (double)NAN};
	return &d->rows[d->row_count++];
}

/* The interval that the judge gave counts. */
static void take_estimate(struct study_row *row, const struct store_estimate *x)
{
	row->value = x->value;
	row->low = x->low;
	row->high = x->high;
	if (!row->seeds)
		row->seeds = (int)x->n;
}

static void add_arm(struct study_drawing *d, const struct study_seen *s,
		    const char *label, const char *arm, const char *measure)
{
	const struct study_picture *p = d->picture;
	double *dots = mem_zalloc(s->figure_count + 1, sizeof(*dots));
	const struct store_estimate *x = find_estimate(s, p->estimate, arm);
	struct study_over o;
	struct study_row *row;

	study_over_last(s, arm, measure, d->dots ? &p->whole : NULL, dots, &o);
	if (!o.seeds) {
		free(dots);
		return;
	}
	row = add_row(d);
	*row = (struct study_row){
		.label = label,
		.arm = arm_named(s, arm),
		.value = o.value,
		.low = o.low,
		.high = o.high,
		.seeds = o.seeds,
		.each = o.each,
		.dots = mem_realloc(dots, (size_t)o.seeds * sizeof(*dots)),
	};
	if (x)
		take_estimate(row, x);
}

/* What is asked comes before what it is held against. */
static void add_by_role(struct study_drawing *d, const struct study_seen *s)
{
	static const char *const roles[] = {"arm", "control", "teacher",
					    "gate"};

	for (size_t k = 0; k < sizeof(roles) / sizeof(*roles); k++)
		for (size_t i = 0; i < s->arm_count; i++) {
			const char *name = s->arms[i].name;

			if (strcmp(s->arms[i].role, roles[k]) ||
			    (d->picture->whole.arm &&
			     !strcmp(d->picture->whole.arm, name)))
				continue;
			add_arm(d, s, name, name, d->picture->measure);
		}
}

/* Of an arm that is held against several, the lowest. */
static void add_estimate(struct study_drawing *d, const struct study_seen *s,
			 const struct store_estimate *x, const char *of)
{
	size_t len = strcspn(of, "/");
	struct study_row *row = NULL;
	int arm = arm_number(s, of, len);

	if (arm < 0)
		return;
	for (int i = 0; i < d->row_count && !row; i++)
		if (d->rows[i].arm == arm)
			row = &d->rows[i];
	if (row && !(x->low < row->low))
		return;
	if (!row)
		row = add_row(d);
	*row = (struct study_row){.label = s->arms[arm].name,
				  .arm = arm,
				  .against = of[len] ? of + len + 1 : NULL};
	take_estimate(row, x);
}

static int by_value(const void *a, const void *b)
{
	const struct study_row *p = a, *q = b;

	return (p->value > q->value) - (p->value < q->value);
}

static void make_bars(struct study_drawing *d, const struct study_seen *s)
{
	const struct study_picture *p = d->picture;

	for (const struct study_trace *t = p->of; t && t->label; t++)
		if (t->arm)
			add_arm(d, s, t->label, t->arm, t->measure);
	/* A zero alone is nothing. */
	for (const struct study_trace *t = p->of; t && t->label; t++)
		if (!t->arm && d->row_count)
			add_row(d)->label = t->label;
	for (size_t i = 0; !p->of && i < s->estimate_count; i++) {
		const char *of = estimate_of(s->estimates[i].name, p->estimate);

		if (of)
			add_estimate(d, s, &s->estimates[i], of);
	}
	if (d->row_count)
		qsort(d->rows, (size_t)d->row_count, sizeof(*d->rows),
		      by_value);
}

/* ---- lines ---- */

static struct study_stroke *add_stroke(struct study_drawing *d, size_t room)
{
	struct study_stroke *l;

	d->strokes = mem_realloc(d->strokes, (size_t)(d->stroke_count + 1) *
						     sizeof(*d->strokes));
	l = &d->strokes[d->stroke_count++];
	*l = (struct study_stroke){.arm = -1};
	l->x = mem_zalloc(4 * (room + 1), sizeof(*l->x));
	l->y = l->x + room + 1;
	l->low = l->y + room + 1;
	l->high = l->low + room + 1;
	return l;
}

static void add_point(struct study_stroke *l, double x, double y, double low,
		      double high)
{
	l->x[l->count] = x;
	l->y[l->count] = y;
	l->low[l->count] = low;
	l->high[l->count++] = high;
}

/* The smallest x of the measure above this one; INFINITY: there is none. */
static double next_x(const struct study_seen *s, const char *arm,
		     const char *measure, double x)
{
	double next = INFINITY;

	for (size_t i = 0; i < s->figure_count; i++)
		if (is_of(&s->figures[i], arm, measure) && s->figures[i].x > x)
			next = fmin(next, s->figures[i].x);
	return next;
}

/* The points from `from` on up to `to`; false: there are none. */
static bool add_points(struct study_drawing *d, const struct study_seen *s,
		       const struct study_trace *t, double from, double to)
{
	double *values = mem_zalloc(s->figure_count + 1, sizeof(*values));
	struct study_stroke *l = add_stroke(d, s->figure_count);
	double add = t->after && isfinite(d->cut) ? d->cut : 0;

	l->label = t->label;
	l->arm = arm_named(s, t->arm);
	for (double x = next_x(s, t->arm, t->measure, -INFINITY); isfinite(x);
	     x = next_x(s, t->arm, t->measure, x)) {
		struct study_over o;

		if (x + add < from || x + add > to)
			continue;
		over_at(s, t->arm, t->measure, x, NULL, values, &o);
		if (!o.seeds)
			continue;
		add_point(l, x + add, o.value, o.low, o.high);
		l->seeds = o.seeds > l->seeds ? o.seeds : l->seeds;
	}
	free(values);
	if (l->count)
		return true;
	free(l->x);
	d->stroke_count--;
	return false;
}

/* Up to the cut and, from its last point there on, past it. */
static void add_curve(struct study_drawing *d, const struct study_seen *s,
		      const struct study_trace *t)
{
	const struct study_stroke *l;
	bool curve = isfinite(next_x(s, t->arm, t->measure,
				     next_x(s, t->arm, t->measure, -INFINITY)));

	if (!curve || t->after || isnan(d->cut)) {
		add_points(d, s, t, -INFINITY, INFINITY);
		return;
	}
	if (!add_points(d, s, t, -INFINITY, d->cut)) {
		add_points(d, s, t, d->cut, INFINITY);
		return;
	}
	l = &d->strokes[d->stroke_count - 1];
	if (add_points(d, s, t, l->x[l->count - 1], INFINITY))
		d->strokes[d->stroke_count - 1].dashed = true;
}

/* The setting of the plan's text; NAN: it has none. */
static double setting(const struct study_seen *s, const char *name)
{
	char *text, *from;
	double v = (double)NAN;

	if (!name || !s->study->plan)
		return v;
	from = mem_printf("\n%s = ", name);
	text = study_text_part(s->study->plan, from, "\n");
	if (*text)
		v = strtod(text, NULL);
	free(from);
	free(text);
	return v;
}

static void make_curves(struct study_drawing *d, const struct study_seen *s)
{
	d->cut = setting(s, d->picture->cut);
	for (const struct study_trace *t = d->picture->of; t->label; t++) {
		const struct store_estimate *x =
			find_estimate(s, d->picture->estimate, t->arm);

		if (t->arm)
			add_curve(d, s, t);
		if (!x)
			continue;
		*add_row(d) = (struct study_row){.label = t->label,
						 .arm = arm_named(s, t->arm)};
		take_estimate(&d->rows[d->row_count - 1], x);
	}
	for (const struct study_trace *t = d->picture->of; t->label; t++)
		if (!t->arm && d->stroke_count) {
			struct study_stroke *l = add_stroke(d, 1);

			l->label = t->label;
			add_point(l, 0, 0, (double)NAN, (double)NAN);
		}
}

/* ---- a line for each part ---- */

static void add_part(struct study_drawing *d, const struct study_seen *s,
		     const char *part, size_t len)
{
	const struct study_picture *p = d->picture;
	char *own = mem_printf("%s/%.*s/%s", p->measure, (int)len, part,
			       p->of[0].measure);
	char *whole = mem_printf("%s/%.*s/%s", p->measure, (int)len, part,
				 p->of[1].measure);
	double *values = mem_zalloc(s->figure_count + 1, sizeof(*values));
	double unit = strtod(part, NULL);
	struct study_stroke *l = add_stroke(d, s->figure_count);
	struct study_over m, t;

	study_over_last(s, p->of[0].arm, own, NULL, NULL, &m);
	for (double x = next_x(s, p->of[1].arm, whole, -INFINITY);
	     isfinite(x) && m.seeds; x = next_x(s, p->of[1].arm, whole, x)) {
		over_at(s, p->of[1].arm, whole, x, NULL, values, &t);
		if (!(t.value > 0) || t.low <= 0 || !(unit > 0))
			continue;
		add_point(l, x / unit, m.value / t.value, m.low / t.value,
			  m.high / t.value);
		l->seeds = m.seeds;
	}
	if (l->count) {
		l->own = mem_printf("cut %.*s", (int)len, part);
		l->label = l->own;
	} else {
		free(l->x);
		d->stroke_count--;
	}
	free(values);
	free(own);
	free(whole);
}

static void make_parts(struct study_drawing *d, const struct study_seen *s)
{
	const struct study_picture *p = d->picture;
	size_t n = strlen(p->measure);

	for (size_t i = 0; i < s->figure_count; i++) {
		const struct study_figure *f = &s->figures[i];
		const char *part = f->name + n + 1, *last;
		size_t len;
		bool known = false;

		if (strcmp(f->arm, p->of[0].arm) ||
		    strncmp(f->name, p->measure, n) || f->name[n] != '/')
			continue;
		len = strcspn(part, "/");
		for (int k = 0; k < d->stroke_count && !known; k++) {
			last = d->strokes[k].label + strlen("cut ");
			known = strlen(last) == len &&
				!strncmp(last, part, len);
		}
		if (!known)
			add_part(d, s, part, len);
	}
}

/* ---- direct against fitted ---- */

static void make_fit(struct study_drawing *d, const struct study_seen *s)
{
	const struct study_trace *of = d->picture->of;
	struct study_over *m;

	while (of[d->opponents].label)
		d->opponents++;
	for (size_t i = 0; i < s->arm_count; i++)
		add_arm(d, s, s->arms[i].name, s->arms[i].name, of[0].measure);
	m = mem_zalloc((size_t)(d->row_count * d->opponents) + 1, sizeof(*m));
	for (int r = 0; r < d->row_count; r++)
		for (int o = 0; o < d->opponents; o++)
			study_over_last(s, d->rows[r].label, of[o].measure,
					NULL, NULL, &m[r * d->opponents + o]);
	study_fit(of, d->opponents, m, s, d->rows, d->row_count);
	free(m);
}

/* ---- all of it ---- */

/* What is shown of the axis that rows share: with marks, no further from them
 * than they span. */
static void find_span(struct study_drawing *d)
{
	double least, most;

	d->low = d->high = 0;
	for (const struct study_mark *m = d->picture->marks; m && m->label;
	     m++) {
		d->low = fmin(d->low, m->at);
		d->high = fmax(d->high, m->at);
	}
	least = d->low - (d->high - d->low);
	most = d->high + (d->high - d->low);
	for (int i = 0; i < d->row_count; i++) {
		const struct study_row *row = &d->rows[i];

		/* fmin() and fmax() pass NAN by. */
		d->low = fmin(d->low, fmin(row->value, row->low));
		d->high = fmax(d->high, fmax(row->value, row->high));
		for (int k = 0; row->dots && k < row->seeds; k++) {
			d->low = fmin(d->low, row->dots[k]);
			d->high = fmax(d->high, row->dots[k]);
		}
	}
	if (most > least) {
		d->low = fmax(d->low, least);
		d->high = fmin(d->high, most);
	}
}

static void release(struct study_drawing *d)
{
	for (int i = 0; i < d->row_count; i++) {
		free(d->rows[i].dots);
		free(d->rows[i].rest);
	}
	for (int i = 0; i < d->stroke_count; i++) {
		free(d->strokes[i].x);
		free(d->strokes[i].own);
	}
	free(d->rows);
	free(d->strokes);
}

static void make(struct study_drawing *d, const struct study_seen *s)
{
	d->cut = (double)NAN;
	d->dots = d->picture->kind == STUDY_PICTURE_DOTS;
	switch (d->picture->kind) {
	case STUDY_PICTURE_DOTS:
		add_by_role(d, s);
		break;
	case STUDY_PICTURE_BARS:
		make_bars(d, s);
		break;
	case STUDY_PICTURE_CURVES:
		make_curves(d, s);
		break;
	case STUDY_PICTURE_FIT:
		make_fit(d, s);
		break;
	case STUDY_PICTURE_PARTS:
		make_parts(d, s);
		break;
	}
	find_span(d);
}

const struct study_picture *study_pictures_of(const char *kind)
{
	const struct study *s;

	return kind && !study_find(kind, &s, NULL) ? s->pictures : NULL;
}

void study_drawings_make(struct study_drawings *d, const struct study_seen *s)
{
	const struct study_picture *p = study_pictures_of(s->study->kind);

	memset(d, 0, sizeof(*d));
	for (; p && p->title; p++) {
		struct study_drawing one = {.picture = p};

		make(&one, s);
		if (!one.row_count && !one.stroke_count) {
			release(&one);
			continue;
		}
		d->all = mem_realloc(d->all,
				     (size_t)(d->count + 1) * sizeof(*d->all));
		d->all[d->count++] = one;
	}
}

void study_drawings_release(struct study_drawings *d)
{
	for (int i = 0; i < d->count; i++)
		release(&d->all[i]);
	free(d->all);
	memset(d, 0, sizeof(*d));
}

const struct study_drawing *study_drawings_of(const struct study_drawings *d,
					      const char *estimate)
{
	for (int i = 0; i < d->count; i++)
		if (d->all[i].picture->estimate &&
		    !strcmp(d->all[i].picture->estimate, estimate))
			return &d->all[i];
	return NULL;
}

void study_row_text(const struct study_row *r, struct buf *out)
{
	int digits = fabs(r->value) < 10 ? 2 : 0;
	const double all[] = {r->value, r->low, r->high};

	for (int i = 0; i < 3; i++) {
		char text[32];

		if (i && (isnan(r->low) || isnan(r->high)))
			return;
		snprintf(text, sizeof(text), "%.*f", digits, all[i]);
		buf_printf(out, "%s%s%s",
			   i == 1 ? " ["
			   : i    ? ", "
				  : "",
			   text, i == 2 ? "]" : "");
	}
}
