/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_SVG_H
#define CORE_LAB_STUDY_SVG_H

#include <stddef.h>

#include "core/base/buf.h"

/* What plots and pictures of a report are drawn with. */

/* Of an arm, told apart by people who are colour-blind (Okabe and Ito); the
 * ninth has the first's colour, dashed. */
struct study_ink {
	const char *colour, *dash; /* dash: an attribute, or "" */
};
struct study_ink study_ink(int arm);

void study_svg_begin(int wide, int high, struct buf *out);
void study_svg_end(struct buf *out);

/* At most `n` bytes of a text; anchor: "start", "middle" or "end". */
void study_svg_words(struct buf *out, double x, double y, const char *anchor,
		     const char *text, size_t n);

/* 1, 2 or 5 times a power of ten, about `count` of them in the range. */
double study_svg_step(double range, int count);

#endif
