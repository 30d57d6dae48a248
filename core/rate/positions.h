/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_POSITIONS_H
#define CORE_RATE_POSITIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/rate/seen.h"

/*
 * Positions of a game that were met somewhere, such as in training, to hold
 * others against them.  Mirror images and other orders of moves are one
 * position.  One thread at a time.
 */
struct positions {
	const struct game *game; /* borrowed */
	unsigned symmetries;     /* match_symmetries() */
	struct seen keys;
};

void positions_init(struct positions *p, const struct game *g);
void positions_release(struct positions *p);

/* Those after moves[from - 1], ..., moves[count - 1] of a game from where games
 * begin; from 0: with its start.  Returns how many were new. */
int positions_add(struct positions *p, const game_move *moves, int from,
		  int count);
/* As bytes, the same for the same positions, and those added to *p: false if
 * the bytes are not what was written. */
void positions_save(const struct positions *p, struct buf *out);
bool positions_load(struct positions *p, const void *data, size_t len);
/* How many of them are known. */
int positions_known(const struct positions *p, const game_move *moves, int from,
		    int count);

#endif
