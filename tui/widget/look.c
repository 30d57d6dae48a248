/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/look.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "tui/widget/maze.h"

static const struct look_piece discs[] = {
	{"●", 'X', LOOK_DISC, STYLE_PLAYER0},
	{"○", 'O', LOOK_RING, STYLE_PLAYER1},
};

static const struct look_piece noughts[] = {
	{"X", 'X', LOOK_CROSS, STYLE_PLAYER0},
	{"O", 'O', LOOK_RING, STYLE_PLAYER1},
};

static const struct look_piece stones[] = {
	{"●", 'X', LOOK_DISC, STYLE_WOOD + STYLE_ON_PLAYER0},
	{"○", 'O', LOOK_RING, STYLE_WOOD + STYLE_ON_PLAYER1},
};

static const struct look_piece flips[] = {
	{"●", 'X', LOOK_DISC, STYLE_FELT + STYLE_ON_PLAYER0},
	{"○", 'O', LOOK_RING, STYLE_FELT + STYLE_ON_PLAYER1},
};

/* As on a light square: the ground is that of the square. */
static const struct look_piece men[] = {
	{"♙", 'P', LOOK_PAWN, STYLE_LIGHT + STYLE_ON_PLAYER0},
	{"♟", 'p', LOOK_PAWN, STYLE_LIGHT + STYLE_ON_PLAYER1},
	{"♘", 'N', LOOK_KNIGHT, STYLE_LIGHT + STYLE_ON_PLAYER0},
	{"♞", 'n', LOOK_KNIGHT, STYLE_LIGHT + STYLE_ON_PLAYER1},
	{"♗", 'B', LOOK_BISHOP, STYLE_LIGHT + STYLE_ON_PLAYER0},
	{"♝", 'b', LOOK_BISHOP, STYLE_LIGHT + STYLE_ON_PLAYER1},
	{"♖", 'R', LOOK_ROOK, STYLE_LIGHT + STYLE_ON_PLAYER0},
	{"♜", 'r', LOOK_ROOK, STYLE_LIGHT + STYLE_ON_PLAYER1},
	{"♕", 'Q', LOOK_QUEEN, STYLE_LIGHT + STYLE_ON_PLAYER0},
	{"♛", 'q', LOOK_QUEEN, STYLE_LIGHT + STYLE_ON_PLAYER1},
	{"♔", 'K', LOOK_KING, STYLE_LIGHT + STYLE_ON_PLAYER0},
	{"♚", 'k', LOOK_KING, STYLE_LIGHT + STYLE_ON_PLAYER1},
};

static const struct look_piece kings[] = {
	{"♔", 'W', LOOK_KING, STYLE_PLAYER0},
	{"♚", 'B', LOOK_KING, STYLE_PLAYER1},
};

static const char *const ghosts[] = {
	"1 hunts",
	"2 cuts off",
	"3 wanders",
	"4 is shy",
	"m in fright, M not for long",
	"\" out of play",
	NULL,
};

static const struct look_piece man[] = {
	{"◖", 'C', LOOK_DISC, STYLE_PLAYER0},
};

