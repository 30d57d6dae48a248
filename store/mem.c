/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mem_none(void)
{
	fputs("plyscope: out of memory in the lab file's layer\n", stderr);
	abort();
}

void *mem_get(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);

	if (!p)
		mem_none();
	return p;
}

void *mem_grow(void *p, size_t bytes)
{
	p = realloc(p, bytes ? bytes : 1);
	if (!p)
		mem_none();
	return p;
}

char *mem_text(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		mem_none();
	return text;
}

/* A bag is a list of blocks, the newest first; only that one has room. */
struct block {
	struct block *next;
	size_t used, cap;
	_Alignas(16) char data[];
};

enum { BLOCK_BYTES = 16384 };

void *store_bag_alloc(struct store_bag *bag, size_t bytes)
{
	struct block *b = bag->blocks;
	void *p;

	bytes = (bytes + 15) & ~(size_t)15;
	if (!b || b->cap - b->used < bytes) {
		size_t cap = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;

		b = mem_get(sizeof(*b) + cap);
		b->cap = cap;
		b->next = bag->blocks;
		bag->blocks = b;
	}
	p = b->data + b->used;
	b->used += bytes;
	return p;
}

char *store_bag_strdup(struct store_bag *bag, const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(store_bag_alloc(bag, n), text, n);
}

void store_bag_release(struct store_bag *bag)
{
	struct block *b = bag->blocks;

	while (b) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
	bag->blocks = NULL;
}

void *rows_push(struct rows *r)
{
	char *row;

	if (r->count == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 32;
		r->data = mem_grow(r->data, r->cap * r->size);
	}
	row = r->data + r->count++ * r->size;
	return memset(row, 0, r->size);
}

enum store_status rows_give(struct rows *r, enum store_status st,
			    struct store_bag *bag, void *out, size_t *count)
{
	void *rows = NULL;

	*count = 0;
	if (st == STORE_OK && r->count) {
		rows = store_bag_alloc(bag, r->count * r->size);
		memcpy(rows, r->data, r->count * r->size);
		*count = r->count;
	}
	/* `out` is a pointer to some struct *: same size and form here. */
	memcpy(out, &rows, sizeof(rows));
	free(r->data);
	r->data = NULL;
	return st;
}
