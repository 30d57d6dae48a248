/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_PLAY_ARGS_H
#define CORE_SESSION_PLAY_ARGS_H

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/session/round.h"
#include "core/session/seat.h"

struct lab; /* core/lab/lab.h */

/*
 * What follows `:play` and `:watch`: agents, then settings.
 *
 *	AGENT [AGENT] [game=GAME] [side=first|second] [moves=4453]
 *	      [speed=MS] [games=N]
 *
 * Moves of games that separate them by blanks are written with commas, and a
 * game that begins at a FEN in quotes (quote.h).
 */
struct play_args {
	char agents[2][SEAT_SPEC_SIZE];
	int agent_count;
	char game[GAME_NAME_SIZE]; /* "": that of the agents' run, or connect4
				    */
	char moves[8192];
	int side;     /* the person's, 0 or 1 */
	int speed_ms; /* between moves; -1: not given */
	int games;    /* to watch; 0: no end */
};

/* ERR_USAGE says what was not understood. */
ATTR_NODISCARD enum err_code play_args_parse(struct play_args *a,
					     const char *text, struct err *e);

/* The game that they mean; `lab` may be NULL. */
ATTR_NODISCARD enum err_code play_args_game(const struct play_args *a,
					    struct lab *lab, struct game *out,
					    struct err *e);

/* Play a->moves in a fresh round. */
ATTR_NODISCARD enum err_code play_args_moves(const struct play_args *a,
					     struct round *r, struct err *e);

#endif
