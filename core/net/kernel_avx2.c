/* SPDX-License-Identifier: MIT */
#include "config.h"

#ifdef __x86_64__

#pragma GCC optimize("O3")
#pragma GCC target("avx2,fma")

#include "core/net/kernel.h"

#define KERNEL kernel_avx2
#define KERNEL_NAME "AVX2"
#define VEC 8
#define REGISTERS 16
#include "core/net/kernel_body.inc"

#endif
