/* SPDX-License-Identifier: MIT */
/* Layers that are products: convolutions and the dense layer. */
#include "config.h"

#include "core/net/layer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/conv.h"
#include "core/net/product.h"

static void fill(float *p, size_t n, float v)
{
	for (size_t i = 0; i < n; i++)
		p[i] = v;
}

static void init_products(struct rng *r, float *w, size_t n, float gain,
			  int fan_in)
{
	float deviation = gain / sqrtf((float)fan_in);

	for (size_t i = 0; i < n; i++)
		w[i] = deviation * rng_normal(r);
}

/* 3x3 convolution */

static struct conv_shape conv_shape(const struct layer_shape *sh)
{
	return (struct conv_shape){sh->rows, sh->cols, sh->in, sh->out};
}

static size_t conv3_params(const struct layer_shape *sh)
{
	return (size_t)9 * sh->in * sh->out;
}

/* Forward: the transformed kernel, then the convolution's own. */
static size_t conv3_scratch(const struct layer_shape *sh, int batch)
{
	struct conv_shape c = conv_shape(sh);
	size_t forward = conv_kernel_count(&c) + conv_forward_scratch(&c);
	size_t backward = conv_backward_scratch(&c);

	(void)batch;
	return forward > backward ? forward : backward;
}

static void conv3_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	init_products(r, w, conv3_params(sh), sh->gain, 9 * sh->in);
}

static void conv3_masks(const struct layer_shape *sh, float *decay,
			float *learn)
{
	fill(decay, conv3_params(sh), 1);
	fill(learn, conv3_params(sh), 1);
}

static void conv3_forward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	struct conv_shape c = conv_shape(sh);

	conv_prepare(&c, r->w, r->scratch);
	conv_forward(&c, r->batch, r->scratch, r->x, NULL, NULL, false, r->y,
		     r->scratch + conv_kernel_count(&c));
}

static void conv3_backward(const struct layer_shape *sh,
			   const struct layer_run *r)
{
	struct conv_shape c = conv_shape(sh);

	conv_backward(&c, r->batch, r->w, r->x, r->dy, r->dx, r->dx_add, r->dw,
		      r->scratch);
}

static double conv3_flops(const struct layer_shape *sh)
{
	return 2 * 9 * ((double)sh->in * sh->out) * sh->rows * sh->cols;
}

/* The transformed kernel, then bias(O). */
static size_t conv3_ready(const struct layer_shape *sh)
{
	struct conv_shape c = conv_shape(sh);

	return conv_kernel_count(&c) + sh->out;
}

static void conv3_prepare(const struct layer_shape *sh, const float *w,
			  const float *mul, const float *add, float *ready)
{
	struct conv_shape c = conv_shape(sh);
	size_t n = conv3_params(sh);
	float *folded;

	if (!mul) {
		conv_prepare(&c, w, ready);
		return;
	}
	folded = mem_floats(n);
	for (size_t i = 0; i < n; i++)
		folded[i] = w[i] * mul[i % sh->out];
	conv_prepare(&c, folded, ready);
	memcpy(ready + conv_kernel_count(&c), add, sh->out * sizeof(*ready));
	free(folded);
}

static size_t conv3_infer_scratch(const struct layer_shape *sh, int batch)
{
	struct conv_shape c = conv_shape(sh);

	(void)batch;
	return conv_forward_scratch(&c);
}

static void conv3_infer(const struct layer_shape *sh, const struct layer_run *r)
{
	struct conv_shape c = conv_shape(sh);

	conv_forward(&c, r->batch, r->w, r->x, r->w + conv_kernel_count(&c),
		     r->skip, sh->relu, r->y, r->scratch);
}

const struct layer_type layer_conv3 = {
	.name = "conv 3x3",
	.param_count = conv3_params,
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.flops = conv3_flops,
	.keep_count = layer_no_room,
	.scratch_count = conv3_scratch,
	.init = conv3_init,
	.masks = conv3_masks,
	.forward = conv3_forward,
	.backward = conv3_backward,
	.takes_fold = true,
	.takes_skip = true,
	.ready_count = conv3_ready,
	.prepare = conv3_prepare,
	.infer_scratch = conv3_infer_scratch,
	.infer = conv3_infer,
};

/* 1x1 convolution: one product over all cells */

static size_t conv1_params(const struct layer_shape *sh)
{
	return (size_t)sh->in * sh->out;
}

static void conv1_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	init_products(r, w, conv1_params(sh), sh->gain, sh->in);
}

static void conv1_masks(const struct layer_shape *sh, float *decay,
			float *learn)
{
	fill(decay, conv1_params(sh), 1);
	fill(learn, conv1_params(sh), 1);
}

static void product_forward(const struct layer_shape *sh,
			    const struct layer_run *r)
{
	blas_sgemm(false, false, r->batch * sh->rows * sh->cols, sh->out,
		   sh->in, r->x, sh->in, r->w, sh->out, 0, r->y, sh->out);
}

