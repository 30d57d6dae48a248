/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/dist.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>

double dist_normal_cdf(double x)
{
	return 0.5 * erfc(-x * M_SQRT1_2);
}

/* The place where cdf() reaches p < 1/2, from below 0: doubled until it is
 * passed, then halved.  The function is steep enough there for every digit. */
static double find(double (*cdf)(double x, double df), double p, double df)
{
	double low = -1, high = 0;

	while (cdf(low, df) > p && low > -1e300) {
		high = low;
		low *= 2;
	}
	for (int i = 0; i < 200; i++) {
		double mid = 0.5 * (low + high);

		if (mid <= low || mid >= high)
			break;
		if (cdf(mid, df) > p)
			high = mid;
		else
			low = mid;
	}
	return 0.5 * (low + high);
}

static double normal(double x, double unused)
{
	(void)unused;
	return dist_normal_cdf(x);
}

static double quantile(double (*cdf)(double x, double df), double p, double df)
{
	assert(p > 0 && p < 1);
	if (p < 0.5)
		return find(cdf, p, df);
	return p > 0.5 ? -find(cdf, 1 - p, df) : 0;
}

double dist_normal_quantile(double p)
{
	return quantile(normal, p, 0);
}

/*
 * The continued fraction of the incomplete beta function (Abramowitz and Stegun
 * 26.5.8) by Lentz's method, for x < (a + 1) / (a + b + 2).
 */
static double fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), h;
	bool close = false;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	h = d;
	for (int m = 1; m < 1000 && !close; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x /
			     ((a + 2 * m) * (a + 2 * m + 1));

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		h *= d * c;
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		h *= d * c;
		close = fabs(d * c - 1) < 2 * DBL_EPSILON;
	}
	return h;
}

/* I_x(a, b), with y = 1 - x told apart so that neither loses its digits. */
static double beta_share(double a, double b, double x, double y)
{
	double front;
	int sign; /* all three are of positive numbers */

	if (x <= 0 || y <= 0)
		return x <= 0 ? 0 : 1;
	front = exp(lgamma_r(a + b, &sign) - lgamma_r(a, &sign) -
		    lgamma_r(b, &sign) + a * log(x) + b * log(y));
	if (x < (a + 1) / (a + b + 2))
		return front * fraction(a, b, x) / a;
	return 1 - front * fraction(b, a, y) / b;
}

/* Abramowitz and Stegun 26.7.1: both tails are I_x(df/2, 1/2) at
 * x = df / (df + t^2). */
double dist_student_cdf(double t, double df)
{
	double x = df / (df + t * t), y = t * t / (df + t * t);
	double tail;

	assert(df >= 1);
	if (!isfinite(t))
		return t > 0;
	tail = 0.5 * beta_share(0.5 * df, 0.5, x, y);
	return t > 0 ? 1 - tail : tail;
}

double dist_student_quantile(double p, double df)
{
	return quantile(dist_student_cdf, p, df);
}
