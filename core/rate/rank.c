/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/rank.h"

#include <math.h>

/* From 1, the mean of equals. */
static double rank_of(const double *x, int n, int i)
{
	int below = 0, equal = 0;

	for (int k = 0; k < n; k++) {
		below += x[k] < x[i];
		equal += x[k] == x[i];
	}
	return below + (equal + 1) / 2.0;
}

double rank_correlation(const double *a, const double *b, int n)
{
	double mean = (n + 1) / 2.0, ab = 0, aa = 0, bb = 0;

	for (int i = 0; i < n; i++) {
		double x = rank_of(a, n, i) - mean;
		double y = rank_of(b, n, i) - mean;

		ab += x * y;
		aa += x * x;
		bb += y * y;
	}
	return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : (double)NAN;
}
