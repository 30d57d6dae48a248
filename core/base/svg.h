/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_SVG_H
#define CORE_BASE_SVG_H

#include <stddef.h>

#include "core/base/buf.h"

/* What plots and pictures are drawn with where they leave the program: black
 * on white, sizes and places in user units.  Everything is appended to `out`.
 */

/* Of a series, told apart by people who are colour-blind (Okabe and Ito); the
 * ninth has the first's colour, dashed. */
struct svg_ink {
	const char *colour, *dash; /* dash: an attribute, or "" */
};
struct svg_ink svg_ink(int series);

void svg_begin(int wide, int high, struct buf *out);
void svg_end(struct buf *out);

/* At most `n` bytes of a text as it stands between tags, without what steers.
 */
void svg_escape(const char *text, size_t n, struct buf *out);
/* The same as an element; anchor: "start", "middle" or "end". */
void svg_words(struct buf *out, double x, double y, const char *anchor,
	       const char *text, size_t n);

/* 1, 2 or 5 times a power of ten, about `count` of them in the range. */
double svg_step(double range, int count);

#endif
