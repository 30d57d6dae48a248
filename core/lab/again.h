/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_AGAIN_H
#define CORE_LAB_AGAIN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/search/trace.h"
#include "store/store.h"

/*
 * The searches of a stored game of self-play, made again: its rows keep what
 * training needs of a search, its policy and value, and neither tree nor
 * visits; but the run's seed, the game's number and the ply decide every random
 * draw, so that the same network finds the same tree.
 *
 * A network changes from iteration to iteration, and a run keeps some of them.
 * Which one played follows from how many plies its slot had played before, if
 * all games of the run until this one are stored.  Where the lab does not have
 * it, the nearest that it has searches, and what was found is compared with
 * what is stored: nobody takes one search for the other.
 *
 * One thread at a time, which is that of the store.
 */
struct again;

struct again_found {
	/* Steps of the network that played; not `sure`: it had come no further
	 * than this. */
	int64_t step;
	bool sure;
	int64_t used; /* steps of the checkpoint that searched */
	/* Policy and value are those that are stored, to the last digit. */
	bool same;
	bool same_best;  /* the likeliest move is */
	double apart;    /* largest difference of a move's policy */
	const char *why; /* it need not be the same, a sentence; "" */
	int simulations;
	game_move best;
	double wdl[3];
	struct trace *trace; /* owned; never NULL */
};

/* What is stored of a ply: policy over the legal moves, in their order, each in
 * [0, 1], and the value for the player to act, NAN where it is not known. */
struct again_target {
	int count; /* 0: chance or an opening moved here */
	const float *policy;
	float wdl[3];
};

/* ERR_USAGE: the game was not played by searches of a run; the sentence says by
 * what.  ERR_NOTFOUND, ERR_FORMAT name the game.  It reads the run's games
 * before this one; ERR_CANCELLED, without a sentence, where `cancel` (may be
 * NULL) says so meanwhile.  `s` is borrowed. */
ATTR_NODISCARD enum err_code again_open(struct again **out, struct store *s,
					int64_t game_id,
					const atomic_bool *cancel,
					struct err *e);
void again_close(struct again *a); /* NULL is allowed */

const struct game *again_game(const struct again *a);
int again_plies(const struct again *a);
/* The position before a ply's move, and the move.  The state is borrowed until
 * the next call. */
const void *again_state(struct again *a, int ply);
game_move again_move(const struct again *a, int ply);

/* Valid until the next call. */
void again_target(struct again *a, int ply, struct again_target *out);

/* Search ply `ply`, 0 .. plies - 1, again.  ERR_USAGE: nobody searched there.
 * ERR_NOTFOUND: the lab has no checkpoint of the run.  ERR_CANCELLED without a
 * sentence.  `cancel` may be NULL. */
ATTR_NODISCARD enum err_code again_search(struct again *a, int ply,
					  const atomic_bool *cancel,
					  struct again_found *out,
					  struct err *e);
void again_found_release(struct again_found *f);

#endif
