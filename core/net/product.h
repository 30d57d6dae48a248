/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_PRODUCT_H
#define CORE_NET_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Products by our own kernels and not BLAS: in inference a row's bits must not
 * depend on how many others there are.  Private to this folder.
 */

/* Floats of a packed w(in, out), and of the scratch of a run. */
size_t product_count(int in, int out);
size_t product_scratch(int out);

/* panels <- w(in, out), column o times mul[o] where mul is not NULL. */
void product_pack(int in, int out, const float *w, const float *mul,
		  float *panels);

/* The same of w' (out, in), for gradients: product_count(out, in) floats. */
void product_pack_back(int in, int out, const float *w, float *panels);

/* y(rows, out) <- relu?(x(rows, in) w + bias + skip(rows, out)); bias and skip
 * may be NULL, skip be y. */
void product_run(int in, int out, const float *panels, const float *bias,
		 const float *skip, bool relu, int rows, const float *x,
		 float *y, float *scratch);

#endif
