/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

void arena_init(struct arena *a, size_t cap_bytes)
{
	a->base = mem_alloc(cap_bytes);
	a->used_bytes = 0;
	a->cap_bytes = cap_bytes;
}

void arena_release(struct arena *a)
{
	free(a->base);
	memset(a, 0, sizeof(*a));
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	size_t need = (bytes + 15) & ~(size_t)15;
	void *p;

	if (need < bytes || need > a->cap_bytes - a->used_bytes)
		return NULL;
	p = a->base + a->used_bytes;
	a->used_bytes += need;
	return memset(p, 0, bytes);
}

void arena_reset(struct arena *a)
{
	a->used_bytes = 0;
}
