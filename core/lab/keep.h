/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_KEEP_H
#define CORE_LAB_KEEP_H

#include "core/agent/agent.h"
#include "core/game/game.h"
#include "core/rate/match.h"
#include "store/game.h"
#include "store/match.h"
#include "store/store.h"

/* How thoughts and games become rows of the lab file. */

/* What the rules keep for the record at `state`: row->score and row->facts.
 * `text` holds the latter: an empty buffer, the caller's, as long as `row`. */
void keep_facts(const struct game *g, const void *state, struct store_game *row,
		struct buf *text);
/* The same after row->moves. */
void keep_line_facts(const struct game *g, struct store_game *row,
		     struct buf *text);

/* What keep_thought() wrote beside the columns: player 0's lead in points; NAN
 * where nobody said. */
double keep_lead(const struct store_search *search);

/* One search row: the moves in move order, and the trace if there is one;
 * `state` is where `agent` thought, `ply` plies into game `game_id`. */
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

/* The figures of a match between row->first and row->second: how the games
 * ended, and Elo by distinct pairs, or mean points where there is no second. */
void keep_match_figures(struct store_match *row, const struct match_result *r);

#endif
