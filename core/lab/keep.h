/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_KEEP_H
#define CORE_LAB_KEEP_H

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/rate/match.h"
#include "store/game.h"
#include "store/store.h"

/* How thoughts and games become rows of the lab file. */

/* The moves of a thought as the JSON array that search.moves holds: move,
 * visits, prior, q, value, in move order. */
void keep_moves_json(const struct game *g, const void *state,
		     const struct thought *th, struct buf *out);

/* One search row, with its trace if there is one; `state` is where `agent`
 * thought, `ply` plies into game `game_id`. */
STORE_NODISCARD enum store_status
keep_thought(struct store *s, const struct game *g, const void *state,
	     int64_t game_id, int ply, const char *agent, uint64_t seed,
	     const struct thought *th);

/* One finished game of match `match_id` between names[0] and names[1], and
 * what was thought about it; within the caller's transaction. */
STORE_NODISCARD enum store_status
keep_match_game(struct store *s, const struct game *g, int64_t match_id,
		const char *const names[2], uint64_t seed,
		const struct match_game *played);

#endif
