/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/look.h"

#include <assert.h>
#include <math.h>

#include "tui/canvas.h"

/* The shapes of pieces, drawn in quarters of characters. */

/* Whether the shape covers the point u, v; both in [-1, 1], v downwards. */
static bool covers(enum look_shape shape, double u, double v, bool large)
{
	double r2 = u * u + v * v;

	switch (shape) {
	case LOOK_DISC:
		return r2 <= 1.05;
	case LOOK_RING:
		return r2 <= 1.05 && r2 >= (large ? 0.5 : 0.45);
	case LOOK_CROSS:
		return fabs(fabs(u) - fabs(v)) <= (large ? 0.25 : 0.3);
	default: /* men are drawn from pictures */
		break;
	}
	return false;
}

/* The character whose quarters are covered: 1 upper left, 2 upper right, 4
 * lower left, 8 lower right. */
static const uint32_t quarters[16] = {
	0,      0x2598, 0x259d, 0x2580, 0x2596, 0x258c, 0x259e, 0x259b,
	0x2597, 0x259a, 0x2590, 0x259c, 0x2584, 0x2599, 0x259f, 0x2588,
};

static uint32_t quarters_at(const struct look_piece *p, int x, int y, int rows,
			    int cols)
{
	unsigned bits = 0;

	for (unsigned q = 0; q < 4; q++) {
		double px = x + 0.25 + 0.5 * (q & 1);
		double py = y + 0.25 + 0.5 * (q >> 1);

		if (covers(p->shape, 2 * px / cols - 1, 2 * py / rows - 1,
			   rows >= 4))
			bits |= 1u << q;
	}
	return quarters[bits];
}

static uint32_t letter_at(const struct look_piece *p, int x, int y, int rows,
			  int cols)
{
	double u = 2 * (x + 0.5) / cols - 1, v = 2 * (y + 0.5) / rows - 1;

	return covers(p->shape, u, v, rows >= 4) ? (uint32_t)p->letter : 0;
}

/* Men from the side, in quarters of characters: six rows of eleven. */
enum { PICTURE_ROWS = 12, PICTURE_COLS = 22 };

static const char *const pictures[][PICTURE_ROWS] = {
	{
		"                      ",
		"         ####         ",
		"       ########       ",
		"       ########       ",
		"         ####         ",
		"       ########       ",
		"        ######        ",
		"        ######        ",
		"       ########       ",
		"      ##########      ",
		"    ##############    ",
		"    ##############    ",
	},
	{
		"                      ",
		"         ##  ##       ",
		"        ########      ",
		"      ############    ",
		"    #### #########    ",
		"  ################    ",
		"  ##### ##########    ",
		"       ###########    ",
		"      ###########     ",
		"     ############     ",
		"   ################   ",
		"   ################   ",
	},
	{
		"          ##          ",
		"         ####         ",
		"        #### #        ",
		"       #### ###       ",
		"       ########       ",
		"       ########       ",
		"        ######        ",
		"        ######        ",
		"        ######        ",
		"       ########       ",
		"    ##############    ",
		"    ##############    ",
	},
	{
		"                      ",
		"   ####  ####  ####   ",
		"   ################   ",
		"   ################   ",
		"     ############     ",
		"     ############     ",
		"     ############     ",
		"     ############     ",
		"     ############     ",
		"    ##############    ",
		"  ##################  ",
		"  ##################  ",
	},
	{
		"          ##          ",
		"  ##      ##      ##  ",
		"  ##   ## ## ##   ##  ",
		"   ##  ## ## ##  ##   ",
		"   ################   ",
		"    ##############    ",
		"    ##############    ",
		"     ############     ",
		"      ##########      ",
		"     ############     ",
		"   ################   ",
		"   ################   ",
	},
	{
		"          ##          ",
		"        ######        ",
		"          ##          ",
		"   ####  ####  ####   ",
		"  ##################  ",
		"  ##################  ",
		"   ################   ",
		"    ##############    ",
		"     ############     ",
		"    ##############    ",
		"   ################   ",
		"   ################   ",
	},
};

/* Is most of the pixel at y, x of rows x cols under the picture? */
static bool covered(const char *const *picture, int y, int x, int rows,
		    int cols)
{
	int hits = 0;

	if (y < 0 || x < 0 || y >= rows || x >= cols)
		return false;
	for (int i = 0; i < 9; i++) {
		int py = (6 * y + 1 + 2 * (i / 3)) * PICTURE_ROWS / (6 * rows);
		int px = (6 * x + 1 + 2 * (i % 3)) * PICTURE_COLS / (6 * cols);

		hits += picture[py][px] == '#';
	}
	return hits >= 5;
}

/* Men of the first player are hollow: what has no neighbour outside is left
 * out. */
static bool pixel(const char *const *picture, bool hollow, int y, int x,
		  int rows, int cols)
{
	if (!covered(picture, y, x, rows, cols))
		return false;
	if (!hollow)
		return true;
	return !covered(picture, y - 1, x, rows, cols) ||
	       !covered(picture, y + 1, x, rows, cols) ||
	       !covered(picture, y, x - 1, rows, cols) ||
	       !covered(picture, y, x + 1, rows, cols);
}

/* Men of chess: outlines for capitals, else filled. */
static void draw_man(struct canvas *c, int row, int col, int rows, int cols,
		     const struct look_piece *p, enum style st)
{
	const char *const *picture = pictures[p->shape - LOOK_PAWN];
	bool hollow = p->letter >= 'A' && p->letter <= 'Z';

	assert(p->shape >= LOOK_PAWN && p->shape <= LOOK_KING);
	for (int i = 0; i < rows * cols; i++) {
		int y = i / cols, x = i % cols, count = 0;
		unsigned bits = 0;

		for (int q = 0; q < 4; q++)
			/* In ASCII the letter's case tells the sides. */
			if (pixel(picture, hollow && !c->ascii, 2 * y + q / 2,
				  2 * x + q % 2, 2 * rows, 2 * cols)) {
				bits |= 1u << q;
				count++;
			}
		if (c->ascii && count >= 2)
			canvas_glyph(c, row + y, col + x, st,
				     (uint32_t)p->letter);
		else if (!c->ascii && bits)
			canvas_glyph(c, row + y, col + x, st, quarters[bits]);
	}
}

void look_draw(struct canvas *c, int row, int col, int rows, int cols,
	       const struct look_piece *p, enum style st)
{
	if (p->shape >= LOOK_PAWN) {
		draw_man(c, row, col, rows, cols, p, st);
		return;
	}
	for (int y = 0; y < rows; y++)
		for (int x = 0; x < cols; x++) {
			uint32_t glyph;

			if (c->ascii)
				glyph = letter_at(p, x, y, rows, cols);
			else
				glyph = quarters_at(p, x, y, rows, cols);
			if (glyph)
				canvas_glyph(c, row + y, col + x, st, glyph);
		}
}
