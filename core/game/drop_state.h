/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_DROP_STATE_H
#define CORE_GAME_DROP_STATE_H

#include <stdint.h>

/*
 * The inside of a position of the drop family, shared with its solver.
 *
 * Pieces dropped into columns; the first line of `line` wins, a full board is a
 * draw.  Two bitboards, one column after the other from the left, bottom bit
 * first, with one bit above each column that is never set: it stops lines from
 * running on into the next column (the layout of John Tromp's Fhourstones).
 *
 *	 5 12 19 ..     bit of a cell = col * (rows + 1) + height
 *	 .  .  . ..
 *	 0  7 14 ..
 *
 * Columns are those that the board shows, also where the rule counts them in
 * another order: drop_lines.h.
 */
enum {
	DROP_ROWS,
	DROP_COLS,
	DROP_LINE,
	DROP_DIRS,
	DROP_ORDER
}; /* in param[] */

enum drop_end { DROP_RUNNING, DROP_WON, DROP_FULL };

struct drop_state {
	uint64_t stones[2]; /* by player */
	uint32_t ply;
	uint32_t end; /* enum drop_end; DROP_WON: by whoever moved last */
};
_Static_assert(sizeof(struct drop_state) == 24, "a state has no padding");

#endif
