/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_BUF_H
#define CORE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/attr.h"

/*
 * A growing run of bytes: text (kept NUL-terminated, so `data` is a C string)
 * or a stored record.  Numbers are little-endian whatever the machine.
 */
struct buf {
	char *data; /* owned; "" when empty, never NULL after init */
	size_t len, cap;
};

void buf_init(struct buf *b);
void buf_release(struct buf *b);
void buf_clear(struct buf *b);
char *buf_detach(struct buf *b,
		 size_t *len); /* caller frees; len may be NULL */

void buf_add(struct buf *b, const void *data, size_t len);
void buf_puts(struct buf *b, const char *text);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) ATTR_PRINTF(2, 3);
/* "1 pair", "2 pairs". */
void buf_counted(struct buf *b, int64_t n, const char *one);

/* Add what is left of `f`, ending soon after `most` bytes.  False with errno
 * set if it cannot be read. */
bool buf_add_stream(struct buf *b, FILE *f, size_t most);

void buf_u8(struct buf *b, uint8_t v);
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_f32(struct buf *b, float v);
void buf_f64(struct buf *b, double v);
/* A text as its length and bytes; NULL is "". */
void buf_text(struct buf *b, const char *text);
void buf_f32s(struct buf *b, const float *v, size_t count);

/* Reading from a stored record: past the end, or after a failure, every read
 * gives zero and `failed` stays set, so one check at the end is enough. */
struct reader {
	const unsigned char *data; /* borrowed */
	size_t len, pos;
	bool failed;
};

void reader_init(struct reader *r, const void *data, size_t len);
const void *reader_bytes(struct reader *r, size_t len); /* NULL past the end */
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
/* A u64 that is at most `most`; more is a failure. */
int64_t reader_count(struct reader *r, int64_t most);
float reader_f32(struct reader *r);
double reader_f64(struct reader *r);
/* As buf_text() wrote it, the caller's; "" after a failure. */
char *reader_text(struct reader *r);
void reader_f32s(struct reader *r, float *out, size_t count);

#endif
