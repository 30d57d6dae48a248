/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_CONV_H
#define CORE_NET_CONV_H

#include <stdbool.h>
#include <stddef.h>

/*
 * 3x3 convolution with a border of zeros, channels last:
 *
 *	y(B, rows, cols, out) <- x(B, rows, cols, in), w(3, 3, in, out)
 *
 * The one interface to convolutions, for training and for inference: what is
 * behind it may change; the plain loops in the tests remain its reference.
 * Today: Winograd's minimal filtering with tiles that fit the board (see
 * kernel.h), over small products.  The bits of a board do not depend on the
 * batch that it is in.
 *
 * Kernels are transformed once (conv_prepare) and used many times.
 */
struct conv_shape {
	int rows, cols, in, out;
};

/* Floats of a transformed kernel, and of the scratch that forward and backward
 * need for a batch of any size. */
size_t conv_kernel_count(const struct conv_shape *sh);
size_t conv_forward_scratch(const struct conv_shape *sh);
size_t conv_backward_scratch(const struct conv_shape *sh);

/* u[conv_kernel_count] <- w(3, 3, in, out) */
void conv_prepare(const struct conv_shape *sh, const float *w, float *u);

/* y <- relu?(conv(x) + bias(out) + skip(B, rows, cols, out)); bias and skip may
 * be NULL.  y may be skip, but not x. */
void conv_forward(const struct conv_shape *sh, int batch, const float *u,
		  const float *x, const float *bias, const float *skip,
		  bool relu, float *y, float *scratch);

/* From dy, with the plain w: dx is overwritten, or added to if `dx_add`; NULL:
 * not wanted.  dw(3, 3, in, out) is added to. */
void conv_backward(const struct conv_shape *sh, int batch, const float *w,
		   const float *x, const float *dy, float *dx, bool dx_add,
		   float *dw, float *scratch);

#endif
