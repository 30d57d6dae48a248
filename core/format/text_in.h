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
 * A byte order mark at the start is passed over, and CR LF is read as LF.  What
 * was taken in vain can be given back.  UTF-16 is read as UTF-8, and so is text
 * in a charset that is named.
 */
enum { TEXT_END = -1, TEXT_BLOCK = 1 << 16 };

struct text_charset;

struct text_in {
	const unsigned char *data; /* borrowed, or `block` */
	size_t len, pos;
	FILE *file;           /* borrowed; NULL: memory */
	unsigned char *block; /* owned */
	size_t before;        /* bytes of blocks that are gone */
	int error;            /* errno of a read that failed; 0 */
	long line, column;    /* of the next character, from 1 */
	bool odd;             /* one of the following is there */
	struct buf again;     /* given back, and how much was taken again */
	size_t again_pos;
	struct text_charset *charset; /* owned; NULL: as it is */
};

/* `data` and `file` are borrowed until text_in_release(). */
void text_in_memory(struct text_in *in, const void *data, size_t len);
void text_in_file(struct text_in *in, FILE *file);
void text_in_release(struct text_in *in);

/* The next byte, taken or only looked at; TEXT_END at the end. */
int text_get(struct text_in *in);
int text_peek(struct text_in *in);

/* Give back text that was taken; it comes again, from this place on. */
void text_again(struct text_in *in, const char *text, size_t len, long line,
		long column);
/* The bytes that come next, as they are in the file, not taken: at least `want`
 * (up to TEXT_BLOCK) where there are so many. */
const char *text_window(struct text_in *in, size_t want, size_t *len);
/* From here on the text is in this charset, of iconv(3)'s names and those of
 * the world; NULL: as it is.  False: unknown, and read as it is.  Text in
 * UTF-16 stays what it is. */
bool text_decode(struct text_in *in, const char *charset);

/* Passes over blanks, ends of lines, and the 0x1A and NULs that old systems end
 * texts with; the byte after them, not taken. */
int text_skip_blanks(struct text_in *in);
/* Up to the end of the line, which is taken, into `out` (may be NULL) as long
 * as that has less than `most` bytes.  False where there was more. */
bool text_line(struct text_in *in, struct buf *out, size_t most);

/* Bytes taken so far. */
size_t text_taken(const struct text_in *in);

/* The first bytes that are not blank, without taking any: for telling formats
 * apart.  At most `size` - 1 of them, NUL-terminated. */
void text_head(struct text_in *in, char *out, size_t size);

/* Valid, but for a character that is cut off at the end. */
bool text_is_utf8(const char *text, size_t len);
/* Adds `text` as UTF-8: as it is where it is valid, else from Latin-1.  Control
 * characters but LF and TAB become blanks. */
void text_add_utf8(struct buf *out, const char *text, size_t len);

#endif
