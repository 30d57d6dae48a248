/* SPDX-License-Identifier: MIT */
#include "config.h"

#ifdef __x86_64__

#pragma GCC optimize("O3")
#pragma GCC target("avx512f,avx2,fma,prefer-vector-width=512")

#include "core/net/kernel.h"

#define KERNEL kernel_avx512
#define KERNEL_NAME "AVX-512"
#define VEC 16
#define REGISTERS 32
#include "core/net/kernel_body.inc"

#endif
