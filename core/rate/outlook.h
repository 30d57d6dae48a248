/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_OUTLOOK_H
#define CORE_RATE_OUTLOOK_H

struct curve_point; /* core/rate/curve.h */

/*
 * How strong a learner will be after more games, from its curve so far, as a
 * normal forecast.  Curves are points of rising games, `count` >= 3; of their
 * weights nothing is made.  Pure; any thread.
 */
struct outlook {
	double mean, sd; /* sd >= 0 */
};

/* As strong as now: a random walk over the logarithm of games, whose steps are
 * as large as those so far. */
struct outlook outlook_same(const struct curve_point *p, int count,
			    double games);
/* On a line over the logarithm of games through the last `last` points, with
 * the error of a prediction. */
struct outlook outlook_line(const struct curve_point *p, int count, int last,
			    double games);
/* C - A games^-b, a power law with a ceiling, as strengths of AlphaZero were
 * found to follow (Neumann and Gros, arXiv:2210.00849): b from a grid, by how
 * likely each is, all of them together. */
struct outlook outlook_power(const struct curve_point *p, int count,
			     double games);

/*
 * By its kin: others' gain[count] between now and then, after they rose by
 * slope[count] before, and it by `rise`.  On a line, with the error of a
 * prediction; count >= 3.
 */
struct outlook outlook_kin(const double *slope, const double *gain, int count,
			   double rise);

#endif
