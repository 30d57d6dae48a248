/* SPDX-License-Identifier: MIT */
/* The gated recurrent unit; see layer.h. */
#include "config.h"

/* -O2 leaves these loops scalar. */
#pragma GCC optimize("O3")

#include "core/net/layer.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/kernel.h"
#include "core/net/product.h"

static size_t products(const struct layer_shape *sh)
{
	return (size_t)sh->out * 3 * sh->out;
}

static size_t gru_params(const struct layer_shape *sh)
{
	return products(sh) + (size_t)3 * sh->out;
}

/* By sample: r(O), z(O), n(O) and W h + f (O). */
static size_t gru_keep(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * 4 * sh->out;
}

/*
 * The parameters in panels, and what a product needs; of the sequences at one
 * moment h(O) and what the products make of it (3 O); backward also the
 * gradients of those products of all samples, and of h by sequence.
 */
static size_t gru_scratch(const struct layer_shape *sh, int batch)
{
	int n = sh->out;
	size_t forth = product_count(n, 3 * n), back = product_count(3 * n, n);

	return (forth > back ? forth : back) + product_scratch(3 * n) +
	       (size_t)batch * 8 * n;
}

static void gru_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	float deviation = sh->gain / sqrtf((float)sh->out);

	memset(w, 0, gru_params(sh) * sizeof(*w));
	for (size_t i = 0; i < products(sh); i++)
		w[i] = deviation * rng_normal(r);
}

static void gru_masks(const struct layer_shape *sh, float *decay, float *learn)
{
	for (size_t i = 0; i < gru_params(sh); i++) {
		decay[i] = i < products(sh);
		learn[i] = 1;
	}
}

static int longest(const struct layer_run *r)
{
	int most = 0;

	for (int s = 0; s < r->sequences; s++) {
		int n = layer_begin(r, s + 1) - layer_begin(r, s);

		most = n > most ? n : most;
	}
	return most;
}

/* Sample t of sequence s; -1: it is shorter. */
static int row_at(const struct layer_run *r, int s, int t)
{
	int row = layer_begin(r, s) + t;

	return row < layer_begin(r, s + 1) ? row : -1;
}

/* h before sample t of the sequences that have one, one after the other:
 * how many there are. */
static int gather(const struct layer_run *r, int n, int t, float *h)
{
	size_t bytes = (size_t)n * sizeof(*h);
	int count = 0;

	for (int s = 0; s < r->sequences; s++) {
		int row = row_at(r, s, t);
		const float *memory = layer_memory(r, s);

		if (row < 0)
			continue;
		if (t)
			memcpy(h, r->y + (size_t)(row - 1) * n, bytes);
		else if (memory)
			memcpy(h, memory, bytes);
		else
			memset(h, 0, bytes);
		h += n;
		count++;
	}
	return count;
}

/* Sample t of all sequences, of h and its products p as gather() left them. */
static void step(const struct layer_run *r, int n, int t, const float *h,
		 const float *p, float *keep)
{
	for (int s = 0; s < r->sequences; s++) {
		int row = row_at(r, s, t);
		size_t at = (size_t)row * n;

		if (row < 0)
			continue;
		kernel_get()->gru(n, r->x + 3 * at, h, p, r->y + at,
				  keep ? keep + 4 * at : NULL);
		h += n;
		p += (size_t)3 * n;
	}
}

static void gru_forward(const struct layer_shape *sh, const struct layer_run *r)
{
	int n = sh->out, moments = longest(r);
	const float *bias = r->w + products(sh);
	float *panels = r->scratch, *spare = panels + product_count(n, 3 * n);
	float *h = spare + product_scratch(3 * n);
	float *p = h + (size_t)r->batch * n;

	product_pack(n, 3 * n, r->w, NULL, panels);
	for (int t = 0; t < moments; t++) {
		int m = gather(r, n, t, h);

		product_run(n, 3 * n, panels, bias, NULL, false, m, h, p,
			    spare);
		step(r, n, t, h, p, r->keep);
	}
}

/*
 * One sample: from dy, the gradient of y, and dh, that which comes from later
 * samples, to dx(3 O), to dp(3 O) of the products and, without what passes
 * through these, to dh of the sample before.  h(O) is before it; NULL: zeros.
 */
static void gates_back(int n, const float *keep, const float *h,
		       const float *dy, float *dh, float *dx, bool dx_add,
		       float *dp)
{
	for (int i = 0; i < n; i++) {
		float r = keep[i], z = keep[n + i], c = keep[2 * n + i];
		float d = dy[i] + dh[i], was = h ? h[i] : 0;
		float dc = d * (1 - z) * (1 - c * c);
		float dz = d * (was - c) * z * (1 - z);
		float dr = dc * keep[3 * n + i] * r * (1 - r);

		dh[i] = d * z;
		dp[i] = dr;
		dp[n + i] = dz;
		dp[2 * n + i] = dc * r;
		if (!dx)
			continue;
		dx[i] = dx_add ? dx[i] + dr : dr;
		dx[n + i] = dx_add ? dx[n + i] + dz : dz;
		dx[2 * n + i] = dx_add ? dx[2 * n + i] + dc : dc;
	}
}

