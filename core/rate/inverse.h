/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_INVERSE_H
#define CORE_RATE_INVERSE_H

#include <stdbool.h>

#include "core/base/attr.h"

/*
 * Chosen entries of the inverse of a sparse matrix
 *
 *	M = ridge I + sum over edges of weight (e_i - e_j)(e_i - e_j)'
 *
 * and how they change when M does: of M + t D, with D the same sum over `less`,
 * the inverse's slope by t at 0, which is -M^-1 D M^-1.
 *
 * By elimination in an order of least degree, the inverse's entries at the
 * places of the factor from the last to the first (Takahashi, Fagan and Chin,
 * 1973; Erisman and Tinney, Comm. ACM 18, 1975), and every step of both in
 * numbers with a slope.  What is left once half of the remaining places are
 * taken is inverted as one dense block.
 *
 * Cost: players who met few others in chains, trees and stars, about their
 * number; the cube of the dense block otherwise, which has about a fifth of the
 * players where each met four others at random.  One thread; the same bits
 * every time.
 */
struct inverse_edge {
	int i, j;      /* from 0, different; several of one pair add up */
	double weight; /* >= 0 */
	double less;   /* any */
};

struct dual {
	double value, slope;
};

struct inverse; /* a factor of M, and the entries of its inverse there */

/* NULL: goes_on(ctx), which may be NULL and is asked often, said no.  ridge >
 * 0.
 */
struct inverse *inverse_new(int n, double ridge,
			    const struct inverse_edge *edges, int count,
			    bool (*goes_on)(void *ctx), void *ctx);
void inverse_free(struct inverse *v); /* NULL is allowed */

/* Entry (i, i) of the inverse. */
struct dual inverse_at(const struct inverse *v, int i);
/* Entries (i, i) + (j, j) - 2 (i, j): quick where there is an edge. */
struct dual inverse_across(const struct inverse *v, int i, int j);

/* The dense block: a(m, m), its lower triangle, becomes that of -a^-1, `slope`
 * that of its change.  `flat`: there is no slope.  As above else. */
ATTR_NODISCARD bool inverse_sweep(int m, double *a, double *slope, bool flat,
				  bool (*goes_on)(void *ctx), void *ctx);

#endif
