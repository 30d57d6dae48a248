/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/estimate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/dist.h"
#include "core/base/mem.h"
#include "core/base/rng.h"

static double mean_of(const double *x, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += x[i];
	return sum / n;
}

/* Of the mean of n >= 2. */
static double standard_error(const double *x, int n, double mean)
{
	double squares = 0;

	for (int i = 0; i < n; i++)
		squares += (x[i] - mean) * (x[i] - mean);
	return sqrt(squares / (n - 1) / n);
}

static struct estimate nothing(int n)
{
	const double nan = (double)NAN;

	return (struct estimate){nan, nan, nan, n};
}

struct estimate estimate_t(const double *x, int n, double level)
{
	struct estimate e = nothing(n);
	double half;

	assert(level > 0 && level < 1);
	if (n < 1)
		return e;
	e.value = mean_of(x, n);
	if (n < 2 || isnan(e.value))
		return e;
	half = dist_student_quantile(0.5 + level / 2, n - 1) *
	       standard_error(x, n, e.value);
	e.low = e.value - half;
	e.high = e.value + half;
	return e;
}

double estimate_t_above(const double *x, int n, double bound)
{
	double mean, error;

	if (n < 2)
		return (double)NAN;
	mean = mean_of(x, n);
	error = standard_error(x, n, mean);
	if (isnan(error) || isnan(bound))
		return (double)NAN;
	if (error <= 0)
		return mean > bound ? 0 : mean < bound ? 1 : 0.5;
	/* The upper tail as a lower one, so that it keeps its digits. */
	return dist_student_cdf((bound - mean) / error, n - 1);
}

/* --- bootstrap ----------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* What is estimated of resamples, sorted; false: of some it is not a number. */
static bool resample(double (*figure)(const void *ctx, const int *unit, int n),
		     const void *ctx, int n, const struct estimate_draws *d,
		     double *out)
{
	int *unit = mem_zalloc((size_t)n, sizeof(*unit));
	bool numbers = true;

	for (int i = 0; i < d->count; i++) {
		struct rng r;

		rng_init(&r, d->seed, RNG_BOOTSTRAP, (uint64_t)i, 0);
		for (int k = 0; k < n; k++)
			unit[k] = (int)rng_below(&r, (uint32_t)n);
		out[i] = figure(ctx, unit, n);
		numbers &= !isnan(out[i]);
	}
	free(unit);
	qsort(out, (size_t)d->count, sizeof(*out), by_value);
	return numbers;
}

/* From the values with one unit left out: a sixth of their skewness. */
static double acceleration(double (*figure)(const void *ctx, const int *unit,
					    int n),
			   const void *ctx, int n)
{
	int *unit = mem_zalloc((size_t)n, sizeof(*unit));
	double *without = mem_zalloc((size_t)n, sizeof(*without));
	double mean, squares = 0, cubes = 0;

	for (int i = 0; i < n; i++) {
		for (int k = 0; k < n - 1; k++)
			unit[k] = k + (k >= i);
		without[i] = figure(ctx, unit, n - 1);
	}
	mean = mean_of(without, n);
	for (int i = 0; i < n; i++) {
		double off = mean - without[i];

		squares += off * off;
		cubes += off * off * off;
	}
	free(unit);
	free(without);
	return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

/* How far resamples lie to one side, as a normal's place; equals count half.
 * Of those that all lie on one side half of one is taken to lie on the other.
 */
static double bias(const double *sorted, int count, double value)
{
	double below = 0;

	for (int i = 0; i < count; i++)
		below += sorted[i] < value ? 1 : sorted[i] > value ? 0 : 0.5;
	below = fmin(fmax(below, 0.5), count - 0.5);
	return dist_normal_quantile(below / count);
}

/* The place of share p among them, between two by their distance. */
static double place(const double *sorted, int count, double p)
{
	double at = p * (count + 1) - 1;
	int i = (int)floor(at);

	if (at <= 0)
		return sorted[0];
	if (at >= count - 1)
		return sorted[count - 1];
	return sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

/* Where the interval that ends at z of a normal ends. */
static double corrected(const double *sorted, int count, double z0, double a,
			double z)
{
	double shifted = z0 + z, left = 1 - a * shifted;

	/* So skewed that the correction turns round: the end itself. */
	if (left <= 0)
		return sorted[z < 0 ? 0 : count - 1];
	return place(sorted, count, dist_normal_cdf(z0 + shifted / left));
}

struct estimate
estimate_bca(double (*figure)(const void *ctx, const int *unit, int n),
	     const void *ctx, int n, const struct estimate_draws *d)
{
	struct estimate e = nothing(n);
	double *sorted, z, z0, a;
	int *unit;

	assert(d->count >= 1 && d->level > 0 && d->level < 1);
	if (n < 1)
		return e;
	unit = mem_zalloc((size_t)n, sizeof(*unit));
	for (int i = 0; i < n; i++)
		unit[i] = i;
	e.value = figure(ctx, unit, n);
	free(unit);
	if (n < 2 || isnan(e.value))
		return e;
	sorted = mem_zalloc((size_t)d->count, sizeof(*sorted));
	if (resample(figure, ctx, n, d, sorted)) {
		z = d->plain ? dist_normal_quantile(0.5 + d->level / 2)
			     : sqrt(n / (n - 1.0)) *
				       dist_student_quantile(0.5 + d->level / 2,
							     n - 1);
		z0 = bias(sorted, d->count, e.value);
		a = acceleration(figure, ctx, n);
		e.low = corrected(sorted, d->count, z0, a, -z);
		e.high = corrected(sorted, d->count, z0, a, z);
	}
	free(sorted);
	return e;
}

static double mean_figure(const void *ctx, const int *unit, int n)
{
	const double *x = ctx;
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += x[unit[i]];
	return sum / n;
}

struct estimate estimate_bca_mean(const double *x, int n,
				  const struct estimate_draws *d)
{
	return estimate_bca(mean_figure, x, n, d);
}

/* --- studies ------------------------------------------------------------- */

double estimate_gamma(double m, double zero, double top)
{
	return top > zero ? (m - zero) / (top - zero) : (double)NAN;
}

double estimate_all(const double *p, int n)
{
	double most = n ? 0 : (double)NAN;

	for (int i = 0; i < n; i++) {
		if (isnan(p[i]))
			return (double)NAN;
		most = fmax(most, p[i]);
	}
	return most;
}

struct looked_at {
	double p;
	int i;
};

static int by_p(const void *a, const void *b)
{
	const struct looked_at *x = a, *y = b;

	if (x->p < y->p || x->p > y->p)
		return x->p < y->p ? -1 : 1;
	return x->i - y->i;
}

void estimate_holm(const double *p, int n, double *adjusted)
{
	struct looked_at *all = mem_zalloc((size_t)n + 1, sizeof(*all));
	double most = 0;

	for (int i = 0; i < n; i++)
		all[i] = (struct looked_at){isnan(p[i]) ? HUGE_VAL : p[i], i};
	qsort(all, (size_t)n, sizeof(*all), by_p);
	for (int k = 0; k < n; k++) {
		most = fmax(most, fmin(1, (n - k) * all[k].p));
		adjusted[all[k].i] = isnan(p[all[k].i]) ? (double)NAN : most;
	}
	free(all);
}
