/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_TAUGHT_H
#define CORE_LAB_TAUGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/rate/seen.h"

/*
 * How much of what games teach is new: a learner that is shown a thousand games
 * which are all but copies of each other knows one line of play, and loses to
 * random moves.  Positions are those after the opening with a player to act.
 */
struct taught {
	int64_t games, distinct_games;
	int64_t positions, distinct_positions;
	struct seen games_seen, positions_seen;
};

/* The next game; zeroed before the first. */
void taught_add(struct taught *t, const struct game *g, const game_move *moves,
		int count, int opening);
void taught_release(struct taught *t); /* the counts stay */

/* Fewer than half of the games, or of the positions, differ. */
bool taught_repeats(const struct taught *t);
/* "98 of 400 games and 1,021 of 7,455 positions differ". */
void taught_text(const struct taught *t, struct buf *out);

#endif
