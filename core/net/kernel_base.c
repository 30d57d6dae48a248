/* SPDX-License-Identifier: MIT */
/* Vectors of four floats: what every 64-bit processor has. */
#include "config.h"

#pragma GCC optimize("O3")

#include "core/net/kernel.h"

#define KERNEL kernel_base
#define KERNEL_NAME "base"
#define VEC 4
#define REGISTERS 16
#include "core/net/kernel_body.inc"