static void product_backward(const struct layer_shape *sh,
			     const struct layer_run *r, const float *dy)
{
	int rows = r->batch * sh->rows * sh->cols;

	blas_sgemm(true, false, sh->in, sh->out, rows, r->x, sh->in, dy,
		   sh->out, 1, r->dw, sh->out);
	if (r->dx)
		blas_sgemm(false, true, rows, sh->in, sh->out, dy, sh->out,
			   r->w, sh->out, r->dx_add ? 1 : 0, r->dx, sh->in);
}

static void conv1_backward(const struct layer_shape *sh,
			   const struct layer_run *r)
{
	product_backward(sh, r, r->dy);
}

static double product_flops(const struct layer_shape *sh)
{
	return 2 * ((double)sh->in * sh->out) * sh->rows * sh->cols;
}

/* Panels, then bias(O). */
static size_t product_ready(const struct layer_shape *sh)
{
	return product_count(sh->in, sh->out) + sh->out;
}

static void conv1_prepare(const struct layer_shape *sh, const float *w,
			  const float *mul, const float *add, float *ready)
{
	product_pack(sh->in, sh->out, w, mul, ready);
	if (add)
		memcpy(ready + product_count(sh->in, sh->out), add,
		       sh->out * sizeof(*ready));
}

static size_t product_infer_scratch(const struct layer_shape *sh, int batch)
{
	(void)batch;
	return product_scratch(sh->out);
}

static void product_infer(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	product_run(sh->in, sh->out, r->w,
		    r->w + product_count(sh->in, sh->out), NULL, sh->relu,
		    r->batch * sh->rows * sh->cols, r->x, r->y, r->scratch);
}

const struct layer_type layer_conv1 = {
	.name = "conv 1x1",
	.param_count = conv1_params,
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.flops = product_flops,
	.keep_count = layer_no_room,
	.scratch_count = layer_no_room,
	.init = conv1_init,
	.masks = conv1_masks,
	.forward = product_forward,
	.backward = conv1_backward,
	.takes_fold = true,
	.ready_count = product_ready,
	.prepare = conv1_prepare,
	.infer_scratch = product_infer_scratch,
	.infer = product_infer,
};

/* dense: one product over the batch; point: over all cells */

static size_t dense_params(const struct layer_shape *sh)
{
	return (size_t)(sh->in + 1) * sh->out;
}

static size_t dense_scratch(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * sh->rows * sh->cols * sh->out;
}

static void dense_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	size_t n = conv1_params(sh);

	init_products(r, w, n, sh->gain, sh->in);
	fill(w + n, sh->out, 0);
}

static void dense_masks(const struct layer_shape *sh, float *decay,
			float *learn)
{
	size_t n = conv1_params(sh);

	fill(decay, n, 1);
	fill(decay + n, sh->out, 0);
	fill(learn, dense_params(sh), 1);
}

static void dense_forward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	const float *bias = r->w + conv1_params(sh);
	int rows = r->batch * sh->rows * sh->cols;
	float *y = r->y;

	product_forward(sh, r);
	for (int b = 0; b < rows; b++, y += sh->out)
		for (int o = 0; o < sh->out; o++) {
			float v = y[o] + bias[o];

			y[o] = sh->relu && v < 0 ? 0 : v;
		}
}

static void dense_backward(const struct layer_shape *sh,
			   const struct layer_run *r)
{
	float *dbias = r->dw + conv1_params(sh), *dz = r->scratch;
	int rows = r->batch * sh->rows * sh->cols;

	for (int b = 0; b < rows; b++)
		for (int o = 0; o < sh->out; o++) {
			size_t i = (size_t)b * sh->out + o;

			dz[i] = sh->relu && r->y[i] <= 0 ? 0 : r->dy[i];
			dbias[o] += dz[i];
		}
	product_backward(sh, r, dz);
}

static void dense_prepare(const struct layer_shape *sh, const float *w,
			  const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	product_pack(sh->in, sh->out, w, NULL, ready);
	memcpy(ready + product_count(sh->in, sh->out), w + conv1_params(sh),
	       sh->out * sizeof(*ready));
}

static void dense_text(const struct layer_shape *sh, char *out, size_t size)
{
	snprintf(out, size, "%d -> %d", sh->in, sh->out);
}

const struct layer_type layer_dense = {
	.name = "dense",
	.param_count = dense_params,
	.out_count = layer_board_count,
	.describe = dense_text,
	.flops = product_flops,
	.keep_count = layer_no_room,
	.scratch_count = dense_scratch,
	.init = dense_init,
	.masks = dense_masks,
	.forward = dense_forward,
	.backward = dense_backward,
	.ready_count = product_ready,
	.prepare = dense_prepare,
	.infer_scratch = product_infer_scratch,
	.infer = product_infer,
};

const struct layer_type layer_point = {
	.name = "conv 1x1, bias",
	.param_count = dense_params,
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.flops = product_flops,
	.keep_count = layer_no_room,
	.scratch_count = dense_scratch,
	.init = dense_init,
	.masks = dense_masks,
	.forward = dense_forward,
	.backward = dense_backward,
	.ready_count = product_ready,
	.prepare = dense_prepare,
	.infer_scratch = product_infer_scratch,
	.infer = product_infer,
};