static const struct look looks[] = {
	{
		.family = "go",
		.kind = LOOK_POINTS,
		.result = LOOK_LEAD,
		.ground = STYLE_WOOD,
		.columns = LOOK_GO,
		.rows = LOOK_NUMBERS,
		.rows_up = true,
		.mark_forbidden = true,
		.pieces = stones,
		.piece_count = ARRAY_LEN(stones),
		.players = discs,
	},
	{
		.family = "chess",
		.kind = LOOK_SQUARES,
		.result = LOOK_POINTS_EACH,
		.ground = STYLE_LIGHT,
		.columns = LOOK_LETTERS,
		.rows = LOOK_NUMBERS,
		.rows_up = true,
		.turns = true,
		.empty = " ",
		.target = "•",
		.empty_letter = ' ',
		.target_letter = '+',
		.pieces = men,
		.piece_count = ARRAY_LEN(men),
		.players = kings,
	},
	{
		.family = "othello",
		.result = LOOK_DISCS,
		.ground = STYLE_FELT,
		.frame = true,
		.columns = LOOK_LETTERS,
		.rows = LOOK_NUMBERS,
		.labels_above = true,
		.empty = " ",
		.target = "·",
		.empty_letter = ' ',
		.target_letter = '.',
		.pieces = flips,
		.piece_count = ARRAY_LEN(flips),
		.players = discs,
	},
	{
		.family = "drop",
		.by_column = true,
		.frame = true,
		.columns = LOOK_NUMBERS,
		.empty = "·",
		.target = "+",
		.empty_letter = '.',
		.target_letter = '+',
		.pieces = discs,
		.piece_count = ARRAY_LEN(discs),
	},
	{
		.family = "mnk",
		.frame = true,
		.columns = LOOK_LETTERS,
		.rows = LOOK_NUMBERS,
		.rows_up = true,
		.empty = " ",
		.target = "·",
		.empty_letter = ' ',
		.target_letter = '.',
		.pieces = noughts,
		.piece_count = ARRAY_LEN(noughts),
	},
	{
		.family = "pacman",
		.pieces = man,
		.piece_count = ARRAY_LEN(man),
		.letters = " C#.o1234mM\"",
		.legend = ghosts,
		.draw = maze_draw,
	},
	{
		.family = NULL,
		.frame = true,
		.columns = LOOK_LETTERS,
		.rows = LOOK_NUMBERS,
		.rows_up = true,
		.empty = "·",
		.target = "+",
		.empty_letter = '.',
		.target_letter = '+',
		.pieces = discs,
		.piece_count = ARRAY_LEN(discs),
	},
};

const struct look *look_of(const struct game *g)
{
	size_t i = 0;

	while (looks[i].family && strcmp(looks[i].family, g->rules->family))
		i++;
	return &looks[i];
}

const struct look_piece *look_piece(const struct look *l, int v)
{
	assert(v >= 1);
	return &l->pieces[v <= l->piece_count ? v - 1 : l->piece_count - 1];
}

char look_letter(const struct look *l, int v)
{
	if (l->letters)
		return v < (int)strlen(l->letters) ? l->letters[v] : '?';
	return v < 1 ? '.' : look_piece(l, v)->letter;
}

bool look_covers(enum look_shape shape, double u, double v, bool large)
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

/* By which quarters are covered: 1 upper left, 2 upper right, 4 lower left,
 * 8 lower right. */
static const uint32_t quarters[16] = {
	0,      0x2598, 0x259d, 0x2580, 0x2596, 0x258c, 0x259e, 0x259b,
	0x2597, 0x259a, 0x2590, 0x259c, 0x2584, 0x2599, 0x259f, 0x2588,
};

uint32_t look_quarters(unsigned bits)
{
	return quarters[bits & 15];
}

static uint32_t quarters_at(const struct look_piece *p, int x, int y, int rows,
			    int cols)
{
	unsigned bits = 0;

	for (unsigned q = 0; q < 4; q++) {
		double px = x + 0.25 + 0.5 * (q & 1);
		double py = y + 0.25 + 0.5 * (q >> 1);

		if (look_covers(p->shape, 2 * px / cols - 1, 2 * py / rows - 1,
				rows >= 4))
			bits |= 1u << q;
	}
	return quarters[bits];
}

static uint32_t letter_at(const struct look_piece *p, int x, int y, int rows,
			  int cols)
{
	double u = 2 * (x + 0.5) / cols - 1, v = 2 * (y + 0.5) / rows - 1;

	return look_covers(p->shape, u, v, rows >= 4) ? (uint32_t)p->letter : 0;
}

void look_draw(struct canvas *c, int row, int col, int rows, int cols,
	       const struct look_piece *p, enum style st)
{
	if (p->shape >= LOOK_PAWN) {
		look_men(c, row, col, rows, cols, p, st);
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
