/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SEARCH_DICE_H
#define TESTS_SEARCH_DICE_H

#include "core/game/game.h"

/*
 * A small game with chance, for one or two players.  Each has five turns: take
 * two points for sure, roll a die (0, 3 or 5 with 1/4, 1/2, 1/4), or roll it
 * twice.  Who goes over 14 is bust.  Two players: the larger total wins, and
 * bust counts as none.  One: -1 when bust, else from -1 for 0 points to 1 for
 * 14.
 */
enum { DICE_SAFE, DICE_ROLL, DICE_TWICE, DICE_MOVES, DICE_LIMIT = 14 };

extern const struct game dice_one, dice_two;

/* The value for the player to act, or at chance who acts next, if everybody
 * plays best from here; the first best move into *best if that is not NULL. */
double dice_expectimax(const struct game *g, const void *s, int *best);

/* The same if everybody moves at random. */
double dice_random_value(const struct game *g, const void *s);

#endif
