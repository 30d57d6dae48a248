/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/kernel.h"

#include <pthread.h>

static const struct kernel *available[4]; /* filled once */

static void find(void)
{
	int n = 0;

#ifdef __x86_64__
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f"))
		available[n++] = &kernel_avx512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		available[n++] = &kernel_avx2;
#endif
	available[n] = &kernel_base;
}

const struct kernel *const *kernel_all(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find);
	return available;
}

const struct kernel *kernel_get(void)
{
	return kernel_all()[0];
}
