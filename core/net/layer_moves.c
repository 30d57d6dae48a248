/* SPDX-License-Identifier: MIT */
/* Logits of moves that have places on the board; see layer.h. */
#include "config.h"

/* -O2 leaves these loops scalar. */
#pragma GCC optimize("O3")

#include "core/net/layer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/pool_board.h"
#include "core/net/product.h"

/* w(I, P), c(P) */
static size_t plane_params(const struct layer_shape *sh)
{
	return (size_t)(sh->in + 1) * sh->planes;
}

static size_t moves_params(const struct layer_shape *sh)
{
	return plane_params(sh) + (size_t)(2 * sh->in + 1) * sh->pooled;
}

/* g(B, 2 I), then the cell that held each maximum, (B, I). */
static size_t moves_keep(const struct layer_shape *sh, int batch)
{
	return sh->pooled ? (size_t)batch * 3 * sh->in : 0;
}

/* z(B, S, P), q(B, K) or their gradients, then dg(B, 2 I). */
static size_t moves_scratch(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * (sh->rows * sh->cols * sh->planes + sh->pooled +
				(sh->pooled ? 2 * sh->in : 0));
}

static void moves_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	size_t products = (size_t)sh->in * sh->planes;
	size_t first = plane_params(sh);
	size_t more = (size_t)2 * sh->in * sh->pooled;
	float cell = sh->gain / sqrtf((float)sh->in);
	float board = sh->gain / sqrtf((float)(2 * sh->in));

	memset(w, 0, moves_params(sh) * sizeof(*w));
	for (size_t i = 0; i < products; i++)
		w[i] = cell * rng_normal(r);
	for (size_t i = 0; i < more; i++)
		w[first + i] = board * rng_normal(r);
}

static void moves_masks(const struct layer_shape *sh, float *decay,
			float *learn)
{
	size_t products = (size_t)sh->in * sh->planes;
	size_t first = plane_params(sh);
	size_t more = (size_t)2 * sh->in * sh->pooled;

	for (size_t i = 0; i < moves_params(sh); i++) {
		decay[i] = i < products || (i >= first && i < first + more);
		learn[i] = 1;
	}
}

static void add_bias(float *y, int rows, int n, const float *bias)
{
	for (int r = 0; r < rows; r++, y += n)
		for (int i = 0; i < n; i++)
			y[i] += bias[i];
}

static void moves_forward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	int cells = sh->rows * sh->cols, in = sh->in, batch = r->batch;
	int planes = sh->planes, pooled = sh->pooled, placed = cells * planes;
	const float *v = r->w + plane_params(sh);
	float *z = r->scratch, *q = z + (size_t)batch * placed;
	float *g = r->keep;

	blas_sgemm(false, false, batch * cells, planes, in, r->x, in, r->w,
		   planes, 0, z, planes);
	add_bias(z, batch * cells, planes, r->w + (size_t)in * planes);
	for (int b = 0; pooled && b < batch; b++)
		pool_board(r->x + (size_t)b * cells * in, cells, in,
			   g + (size_t)b * 2 * in,
			   g + (size_t)batch * 2 * in + (size_t)b * in);
	if (pooled) {
		blas_sgemm(false, false, batch, pooled, 2 * in, g, 2 * in, v,
			   pooled, 0, q, pooled);
		add_bias(q, batch, pooled, v + (size_t)2 * in * pooled);
	}
	for (int b = 0; b < batch; b++, z += placed, q += pooled)
		for (int m = 0; m < sh->out; m++) {
			int at = sh->at[m];

			r->y[(size_t)b * sh->out + m] =
				at < placed ? z[at] : q[at - placed];
		}
}

/* dx of what the whole board said. */
static void pooled_back(const struct layer_shape *sh, const struct layer_run *r,
			const float *dg)
{
	int cells = sh->rows * sh->cols, in = sh->in;
	const float *at = r->keep + (size_t)r->batch * 2 * in;
	float share = 1.0f / (float)cells;
	float *dx = r->dx;

	for (int b = 0; b < r->batch; b++, dg += 2 * in, at += in) {
		const float *dmax = dg + in;

		for (int s = 0; s < cells; s++, dx += in)
			for (int i = 0; i < in; i++)
				dx[i] += dg[i] * share +
					 (at[i] == (float)s ? dmax[i] : 0);
	}
}

static void add_columns(const float *x, int rows, int n, float *sum)
{
	for (int r = 0; r < rows; r++, x += n)
		for (int i = 0; i < n; i++)
			sum[i] += x[i];
}

