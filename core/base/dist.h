/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_DIST_H
#define CORE_BASE_DIST_H

/*
 * Two distributions that intervals and tests need: the normal with mean 0 and
 * variance 1, and Student's t with `df` degrees of freedom, df >= 1.  A _cdf is
 * the chance of at most x; a _quantile is its inverse, for p in (0, 1).  Good
 * to about 1e-12 of what they return, for any argument.  Pure; any thread.
 */
double dist_normal_cdf(double x);
double dist_normal_quantile(double p);
double dist_student_cdf(double t, double df);
double dist_student_quantile(double p, double df);

#endif
