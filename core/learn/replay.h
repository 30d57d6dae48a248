/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_REPLAY_H
#define CORE_LEARN_REPLAY_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"

/*
 * The positions that training draws from: the newest `capacity` positions of
 * stored games, in the order in which the games were stored.  Nothing here is
 * saved: it is a query over the lab's games, made again on resuming.  Memory is
 * a few hundred bytes a position, however large the states of the game are.
 * Sampling may be done by several threads at once; adding by one alone.
 */
struct replay;

/* `g` is borrowed. */
struct replay *replay_new(const struct game *g, int64_t capacity,
			  float search_share);
void replay_free(struct replay *r);

/* From now on a drawn game that was cut at its cap of plies teaches `share` of
 * its lead over lead_scale(), in [-1, 1], instead of a draw.  0: as it ended.
 */
void replay_score_caps(struct replay *r, float share);

/* Add the positions of a finished game.  `result` is the first player's score
 * in [-1, 1]; `targets` as in targets.h.  ERR_FORMAT when the record does not
 * fit the game; nothing is added then. */
ATTR_NODISCARD enum err_code replay_add(struct replay *r,
					const game_move *moves, int count,
					float result, const void *targets,
					size_t targets_len, struct err *e);

/* A stored game without targets: the played move is the policy, the result the
 * value.  Only plies from `opening` on by a player whose bit is set in
 * `players` (1 the first, 2 the second). */
void replay_add_plain(struct replay *r, const game_move *moves, int count,
		      int opening, int players, float result);

int64_t replay_total(const struct replay *r); /* positions ever added */
int64_t replay_held(const struct replay *r);

/* The positions as items of one row each.  Those that are drawn are seen
 * through a random symmetry.  Borrows `r`. */
struct dataset replay_dataset(const struct replay *r);

#endif