/* Sample t of all sequences: dp(batch, 3 O) of all samples and dh(sequences, O)
 * are in scratch, and what is packed here goes into `packed`: how many. */
static int step_back(const struct layer_run *r, int n, int t, float *dp,
		     float *dh, float *packed)
{
	size_t bytes = (size_t)3 * n * sizeof(*packed);
	int count = 0;

	for (int s = 0; s < r->sequences; s++) {
		int row = row_at(r, s, t);
		size_t at = (size_t)row * n;

		if (row < 0)
			continue;
		gates_back(n, r->keep + 4 * at, t ? r->y + at - n : NULL,
			   r->dy + at, dh + (size_t)s * n,
			   r->dx ? r->dx + 3 * at : NULL, r->dx_add,
			   dp + 3 * at);
		memcpy(packed, dp + 3 * at, bytes);
		packed += 3 * n;
		count++;
	}
	return count;
}

static void gru_backward(const struct layer_shape *sh,
			 const struct layer_run *r)
{
	int n = sh->out;
	float *dbias = r->dw + products(sh);
	float *panels = r->scratch, *spare = panels + product_count(3 * n, n);
	float *dp = spare + product_scratch(n);
	float *dh = dp + (size_t)r->batch * 3 * n;
	float *packed = dh + (size_t)r->batch * n;
	float *through = packed + (size_t)r->batch * 3 * n;

	product_pack_back(n, 3 * n, r->w, panels);
	memset(dh, 0, (size_t)r->sequences * n * sizeof(*dh));
	for (int t = longest(r) - 1; t >= 0; t--) {
		int m = step_back(r, n, t, dp, dh, packed);
		const float *from = through;

		product_run(3 * n, n, panels, NULL, NULL, false, m, packed,
			    through, spare);
		for (int s = 0; s < r->sequences; s++) {
			if (row_at(r, s, t) < 0)
				continue;
			for (int i = 0; i < n; i++)
				dh[(size_t)s * n + i] += *from++;
		}
	}
	for (int s = 0; s < r->sequences; s++) {
		size_t first = (size_t)layer_begin(r, s);
		int len = layer_begin(r, s + 1) - (int)first;

		if (len > 1)
			blas_sgemm(true, false, n, 3 * n, len - 1,
				   r->y + first * n, n,
				   dp + (first + 1) * 3 * n, 3 * n, 1, r->dw,
				   3 * n);
	}
	for (int b = 0; b < r->batch; b++)
		for (int i = 0; i < 3 * n; i++)
			dbias[i] += *dp++;
}

static double gru_flops(const struct layer_shape *sh)
{
	return 2 * (double)products(sh);
}

/* Panels, then (d, e, f). */
static size_t gru_ready(const struct layer_shape *sh)
{
	return product_count(sh->out, 3 * sh->out) + (size_t)3 * sh->out;
}

static void gru_prepare(const struct layer_shape *sh, const float *w,
			const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	product_pack(sh->out, 3 * sh->out, w, NULL, ready);
	memcpy(ready + product_count(sh->out, 3 * sh->out), w + products(sh),
	       (size_t)3 * sh->out * sizeof(*w));
}

static size_t gru_infer_scratch(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * 4 * sh->out + product_scratch(3 * sh->out);
}

static void gru_infer(const struct layer_shape *sh, const struct layer_run *r)
{
	int n = sh->out, moments = longest(r);
	const float *bias = r->w + product_count(n, 3 * n);
	float *h = r->scratch, *p = h + (size_t)r->batch * n;
	float *spare = p + (size_t)r->batch * 3 * n;

	for (int t = 0; t < moments; t++) {
		int m = gather(r, n, t, h);

		product_run(n, 3 * n, r->w, bias, NULL, false, m, h, p, spare);
		step(r, n, t, h, p, NULL);
	}
	for (int s = 0; r->memory && s < r->sequences; s++) {
		int end = layer_begin(r, s + 1);

		if (end > layer_begin(r, s))
			memcpy(layer_memory(r, s), r->y + (size_t)(end - 1) * n,
			       (size_t)n * sizeof(*h));
	}
}

const struct layer_type layer_gru = {
	.name = "gru",
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.flops = gru_flops,
	.param_count = gru_params,
	.keep_count = gru_keep,
	.scratch_count = gru_scratch,
	.init = gru_init,
	.masks = gru_masks,
	.forward = gru_forward,
	.backward = gru_backward,
	.ready_count = gru_ready,
	.prepare = gru_prepare,
	.infer_scratch = gru_infer_scratch,
	.infer = gru_infer,
	.memory_count = layer_board_count,
};
