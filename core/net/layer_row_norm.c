/* SPDX-License-Identifier: MIT */
/* The norm of each row alone, and activations; see layer.h. */
#include "config.h"

#include "core/net/layer.h"

#include <assert.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/net/kernel.h"

static int rows_of(const struct layer_shape *sh, const struct layer_run *r)
{
	return r->batch * sh->rows * sh->cols;
}

/* row norm */

static size_t norm_params(const struct layer_shape *sh)
{
	return (size_t)2 * sh->out;
}

/* The mean and one over the deviation of each row. */
static size_t norm_keep(const struct layer_shape *sh, int batch)
{
	return (size_t)2 * batch * sh->rows * sh->cols;
}

static void norm_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	(void)r;
	for (int o = 0; o < sh->out; o++) {
		w[o] = sh->gain;
		w[sh->out + o] = 0;
	}
}

static void norm_masks(const struct layer_shape *sh, float *decay, float *learn)
{
	for (int i = 0; i < 2 * sh->out; i++) {
		decay[i] = 0;
		learn[i] = 1;
	}
}

static void norm_run(const struct layer_shape *sh, const struct layer_run *r)
{
	kernel_get()->row_norm(rows_of(sh, r), sh->out, r->x, r->w,
			       r->w + sh->out, r->skip, sh->relu, r->y,
			       r->keep);
}

static void norm_backward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	assert(r->dx);
	kernel_get()->row_norm_back(rows_of(sh, r), sh->out, r->x, r->y,
				    sh->relu, r->keep, r->w, r->dy, r->dx,
				    r->dx_add, r->dskip, r->dskip_add, r->dw,
				    r->dw + sh->out);
}

static void norm_prepare(const struct layer_shape *sh, const float *w,
			 const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	memcpy(ready, w, norm_params(sh) * sizeof(*w));
}

const struct layer_type layer_row_norm = {
	.name = "row norm",
	.skips = true,
	.param_count = norm_params,
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.init = norm_init,
	.masks = norm_masks,
	.keep_count = norm_keep,
	.scratch_count = layer_no_room,
	.forward = norm_run,
	.backward = norm_backward,
	.ready_count = norm_params,
	.prepare = norm_prepare,
	.infer_scratch = layer_no_room,
	.infer = norm_run,
};

/* gelu */

static void gelu_run(const struct layer_shape *sh, const struct layer_run *r)
{
	kernel_get()->gelu(rows_of(sh, r) * sh->out, r->x, r->y);
}

static void gelu_backward(const struct layer_shape *sh,
			  const struct layer_run *r)
{
	if (r->dx)
		kernel_get()->gelu_back(rows_of(sh, r) * sh->out, r->x, r->dy,
					r->dx, r->dx_add);
}

const struct layer_type layer_gelu = {
	.name = "gelu",
	.param_count = layer_nothing,
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.init = layer_no_init,
	.masks = layer_no_masks,
	.keep_count = layer_no_room,
	.scratch_count = layer_no_room,
	.forward = gelu_run,
	.backward = gelu_backward,
	.ready_count = layer_nothing,
	.prepare = layer_no_prepare,
	.infer_scratch = layer_no_room,
	.infer = gelu_run,
};

/* swiglu */

static void swiglu_run(const struct layer_shape *sh, const struct layer_run *r)
{
	kernel_get()->swiglu(rows_of(sh, r), sh->out, r->x, r->y);
}

static void swiglu_backward(const struct layer_shape *sh,
			    const struct layer_run *r)
{
	if (r->dx)
		kernel_get()->swiglu_back(rows_of(sh, r), sh->out, r->x, r->dy,
					  r->dx, r->dx_add);
}

const struct layer_type layer_swiglu = {
	.name = "swiglu",
	.param_count = layer_nothing,
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.init = layer_no_init,
	.masks = layer_no_masks,
	.keep_count = layer_no_room,
	.scratch_count = layer_no_room,
	.forward = swiglu_run,
	.backward = swiglu_backward,
	.ready_count = layer_nothing,
	.prepare = layer_no_prepare,
	.infer_scratch = layer_no_room,
	.infer = swiglu_run,
};
