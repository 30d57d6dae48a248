/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/study/study.h"

static int by_x(const void *a, const void *b)
{
	const struct study_point *x = a, *y = b;

	return (x->x > y->x) - (x->x < y->x);
}

/* Figures of one name and arm lie together, by seed and x. */
static void fill(struct study_series *s, const struct study_figure *f, size_t n)
{
	s->points = mem_zalloc(n, sizeof(*s->points));
	for (size_t i = 0; i < n; i++) {
		struct study_point *p = NULL;

		for (size_t k = 0; k < s->count && !p; k++)
			if (s->points[k].x == f[i].x)
				p = &s->points[k];
		if (!p) {
			p = &s->points[s->count++];
			*p = (struct study_point){.x = f[i].x,
						  .low = f[i].value,
						  .high = f[i].value};
		}
		p->mean += f[i].value;
		p->low = fmin(p->low, f[i].value);
		p->high = fmax(p->high, f[i].value);
		p->seeds++;
	}
	for (size_t k = 0; k < s->count; k++)
		s->points[k].mean /= s->points[k].seeds;
	qsort(s->points, s->count, sizeof(*s->points), by_x);
}

static void add_series(struct study_panels *p, const struct study_rows *r,
		       const char *arm)
{
	for (size_t i = 0; i < r->figure_count;) {
		const struct study_figure *f = &r->figures[i];
		struct study_series *s;
		size_t n = 1;

		while (i + n < r->figure_count && !strcmp(f[n].arm, f->arm) &&
		       !strcmp(f[n].name, f->name))
			n++;
		i += n;
		if (strcmp(f->arm, arm))
			continue;
		s = &p->series[p->count++];
		s->arm = f->arm;
		s->name = f->name;
		fill(s, f, n);
	}
}

struct ordered {
	struct study_series s;
	size_t at;
};

/* Parts that are numbers by their number; arms stay as they were. */
static int by_name(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	size_t n = study_base(x->s.name), m = study_base(y->s.name);
	int d = strncmp(x->s.name, y->s.name, n < m ? n : m);

	if (!d)
		d = (n > m) - (n < m);
	if (!d && x->s.name[n] && y->s.name[m]) {
		double u = strtod(x->s.name + n + 1, NULL);
		double v = strtod(y->s.name + m + 1, NULL);

		d = (u > v) - (u < v);
	}
	if (!d)
		d = strcmp(x->s.name, y->s.name);
	return d ? d : (x->at > y->at) - (x->at < y->at);
}

void study_panels_make(struct study_panels *p, const struct study_rows *r)
{
	struct ordered *all;

	p->count = 0;
	p->series = mem_zalloc(r->figure_count, sizeof(*p->series));
	for (size_t i = 0; i < r->arm_count; i++)
		add_series(p, r, r->arms[i].name);
	all = mem_zalloc(p->count, sizeof(*all));
	for (size_t i = 0; i < p->count; i++)
		all[i] = (struct ordered){p->series[i], i};
	qsort(all, p->count, sizeof(*all), by_name);
	for (size_t i = 0; i < p->count; i++)
		p->series[i] = all[i].s;
	free(all);
}

void study_panels_release(struct study_panels *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->series[i].points);
	free(p->series);
	memset(p, 0, sizeof(*p));
}

size_t study_base(const char *name)
{
	return strcspn(name, "/");
}

bool study_same_family(const char *a, const char *b)
{
	size_t n = study_name_family(a);

	return study_name_family(b) == n && !strncmp(a, b, n);
}

static bool has_base(const struct study_series *s, const char *name)
{
	size_t n = study_base(name);

	return study_base(s->name) == n && !strncmp(s->name, name, n);
}

size_t study_panel(const struct study_panels *p, size_t from, bool by_family)
{
	const struct study_series *s = &p->series[from];
	size_t n = 1;

	while (from + n < p->count && !strcmp(s[n].name, s->name) &&
	       (!by_family || study_same_family(s[n].arm, s->arm)))
		n++;
	return n;
}

bool study_by_family(const struct study_panels *p, const char *name)
{
	for (size_t i = 0; i < p->count;) {
		size_t all = study_panel(p, i, false);

		if (has_base(&p->series[i], name) && all > STUDY_MANY_ARMS &&
		    study_panel(p, i, true) < all)
			return true;
		i += all;
	}
	return false;
}

bool study_by_factors(double low, double median, double high)
{
	return low > 0 && high >= 10 * low && median - low < (high - low) / 4;
}

bool study_is_curve(const struct study_panels *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (has_base(&p->series[i], name) && p->series[i].count > 1)
			return true;
	return false;
}
