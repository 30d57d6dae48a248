/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_CURVE_H
#define CORE_RATE_CURVE_H

#include "core/rate/estimate.h"

/*
 * A learning curve, strength by games, and its inverse: after how many games
 * was the teacher as strong as this?  Measured curves have dips, so the curve
 * that never falls and is nearest to the points is taken (isotonic regression
 * by pooling adjacent violators; Ayer and others, Annals of Mathematical
 * Statistics 26, 1955), straight between them over the logarithm of games.
 */
struct curve_point {
	double games; /* > 0, ascending and all different */
	double elo;
	double weight; /* > 0: 1 / variance, or 1 for all */
};

/* Where a strength lies. */
enum curve_side {
	CURVE_BELOW = -1, /* weaker than the first point */
	CURVE_ON,
	CURVE_ABOVE, /* stronger than the last */
};

/* elo[count] becomes the nearest that never falls.  points[count], count >= 1.
 */
void curve_rise(const struct curve_point *points, int count, double *elo);

/* The games at which the risen curve first reaches `elo`.  Beyond its ends it
 * is the games of the end, and *side (may be NULL) tells.  NAN for NAN. */
double curve_games(const struct curve_point *points, int count, double elo,
		   enum curve_side *side);

/* How many times the games at the cut an imitator's strength is worth, over
 * seeds that have a curve each. */
struct curve_seed {
	const struct curve_point *points; /* borrowed; [count] */
	int count;
	double cut; /* games */
	double elo; /* of the imitator, on the curve's scale */
};
struct curve_horizon {
	struct estimate h; /* geometric mean over seeds, Student's interval of
			    * its logarithm */
	int below, above;  /* seeds beyond an end of their curve, which count
			    * as at that end: then the truth lies further out */
};

/* h[n] (may be NULL) is filled with that of each seed. */
struct curve_horizon curve_horizon(const struct curve_seed *seeds, int n,
				   double level, double *h);

#endif
