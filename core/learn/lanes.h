/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LANES_H
#define CORE_LEARN_LANES_H

#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/learn/dataset.h"
#include "core/learn/method.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"

/*
 * Play that is learned from without a search: the recipe's groups x slots lanes
 * play games with one network, a move each in turn, and what was played since
 * the last call is the data set.  Its rows teach lambda returns as values; and
 * as policy, by the method, an advantage of the move that was drawn (pg.h) or
 * the softmax over values one ply ahead (td.h).
 *
 * A return of a two-player game is its result, as win, draw and loss seen by
 * who is to act.  In a game of one player that keeps a score it is the
 * discounted sum of points to come, in shares of the method's `points`, held to
 * [-1, 1] and told as win and loss.  There moves without a choice are played
 * and not learned from.
 *
 * A thread takes a whole group and every random stream is named by game and
 * ply, so results do not depend on the number of threads.  Games go on from one
 * call to the next.
 */
struct lanes;

/* Sums since lanes_take_figures(). */
struct lanes_figures {
	int64_t positions; /* that are learned from */
	int64_t games, plies;
	double first_score;       /* of finished games, each in [0, 1] */
	double points;            /* of finished games that keep a score */
	double entropy;           /* of what moves were drawn by, nats */
	double surprise, squares; /* return less value, squared; and the
				   * squares of returns */
	double anchor_kl; /* KL(policy || first policy), nats; with an anchor */
	int64_t rows;     /* that the network was asked about */
	double net_seconds, busy_seconds;
};

/* `g` and `demonstrations` (NULL: none) are borrowed, the rest is copied.
 * `anchor`: weights of `net`, where the method is pulled to some, else NULL. */
struct lanes *lanes_new(const struct game *g, const struct recipe *r,
			const struct method *m, const struct net_config *net,
			const float *anchor,
			const struct dataset *demonstrations, uint64_t seed);
void lanes_free(struct lanes *l); /* NULL is allowed */
/* From the next call on every chance is drawn by `seed`. */
void lanes_reseed(struct lanes *l, uint64_t seed);

/* Every lane plays the recipe's plies with `plan`; then `done` gets the games
 * to keep among those that were finished, in the order of lanes.  `tick` as of
 * self_play_advance(): ERR_CANCELLED. */
ATTR_NODISCARD enum err_code
lanes_advance(struct lanes *l, const struct net_plan *plan, struct pool *pool,
	      void (*done)(void *ctx, const struct self_play_game *game),
	      bool (*tick)(void *ctx), void *ctx);

/* What the last call played.  Borrows `l`. */
struct dataset lanes_dataset(const struct lanes *l);
int64_t lanes_total(const struct lanes *l); /* positions so far, of all calls */

void lanes_take_figures(struct lanes *l, struct lanes_figures *out);

/* The unfinished games, and the anchor, as bytes, and back: ERR_FORMAT. */
void lanes_save(const struct lanes *l, struct buf *out);
ATTR_NODISCARD enum err_code lanes_load(struct lanes *l, struct reader *r,
					struct err *e);

#endif
