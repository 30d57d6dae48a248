/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_LAPLACIAN_H
#define CORE_RATE_LAPLACIAN_H

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/rate/inverse.h"

/*
 * Equations M x = b with the matrix of inverse.h, by conjugate gradients
 * preconditioned with its diagonal (Hestenes and Stiefel, J. Res. NBS 49,
 * 1952).  Sums are made in one fixed order: the same bits every time.
 */
struct laplacian {
	int n;
	double ridge;
	int *begin;       /* owned, as all here; [n + 1]: into the next two */
	int *to;          /* [2 edges]: by player, the others */
	int *edge;        /* [2 edges]: and the edge to them */
	double *weight;   /* [2 edges] */
	double *diagonal; /* [n] of M */
	double *work;     /* [3 n] */
};

void laplacian_init(struct laplacian *l, int n, double ridge,
		    const struct inverse_edge *edges, int count);
void laplacian_release(struct laplacian *l);

/* Take the edges' weights as they are now. */
void laplacian_weigh(struct laplacian *l, const struct inverse_edge *edges);

/* x[n] <- the solution for b[n], until |b - M x| is `tolerance` of |b|, or as
 * near as rounding lets it come.  False: goes_on(ctx), may be NULL, said no. */
ATTR_NODISCARD bool laplacian_solve(const struct laplacian *l, const double *b,
				    double tolerance, double *x,
				    bool (*goes_on)(void *ctx), void *ctx);

#endif
