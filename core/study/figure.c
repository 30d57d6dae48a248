/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/verdict.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/study/study.h"

static int compare(const void *a, const void *b)
{
	const struct study_figure *x = a, *y = b;
	int d = strcmp(x->arm, y->arm);

	if (!d)
		d = strcmp(x->name, y->name);
	if (!d)
		d = (x->seed > y->seed) - (x->seed < y->seed);
	if (!d)
		d = (x->x > y->x) - (x->x < y->x);
	return d;
}

void study_figures_sort(struct study_figure *f, size_t count)
{
	if (count)
		qsort(f, count, sizeof(*f), compare);
	for (size_t i = 1; i < count; i++)
		assert(compare(&f[i - 1], &f[i]) < 0);
}

const struct study_figure *study_figure(const struct study_measures *m,
					const char *arm, const char *name,
					uint64_t seed, double x)
{
	struct study_figure want = {
		.arm = arm, .name = name, .seed = seed, .x = x};

	if (!m->count)
		return NULL;
	return bsearch(&want, m->figures, m->count, sizeof(want), compare);
}

int study_values(const struct study_measures *m, const char *arm,
		 const char *name, double x, double *out)
{
	int found = 0;

	for (int i = 0; i < m->seed_count; i++) {
		const struct study_figure *f =
			study_figure(m, arm, name, m->seeds[i], x);

		out[i] = f ? f->value : (double)NAN;
		found += f != NULL;
	}
	return found;
}
