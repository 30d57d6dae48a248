/* SPDX-License-Identifier: MIT */
/* Fast weights by the delta rule; see layer.h. */
#include "config.h"

/* -O2 leaves these loops scalar. */
#pragma GCC optimize("O3")

#include "core/net/layer.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"

static int head_size(const struct layer_shape *sh)
{
	return sh->out / sh->heads;
}

/* M of one head. */
static size_t matrix(const struct layer_shape *sh)
{
	return (size_t)head_size(sh) * head_size(sh);
}

static size_t fast_params(const struct layer_shape *sh)
{
	return sh->heads * matrix(sh);
}

/* A lane: whether it has begun, then M of each head. */
static size_t fast_memory(const struct layer_shape *sh)
{
	return 1 + sh->heads * matrix(sh);
}

/* By head and sample: M after it. */
static size_t fast_keep(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * sh->heads * matrix(sh);
}

/* M, its gradient, and six of d. */
static size_t fast_scratch(const struct layer_shape *sh, int batch)
{
	(void)batch;
	return 2 * matrix(sh) + (size_t)6 * head_size(sh);
}

static void fast_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	float deviation = sh->gain / sqrtf((float)head_size(sh));

	for (size_t i = 0; i < fast_params(sh); i++)
		w[i] = deviation * rng_normal(r);
}

static void fast_masks(const struct layer_shape *sh, float *decay, float *learn)
{
	for (size_t i = 0; i < fast_params(sh); i++)
		decay[i] = learn[i] = 1;
}

static double fast_flops(const struct layer_shape *sh)
{
	return 6.0 * sh->out * head_size(sh);
}

static float sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

/* y <- x / |x|; 1 / |x| is returned. */
static float unit(int d, const float *x, float *y)
{
	float sum = FAST_EPSILON, scale;

	for (int i = 0; i < d; i++)
		sum += x[i] * x[i];
	scale = 1 / sqrtf(sum);
	for (int i = 0; i < d; i++)
		y[i] = scale * x[i];
	return scale;
}

/* dx <-+ from dy, where y and the scale are as of unit(). */
static void unit_back(int d, const float *y, float scale, const float *dy,
		      float *dx, bool add)
{
	float along = 0;

	for (int i = 0; i < d; i++)
		along += y[i] * dy[i];
	for (int i = 0; i < d; i++) {
		float v = scale * (dy[i] - along * y[i]);

		dx[i] = add ? dx[i] + v : v;
	}
}

/* y(d) <- M' x */
static void apply(int d, const float *m, const float *x, float *y)
{
	memset(y, 0, (size_t)d * sizeof(*y));
	for (int i = 0; i < d; i++, m += d)
		for (int j = 0; j < d; j++)
			y[j] += x[i] * m[j];
}

/* y(d) <- M x */
static void apply_back(int d, const float *m, const float *x, float *y)
{
	for (int i = 0; i < d; i++, m += d) {
		y[i] = 0;
		for (int j = 0; j < d; j++)
			y[i] += m[j] * x[j];
	}
}

/* M <- M + c p e' */
static void add_outer(int d, float c, const float *p, const float *e, float *m)
{
	for (int i = 0; i < d; i++, m += d)
		for (int j = 0; j < d; j++)
			m[j] += c * p[i] * e[j];
}

/* Where head h of sample t has its parts in x. */
static size_t part_of(const struct layer_shape *sh, int t, int h)
{
	return (size_t)t * sh->in + h * head_size(sh);
}

static size_t gate_of(const struct layer_shape *sh, int t, int h)
{
	return (size_t)t * sh->in + 3 * sh->out + h;
}

/* e <- v - M' p, what is to be mended. */
static void error_of(int d, const float *m, const float *p, const float *v,
		     float *e)
{
	apply(d, m, p, e);
	for (int j = 0; j < d; j++)
		e[j] = v[j] - e[j];
}

/* Head h of sample t. */
static void run_sample(const struct layer_shape *sh, const struct layer_run *r,
		       int t, int h, float *m)
{
	int n = sh->out, d = head_size(sh);
	const float *x = r->x + part_of(sh, t, h);
	float *p = r->scratch, *u = p + d, *e = u + d;

	unit(d, x, u);
	unit(d, x + n, p);
	error_of(d, m, p, x + 2 * n, e);
	add_outer(d, sigmoid(r->x[gate_of(sh, t, h)]), p, e, m);
	apply(d, m, u, r->y + (size_t)t * n + h * d);
}

