/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_OFFLINE_H
#define CORE_STUDY_OFFLINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/study/kept_net.h"

/*
 * A network that learns from given games and plays none: the zero of a claim of
 * extrapolation is the best of these on exactly the data before the cut.
 *
 * Games are added, some to be measured on alone, then networks learn from them,
 * each by itself.  With the recipe's `patience` a network is kept as it was at
 * its least loss on what is held out; without, after the recipe's epochs.
 * The same games, recipe and seed give the same bits on any number of threads.
 * One thread at a time.
 */
struct offline;

/* `g` is borrowed; of the recipe what is about values and caps is copied.  Room
 * for so many positions. */
struct offline *offline_new(const struct game *g, const struct recipe *r,
			    int64_t positions);
void offline_free(struct offline *o); /* NULL is allowed */

/* A game with its targets.  ERR_FORMAT: they do not fit each other. */
ATTR_NODISCARD enum err_code offline_add(struct offline *o,
					 const struct self_play_game *g,
					 bool held_out, struct err *e);
/* The same with what these networks say of each position from the opening on,
 * instead of its targets: the mean of their policies at the temperature, and of
 * their values. */
ATTR_NODISCARD enum err_code
offline_add_labelled(struct offline *o, const struct self_play_game *g,
		     const struct net_plan *const *teachers, int teacher_count,
		     float temperature, bool held_out, struct err *e);

int64_t offline_games(const struct offline *o);
int64_t offline_positions(const struct offline *o); /* not held out */

/* What is not held out, by positions.  Borrows `o`. */
struct dataset offline_dataset(const struct offline *o);

/* What came of it. */
struct offline_net {
	struct kept_net net; /* as a checkpoint keeps it */
	int64_t steps, samples;
	/* On the games held out; without any, on those it learned from. */
	struct learner_held_out measured;
};

struct offline_work {
	const struct recipe *recipe; /* network, epochs, rates */
	uint64_t seed;
	const float *from; /* weights to begin with; NULL: fresh ones */
	struct pool *pool;
	/* (optional) Asked at each step; false: ERR_CANCELLED. */
	bool (*goes_on)(void *ctx, int64_t step, int64_t steps);
	void *ctx;
};
/* The network is the caller's to release, also after an error.  ERR_USAGE:
 * there is nothing to learn from. */
ATTR_NODISCARD enum err_code offline_learn(const struct offline *o,
					   const struct offline_work *w,
					   struct offline_net *out,
					   struct err *e);

/* How any network does on what is held out, or, without that, on the rest. */
void offline_measure(const struct offline *o, const struct net_config *c,
		     const float *params, struct pool *pool,
		     struct learner_held_out *out);

/*
 * Running statistics of norms, made anew for weights that no training led to:
 * the plain mean over `shards` batches of what is not held out.  All else
 * stays.
 */
void offline_norms(const struct offline *o, const struct net_config *c,
		   uint64_t seed, int shards, float *params);

#endif
