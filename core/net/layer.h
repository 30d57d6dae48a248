/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_LAYER_H
#define CORE_NET_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/rng.h"

/*
 * Kinds of layers: constant tables that own nothing.  A network is an array of
 * (kind, shape, offset into one parameter block).
 *
 * Activations are float32, batch first, channels last: a board is (rows, cols,
 * channels), so that a channel mix is one matrix product and everything else
 * runs along contiguous channels.  Below: B batch, S = rows * cols cells, I
 * inputs and O outputs (channels of a cell, or numbers when S = 1), R = B * S.
 */
struct layer_shape {
	int rows, cols;
	int in, out;
	bool relu;  /* y <- max(y, 0) at the end */
	float gain; /* deviation of fresh weights, times sqrt(1 / fan in) */
	/* layer_moves only */
	int planes, pooled;
	const uint16_t *at; /* [out]; borrowed */
};

/* What one call of a layer works on.  Nothing is owned. */
struct layer_run {
	int batch;
	const float *w;    /* parameters */
	const float *x;    /* (B, S, I) */
	const float *skip; /* (B, S, O), added before relu; NULL if none */
	float *y;          /* (B, S, O), written by forward */
	float *keep;       /* keep_count floats from forward to backward */
	float *scratch;    /* scratch_count floats, free between calls */

	/* backward only */
	const float *dy;        /* (B, S, O) */
	float *dx;              /* (B, S, I); NULL: not wanted */
	float *dskip;           /* (B, S, O); NULL if none */
	bool dx_add, dskip_add; /* add to what is there, else overwrite */
	float *dw;              /* always added to */
};

struct layer_type {
	const char *name;
	size_t (*param_count)(const struct layer_shape *sh);
	/* (optional) Floats of batch statistics, which forward leaves at the
	 * start of `keep`; the running ones are the last of the parameters. */
	size_t (*stat_count)(const struct layer_shape *sh);
	size_t (*keep_count)(const struct layer_shape *sh, int batch);
	size_t (*scratch_count)(const struct layer_shape *sh, int batch);
	void (*init)(const struct layer_shape *sh, struct rng *r, float *w);
	/* decay[i]: 1 for products; learn[i]: 0 for running statistics. */
	void (*masks)(const struct layer_shape *sh, float *decay, float *learn);
	/* In training mode. */
	void (*forward)(const struct layer_shape *sh,
			const struct layer_run *r);
	void (*backward)(const struct layer_shape *sh,
			 const struct layer_run *r);
};

/*
 * y[b,s,o] = sum over the 3x3 neighbourhood t and i of x[b,s+t,i] w[t,i,o],
 * zero outside the board.  w(3, 3, I, O); no bias: a norm follows.
 */
extern const struct layer_type layer_conv3;

/* y[r,o] = sum_i x[r,i] w[i,o].  w(I, O); no bias. */
extern const struct layer_type layer_conv1;

/*
 * Batch norm (Ioffe and Szegedy 2015), residual sum and rectifier in one:
 *
 *	y = relu(gamma (x - mean) / sqrt(var + NORM_EPSILON) + beta + skip)
 *
 * mean and var over the R rows of the batch, one a channel (I = O).
 * w: gamma(O), beta(O), running mean(O), running var(O).  Forward leaves
 * mean(O), var(O) of the batch at the start of `keep`: the statistics.
 * A fresh gamma is `gain`.
 */
#define NORM_EPSILON 1e-5f
extern const struct layer_type layer_norm;

/*
 * Global pooling (Wu 2019, section 3.3, without the board-size term):
 *
 *	y[b,s,o] = x[b,s,o] + c[o] + sum_i g[b,i] w[i,o]
 *	g[b] = (mean over s of x[b,s,:], max over s of x[b,s,:])
 *
 * w(2 I, O), c(O), I = O.
 */
extern const struct layer_type layer_pool;

/* y[b,o] = relu?(c[o] + sum_i x[b,i] w[i,o]).  w(I, O), c(O); S = 1. */
extern const struct layer_type layer_dense;

/* The same at each cell: a 1x1 convolution with bias. */
extern const struct layer_type layer_point;

/*
 * Logits of moves that have a place on the board, as in AlphaZero's chess
 * (Silver et al. 2018, table S2), and of moves that the board as a whole says,
 * as in KataGo's pass (Wu 2019, appendix A):
 *
 *	z[b,s,p] = c[p] + sum_i x[b,s,i] w[i,p]
 *	q[b,k] = d[k] + sum_i g[b,i] v[i,k]       g as in layer_pool
 *	y[b,m] = element at[m] of z[b], q[b] written one after the other
 *
 * P = planes, K = pooled; w(I, P), c(P), v(2 I, K), d(K).  y is (B, O), O
 *moves.
 */
extern const struct layer_type layer_moves;

#endif
