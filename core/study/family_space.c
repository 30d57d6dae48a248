/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/family_space.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/recipe.h"
#include "core/rate/ridge.h"
#include "core/study/family.h"

struct axis {
	const char *name;
	double low, high;
	bool factors; /* else by equal steps */
};

enum { RATE, REUSE, SIMULATIONS, SCALE, OPENINGS };
static const struct axis axes[FAMILY_AXES] = {
	[RATE] = {"rate", 0.001, 0.016, true},
	[REUSE] = {"reuse", 1, 8, true},
	[SIMULATIONS] = {"simulations", 4, 32, true},
	[SCALE] = {"gumbel_scale", 0.1, 4, true},
	[OPENINGS] = {"opening_share", 0, 0.9, false},
};

/* How much of a fit's weights is held back, by the number of lives. */
static const double RIDGE = 0.03;

const char *family_axis(int axis)
{
	return axes[axis].name;
}

double family_setting(int axis, double at)
{
	const struct axis *x = &axes[axis];

	return x->factors ? x->low * pow(x->high / x->low, at)
			  : x->low + (x->high - x->low) * at;
}

void family_settle(const struct family_place *p, struct recipe *r)
{
	r->rate = (float)family_setting(RATE, p->at[RATE]);
	r->rate_end = r->rate / 10;
	r->reuse = (float)family_setting(REUSE, p->at[REUSE]);
	r->simulations =
		(int)lround(family_setting(SIMULATIONS, p->at[SIMULATIONS]));
	r->gumbel_scale = (float)family_setting(SCALE, p->at[SCALE]);
	r->opening_share = (float)family_setting(OPENINGS, p->at[OPENINGS]);
}

void family_draw(struct rng *r, struct family_place *out)
{
	for (int k = 0; k < FAMILY_AXES; k++)
		out->at[k] = rng_double(r);
}

/* --- maps ---------------------------------------------------------------- */

struct family_map {
	struct ridge of[FAMILY_AXES];
	int count, size;
	double *seen;                /* owned; [count][size] */
	struct family_place *places; /* owned; [count] */
};

static void floats_of(const double *x, int n, float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = (float)x[i];
}

struct family_map *family_map_new(const double *seen,
				  const struct family_place *places, int count,
				  int size)
{
	struct family_map *m = mem_zalloc(1, sizeof(*m));
	size_t n = (size_t)count * (size_t)size;
	double *y = mem_zalloc((size_t)count, sizeof(*y));
	float *x = mem_floats(n);

	assert(count >= 2);
	m->count = count;
	m->size = size;
	m->seen = mem_zalloc(n, sizeof(*m->seen));
	m->places = mem_zalloc((size_t)count, sizeof(*m->places));
	memcpy(m->seen, seen, n * sizeof(*m->seen));
	memcpy(m->places, places, (size_t)count * sizeof(*m->places));
	floats_of(seen, (int)n, x);
	for (int k = 0; k < FAMILY_AXES; k++) {
		for (int i = 0; i < count; i++)
			y[i] = places[i].at[k];
		ridge_fit(&m->of[k], count, size, x, y, RIDGE);
	}
	free(x);
	free(y);
	return m;
}

void family_map_free(struct family_map *m)
{
	if (!m)
		return;
	for (int k = 0; k < FAMILY_AXES; k++)
		ridge_release(&m->of[k]);
	free(m->seen);
	free(m->places);
	free(m);
}

/* Not held to the space. */
static void regress(const struct family_map *m, const double *x, double *out)
{
	float *row = mem_floats((size_t)m->size);

	floats_of(x, m->size, row);
	for (int k = 0; k < FAMILY_AXES; k++)
		out[k] = ridge_say(&m->of[k], row);
	free(row);
}

static double held(double x)
{
	return fmin(fmax(x, 0), 1);
}

void family_regress(const struct family_map *m, const double *x,
		    struct family_place *out)
{
	regress(m, x, out->at);
	for (int k = 0; k < FAMILY_AXES; k++)
		out->at[k] = held(out->at[k]);
}

struct near {
	double likely;
	int number;
};

static int by_likely(const void *a, const void *b)
{
	const struct near *x = a, *y = b;

	return x->likely != y->likely ? (x->likely < y->likely ? 1 : -1)
				      : x->number - y->number;
}

/* All lives, the nearest first. */
static struct near *order(const struct family_map *m, const double *x)
{
	struct near *all = mem_zalloc((size_t)m->count, sizeof(*all));
	double *likely = mem_zalloc((size_t)m->count, sizeof(*likely));

	family_fit(m->seen, m->count, 1, m->size, x, likely);
	for (int i = 0; i < m->count; i++)
		all[i] = (struct near){likely[i], i};
	qsort(all, (size_t)m->count, sizeof(*all), by_likely);
	free(likely);
	return all;
}

void family_refine(const struct family_map *m, const double *x, int nearest,
		   struct family_place *out)
{
	int n = nearest < m->count ? nearest : m->count;
	double here[FAMILY_AXES], there[FAMILY_AXES], sum[FAMILY_AXES] = {0};
	struct near *all = order(m, x);

	regress(m, x, here);
	for (int i = 0; i < n; i++) {
		int k = all[i].number;

		regress(m, m->seen + (size_t)k * (size_t)m->size, there);
		for (int a = 0; a < FAMILY_AXES; a++)
			sum[a] += m->places[k].at[a] + here[a] - there[a];
	}
	for (int a = 0; a < FAMILY_AXES; a++)
		out->at[a] = held(sum[a] / n);
	free(all);
}

void family_nearest(const struct family_map *m, const double *x,
		    struct family_place *out)
{
	struct near *all = order(m, x);

	*out = m->places[all[0].number];
	free(all);
}
