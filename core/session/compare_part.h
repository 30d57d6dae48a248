/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_COMPARE_PART_H
#define CORE_SESSION_COMPARE_PART_H

#include <stdbool.h>
#include <stdint.h>

#include "core/game/game.h"
#include "core/session/inspector.h"

/*
 * Two searches of one position as they stand: how far they agree, and by how
 * much they differ.
 *
 * A side's weight of a move is its share of the visits, N%, where it visited
 * any of the moves there, else its prior: what it says without a search.
 */
enum { COMPARE_SIDES = 2, COMPARE_LINE = 64 };

/* Where the lines that they expect part, each side following its greatest
 * weights from the root. */
struct compare_part {
	int depth;                    /* moves that they have in common */
	game_move line[COMPARE_LINE]; /* these */
	bool parted;              /* false: a side, or the game, ends there */
	bool ends[COMPARE_SIDES]; /* who says no more, if not parted */
	game_move choice[COMPARE_SIDES]; /* GAME_NO_MOVE where it ends */
	char text[COMPARE_SIDES][GAME_TEXT_SIZE];
	/* [who says so][whose choice] */
	double weight[COMPARE_SIDES][COMPARE_SIDES];
	double q[COMPARE_SIDES]; /* of the side's own choice; NAN: unknown */
	double apart; /* half the sum of what weights differ by there, [0, 1] */
};

/* What two searches of the same position, both with a trace, say. */
void compare_part_find(const struct inspector side[COMPARE_SIDES],
		       struct compare_part *out);

/* Half the sum of what the weights of all moves at a node of each differ by;
 * NAN where a side has no moves there. */
double compare_apart(const struct inspector side[COMPARE_SIDES],
		     const uint32_t node[COMPARE_SIDES]);

/* `total` is figures_total() of the node's parent. */
double compare_weight(const struct inspector *s, uint32_t node, uint64_t total);

/* Follow moves from the root, as far as the tree has them by now; *node is the
 * last that it has.  Returns how many they are. */
int compare_follow(const struct inspector *s, const game_move *moves, int count,
		   uint32_t *node);

#endif
