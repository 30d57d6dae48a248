/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_RANK_H
#define CORE_RATE_RANK_H

/*
 * Spearman's rank correlation (The American Journal of Psychology 15, 1904) of
 * a[n] and b[n]: that of their ranks, equals sharing the mean of theirs.  NAN
 * where one of them never differs, or n is under 2.  Pure; any thread.
 */
double rank_correlation(const double *a, const double *b, int n);

#endif
