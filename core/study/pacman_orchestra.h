/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_PACMAN_ORCHESTRA_H
#define CORE_STUDY_PACMAN_ORCHESTRA_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/net/net.h"
#include "core/study/chooser.h"
#include "core/study/pacman_watch.h"

/*
 * Two policies and who chooses between them, move by move.  What it sees of a
 * state is what the two networks say: their values, how far their policies are
 * apart and how sure each is.  A choice is rewarded with the points of the next
 * moves, and with how likely the move is to the first policy, by shares that
 * are fixed beforehand: nobody tells it what a ghost is.
 */
struct pacman_orchestra {
	const struct game *game;
	const struct net_plan *plans[CHOOSER_ARMS]; /* the imitator's first */
	float share;  /* of the first policy's likelihood in the reward */
	float points; /* that are worth 1 */
	uint64_t seed;
	bool (*goes_on)(void *ctx);
	void *ctx;
};

/* Plays games first .. first + count - 1; with `learns` what they brought is
 * learned after each.  Each is added to `seen` (may be NULL); *chosen is the
 * share of moves of the first policy.  ERR_CANCELLED. */
ATTR_NODISCARD enum err_code
pacman_orchestra_play(const struct pacman_orchestra *o, struct chooser *c,
		      int first, int count, bool learns,
		      struct pacman_seen *seen, double *chosen, struct err *e);

#endif
