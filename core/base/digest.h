/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_DIGEST_H
#define CORE_BASE_DIGEST_H

#include <stddef.h>

/* SHA-256 (FIPS 180-4) as 64 hex digits. */
enum { DIGEST_SIZE = 65 };
void digest_hex(const void *data, size_t len, char out[DIGEST_SIZE]);

/* Of floats as checkpoints are hashed: over their little-endian bytes. */
void digest_floats(const float *w, size_t count, char out[DIGEST_SIZE]);

#endif
