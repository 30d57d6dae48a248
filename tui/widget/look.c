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
