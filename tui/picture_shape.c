/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/attr.h"
#include "tui/picture_int.h"

/* Lines, blocks and braille dots as boxes (The Unicode Standard 15.0, charts
 * 2500, 2580 and 2800): fonts disagree on their widths, or lack them. */

enum { UP = 1, RIGHT = 2, DOWN = 4, LEFT = 8 };
static const float THIN_X = 0.12F, THIN_Y = 0.06F; /* of a line, in cells */

static int put_box(struct picture_box *out, int n, float x, float y, float w,
		   float h)
{
	out[n] = (struct picture_box){x, y, w, h};
	return n + 1;
}

/* Arms from the middle of the cell. */
static int draw_arms(int arms, struct picture_box *out)
{
	float x = (1 - THIN_X) / 2, y = (1 - THIN_Y) / 2;
	int n = 0;

	if (arms & (LEFT | RIGHT)) {
		float from = arms & LEFT ? 0 : x;
		float to = arms & RIGHT ? 1 : x + THIN_X;

		n = put_box(out, n, from, y, to - from, THIN_Y);
	}
	if (arms & (UP | DOWN)) {
		float from = arms & UP ? 0 : y;
		float to = arms & DOWN ? 1 : y + THIN_Y;

		n = put_box(out, n, x, from, THIN_X, to - from);
	}
	return n;
}

static int draw_line(uint32_t glyph, struct picture_box *out)
{
	static const struct {
		uint32_t glyph;
		int arms;
	} lines[] = {
		{0x2500, LEFT | RIGHT},
		{0x2502, UP | DOWN},
		{0x250c, RIGHT | DOWN},
		{0x2510, LEFT | DOWN},
		{0x2514, UP | RIGHT},
		{0x2518, UP | LEFT},
		{0x251c, UP | DOWN | RIGHT},
		{0x2524, UP | DOWN | LEFT},
		{0x252c, LEFT | RIGHT | DOWN},
		{0x2534, LEFT | RIGHT | UP},
		{0x253c, LEFT | RIGHT | UP | DOWN},
		{0x256d, RIGHT | DOWN},
		{0x256e, LEFT | DOWN},
		{0x256f, UP | LEFT},
		{0x2570, UP | RIGHT},
		{0x2574, LEFT},
		{0x2575, UP},
		{0x2576, RIGHT},
		{0x2577, DOWN},
	};
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (lines[i].glyph == glyph)
			return draw_arms(lines[i].arms, out);
	if (glyph == 0x250a) /* in four dashes */
		for (int i = 0; i < 4; i++)
			n = put_box(out, n, (1 - THIN_X) / 2,
				    (float)i / 4 + 0.05F, THIN_X, 0.15F);
	return n;
}

static int draw_block(uint32_t glyph, struct picture_box *out, float *cover)
{
	if (glyph == 0x2580)
		return put_box(out, 0, 0, 0, 1, 0.5F);
	if (glyph >= 0x2581 && glyph <= 0x2588) {
		float part = (float)(glyph - 0x2580) / 8;

		return put_box(out, 0, 0, 1 - part, 1, part);
	}
	if (glyph >= 0x2589 && glyph <= 0x258f)
		return put_box(out, 0, 0, 0, (float)(0x2590 - glyph) / 8, 1);
	if (glyph == 0x2590)
		return put_box(out, 0, 0.5F, 0, 0.5F, 1);
	if (glyph >= 0x2591 && glyph <= 0x2593) {
		*cover = (float)(glyph - 0x2590) / 4;
		return put_box(out, 0, 0, 0, 1, 1);
	}
	return 0;
}

/* Dots 1 to 8, from the lowest bit. */
static int draw_braille(uint32_t bits, struct picture_box *out)
{
	static const unsigned char column[] = {0, 0, 0, 1, 1, 1, 0, 1};
	static const unsigned char line[] = {0, 1, 2, 0, 1, 2, 3, 3};
	int n = 0;

	for (int i = 0; i < 8; i++)
		if (bits >> i & 1)
			n = put_box(out, n, 0.12F + 0.5F * (float)column[i],
				    0.06F + 0.25F * (float)line[i], 0.27F,
				    0.135F);
	return n;
}

int picture_shape(uint32_t glyph, struct picture_box out[PICTURE_BOXES],
		  float *cover)
{
	*cover = 1;
	if (glyph >= 0x2800 && glyph <= 0x28ff)
		return draw_braille(glyph - 0x2800, out);
	if (glyph >= 0x2580 && glyph <= 0x2593)
		return draw_block(glyph, out, cover);
	return glyph >= 0x2500 && glyph < 0x2580 ? draw_line(glyph, out) : 0;
}