static void moves_backward(const struct layer_shape *sh,
			   const struct layer_run *r)
{
	int cells = sh->rows * sh->cols, in = sh->in, batch = r->batch;
	int planes = sh->planes, pooled = sh->pooled, placed = cells * planes;
	const float *v = r->w + plane_params(sh), *g = r->keep;
	float *dv = r->dw + plane_params(sh);
	float *dz = r->scratch, *dq = dz + (size_t)batch * placed;
	float *dg = dq + (size_t)batch * pooled;

	memset(dz, 0, (size_t)batch * (placed + pooled) * sizeof(*dz));
	for (int b = 0; b < batch; b++)
		for (int m = 0; m < sh->out; m++) {
			int at = sh->at[m];
			float d = r->dy[(size_t)b * sh->out + m];

			if (at < placed)
				dz[(size_t)b * placed + at] += d;
			else
				dq[(size_t)b * pooled + at - placed] += d;
		}
	blas_sgemm(true, false, in, planes, batch * cells, r->x, in, dz, planes,
		   1, r->dw, planes);
	add_columns(dz, batch * cells, planes, r->dw + (size_t)in * planes);
	if (r->dx)
		blas_sgemm(false, true, batch * cells, in, planes, dz, planes,
			   r->w, planes, r->dx_add ? 1 : 0, r->dx, in);
	if (!pooled)
		return;
	blas_sgemm(true, false, 2 * in, pooled, batch, g, 2 * in, dq, pooled, 1,
		   dv, pooled);
	add_columns(dq, batch, pooled, dv + (size_t)2 * in * pooled);
	if (!r->dx)
		return;
	blas_sgemm(false, true, batch, 2 * in, pooled, dq, pooled, v, pooled, 0,
		   dg, 2 * in);
	pooled_back(sh, r, dg);
}

static size_t moves_out(const struct layer_shape *sh)
{
	return (size_t)sh->out;
}

static void moves_text(const struct layer_shape *sh, char *out, size_t size)
{
	snprintf(out, size, "%dx%dx%d -> %d", sh->rows, sh->cols, sh->planes,
		 sh->out);
}

static double moves_flops(const struct layer_shape *sh)
{
	return 2.0 * sh->in *
	       (sh->rows * sh->cols * sh->planes + 2 * sh->pooled);
}

/* Panels of w, then c(P), v and d as they are. */
static size_t moves_ready(const struct layer_shape *sh)
{
	return product_count(sh->in, sh->planes) + moves_params(sh) -
	       (size_t)sh->in * sh->planes;
}

static void moves_prepare(const struct layer_shape *sh, const float *w,
			  const float *mul, const float *add, float *ready)
{
	size_t products = (size_t)sh->in * sh->planes;

	(void)mul;
	(void)add;
	product_pack(sh->in, sh->planes, w, NULL, ready);
	memcpy(ready + product_count(sh->in, sh->planes), w + products,
	       (moves_params(sh) - products) * sizeof(*w));
}

/* z(S, P), q(K), g(2 I) and its cells of one board. */
static size_t moves_infer_scratch(const struct layer_shape *sh, int batch)
{
	(void)batch;
	return product_scratch(sh->planes) +
	       (size_t)sh->rows * sh->cols * sh->planes + sh->pooled +
	       3 * (size_t)sh->in;
}

/* One board: its planes, what it says as a whole, then the list of moves. */
static void infer_board(const struct layer_shape *sh, const float *w,
			const float *x, float *y, float *scratch)
{
	int cells = sh->rows * sh->cols, in = sh->in, pooled = sh->pooled;
	const float *c = w + product_count(in, sh->planes);
	const float *v = c + sh->planes, *d = v + (size_t)2 * in * pooled;
	float *z = scratch + product_scratch(sh->planes);
	float *q = z + cells * sh->planes, *g = q + pooled;

	product_run(in, sh->planes, w, c, NULL, false, cells, x, z, scratch);
	if (pooled)
		pool_board(x, cells, in, g, g + 2 * (size_t)in);
	for (int k = 0; k < pooled; k++) {
		q[k] = d[k];
		for (int i = 0; i < 2 * in; i++)
			q[k] += g[i] * v[(size_t)i * pooled + k];
	}
	for (int m = 0; m < sh->out; m++)
		y[m] = z[sh->at[m]]; /* q follows z */
}

static void moves_infer(const struct layer_shape *sh, const struct layer_run *r)
{
	size_t board = (size_t)sh->rows * sh->cols * sh->in;

	for (int b = 0; b < r->batch; b++)
		infer_board(sh, r->w, r->x + b * board,
			    r->y + (size_t)b * sh->out, r->scratch);
}

const struct layer_type layer_moves = {
	.name = "moves",
	.out_count = moves_out,
	.describe = moves_text,
	.flops = moves_flops,
	.param_count = moves_params,
	.keep_count = moves_keep,
	.scratch_count = moves_scratch,
	.init = moves_init,
	.masks = moves_masks,
	.forward = moves_forward,
	.backward = moves_backward,
	.ready_count = moves_ready,
	.prepare = moves_prepare,
	.infer_scratch = moves_infer_scratch,
	.infer = moves_infer,
};
