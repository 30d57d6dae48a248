/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/smooth.h"

#include <assert.h>
#include <math.h>

#include "core/base/attr.h"

static const double weights[] = {0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99};

void smooth_ema(const double *x, const double *y, size_t count, double weight,
		double *out)
{
	double mean = 0, mass = 0, last_x = 0, spacing = 0;

	assert(weight >= 0 && weight < 1);
	if (count > 1)
		spacing = (x[count - 1] - x[0]) / (double)(count - 1);
	for (size_t i = 0; i < count; i++) {
		double gap = spacing > 0 ? (x[i] - last_x) / spacing : 1;

		if (isnan(y[i])) {
			out[i] = y[i];
			continue;
		}
		mass = mass * pow(weight, fmax(gap, 0)) + 1;
		/* Written as a step towards y, so that equal values add
		 * nothing, not even a rounding error.  Off is off to the last
		 * bit, also for two points at one x, where pow(0, 0) would mix
		 * them. */
		if (weight > 0)
			mean += (y[i] - mean) / mass;
		else
			mean = y[i];
		last_x = x[i];
		out[i] = mean;
	}
}

double smooth_next(double weight)
{
	for (size_t i = 0; i < ARRAY_LEN(weights); i++) {
		if (weights[i] > weight + 1e-9)
			return weights[i];
	}
	return weights[ARRAY_LEN(weights) - 1];
}

double smooth_previous(double weight)
{
	for (size_t i = ARRAY_LEN(weights); i-- > 0;) {
		if (weights[i] < weight - 1e-9)
			return weights[i];
	}
	return 0;
}
