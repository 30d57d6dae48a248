/* SPDX-License-Identifier: MIT */
/* Global pooling: what the whole board says, added to every cell. */
#include "config.h"

/* -O2 leaves these loops scalar. */
#pragma GCC optimize("O3")

#include "core/net/pool_board.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/layer.h"
#include "core/net/product.h"

static size_t pool_params(const struct layer_shape *sh)
{
	return (size_t)(2 * sh->in + 1) * sh->out;
}

/* g(B, 2 I), then the cell that held each maximum, (B, I). */
static size_t pool_keep(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * 3 * sh->in;
}

/* bias or its gradient (B, O), then dg(B, 2 I). */
static size_t pool_scratch(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * (sh->out + 2 * sh->in);
}

static void pool_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	size_t n = (size_t)2 * sh->in * sh->out;
	float deviation = sh->gain / sqrtf((float)(2 * sh->in));

	for (size_t i = 0; i < n; i++)
		w[i] = deviation * rng_normal(r);
	memset(w + n, 0, sh->out * sizeof(*w));
}

static void pool_masks(const struct layer_shape *sh, float *decay, float *learn)
{
	size_t n = (size_t)2 * sh->in * sh->out;

	for (size_t i = 0; i < pool_params(sh); i++) {
		decay[i] = i < n ? 1 : 0;
		learn[i] = 1;
	}
}

void pool_board(const float *x, int cells, int n, float *g, float *cell)
{
	float *mean = g, *max = g + n;

	memcpy(mean, x, n * sizeof(*x));
	memcpy(max, x, n * sizeof(*x));
	memset(cell, 0, n * sizeof(*cell));
	for (int s = 1; s < cells; s++)
		for (int i = 0; i < n; i++) {
			float v = x[(size_t)s * n + i];

			mean[i] += v;
			cell[i] = v > max[i] ? (float)s : cell[i];
			max[i] = v > max[i] ? v : max[i];
		}
	for (int i = 0; i < n; i++)
		mean[i] /= (float)cells;
}

static void pool_forward(const struct layer_shape *sh,
			 const struct layer_run *r)
{
	int n = sh->out, cells = sh->rows * sh->cols, batch = r->batch;
	float *g = r->keep, *cell = g + (size_t)batch * 2 * n;
	float *bias = r->scratch;
	const float *offset = r->w + (size_t)2 * n * n;
	const float *x = r->x;
	float *y = r->y;

	for (int b = 0; b < batch; b++)
		pool_board(x + (size_t)b * cells * n, cells, n,
			   g + (size_t)b * 2 * n, cell + (size_t)b * n);
	blas_sgemm(false, false, batch, n, 2 * n, g, 2 * n, r->w, n, 0, bias,
		   n);
	for (int b = 0; b < batch; b++, bias += n) {
		for (int i = 0; i < n; i++)
			bias[i] += offset[i];
		for (int s = 0; s < cells; s++, x += n, y += n)
			for (int i = 0; i < n; i++)
				y[i] = x[i] + bias[i];
	}
}

static void pool_backward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	int n = sh->out, cells = sh->rows * sh->cols, batch = r->batch;
	const float *g = r->keep, *cell = g + (size_t)batch * 2 * n;
	float *dbias = r->scratch, *dg = dbias + (size_t)batch * n;
	float *doffset = r->dw + (size_t)2 * n * n;
	float share = 1.0f / (float)cells;

	memset(dbias, 0, (size_t)batch * n * sizeof(*dbias));
	for (int b = 0; b < batch; b++) {
		const float *dy = r->dy + (size_t)b * cells * n;
		float *d = dbias + (size_t)b * n;

		for (int s = 0; s < cells; s++, dy += n)
			for (int i = 0; i < n; i++)
				d[i] += dy[i];
		for (int i = 0; i < n; i++)
			doffset[i] += d[i];
	}
	blas_sgemm(true, false, 2 * n, n, batch, g, 2 * n, dbias, n, 1, r->dw,
		   n);
	blas_sgemm(false, true, batch, 2 * n, n, dbias, n, r->w, n, 0, dg,
		   2 * n);
	for (int b = 0; b < batch; b++) {
		const float *dmean = dg + (size_t)b * 2 * n, *dmax = dmean + n;
		const float *at = cell + (size_t)b * n;
		const float *dy = r->dy + (size_t)b * cells * n;
		float *dx = r->dx + (size_t)b * cells * n;

		for (int s = 0; s < cells; s++)
			for (int i = 0; i < n; i++) {
				float v = dy[(size_t)s * n + i] +
					  dmean[i] * share;

				if (at[i] == (float)s)
					v += dmax[i];
				if (r->dx_add)
					v += dx[(size_t)s * n + i];
				dx[(size_t)s * n + i] = v;
			}
	}
}

static double pool_flops(const struct layer_shape *sh)
{
	return 4 * ((double)sh->in * sh->out);
}

/* Panels of w, then c(O). */
static size_t pool_ready(const struct layer_shape *sh)
{
	return product_count(2 * sh->in, sh->out) + sh->out;
}

static void pool_prepare(const struct layer_shape *sh, const float *w,
			 const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	product_pack(2 * sh->in, sh->out, w, NULL, ready);
	memcpy(ready + product_count(2 * sh->in, sh->out),
	       w + (size_t)2 * sh->in * sh->out, sh->out * sizeof(*ready));
}

/* g(B, 2 I), cells(I), c(B, O) */
static size_t pool_infer_scratch(const struct layer_shape *sh, int batch)
{
	return (size_t)(3 * batch + 1) * sh->in + product_scratch(sh->out);
}

static void pool_infer(const struct layer_shape *sh, const struct layer_run *r)
{
	int n = sh->in, cells = sh->rows * sh->cols, batch = r->batch;
	float *g = r->scratch, *cell = g + (size_t)2 * batch * n;
	float *c = cell + n;
	const float *x = r->x;
	float *y = r->y;

	for (int b = 0; b < batch; b++)
		pool_board(x + (size_t)b * cells * n, cells, n,
			   g + (size_t)2 * b * n, cell);
	product_run(2 * n, n, r->w, r->w + product_count(2 * n, n), NULL, false,
		    batch, g, c, c + (size_t)batch * n);
	for (int b = 0; b < batch; b++, c += n)
		for (int k = 0; k < cells; k++, x += n, y += n)
			for (int i = 0; i < n; i++)
				y[i] = x[i] + c[i];
}

const struct layer_type layer_pool = {
	.name = "pool",
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.flops = pool_flops,
	.param_count = pool_params,
	.keep_count = pool_keep,
	.scratch_count = pool_scratch,
	.init = pool_init,
	.masks = pool_masks,
	.forward = pool_forward,
	.backward = pool_backward,
	.ready_count = pool_ready,
	.prepare = pool_prepare,
	.infer_scratch = pool_infer_scratch,
	.infer = pool_infer,
};
