/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_ACCORD_GAMES_H
#define CORE_SESSION_ACCORD_GAMES_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/session/accord.h"

/*
 * The positions of stored games in which somebody chose a move, as places to
 * ask about.  Games of a run are of stages, by the step of the run when they
 * were played; each stage has about as many games.
 */
struct accord_games {
	struct game game;
	struct accord_place *places; /* owned */
	int count;
	int64_t games;
	int stages; /* at least 1 */
	/* Owned; [stages]: steps from and to, -1 where games have none. */
	int64_t (*steps)[2];
	void **blocks; /* owned, and so is each: states and moves of a game */
	int block_count;
};

/* Game `id`, or with 0 the newest of a filter, `limit` at most (0: all).
 * ERR_NOTFOUND: no such game or run, or the filter chooses none; ERR_USAGE:
 * games of different rules. */
ATTR_NODISCARD enum err_code accord_games_load(struct accord_games *a,
					       struct lab *lab, int64_t id,
					       const struct game_filter *filter,
					       int64_t limit, int stages,
					       struct err *e);
void accord_games_release(struct accord_games *a); /* also after a failure */

#endif
