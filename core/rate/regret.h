/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_REGRET_H
#define CORE_RATE_REGRET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/stat.h"
#include "core/game/game.h"

/*
 * How often a player gives away in its own games what it had, a win or a draw,
 * by a solver.  Its own moves are looked at, in the positions that it brings
 * about: on random positions players that are good at theirs look alike.
 *
 * Moves are gathered game by game, up to a number, then judged together.  One
 * thread at a time.
 */
struct regret;

/* Whether a solver knows the game. */
bool regret_knows(const struct game *g);

/* Own moves from `ply` on, the first `most` of them, in positions that a solver
 * is quick at (solver_is_quick()).  `g` is borrowed. */
struct regret *regret_new(const struct game *g, int ply, int most);
void regret_free(struct regret *r); /* NULL is allowed */

/* A finished game from the usual start, in which the first `opening` moves were
 * nobody's choice, and the player was player 0 or 1. */
void regret_add(struct regret *r, const game_move *moves, int count,
		int opening, int player);

struct regret_result {
	int64_t moves;
	struct stat_mean lost; /* share of moves that lose the class; its
				* interval takes a game as the unit */
};

/* ERR_CANCELLED: goes_on() (may be NULL) said no. */
ATTR_NODISCARD enum err_code regret_judge(const struct regret *r,
					  struct pool *pool,
					  bool (*goes_on)(void *ctx), void *ctx,
					  struct regret_result *out,
					  struct err *e);

#endif
