/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_TEXT_CHARSET_H
#define CORE_FORMAT_TEXT_CHARSET_H

#include <stdbool.h>

/*
 * Bytes of a charset become those of UTF-8, one character at a time, by
 * iconv(3): so that no second byte of a character is taken for a bracket, and
 * the charset may end anywhere.  What is no character of it becomes U+FFFD, a
 * byte at a time.
 */
struct text_charset;

/* NULL: this system knows none of the name.  Names that programs use wrongly
 * mean what they write. */
struct text_charset *text_charset_open(const char *name);
void text_charset_close(struct text_charset *c);
/* Two bytes a character at least, ASCII too. */
bool text_charset_is_wide(const struct text_charset *c);

/* The next byte of UTF-8, taken or only looked at, -1 at the end; `get` takes
 * bytes of the text. */
int text_charset_byte(struct text_charset *c, bool take, int (*get)(void *ctx),
		      void *ctx);

#endif
