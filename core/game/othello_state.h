/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_OTHELLO_STATE_H
#define CORE_GAME_OTHELLO_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/game/game.h"

/*
 * The inside of a position of Othello, shared with its solver.
 *
 * Othello on 8x8, 6x6 or 4x4.  Two bitboards, eight bits a row from the top
 * left whatever the size: beside a smaller board there is never a disc, which
 * ends a line as an empty cell does.  A move is its cell, row * size + col; the
 * last move is the pass, legal only for a player who has no other move while
 * the opponent has one.  When neither has, the game is over.
 */
enum { OTHELLO_SIZE, OTHELLO_EMPTIES }; /* places in game.param[] */

struct othello_state {
	uint64_t discs[2]; /* by player */
	uint64_t moves;    /* placements of the player to move */
	uint32_t to_move;
	uint32_t over;
};
_Static_assert(sizeof(struct othello_state) == 32, "a state has no padding");

/* The cells of the board. */
static inline uint64_t othello_board(int size)
{
	uint64_t row = (1ULL << size) - 1, all = 0;

	for (int i = 0; i < size; i++)
		all |= row << (8 * i);
	return all;
}

/* The difference of discs at the end, for a side that has `mine` of them; with
 * the `empty` cells the winner's, if `to_winner`. */
static inline int othello_margin(int mine, int theirs, int empty,
				 bool to_winner)
{
	int by = mine - theirs;

	return !to_winner ? by : by > 0 ? by + empty : by < 0 ? by - empty : 0;
}

/* The same for a player of a game that is over. */
static inline int othello_final(const struct game *g,
				const struct othello_state *s, int player)
{
	int mine = __builtin_popcountll(s->discs[player]);
	int theirs = __builtin_popcountll(s->discs[1 - player]);

	return othello_margin(mine, theirs, g->rows * g->cols - mine - theirs,
			      !g->param[OTHELLO_EMPTIES]);
}

#define OTHELLO_NOT_LEFT 0xfefefefefefefefeULL
#define OTHELLO_NOT_RIGHT 0x7f7f7f7f7f7f7f7fULL

static inline uint64_t othello_shift(uint64_t x, int direction)
{
	switch (direction) {
	case 0:
		return x << 1 & OTHELLO_NOT_LEFT;
	case 1:
		return x >> 1 & OTHELLO_NOT_RIGHT;
	case 2:
		return x << 8;
	case 3:
		return x >> 8;
	case 4:
		return x << 9 & OTHELLO_NOT_LEFT;
	case 5:
		return x >> 9 & OTHELLO_NOT_RIGHT;
	case 6:
		return x << 7 & OTHELLO_NOT_RIGHT;
	default:
		return x >> 7 & OTHELLO_NOT_LEFT;
	}
}

/* Where `mine` may be placed against `theirs`. */
static inline uint64_t othello_placements(uint64_t mine, uint64_t theirs,
					  uint64_t cells)
{
	uint64_t empty = cells & ~(mine | theirs), out = 0;

#pragma GCC unroll 8
	for (int d = 0; d < 8; d++) {
		uint64_t line = othello_shift(mine, d) & theirs;

		/* At most six discs lie between two ends. */
#pragma GCC unroll 5
		for (int i = 0; i < 5; i++)
			line |= othello_shift(line, d) & theirs;
		out |= othello_shift(line, d) & empty;
	}
	return out;
}

/* The discs that turn when `mine` is placed on `bit`. */
static inline uint64_t othello_turned(uint64_t mine, uint64_t theirs, int bit)
{
	uint64_t at = 1ULL << bit, out = 0;

#pragma GCC unroll 8
	for (int d = 0; d < 8; d++) {
		uint64_t line = othello_shift(at, d) & theirs;

#pragma GCC unroll 5
		for (int i = 0; i < 5; i++)
			line |= othello_shift(line, d) & theirs;
		if (othello_shift(line, d) & mine)
			out |= line;
	}
	return out;
}

#endif
