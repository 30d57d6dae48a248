/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_TEXT_IN_H
#define CORE_FORMAT_TEXT_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/base/buf.h"

/*
 * Text that is read once, from front to end, by the parsers of game records:
 * bytes in memory, or a file of any length of which a block at a time is held.
 * A byte order mark at the start is passed over, and CR LF is read as LF.
 */
enum { TEXT_END = -1 };

struct text_in {
	const unsigned char *data; /* borrowed, or `block` */
	size_t len, pos;
	FILE *file;           /* borrowed; NULL: memory */
	unsigned char *block; /* owned */
	size_t before;        /* bytes of blocks that are gone */
	int error;            /* errno of a read that failed; 0 */
	long line, column;    /* of the next character, from 1 */
};

/* `data` and `file` are borrowed until text_in_release(). */
void text_in_memory(struct text_in *in, const void *data, size_t len);
void text_in_file(struct text_in *in, FILE *file);
void text_in_release(struct text_in *in);

/* The next byte, taken or only looked at; TEXT_END at the end. */
int text_get(struct text_in *in);
int text_peek(struct text_in *in);

/* Passes over blanks and ends of lines; the byte after them, not taken. */
int text_skip_blanks(struct text_in *in);
/* Up to the end of the line, which is taken, into `out` (may be NULL) as long
 * as that has less than `most` bytes.  False where there was more. */
bool text_line(struct text_in *in, struct buf *out, size_t most);

/* Bytes taken so far. */
size_t text_taken(const struct text_in *in);

/* The first bytes that are not blank, without taking any: for telling formats
 * apart.  At most `size` - 1 of them, NUL-terminated. */
void text_head(struct text_in *in, char *out, size_t size);

/* Adds `text` as UTF-8: as it is where it is valid, else from Latin-1.  Control
 * characters but LF and TAB become blanks. */
void text_add_utf8(struct buf *out, const char *text, size_t len);

#endif
