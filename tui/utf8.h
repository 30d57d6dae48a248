/* SPDX-License-Identifier: MIT */
#ifndef TUI_UTF8_H
#define TUI_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * UTF-8 as a grid of single cells needs it.  Nothing here depends on the
 * locale, so screens come out the same in tests and in LC_ALL=C.
 */

/* The next code point to show from *text, which is moved past it; 0 at the
 * end.  Every result takes one cell: marks without a width are skipped;
 * characters two cells wide, control characters and bytes that are not UTF-8
 * become U+FFFD. */
uint32_t utf8_next(const char **text);

/* Writes 1..4 bytes into out, no NUL; returns how many. */
size_t utf8_put(char out[4], uint32_t code);

/* What stands for `code` where only ASCII can be shown: lines become + - |,
 * ramps of blocks a ramp of signs; '?' for a character with no likeness. */
char utf8_ascii(uint32_t code);

#endif
