/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_SMOOTH_H
#define CORE_SESSION_SMOOTH_H

#include <stddef.h>

/*
 * Smoothing of curves: the de-biased exponential moving average with weights
 * by distance in x ("time weighted EMA").  With evenly spaced points it is
 *
 *	out[i] = sum_k w^k y[i-k] / sum_k w^k
 *
 * and a gap of d mean spacings lets the past count w^d, so that a sparse
 * stretch is not smoothed as if it were dense.  The first point is itself
 * (no pull towards zero) and a constant stays exactly constant.
 *
 * x ascends; weight is 0 (off) up to, not including, 1.  A NaN stays NaN and
 * takes no part.  `out` may be `y`.
 */
void smooth_ema(const double *x, const double *y, size_t count, double weight,
		double *out);

/* The weights that a key steps through: off, then heavier; stops at the ends.
 */
double smooth_next(double weight);
double smooth_previous(double weight);

#endif