static void fast_forward(const struct layer_shape *sh,
			 const struct layer_run *r)
{
	size_t size = matrix(sh);

	for (int h = 0; h < sh->heads; h++) {
		float *m = r->keep + (size_t)h * r->batch * size;

		for (int s = 0; s < r->sequences; s++) {
			const float *before = r->w + h * size;

			for (int t = layer_begin(r, s);
			     t < layer_begin(r, s + 1); t++, m += size) {
				memcpy(m, before, size * sizeof(*m));
				run_sample(sh, r, t, h, m);
				before = m;
			}
		}
	}
}

static void fast_infer(const struct layer_shape *sh, const struct layer_run *r)
{
	size_t size = matrix(sh);

	for (int s = 0; s < r->sequences; s++) {
		float *memory = layer_memory(r, s);
		bool begun = memory && memory[0] > 0;

		for (int h = 0; h < sh->heads; h++) {
			float *m = memory ? memory + 1 + h * size
					  : r->scratch + 3 * head_size(sh);

			if (!begun)
				memcpy(m, r->w + h * size, size * sizeof(*m));
			for (int t = layer_begin(r, s);
			     t < layer_begin(r, s + 1); t++)
				run_sample(sh, r, t, h, m);
		}
		if (memory)
			memory[0] = 1;
	}
}

/*
 * Head h of sample t, from M before and after it; dm is the gradient of M after
 * it as later samples read it, and becomes that of M before it.  With e the
 * error that the rule mends and b the rate:
 *
 *	dm += u dy';  du = M dy
 *	de = b dm' p;  db = p' dm e;  dv = de;  dp = b dm e - M[t-1] de
 *	dm[t-1] = dm - p de'
 */
static void sample_back(const struct layer_shape *sh, const struct layer_run *r,
			int t, int h, const float *before, const float *after,
			float *dm)
{
	int n = sh->out, d = head_size(sh);
	size_t at = part_of(sh, t, h), gate = gate_of(sh, t, h);
	const float *x = r->x + at, *dy = r->dy + (size_t)t * n + h * d;
	float *p = r->scratch, *u = p + d, *e = u + d;
	float *de = e + d, *dp = de + d, *du = dp + d;
	float *dx = r->dx ? r->dx + at : NULL;
	float b = sigmoid(r->x[gate]), db = 0;
	float q_scale = unit(d, x, u), k_scale = unit(d, x + n, p);

	error_of(d, before, p, x + 2 * n, e);
	apply_back(d, after, dy, du);
	add_outer(d, 1, u, dy, dm);
	apply(d, dm, p, de);
	for (int j = 0; j < d; j++) {
		db += de[j] * e[j];
		de[j] *= b;
	}
	if (dx) {
		bool add = r->dx_add;
		float dg = db * b * (1 - b), *to = r->dx + gate;

		*to = add ? *to + dg : dg;
		unit_back(d, u, q_scale, du, dx, add);
		apply_back(d, dm, e, dp);
		apply_back(d, before, de, du);
		for (int i = 0; i < d; i++)
			dp[i] = b * dp[i] - du[i];
		unit_back(d, p, k_scale, dp, dx + n, add);
		for (int j = 0; j < d; j++)
			dx[2 * n + j] = add ? dx[2 * n + j] + de[j] : de[j];
	}
	add_outer(d, -1, p, de, dm);
}

static void fast_backward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	size_t size = matrix(sh);
	float *dm = r->scratch + 6 * head_size(sh);

	for (int h = 0; h < sh->heads; h++) {
		const float *first = r->w + h * size;
		const float *kept = r->keep + (size_t)h * r->batch * size;

		for (int s = 0; s < r->sequences; s++) {
			int from = layer_begin(r, s);

			memset(dm, 0, size * sizeof(*dm));
			for (int t = layer_begin(r, s + 1) - 1; t >= from;
			     t--) {
				const float *m = kept + t * size;

				sample_back(sh, r, t, h,
					    t > from ? m - size : first, m, dm);
			}
			for (size_t i = 0; i < size; i++)
				r->dw[h * size + i] += dm[i];
		}
	}
}

static void fast_prepare(const struct layer_shape *sh, const float *w,
			 const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	memcpy(ready, w, fast_params(sh) * sizeof(*w));
}

const struct layer_type layer_fast_weights = {
	.name = "fast weights",
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.flops = fast_flops,
	.param_count = fast_params,
	.keep_count = fast_keep,
	.scratch_count = fast_scratch,
	.init = fast_init,
	.masks = fast_masks,
	.forward = fast_forward,
	.backward = fast_backward,
	.ready_count = fast_params,
	.prepare = fast_prepare,
	.infer_scratch = fast_scratch,
	.infer = fast_infer,
	.memory_count = fast_memory,
};
