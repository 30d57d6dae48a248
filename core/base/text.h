/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

/* Text that came from elsewhere: files, names, other programs. */

/* Length of the UTF-8 sequence at text[left], and its character.  0: there is
 * none, or it is cut off; below 0: so many bytes are none (overlong, a
 * surrogate, past the last).  At most four bytes are read, and none past a NUL.
 */
int text_utf8(const char *text, size_t left, uint32_t *code);
enum { TEXT_UTF8_MOST = 4 }; /* `left` where a NUL ends the text */

/* Does it steer a terminal, or turn the order of what follows?  C0 and C1
 * controls, escape, delete, marks of direction. */
bool text_steers(uint32_t code);

/* Add text[len] as it may go to a terminal: U+FFFD stands for each character
 * that steers and each byte that is no UTF-8; line feeds and tabs stay. */
void text_safe(const char *text, size_t len, struct buf *out);

#endif
