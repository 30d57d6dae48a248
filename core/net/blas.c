/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/blas.h"

#include <pthread.h>

#include <cblas.h>

static void set_threads(void)
{
	openblas_set_num_threads(1);
}

void blas_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, set_threads);
}

void blas_sgemm(bool ta, bool tb, int m, int n, int k, const float *a, int lda,
		const float *b, int ldb, float beta, float *c, int ldc)
{
	cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans,
		    tb ? CblasTrans : CblasNoTrans, m, n, k, 1.0f, a, lda, b,
		    ldb, beta, c, ldc);
}

const char *blas_kernel(void)
{
	return openblas_get_corename();
}
