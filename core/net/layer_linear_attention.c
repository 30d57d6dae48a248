/* SPDX-License-Identifier: MIT */
/* Causal linear attention; see layer.h. */
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

/* Of a head: the sum of phi(k) v', (d, d), then that of phi(k), (d). */
static size_t state_count(int d)
{
	return (size_t)(d + 1) * d;
}

static size_t memory_count(const struct layer_shape *sh)
{
	return sh->heads * state_count(head_size(sh));
}

/* By sample and head: what y was divided by. */
static size_t keep_count(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * sh->heads;
}

/* Of one head: a state, its gradient, and four of d. */
static size_t scratch_count(const struct layer_shape *sh, int batch)
{
	int d = head_size(sh);

	(void)batch;
	return 2 * state_count(d) + (size_t)4 * d;
}

static double flops(const struct layer_shape *sh)
{
	return 4.0 * sh->out * head_size(sh);
}

static void phi(int d, const float *x, float *y)
{
	for (int i = 0; i < d; i++)
		y[i] = x[i] > 0 ? x[i] + 1 : expf(x[i]);
}

/* Its slope, from its value. */
static float phi_slope(float y)
{
	return y > 1 ? 1 : y;
}

/* The state after a sample. */
static void add_sample(int d, const float *k, const float *v, float *state)
{
	float *sum = state + (size_t)d * d;

	for (int i = 0; i < d; i++, state += d) {
		for (int j = 0; j < d; j++)
			state[j] += k[i] * v[j];
		sum[i] += k[i];
	}
}

/* y(d) <- q' state, divided by what is returned. */
static float answer(int d, const float *q, const float *state, float *y)
{
	const float *sum = state + (size_t)d * d;
	float all = LINEAR_EPSILON;

	memset(y, 0, (size_t)d * sizeof(*y));
	for (int i = 0; i < d; i++, state += d) {
		for (int j = 0; j < d; j++)
			y[j] += q[i] * state[j];
		all += q[i] * sum[i];
	}
	for (int j = 0; j < d; j++)
		y[j] /= all;
	return all;
}

/* Head h of a sequence; keep may be NULL. */
static void run_head(const struct layer_shape *sh, const struct layer_run *r,
		     int s, int h, float *state, float *keep)
{
	int n = sh->out, d = head_size(sh);
	float *q = r->scratch, *k = q + d;

	for (int t = layer_begin(r, s); t < layer_begin(r, s + 1); t++) {
		const float *x = r->x + (size_t)t * 3 * n + h * d;
		float all;

		phi(d, x, q);
		phi(d, x + n, k);
		add_sample(d, k, x + 2 * n, state);
		all = answer(d, q, state, r->y + (size_t)t * n + h * d);
		if (keep)
			keep[(size_t)t * sh->heads + h] = all;
	}
}

static void run(const struct layer_shape *sh, const struct layer_run *r,
		float *keep)
{
	int d = head_size(sh);
	size_t size = state_count(d);
	float *fresh = r->scratch + 2 * d;

	for (int s = 0; s < r->sequences; s++) {
		float *memory = layer_memory(r, s);

		for (int h = 0; h < sh->heads; h++) {
			float *state = memory ? memory + h * size : fresh;

			if (!memory)
				memset(fresh, 0, size * sizeof(*fresh));
			run_head(sh, r, s, h, state, keep);
		}
	}
}

static void forward(const struct layer_shape *sh, const struct layer_run *r)
{
	run(sh, r, r->keep);
}

static void infer(const struct layer_shape *sh, const struct layer_run *r)
{
	run(sh, r, NULL);
}

static void put(float *to, float v, bool add)
{
	*to = add ? *to + v : v;
}

/* With y = a / s: the gradient of a into da(d), that of s is returned. */
static float ratio_back(int d, const float *y, const float *dy, float s,
			float *da)
{
	float ds = 0;

	for (int j = 0; j < d; j++) {
		da[j] = dy[j] / s;
		ds -= da[j] * y[j];
	}
	return ds;
}

/* dq of a head, from the first sample on: it needs the states. */
static void queries_back(const struct layer_shape *sh,
			 const struct layer_run *r, int s, int h)
{
	int n = sh->out, d = head_size(sh);
	float *q = r->scratch, *k = q + d, *da = k + d, *state = da + d;
	const float *sum = state + (size_t)d * d;

	memset(state, 0, state_count(d) * sizeof(*state));
	for (int t = layer_begin(r, s); t < layer_begin(r, s + 1); t++) {
		size_t at = (size_t)t * n + h * d;
		size_t in = (size_t)t * 3 * n + h * d;
		float ds = ratio_back(d, r->y + at, r->dy + at,
				      r->keep[(size_t)t * sh->heads + h], da);

		phi(d, r->x + in, q);
		phi(d, r->x + in + n, k);
		add_sample(d, k, r->x + in + 2 * n, state);
		for (int i = 0; i < d; i++) {
			float dq = ds * sum[i];

			for (int j = 0; j < d; j++)
				dq += state[(size_t)i * d + j] * da[j];
			put(r->dx + in + i, dq * phi_slope(q[i]), r->dx_add);
		}
	}
}

/* dk and dv of a head, from the last sample on: what all later ones read. */
static void keys_back(const struct layer_shape *sh, const struct layer_run *r,
		      int s, int h)
{
	int n = sh->out, d = head_size(sh);
	float *q = r->scratch, *k = q + d, *da = k + d, *dv = da + d;
	float *dstate = dv + d, *dsum = dstate + (size_t)d * d;

	memset(dstate, 0, state_count(d) * sizeof(*dstate));
	for (int t = layer_begin(r, s + 1) - 1; t >= layer_begin(r, s); t--) {
		size_t at = (size_t)t * n + h * d;
		size_t in = (size_t)t * 3 * n + h * d;
		const float *v = r->x + in + 2 * n;
		float ds = ratio_back(d, r->y + at, r->dy + at,
				      r->keep[(size_t)t * sh->heads + h], da);

		phi(d, r->x + in, q);
		phi(d, r->x + in + n, k);
		memset(dv, 0, (size_t)d * sizeof(*dv));
		for (int i = 0; i < d; i++) {
			float *row = dstate + (size_t)i * d, dk;

			dk = dsum[i] += q[i] * ds;
			for (int j = 0; j < d; j++) {
				row[j] += q[i] * da[j];
				dv[j] += row[j] * k[i];
			}
			for (int j = 0; j < d; j++)
				dk += row[j] * v[j];
			put(r->dx + in + n + i, dk * phi_slope(k[i]),
			    r->dx_add);
		}
		for (int j = 0; j < d; j++)
			put(r->dx + in + 2 * n + j, dv[j], r->dx_add);
	}
}

static void backward(const struct layer_shape *sh, const struct layer_run *r)
{
	for (int s = 0; r->dx && s < r->sequences; s++)
		for (int h = 0; h < sh->heads; h++) {
			queries_back(sh, r, s, h);
			keys_back(sh, r, s, h);
		}
}

const struct layer_type layer_linear_attention = {
	.name = "linear attention",
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.flops = flops,
	.param_count = layer_nothing,
	.keep_count = keep_count,
	.scratch_count = scratch_count,
	.init = layer_no_init,
	.masks = layer_no_masks,
	.forward = forward,
	.backward = backward,
	.ready_count = layer_nothing,
	.prepare = layer_no_prepare,
	.infer_scratch = scratch_count,
	.infer = infer,
	.memory_count = memory_count,
};
