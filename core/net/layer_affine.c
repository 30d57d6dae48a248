/* SPDX-License-Identifier: MIT */
/*
 * A product with what a transformer does next to it: the residual sum.  By our
 * own kernels in training, too: shapes are small, and their rows many.
 */
#include "config.h"

#include "core/net/layer.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/kernel.h"
#include "core/net/product.h"

/* Rows whose share of a gradient is added up while they are near. */
enum { BACK_ROWS = 64 };

static size_t products(const struct layer_shape *sh)
{
	return (size_t)sh->in * sh->out;
}

static size_t affine_params(const struct layer_shape *sh)
{
	return products(sh) + sh->out;
}

static void affine_text(const struct layer_shape *sh, char *out, size_t size)
{
	snprintf(out, size, "%d -> %d", sh->in, sh->out);
}

static double affine_flops(const struct layer_shape *sh)
{
	return 2 * (double)products(sh);
}

static void affine_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	float deviation = sh->gain / sqrtf((float)sh->in);

	for (size_t i = 0; i < products(sh); i++)
		w[i] = deviation * rng_normal(r);
	memset(w + products(sh), 0, sh->out * sizeof(*w));
}

static void affine_masks(const struct layer_shape *sh, float *decay,
			 float *learn)
{
	for (size_t i = 0; i < affine_params(sh); i++) {
		decay[i] = i < products(sh) ? 1 : 0;
		learn[i] = 1;
	}
}

/* The panels of w or of w', then a run's. */
static size_t affine_scratch(const struct layer_shape *sh, int batch)
{
	size_t forward =
		product_count(sh->in, sh->out) + product_scratch(sh->out);
	size_t back = product_count(sh->out, sh->in) + product_scratch(sh->in);

	(void)batch;
	return forward > back ? forward : back;
}

static void affine_forward(const struct layer_shape *sh,
			   const struct layer_run *r)
{
	size_t panels = product_count(sh->in, sh->out);

	product_pack(sh->in, sh->out, r->w, NULL, r->scratch);
	product_run(sh->in, sh->out, r->scratch, r->w + products(sh), r->skip,
		    sh->relu, r->batch, r->x, r->y, r->scratch + panels);
}

/* dw += x' dy,  dc += sum of dy */
static void add_weights(const struct layer_shape *sh, const struct layer_run *r)
{
	const struct kernel *k = kernel_get();
	float *bias = r->dw + products(sh);

	for (int from = 0; from < r->batch; from += BACK_ROWS) {
		int n = r->batch - from < BACK_ROWS ? r->batch - from
						    : BACK_ROWS;
		const float *x = r->x + (size_t)from * sh->in;
		const float *dy = r->dy + (size_t)from * sh->out;

		if (sh->out % KERNEL_PAD)
			blas_sgemm(true, false, sh->in, sh->out, n, x, sh->in,
				   dy, sh->out, 1, r->dw, sh->out);
		else
			k->product(sh->in, sh->out, n, x, 1, sh->in, dy,
				   sh->out, r->dw, sh->out, true);
		for (int b = 0; b < n; b++, dy += sh->out)
			k->finish(1, sh->out, dy, sh->out, NULL, bias, false,
				  bias);
	}
}

static void affine_backward(const struct layer_shape *sh,
			    const struct layer_run *r)
{
	size_t panels = product_count(sh->out, sh->in);
	size_t n = (size_t)r->batch * sh->out;

	assert(!sh->relu);
	add_weights(sh, r);
	if (r->dskip && r->dskip_add)
		kernel_get()->finish(1, (int)n, r->dy, n, NULL, r->dskip, false,
				     r->dskip);
	else if (r->dskip)
		memcpy(r->dskip, r->dy, n * sizeof(*r->dy));
	if (!r->dx)
		return;
	product_pack_back(sh->in, sh->out, r->w, r->scratch);
	product_run(sh->out, sh->in, r->scratch, NULL, r->dx_add ? r->dx : NULL,
		    false, r->batch, r->dy, r->dx, r->scratch + panels);
}

/* Panels, then c(O). */
static size_t affine_ready(const struct layer_shape *sh)
{
	return product_count(sh->in, sh->out) + sh->out;
}

static void affine_prepare(const struct layer_shape *sh, const float *w,
			   const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	product_pack(sh->in, sh->out, w, NULL, ready);
	memcpy(ready + product_count(sh->in, sh->out), w + products(sh),
	       sh->out * sizeof(*ready));
}

static size_t affine_infer_scratch(const struct layer_shape *sh, int batch)
{
	(void)batch;
	return product_scratch(sh->out);
}

static void affine_infer(const struct layer_shape *sh,
			 const struct layer_run *r)
{
	product_run(sh->in, sh->out, r->w,
		    r->w + product_count(sh->in, sh->out), r->skip, sh->relu,
		    r->batch, r->x, r->y, r->scratch);
}

const struct layer_type layer_affine = {
	.name = "affine",
	.skips = true,
	.param_count = affine_params,
	.out_count = layer_board_count,
	.describe = affine_text,
	.flops = affine_flops,
	.init = affine_init,
	.masks = affine_masks,
	.keep_count = layer_no_room,
	.scratch_count = affine_scratch,
	.forward = affine_forward,
	.backward = affine_backward,
	.ready_count = affine_ready,
	.prepare = affine_prepare,
	.infer_scratch = affine_infer_scratch,
	.infer = affine_infer,
};
