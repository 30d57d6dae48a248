/* SPDX-License-Identifier: MIT */
/* Layers that are products: convolutions and the dense layer. */
#include "config.h"

#include "core/net/layer.h"

#include <math.h>

#include "core/net/blas.h"
#include "core/net/conv.h"

static size_t none(const struct layer_shape *sh, int batch)
{
	(void)sh;
	(void)batch;
	return 0;
}

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

const struct layer_type layer_conv3 = {
	.name = "conv 3x3",
	.param_count = conv3_params,
	.keep_count = none,
	.scratch_count = conv3_scratch,
	.init = conv3_init,
	.masks = conv3_masks,
	.forward = conv3_forward,
	.backward = conv3_backward,
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

const struct layer_type layer_conv1 = {
	.name = "conv 1x1",
	.param_count = conv1_params,
	.keep_count = none,
	.scratch_count = none,
	.init = conv1_init,
	.masks = conv1_masks,
	.forward = product_forward,
	.backward = conv1_backward,
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

const struct layer_type layer_dense = {
	.name = "dense",
	.param_count = dense_params,
	.keep_count = none,
	.scratch_count = dense_scratch,
	.init = dense_init,
	.masks = dense_masks,
	.forward = dense_forward,
	.backward = dense_backward,
};

const struct layer_type layer_point = {
	.name = "conv 1x1, bias",
	.param_count = dense_params,
	.keep_count = none,
	.scratch_count = dense_scratch,
	.init = dense_init,
	.masks = dense_masks,
	.forward = dense_forward,
	.backward = dense_backward,
};
