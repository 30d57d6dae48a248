/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_MEM_H
#define CORE_BASE_MEM_H

#include <stddef.h>

#include "core/base/attr.h"

/*
 * Allocation that never returns NULL: running out of memory aborts here, with
 * one line on stderr, and nowhere else.  Free with free().
 */
void *mem_alloc(size_t bytes) ATTR_MALLOC;
void *mem_zalloc(size_t count, size_t size) ATTR_MALLOC;
void *mem_realloc(void *p, size_t bytes)
	__attribute__((returns_nonnull, warn_unused_result));
char *mem_strdup(const char *s) ATTR_MALLOC;
char *mem_printf(const char *fmt, ...) ATTR_PRINTF(1, 2) ATTR_MALLOC;

/* `count` floats aligned to 64 bytes, zeroed: what BLAS and vectors like. */
float *mem_floats(size_t count) ATTR_MALLOC;

/* Whole pages of `bytes` or a little more, zeroed.  Once locked they can be
 * read only: who writes to them ends the process.  At NULL: none. */
struct mem_pages {
	void *at;
	size_t bytes;
};
void mem_pages_take(struct mem_pages *p, size_t bytes);
void mem_pages_lock(const struct mem_pages *p);
void mem_pages_release(struct mem_pages *p); /* locked or not */

/*
 * Bytes that this process may still take without anything being swapped or
 * killed: what the system says is available, less where a control group or the
 * process's own limit allows less.  0: not known.
 */
double mem_available(void);

#endif
