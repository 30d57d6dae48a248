/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_EXTRAPOLATE_H
#define CORE_STUDY_EXTRAPOLATE_H

#include <stddef.h>

/*
 * Where a learner's weights would be if they went on as they went: no sequence
 * model, no game.  A path is the weights of one network, seen at times that
 * rise (the logarithm of games, say), the oldest first.  Running statistics of
 * norms are weights like any here; whoever uses what comes of it makes them
 * anew (offline_norms()).  Pure; any thread; sums in a fixed order.
 */
struct weight_path {
	const float *const *w; /* [count], each [n]; borrowed */
	const double *t;       /* [count]; NULL: 0, 1, 2, ... */
	int count;             /* >= 1 */
	size_t n;
};

/* w[c] + strength (w[c] - w[c - back]), c the last; `back` at most count - 1.
 * From the first it is ExPO (Zheng et al. 2024, arXiv:2404.16792). */
void extrapolate_linear(const struct weight_path *p, int back, double strength,
			float *out);

/* The mean of the `last` (stochastic weight averaging: Izmailov et al. 2018,
 * arXiv:1803.05407). */
void extrapolate_mean(const struct weight_path *p, int last, float *out);

/*
 * The one direction that most of the motion has (RELEX, arXiv:2605.21468): the
 * first right singular vector v of the matrix of w[i] - w[0] over the last
 * `fit` points; how far the path is along v is fitted by a line in time, and
 * w[c] is moved along v by what the line rises in `ahead`.  Returns v's share
 * of the motion, the square of its singular value by the sum of all; 0, and
 * w[c], where nothing moves.
 */
double extrapolate_rank1(const struct weight_path *p, int fit, double ahead,
			 float *out);

#endif
