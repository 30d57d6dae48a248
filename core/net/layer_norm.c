/* SPDX-License-Identifier: MIT */
/* Batch norm with the residual sum and the rectifier in the same pass. */
#include "config.h"

#include "core/net/layer.h"

#include <math.h>
#include <string.h>

#include "core/net/kernel.h"

static size_t norm_params(const struct layer_shape *sh)
{
	return (size_t)4 * sh->out;
}

static size_t norm_stats(const struct layer_shape *sh)
{
	return (size_t)2 * sh->out;
}

/* mean(O), var(O), then multiplier and offset of this batch. */
static size_t norm_keep(const struct layer_shape *sh, int batch)
{
	(void)batch;
	return (size_t)4 * sh->out;
}

static size_t norm_scratch(const struct layer_shape *sh, int batch)
{
	(void)batch;
	return (size_t)4 * sh->out;
}

static void norm_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	(void)r;
	for (int o = 0; o < sh->out; o++) {
		w[o] = sh->gain;
		w[sh->out + o] = 0;
		w[2 * sh->out + o] = 0;
		w[3 * sh->out + o] = 1;
	}
}

static void norm_masks(const struct layer_shape *sh, float *decay, float *learn)
{
	for (int i = 0; i < 4 * sh->out; i++) {
		decay[i] = 0;
		learn[i] = i < 2 * sh->out ? 1 : 0;
	}
}

static void norm_forward(const struct layer_shape *sh,
			 const struct layer_run *r)
{
	int n = sh->out, rows = r->batch * sh->rows * sh->cols;
	float *mean = r->keep, *var = mean + n;
	float *mul = var + n, *add = mul + n;
	const struct kernel *k = kernel_get();

	if (r->steady)
		memcpy(mean, r->w + 2 * n, 2 * (size_t)n * sizeof(*mean));
	else
		k->moments(rows, n, r->x, mean, var);
	for (int i = 0; i < n; i++) {
		mul[i] = r->w[i] / sqrtf(var[i] + NORM_EPSILON);
		add[i] = r->w[n + i] - mul[i] * mean[i];
	}
	k->norm(rows, n, r->x, mul, add, r->skip, sh->relu, r->y);
}

/*
 * With z = y before relu, N rows and xhat = (x - mean) / sqrt(var + eps):
 * dbeta = sum dz, dgamma = sum dz xhat,
 * dx = gamma / sqrt(var + eps) (dz - dbeta / N - xhat dgamma / N).
 * Running statistics do not depend on x: the last two are not there then.
 */
static void norm_backward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	int n = sh->out, rows = r->batch * sh->rows * sh->cols;
	const float *mean = r->keep, *var = mean + n, *mul = var + n;
	float *dbeta = r->scratch, *dxhat = dbeta + n;
	float *a = dxhat + n, *c = a + n;
	float share = r->steady ? 0 : 1.0f / (float)rows;
	const struct kernel *k = kernel_get();

	k->norm_sums(rows, n, r->x, mean, r->y, sh->relu, r->dy, dbeta, dxhat);
	for (int i = 0; i < n; i++) {
		float inverse = 1 / sqrtf(var[i] + NORM_EPSILON);

		r->dw[i] += dxhat[i] * inverse;
		r->dw[n + i] += dbeta[i];
		/* dx = mul dz + a x + c */
		a[i] = -mul[i] * dxhat[i] * inverse * inverse * share;
		c[i] = -mul[i] * dbeta[i] * share - a[i] * mean[i];
	}
	k->norm_back(rows, n, r->x, r->y, sh->relu, r->dy, mul, a, c, r->dx,
		     r->dx_add, r->dskip, r->dskip_add);
}

/* By the running statistics. */
static void norm_fold(const struct layer_shape *sh, const float *w, float *mul,
		      float *add)
{
	int n = sh->out;

	for (int o = 0; o < n; o++) {
		mul[o] = w[o] / sqrtf(w[3 * n + o] + NORM_EPSILON);
		add[o] = w[n + o] - mul[o] * w[2 * n + o];
	}
}

/* mul(O), add(O) */
static size_t norm_ready(const struct layer_shape *sh)
{
	return (size_t)2 * sh->out;
}

static void norm_prepare(const struct layer_shape *sh, const float *w,
			 const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	norm_fold(sh, w, ready, ready + sh->out);
}

static void norm_infer(const struct layer_shape *sh, const struct layer_run *r)
{
	kernel_get()->norm(r->batch * sh->rows * sh->cols, sh->out, r->x, r->w,
			   r->w + sh->out, r->skip, sh->relu, r->y);
}

const struct layer_type layer_norm = {
	.name = "norm",
	.skips = true,
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.param_count = norm_params,
	.stat_count = norm_stats,
	.keep_count = norm_keep,
	.scratch_count = norm_scratch,
	.init = norm_init,
	.masks = norm_masks,
	.forward = norm_forward,
	.backward = norm_backward,
	.fold = norm_fold,
	.ready_count = norm_ready,
	.prepare = norm_prepare,
	.infer_scratch = layer_no_room,
	.infer = norm_infer,
};
