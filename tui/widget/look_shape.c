/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/look.h"

#include <assert.h>

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

void look_men(struct canvas *c, int row, int col, int rows, int cols,
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
			canvas_glyph(c, row + y, col + x, st,
				     look_quarters(bits));
	}
}
