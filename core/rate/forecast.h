/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_FORECAST_H
#define CORE_RATE_FORECAST_H

/*
 * How good forecasts were, once the truth is known.  The continuous ranked
 * probability score is the distance of a forecast distribution from what came,
 * in the unit of what was forecast: 0 is best, and for a single number it is
 * the absolute error (Gneiting and Raftery, JASA 102, 2007, section 4.2). Pure;
 * any thread.
 */

/* Of a normal forecast, sd >= 0. */
double forecast_crps_normal(double mean, double sd, double truth);

/* Of the forecast that says each of x[n] with the same chance; n >= 1. */
double forecast_crps_sample(const double *x, int n, double truth);

/* An interval that was forecast, and what came. */
struct forecast_interval {
	double low, high, truth;
};

struct forecast_coverage {
	int count, inside;
	int below, above;             /* the truth was: over- and undershot */
	double share;                 /* inside / count; NAN without any */
	double share_low, share_high; /* its 95 % interval, Wilson's */
	double width;                 /* mean of high - low */
};

struct forecast_coverage forecast_cover(const struct forecast_interval *f,
					int count);

#endif
