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
 * behind it may change, the plain loops in the tests stay as its measure.
 */
struct conv_shape {
	int rows, cols, in, out;
};

/* Floats of scratch that the calls below need for a batch. */
size_t conv_scratch_count(const struct conv_shape *sh, int batch);

void conv_forward(const struct conv_shape *sh, int batch, const float *w,
		  const float *x, float *y, float *scratch);

/* dx is overwritten, or added to if `dx_add`; NULL: not wanted.  dw is added
 * to. */
void conv_backward(const struct conv_shape *sh, int batch, const float *w,
		   const float *x, const float *dy, float *dx, bool dx_add,
		   float *dw, float *scratch);

#endif
