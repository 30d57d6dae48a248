/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_RIDGE_H
#define CORE_RATE_RIDGE_H

#include <stdbool.h>

/*
 * Linear regression with a ridge (Hoerl and Kennard 1970): weights w and a
 * constant that make the sum of squares of y - x w, over samples, plus `ridge`
 * times their number times |w|^2 the least, with each feature first brought to
 * mean 0 and variance 1.  By Cholesky's factor of the normal equations: the
 * cube of the features.
 */
struct ridge {
	int features;
	double *weight; /* owned; [features] */
	double constant;
};

/* x(samples, features), y[samples]; ridge > 0, samples >= 2.  A feature that is
 * always the same weighs 0. */
void ridge_fit(struct ridge *r, int samples, int features, const float *x,
	       const double *y, double ridge);
void ridge_release(struct ridge *r);
double ridge_say(const struct ridge *r, const float *x);

#endif
