/* SPDX-License-Identifier: MIT */
#ifndef TUI_PICTURE_INT_H
#define TUI_PICTURE_INT_H

#include <stdint.h>

#include "tui/picture.h"

/* A screen as SVG; what picture_svg.c is to picture.c. */
void picture_svg(const struct canvas *c, enum theme_kind theme,
		 struct buf *out);

/* What a glyph is drawn as: boxes in shares of a cell, from its top left. */
enum { PICTURE_BOXES = 8 };
struct picture_box {
	float x, y, w, h;
};
/* How many; 0: the glyph is text.  *cover is how much of its ground it hides,
 * up to 1. */
int picture_shape(uint32_t glyph, struct picture_box out[PICTURE_BOXES],
		  float *cover);

#endif
