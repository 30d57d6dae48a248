/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_ESTIMATE_H
#define CORE_RATE_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What a study says of its units, which are seeds: each is one number, or one
 * of several, and units are independent.  Numbers that were measured on the
 * same seeds are paired by taking their difference first.
 *
 * Levels are of two-sided intervals, 0.95 for 95 %.  A number that is NAN makes
 * all that is said of it NAN.  Pure; any thread; the same bits every time.
 */
struct estimate {
	double value, low, high; /* NAN without units; low and high also with
				  * only one */
	int count;               /* of units */
};

/* The mean of x[n] with Student's interval. */
struct estimate estimate_t(const double *x, int n, double level);

/* One-sided: the chance, were the mean of the units `bound`, of a t as high as
 * that of x[n].  Small: the mean is above.  NAN under two units; where all are
 * alike 0, 1/2 or 1. */
double estimate_t_above(const double *x, int n, double bound);

/*
 * The bootstrap over units, bias-corrected and accelerated (BCa; Efron, JASA
 * 82, 1987; DiCiccio and Efron, Statistical Science 11, 1996, section 2).  With
 * few units a bootstrap's interval is too narrow: of a mean it stands for (n -
 * 1) / n of the variance, and for the normal where Student's t belongs.  So the
 * normal quantiles z become sqrt(n / (n - 1)) t of n - 1 degrees of freedom
 * before they are corrected (Hesterberg, The American Statistician 69, 2015,
 * the expanded percentile interval), unless `plain` is set.
 */
struct estimate_draws {
	double level;
	int count;     /* resamples; 10,000 leave a hundredth of an SD open */
	uint64_t seed; /* resample i is of the stream (seed, i) */
	bool plain;    /* as published, too narrow for a dozen units */
};
#define ESTIMATE_DRAWS_DEFAULT                           \
	{                                                \
		.level = 0.95, .count = 10000, .seed = 1 \
	}

/* figure() says what is estimated, of n units by their numbers, with repeats.
 * The value is that of all units once. */
struct estimate
estimate_bca(double (*figure)(const void *ctx, const int *unit, int n),
	     const void *ctx, int n, const struct estimate_draws *d);
struct estimate estimate_bca_mean(const double *x, int n,
				  const struct estimate_draws *d);

/*
 * How much of the way from the best learner on the data before the cut, `zero`,
 * to the teacher's end, `top`, an imitator of strength `m` went: 0 none, 1 all,
 * below 0 or above 1 too.  All are Elo on one scale, from direct matches.  NAN
 * where top is not above zero.
 */
double estimate_gamma(double m, double zero, double top);

/* Better than every one of n controls: each is tested by itself, and the whole
 * is no more likely to err than one (intersection-union; Berger, Technometrics
 * 24, 1982).  p[n] of the single tests; the largest; NAN if any is, or n is 0.
 */
double estimate_all(const double *p, int n);

/* Holm's correction of p[n] for looking at n of them (Scandinavian Journal of
 * Statistics 6, 1979), into adjusted[n]: those at most alpha are rejected, and
 * the chance that any of these is true is at most alpha.  NAN stays NAN and
 * counts as looked at. */
void estimate_holm(const double *p, int n, double *adjusted);

#endif
