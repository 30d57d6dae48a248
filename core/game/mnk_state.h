/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_MNK_STATE_H
#define CORE_GAME_MNK_STATE_H

#include <stdint.h>

/*
 * The inside of a position of the mnk family, shared with its solver.
 *
 * Stones on a free board of m rows by n columns; the first line of k or more
 * wins, a full board is a draw.  A move is its cell, row 0 at the top.
 */
enum { MNK_ROWS, MNK_COLS, MNK_LINE }; /* places in game.param[] */

enum {
	MNK_SIDE_MAX = 15,
	MNK_WORDS = (MNK_SIDE_MAX * MNK_SIDE_MAX + 63) / 64,
};

enum mnk_end { MNK_RUNNING, MNK_WON, MNK_FULL };

struct mnk_state {
	uint64_t stones[2][MNK_WORDS]; /* by player; bit = cell */
	uint32_t ply;
	uint32_t end; /* enum mnk_end; MNK_WON: by whoever moved last */
};
_Static_assert(sizeof(struct mnk_state) == 2 * MNK_WORDS * 8 + 8,
	       "a state has no padding");

#endif
