/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_ROOT_MOVES_H
#define CORE_LAB_ROOT_MOVES_H

#include <stdbool.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/search/trace.h"

/*
 * The moves at the root of a search without its tree: as a stored search has
 * them (search.moves; written and read here), or as an agent at work reports
 * them.  They become a trace one level
 * deep whose figures are carried over, so that the inspector shows them like
 * any other search.
 */
struct root_move {
	game_move move;
	uint32_t visits;
	double prior;
	double q, value; /* for the player to act at the root; NAN: unknown */
};

/* The lab file's JSON (plyscope-lab(5)): [{"move", "visits", "prior", "q",
 * "value"}, ...] at position `state`, of all moves or of one; `policy`: the
 * policy too, after the prior. */
void root_moves_json(const struct thought *th, const struct game *g,
		     const void *state, struct buf *out);
void root_move_json(struct json *j, const struct game *g, const void *state,
		    const struct agent_move *m, bool policy);

/* Reads it back.  Fills out[max], in move order; entries that name no legal
 * move are left out.  Returns how many; 0 for text that is not such an array.
 */
int root_moves_parse(const char *json, const struct game *g, const void *state,
		     struct root_move *out, int max);

int root_moves_of(const struct thought *th, struct root_move *out, int max);

/* The search's choice, by visits, and the network's, by prior; index or -1
 * where there is none (no visits, no moves). */
int root_moves_best(const struct root_move *moves, int count);
int root_moves_top(const struct root_move *moves, int count);

/* Never NULL; caller frees.  `wdl` for the player to act, or NULL; `raw` is the
 * network's own value, NAN if unknown. */
struct trace *root_moves_trace(const struct root_move *moves, int count,
			       const double *wdl, double raw);

/* What a thought leaves: its own tree, which the caller has from then on, else
 * its figures one level deep.  Never NULL. */
struct trace *root_moves_take(struct thought *th);

#endif
