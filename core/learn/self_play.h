/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_SELF_PLAY_H
#define CORE_LEARN_SELF_PLAY_H

#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/learn/recipe.h"
#include "core/search/mcts.h"

/*
 * Self-play over fixed game slots in fixed groups.  The searches of a group's
 * games are a fleet (fleet.h): they advance together, and what the network has
 * said in this call is not asked again.  A thread takes a whole group, and
 * every random stream is named by slot, game and ply: results do not depend on
 * the number of threads.  Chance draws by game and ply too; its
 * plies teach nothing.  Games go on from one call to the next,
 * so the network that plays a game may change during it.
 */
struct self_play;

/* A finished game, valid during the callback. */
struct self_play_game {
	int64_t number; /* unique in the run; repeats for the same seed */
	const game_move *moves;
	int count;
	int opening;         /* of them random, at the start */
	float result;        /* first player's score in [-1, 1] */
	const void *targets; /* as targets.h */
	size_t targets_len;
};

/* Sums over the searched positions since self_play_take_figures(). */
struct self_play_figures {
	int64_t positions;
	int64_t simulations;
	int64_t games;
	int64_t plies;      /* of finished games */
	double first_score; /* sum over finished games, each in [0, 1] */
	double points;      /* sum over finished games that keep a score */
	double kl;          /* KL(search policy || prior), nats, summed */
	double entropy;     /* of the prior over legal moves, nats, summed */
	double search_entropy;
	int64_t best_changed; /* positions where search overturned the prior */
	int64_t leaves;       /* positions that searches asked about */
	int64_t rows;         /* of them the network was asked: the rest were
			       * known or twice in a batch */
	int64_t batches;      /* calls of the network */
	double net_seconds;   /* inside the network, over all workers */
	double busy_seconds;  /* of all workers */
};

/* `g` is borrowed; the recipe is copied. */
struct self_play *self_play_new(const struct game *g, const struct recipe *r,
				uint64_t seed);
void self_play_free(struct self_play *sp);
/* From the next call on every chance is drawn by `seed`, in the games that have
 * begun, too. */
void self_play_reseed(struct self_play *sp, uint64_t seed);

/*
 * Every slot plays `plies` >= 1 moves with the network `plan`, of the recipe's
 * shape; then `done` gets the games that were finished, in slot order.  `tick`
 * (may be NULL) is called now and then by the calling thread; if it returns
 * false the call stops early, returns ERR_CANCELLED, and the object must be
 * loaded again or freed.
 */
ATTR_NODISCARD enum err_code
self_play_advance(struct self_play *sp, const struct net_plan *plan, int plies,
		  struct pool *pool,
		  void (*done)(void *ctx, const struct self_play_game *game),
		  bool (*tick)(void *ctx), void *ctx);

void self_play_take_figures(struct self_play *sp,
			    struct self_play_figures *out);

/* How game `number` of a run is searched at a ply, for mcts_configure(); the
 * search itself is numbered by the ply.  With the network of that moment it can
 * be made again, by itself. */
void self_play_search(const struct recipe *r, uint64_t seed, int64_t number,
		      int ply, struct mcts_config *out);

/* The unfinished games as bytes, and back. */
void self_play_save(const struct self_play *sp, struct buf *out);
ATTR_NODISCARD enum err_code self_play_load(struct self_play *sp,
					    struct reader *r, struct err *e);

#endif
