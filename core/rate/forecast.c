/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/forecast.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/dist.h"
#include "core/base/mem.h"

/* Gneiting and Raftery, equation (5) of section 4.2 in closed form, the sign
 * turned so that less is better. */
double forecast_crps_normal(double mean, double sd, double truth)
{
	double z = (truth - mean) / sd;
	double density = exp(-z * z / 2) / sqrt(2 * M_PI);

	if (sd <= 0)
		return fabs(truth - mean);
	return sd * (z * (2 * dist_normal_cdf(z) - 1) + 2 * density -
		     1 / sqrt(M_PI));
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* E|X - truth| - E|X - X'| / 2.  The latter is, of sorted x, the sum over i of
 * (2 i + 1 - n) x_i, over n^2. */
double forecast_crps_sample(const double *x, int n, double truth)
{
	size_t bytes = (size_t)n * sizeof(*x);
	double *sorted = mem_alloc(bytes), error = 0, spread = 0;

	memcpy(sorted, x, bytes);
	qsort(sorted, (size_t)n, sizeof(*sorted), by_value);
	for (int i = 0; i < n; i++) {
		error += fabs(sorted[i] - truth) / n;
		spread += (2.0 * i + 1 - n) * sorted[i] / n / n;
	}
	free(sorted);
	return error - spread;
}

struct forecast_coverage forecast_cover(const struct forecast_interval *f,
					int count)
{
	const double nan = (double)NAN, z = dist_normal_quantile(0.975);
	struct forecast_coverage c = {.count = count,
				      .share = nan,
				      .share_low = nan,
				      .share_high = nan,
				      .width = nan};
	double width = 0, n = count, p, mid, half;

	for (int i = 0; i < count; i++) {
		c.below += f[i].truth < f[i].low;
		c.above += f[i].truth > f[i].high;
		c.inside += f[i].truth >= f[i].low && f[i].truth <= f[i].high;
		width += f[i].high - f[i].low;
	}
	if (!count)
		return c;
	p = c.inside / n;
	mid = (p + z * z / (2 * n)) / (1 + z * z / n);
	half = z / (1 + z * z / n) *
	       sqrt(p * (1 - p) / n + z * z / (4 * n * n));
	c.share = p;
	c.share_low = fmax(mid - half, 0);
	c.share_high = fmin(mid + half, 1);
	c.width = width / n;
	return c;
}
