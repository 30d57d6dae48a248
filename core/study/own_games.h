/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_OWN_GAMES_H
#define CORE_STUDY_OWN_GAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/net/net.h"

/*
 * Games that a network plays with itself by its raw policy, and what is said of
 * their positions, by itself too: what it could learn from without anybody
 * else.  Values are what comes of the games, or what a search of it says.
 */
enum own_label {
	OWN_POLICY,  /* its policy */
	OWN_MOVE,    /* the move that it played, which is a draw from that */
	OWN_ONE_PLY, /* the move after which its value is best */
	OWN_SEARCH,  /* how often a search by it visits each move */
};

struct own_games {
	const struct game *game;     /* borrowed */
	const struct net_plan *plan; /* borrowed */
	enum own_label label;
	int simulations;   /* of OWN_SEARCH */
	float temperature; /* at which its moves are drawn */
	/* This share of games begins with up to so many random moves. */
	float opening_share;
	int opening_plies;
	uint64_t seed;
};

/* Games first .. first + count - 1, which `take` gets in that order; each
 * depends on its number, the network and the seed alone.  `goes_on` is asked
 * now and then by the calling thread; false: ERR_CANCELLED. */
ATTR_NODISCARD enum err_code
own_games_play(const struct own_games *o, int64_t first, int count,
	       struct pool *pool,
	       enum err_code (*take)(void *ctx, const struct self_play_game *g,
				     struct err *e),
	       bool (*goes_on)(void *ctx), void *ctx, struct err *e);

/* The same game with its labels retold, into `w`. */
enum own_retold {
	OWN_WON,    /* of whoever lost: nothing; of a draw: all */
	OWN_SHARP,  /* policies at a temperature below 1: what most of many
		     * draws would say */
	OWN_ANYHOW, /* the same numbers on legal moves in any order, by chance:
		     * what is learned from labels that know nothing */
};
struct own_retelling {
	enum own_retold how;
	float temperature; /* of OWN_SHARP */
	uint64_t seed;     /* of OWN_ANYHOW */
};
/* ERR_FORMAT: the targets do not fit the game. */
ATTR_NODISCARD enum err_code own_games_retell(const struct game *g,
					      const struct self_play_game *in,
					      const struct own_retelling *how,
					      struct targets_writer *w,
					      struct err *e);

#endif
