/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stddef.h>

/*
 * One block of memory with a cap, from which pieces are taken and never given
 * back one by one.  The address space is reserved at creation; the operating
 * system provides pages as they are first touched, so a large cap costs nothing
 * until it is used.  One thread at a time.
 */
struct arena {
	unsigned char *base; /* owned */
	size_t used_bytes;
	size_t cap_bytes;
};

void arena_init(struct arena *a, size_t cap_bytes);
void arena_release(struct arena *a);

/* Zeroed, aligned to 16 bytes; NULL when the cap is reached: a result for the
 * caller to act on, not an error. */
void *arena_alloc(struct arena *a, size_t bytes);

/* Forget all pieces; the pages stay. */
void arena_reset(struct arena *a);

#endif
