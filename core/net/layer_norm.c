/* SPDX-License-Identifier: MIT */
/* Batch norm with the residual sum and the rectifier in the same pass. */
#include "config.h"

#include "core/net/layer.h"

#include <math.h>
#include <string.h>

/* Rows whose sums are taken in one go, while they are in the cache. */
enum { CHUNK = 64 };

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

/*
 * mean and var of the columns of x(rows, n).  Chunks are merged pairwise
 * (Chan, Golub, LeVeque 1979), so one pass over memory loses no digits.
 */
static void column_moments(const float *x, int rows, int n, float *mean,
			   float *var, float *scratch)
{
	float *m = scratch, *s = scratch + n;

	memset(mean, 0, n * sizeof(*mean));
	memset(var, 0, n * sizeof(*var));
	for (int from = 0; from < rows; from += CHUNK) {
		int count = rows - from < CHUNK ? rows - from : CHUNK;
		const float *c = x + (size_t)from * n;
		float share = (float)count / (float)(from + count);

		memset(m, 0, 2 * n * sizeof(*m));
		for (int r = 0; r < count; r++)
			for (int i = 0; i < n; i++)
				m[i] += c[(size_t)r * n + i];
		for (int i = 0; i < n; i++)
			m[i] /= (float)count;
		for (int r = 0; r < count; r++)
			for (int i = 0; i < n; i++) {
				float d = c[(size_t)r * n + i] - m[i];

				s[i] += d * d;
			}
		for (int i = 0; i < n; i++) {
			float d = m[i] - mean[i];

			mean[i] += d * share;
			var[i] += s[i] + d * d * share * (float)from;
		}
	}
	for (int i = 0; i < n; i++)
		var[i] /= (float)rows;
}

static void norm_forward(const struct layer_shape *sh,
			 const struct layer_run *r)
{
	int n = sh->out, rows = r->batch * sh->rows * sh->cols;
	float *mean = r->keep, *var = mean + n;
	float *mul = var + n, *add = mul + n;
	const float *x = r->x, *skip = r->skip;
	float *y = r->y;

	column_moments(x, rows, n, mean, var, r->scratch);
	for (int i = 0; i < n; i++) {
		mul[i] = r->w[i] / sqrtf(var[i] + NORM_EPSILON);
		add[i] = r->w[n + i] - mul[i] * mean[i];
	}
	for (int row = 0; row < rows; row++, x += n, y += n) {
		for (int i = 0; i < n; i++)
			y[i] = mul[i] * x[i] + add[i];
		if (skip) {
			for (int i = 0; i < n; i++)
				y[i] += skip[i];
			skip += n;
		}
		if (sh->relu)
			for (int i = 0; i < n; i++)
				y[i] = y[i] > 0 ? y[i] : 0;
	}
}

/*
 * With z = y before relu, N rows and xhat = (x - mean) / sqrt(var + eps):
 * dbeta = sum dz, dgamma = sum dz xhat,
 * dx = gamma / sqrt(var + eps) (dz - dbeta / N - xhat dgamma / N).
 */
static void norm_backward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	int n = sh->out, rows = r->batch * sh->rows * sh->cols;
	const float *mean = r->keep, *var = mean + n, *mul = var + n;
	float *dbeta = r->scratch, *dxhat = dbeta + n;
	float *a = dxhat + n, *c = a + n;
	float share = 1.0f / (float)rows;

	memset(dbeta, 0, 2 * n * sizeof(*dbeta));
	for (int row = 0; row < rows; row++) {
		size_t at = (size_t)row * n;
		const float *x = r->x + at, *y = r->y + at, *dy = r->dy + at;

		for (int i = 0; i < n; i++) {
			float d = sh->relu && y[i] <= 0 ? 0 : dy[i];

			dbeta[i] += d;
			dxhat[i] += d * (x[i] - mean[i]);
		}
	}
	for (int i = 0; i < n; i++) {
		float inverse = 1 / sqrtf(var[i] + NORM_EPSILON);

		r->dw[i] += dxhat[i] * inverse;
		r->dw[n + i] += dbeta[i];
		/* dx = mul dz + a x + c */
		a[i] = -mul[i] * dxhat[i] * inverse * inverse * share;
		c[i] = -mul[i] * dbeta[i] * share - a[i] * mean[i];
	}
	for (int row = 0; row < rows; row++) {
		size_t at = (size_t)row * n;
		const float *x = r->x + at, *y = r->y + at, *dy = r->dy + at;
		float *dx = r->dx + at;
		float *dskip = r->dskip ? r->dskip + at : NULL;

		for (int i = 0; i < n; i++) {
			float d = sh->relu && y[i] <= 0 ? 0 : dy[i];
			float v = mul[i] * d + a[i] * x[i] + c[i];

			dx[i] = r->dx_add ? dx[i] + v : v;
		}
		if (dskip)
			for (int i = 0; i < n; i++) {
				float d = sh->relu && y[i] <= 0 ? 0 : dy[i];

				dskip[i] = r->dskip_add ? dskip[i] + d : d;
			}
	}
}

const struct layer_type layer_norm = {
	.name = "norm",
	.param_count = norm_params,
	.stat_count = norm_stats,
	.keep_count = norm_keep,
	.scratch_count = norm_scratch,
	.init = norm_init,
	.masks = norm_masks,
	.forward = norm_forward,
	.backward = norm_backward,
};
