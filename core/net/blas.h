/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_BLAS_H
#define CORE_NET_BLAS_H

#include <stdbool.h>

/*
 * Single-precision products, row-major, on the calling thread alone.
 *
 *	C(m, n) <- A(m, k) B(k, n) + beta C
 *
 * `lda`, `ldb` and `ldc` are the floats from one stored row to the next;
 * `ta`/`tb` say that A is stored as (k, m) and B as (n, k).
 */
void blas_sgemm(bool ta, bool tb, int m, int n, int k, const float *a, int lda,
		const float *b, int ldb, float beta, float *c, int ldc);

/* The library must not start threads of its own: called before any product,
 * from any thread, any number of times. */
void blas_init(void);

const char *blas_kernel(void); /* e.g. "Haswell" */

#endif
