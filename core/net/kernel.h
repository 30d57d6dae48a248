/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_KERNEL_H
#define CORE_NET_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The inner loops, compiled once for each kind of vector unit from one body
 * (kernel_body.inc) and chosen at run time.  Private to this folder.
 *
 * Matrices in scratch have rows padded to KERNEL_PAD floats whatever the
 * unit, so that only boards and parameters need a tail.
 */
enum { KERNEL_PAD = 16, KERNEL_MAX_TILE = 9 };

static inline int kernel_pad(int n)
{
	return (n + KERNEL_PAD - 1) & ~(KERNEL_PAD - 1);
}

/*
 * How a board is cut for Winograd's convolution F(mr x mc, 3 x 3): tr x tc
 * tiles of mr x mc outputs, each from (mr + 2) x (mc + 2) inputs that overlap
 * those of its neighbours by two.  mr and mc are 3, 4, 6 or 7.
 */
struct kernel_tiles {
	int rows, cols;
	int mr, mc, tr, tc;
};

struct kernel {
	const char *name;

	/*
	 * C(m, n) <- A(m, k) B(k, n), or added to C.  A's element (i, p) is at
	 * a[i * a_row + p * a_k]; rows of B and C are ldb and ldc apart.
	 * n is a multiple of KERNEL_PAD.
	 */
	void (*product)(int m, int n, int k, const float *a, size_t a_row,
			size_t a_k, const float *b, size_t ldb, float *c,
			size_t ldc, bool add);

	/* y(rows, n), packed, <- relu?(x(rows, n) + bias(n) + skip(rows, n));
	 * rows of x are ldx apart; bias and skip may be NULL, skip be y. */
	void (*finish)(int rows, int n, const float *x, size_t ldx,
		       const float *bias, const float *skip, bool relu,
		       float *y);

	/*
	 * Boards to products and back; E = (mr + 2)(mc + 2) elements of a
	 * tile, T = boards * tr * tc tiles, P = padded channels; matrix e of
	 * v(E, T, P) starts at v + e * stride.
	 *   input:  v <- B' x B        input_back:  dx += B dv B'
	 *   output: y <- relu?(A' v A + bias + skip)
	 *   output_back:  dv <- A dy A'
	 * bias and skip may be NULL.
	 */
	void (*input)(const struct kernel_tiles *t, int boards, int channels,
		      const float *x, float *v, size_t stride);
	void (*input_back)(const struct kernel_tiles *t, int boards,
			   int channels, const float *dv, size_t stride,
			   float *dx);
	void (*output)(const struct kernel_tiles *t, int boards, int channels,
		       const float *v, size_t stride, const float *bias,
		       const float *skip, bool relu, float *y);
	void (*output_back)(const struct kernel_tiles *t, int boards,
			    int channels, const float *dy, float *dv,
			    size_t stride);

	/*
	 * Parameters w(3, 3, in, out) to u(E, in, P(out)) <- G w G', and back
	 * dw += G' du G.
	 */
	void (*weights)(const struct kernel_tiles *t, int in, int out,
			const float *w, float *u);
	void (*weights_back)(const struct kernel_tiles *t, int in, int out,
			     const float *du, float *dw);

	/*
	 * Batch norm over the columns of x(rows, n); see layer_norm.
	 *   moments:  mean(n) and var(n), divided by rows
	 *   norm:     y <- relu?(mul x + add + skip); skip may be NULL
	 *   norm_sums: sum(n) of dz and sum_x(n) of dz (x - mean), where dz is
	 *             dy, or 0 where y <= 0 if `relu`
	 *   norm_back: dx <-+ mul dz + a x + c,  dskip <-+ dz; `<-+` is + if
	 *             dx_add, dskip_add; dskip may be NULL
	 */
	void (*moments)(int rows, int n, const float *x, float *mean,
			float *var);
	void (*norm)(int rows, int n, const float *x, const float *mul,
		     const float *add, const float *skip, bool relu, float *y);
	void (*norm_sums)(int rows, int n, const float *x, const float *mean,
			  const float *y, bool relu, const float *dy,
			  float *sum, float *sum_x);
	void (*norm_back)(int rows, int n, const float *x, const float *y,
			  bool relu, const float *dy, const float *mul,
			  const float *a, const float *c, float *dx,
			  bool dx_add, float *dskip, bool dskip_add);

	/*
	 * Norms of rows; see layer_row_norm.  keep(rows, 2) is mean and
	 * 1 / deviation of each, NULL: not wanted.  Back adds to dgamma and
	 * dbeta.
	 */
	void (*row_norm)(int rows, int n, const float *x, const float *gamma,
			 const float *beta, const float *skip, bool relu,
			 float *y, float *keep);
	void (*row_norm_back)(int rows, int n, const float *x, const float *y,
			      bool relu, const float *keep, const float *gamma,
			      const float *dy, float *dx, bool dx_add,
			      float *dskip, bool dskip_add, float *dgamma,
			      float *dbeta);

	/*
	 * Causal attention: of row r of scores s(rows, width), `step` apart,
	 * the first first + r count, the others become 0; width is a multiple
	 * of KERNEL_PAD.
	 *   softmax: s <- e^(s - max), not yet times `inverse`; log_sum is the
	 *            logarithm of what divides e^s, NULL: not wanted
	 *   softmax_back: s <- p = e^(s - log_sum),  dp <- p (dp - mean)
	 */
	void (*softmax)(int rows, int first, int width, float *s, size_t step,
			float *inverse, float *log_sum);
	void (*softmax_back)(int rows, int first, int width, float *s,
			     float *dp, size_t step, const float *log_sum,
			     const float *mean);

	/* Activations; see layer_gelu and layer_swiglu.  dx may be added to. */
	void (*gelu)(int n, const float *x, float *y);
	void (*gelu_back)(int n, const float *x, const float *dy, float *dx,
			  bool dx_add);
	void (*swiglu)(int rows, int n, const float *x, float *y);
	void (*swiglu_back)(int rows, int n, const float *x, const float *dy,
			    float *dx, bool dx_add);

	/* One sample of a gated recurrent unit; see layer_gru.  x(3 n), h(n)
	 * before it and p(3 n) of that to y(n); keep(4 n) is r, z, the tanh
	 * and the last part of p, NULL: not wanted. */
	void (*gru)(int n, const float *x, const float *h, const float *p,
		    float *y, float *keep);
};

/* The best that this processor runs; the same for the whole process. */
const struct kernel *kernel_get(void);

/* Every one that this processor runs, ending with NULL: for tests. */
const struct kernel *const *kernel_all(void);

extern const struct kernel kernel_base;
#ifdef __x86_64__
extern const struct kernel kernel_avx2, kernel_avx512;
#endif

#endif
