/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/buf.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* What an empty buffer shows. */
static char nothing[1]; /* never written */

void buf_init(struct buf *b)
{
	b->data = nothing;
	b->len = b->cap = 0;
}

void buf_release(struct buf *b)
{
	if (b->cap)
		free(b->data);
	memset(b, 0, sizeof(*b));
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->cap)
		b->data[0] = '\0';
}

char *buf_detach(struct buf *b, size_t *len)
{
	char *data = b->cap ? b->data : mem_strdup("");

	if (len)
		*len = b->len;
	buf_init(b);
	return data;
}

static char *room_for(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 64;

	if (b->len + more + 1 > b->cap) {
		while (b->len + more + 1 > cap)
			cap *= 2;
		b->data = mem_realloc(b->cap ? b->data : NULL, cap);
		b->cap = cap;
	}
	return b->data + b->len;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (!len)
		return;
	memcpy(room_for(b, len), data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void buf_counted(struct buf *b, int64_t n, const char *one)
{
	buf_printf(b, "%lld %s%s", (long long)n, one, n == 1 ? "" : "s");
}

bool buf_add_stream(struct buf *b, FILE *f, size_t most)
{
	char part[4096];
	size_t n, all = 0;

	errno = 0;
	while (all < most && (n = fread(part, 1, sizeof(part), f)) > 0) {
		buf_add(b, part, n);
		all += n;
	}
	return !ferror(f);
}

void buf_puts(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	room_for(b, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

static void add_little_endian(struct buf *b, uint64_t v, size_t bytes)
{
	unsigned char raw[8];

	for (size_t i = 0; i < bytes; i++)
		raw[i] = (unsigned char)(v >> (8 * i));
	buf_add(b, raw, bytes);
}

void buf_u8(struct buf *b, uint8_t v)
{
	add_little_endian(b, v, 1);
}

void buf_u16(struct buf *b, uint16_t v)
{
	add_little_endian(b, v, 2);
}

void buf_u32(struct buf *b, uint32_t v)
{
	add_little_endian(b, v, 4);
}

void buf_u64(struct buf *b, uint64_t v)
{
	add_little_endian(b, v, 8);
}

void buf_f32(struct buf *b, float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	buf_u32(b, bits);
}

void buf_f64(struct buf *b, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	buf_u64(b, bits);
}

void buf_text(struct buf *b, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	buf_u32(b, (uint32_t)n);
	if (n)
		buf_add(b, text, n);
}

void buf_f32s(struct buf *b, const float *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_f32(b, v[i]);
}

void reader_init(struct reader *r, const void *data, size_t len)
{
	r->data = data;
	r->len = len;
	r->pos = 0;
	r->failed = false;
}

const void *reader_bytes(struct reader *r, size_t len)
{
	const void *p = r->data + r->pos;

	if (r->failed || len > r->len - r->pos) {
		r->failed = true;
		return NULL;
	}
	r->pos += len;
	return p;
}

static uint64_t read_little_endian(struct reader *r, size_t bytes)
{
	const unsigned char *raw = reader_bytes(r, bytes);
	uint64_t v = 0;

	if (!raw)
		return 0;
	for (size_t i = 0; i < bytes; i++)
		v |= (uint64_t)raw[i] << (8 * i);
	return v;
}

uint8_t reader_u8(struct reader *r)
{
	return (uint8_t)read_little_endian(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
	return (uint16_t)read_little_endian(r, 2);
}

uint32_t reader_u32(struct reader *r)
{
	return (uint32_t)read_little_endian(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
	return read_little_endian(r, 8);
}

int64_t reader_count(struct reader *r, int64_t most)
{
	uint64_t v = reader_u64(r);

	if (v <= (uint64_t)most)
		return (int64_t)v;
	r->failed = true;
	return 0;
}

float reader_f32(struct reader *r)
{
	uint32_t bits = reader_u32(r);
	float v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

double reader_f64(struct reader *r)
{
	uint64_t bits = reader_u64(r);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

char *reader_text(struct reader *r)
{
	uint32_t n = reader_u32(r);
	const char *bytes = reader_bytes(r, n);
	char *text;

	if (bytes && memchr(bytes, '\0', n)) {
		r->failed = true;
		bytes = NULL;
	}
	n = bytes ? n : 0;
	text = mem_alloc((size_t)n + 1);
	if (n)
		memcpy(text, bytes, n);
	text[n] = '\0';
	return text;
}

void reader_f32s(struct reader *r, float *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		out[i] = reader_f32(r);
}
