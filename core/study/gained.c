/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/gained.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/study/study.h"

void gained_last(const struct study_measures *m, const char *arm,
		 const char *measure, double *out)
{
	for (int i = 0; i < m->seed_count; i++) {
		double x = -INFINITY;

		out[i] = (double)NAN;
		for (size_t k = 0; k < m->count; k++) {
			const struct study_figure *f = &m->figures[k];

			if (f->seed != m->seeds[i] || strcmp(f->arm, arm) ||
			    strcmp(f->name, measure) || f->x < x)
				continue;
			x = f->x;
			out[i] = f->value;
		}
	}
}

/* By seed into a block that the caller frees. */
static double *difference(const struct study_measures *m, const char *measure,
			  const char *arm, const char *from)
{
	size_t n = (size_t)m->seed_count;
	double *a = mem_zalloc(n, sizeof(*a)), *b = mem_zalloc(n, sizeof(*b));

	gained_last(m, arm, measure, a);
	if (from)
		gained_last(m, from, measure, b);
	for (size_t i = 0; i < n; i++)
		a[i] -= b[i];
	free(b);
	return a;
}

struct estimate gained_in(const struct study_measures *m, const char *measure,
			  const char *arm, const char *from)
{
	double *d = difference(m, measure, arm, from);
	struct estimate e = estimate_t(d, m->seed_count, 0.95);

	free(d);
	return e;
}

struct estimate gained_elo(const struct study_measures *m, const char *arm,
			   const char *from)
{
	return gained_in(m, "elo", arm, from);
}

static void say(struct study_judgement *out, const char *name, const char *arm,
		const struct estimate *e, const char *what)
{
	char *full = mem_printf("%s/%s", name, arm);

	study_estimate(out, full, e->value, e->low, e->high, e->count, what);
	free(full);
}

struct estimate gained_say_in(const struct study_measures *m,
			      struct study_judgement *out, const char *measure,
			      const char *arm, const char *from,
			      const char *what)
{
	struct estimate e = gained_in(m, measure, arm, from);

	say(out, measure, arm, &e, what);
	return e;
}

struct estimate gained_say(const struct study_measures *m,
			   struct study_judgement *out, const char *name,
			   const char *arm, const char *from, const char *what)
{
	struct estimate e = gained_elo(m, arm, from);

	say(out, name, arm, &e, what);
	return e;
}

double gained_p(const struct study_measures *m, const char *arm,
		const char *other)
{
	double *d = difference(m, "elo", arm, other);
	double p = estimate_t_above(d, m->seed_count, 0);

	free(d);
	return p;
}

double gained_p_all(const struct study_measures *m, const char *arm,
		    const char *const *others, int count)
{
	double *p = mem_zalloc((size_t)count, sizeof(*p)), all;

	for (int i = 0; i < count; i++)
		p[i] = gained_p(m, arm, others[i]);
	all = estimate_all(p, count);
	free(p);
	return all;
}
