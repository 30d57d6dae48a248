/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LIFE_H
#define CORE_LEARN_LIFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"

/*
 * The life of a learner: one training by self-play, seen at stages.  Each stage
 * is the network that plays there, and games that this network plays with
 * itself: by its raw policy at the grid's temperature, each ply with that
 * policy and the network's value as targets (targets.h).  The move that was
 * played is a draw from them, so learning them expects the same as learning the
 * moves, with less variance: one label, for all who watch a life.  Early
 * policies are all but uniform, and at temperature 1 nobody could tell them
 * apart; at .25 and below they can be read, and games still differ.  Some of
 * these games begin with random moves, as the recipe says of self-play
 * (opening_share, opening_plies), or more of them: who learns from them is to
 * know more than one line of play.
 *
 * A life is two pieces of bytes.  BEFORE has the stages up to a cut, the games
 * of self-play until there with their searches' targets, and the state of the
 * training; AFTER has the stages past it.  AFTER is made from BEFORE with a
 * seed of its own: every chance past the cut is drawn from that one, so nobody
 * who saw BEFORE alone can know it.  Both depend on settings and seeds, on
 * nothing else: not on threads, the clock or the machine's load.
 *
 * Stages are log-spaced: stage i is the first moment at which
 * life_grid_games(i) games are finished, an iteration's end, so its mark is a
 * little later.  Where an iteration finishes more games than lie between two
 * stages they are the same network, with games of their own.
 */
struct life_grid {
	int64_t cut, games; /* finished games at the cut, and in all */
	int before, after;  /* stages up to and with the cut, and past it */
	int per_stage;      /* games that each of them plays */
	float temperature;  /* of these games, (0, 10] */
	/* Share of these that begins with random moves, up to 1; 0: as the
	 * recipe says of self-play. */
	float opening_share;
};
enum { LIFE_MAX_STAGES = 1024 };

/* ERR_USAGE says what does not go together. */
ATTR_NODISCARD enum err_code life_grid_check(const struct life_grid *g,
					     struct err *e);
/* Games at stage 0 .. before + after - 1: with the ratio
 * (games / cut)^(1 / after), stage before - 1 at the cut. */
int64_t life_grid_games(const struct life_grid *g, int stage);

struct life_config {
	const struct game *game;     /* borrowed */
	const struct recipe *recipe; /* borrowed; network, simulations, rate */
	struct life_grid grid;
	uint64_t seed;
};

/* What lives are made with unless told otherwise, as key = value lines: a small
 * network that learns fast.  rate_games is that of the recipe, and should be
 * the grid's `games`. */
extern const char life_usual[];
/* The seed of a continuation that nobody has to wait for. */
uint64_t life_usual_seed(uint64_t seed);

/* (each optional) While a life is made, from the thread that makes it. */
struct life_watch {
	/* Asked often; false: ERR_CANCELLED. */
	bool (*goes_on)(void *ctx);
	void (*at)(void *ctx, int64_t games);
	void *ctx;
};

enum life_part { LIFE_BEFORE, LIFE_AFTER };

/* From nothing to the cut: BEFORE into the empty *out. */
ATTR_NODISCARD enum err_code life_make(const struct life_config *c,
				       const struct life_watch *watch,
				       struct buf *out, struct err *e);
/* From the cut to the end, with the chances of `seed`: AFTER.  ERR_USAGE: they
 * were made with other settings; else as life_read(). */
ATTR_NODISCARD enum err_code life_continue(const struct life_config *c,
					   const void *before, size_t len,
					   uint64_t seed,
					   const struct life_watch *watch,
					   struct buf *out, struct err *e);

/* One of many. */
struct life_task {
	struct life_config config;
	enum life_part part;
	/* of AFTER; borrowed */
	const void *before;
	size_t before_len;
	uint64_t seed;
	/* results */
	struct buf out; /* the caller's to release */
	struct err err;
	bool kept; /* it was handed to keep() */
};
/*
 * A thread of the pool takes a whole life.  The calling thread is told of each
 * that is made, once, in any order, by keep(), and asked whether to go on
 * meanwhile, with the games that have been finished in all; either may be NULL.
 * False, or an error of keep(), ends what is being made.  Returns the first
 * error by number of task; ERR_CANCELLED has no sentence.
 */
ATTR_NODISCARD enum err_code
lives_run(struct life_task *tasks, int count, struct pool *pool,
	  enum err_code (*keep)(void *ctx, int task, struct err *e),
	  bool (*goes_on)(void *ctx, int64_t games), void *ctx, struct err *e);

/*
 * What was made.  Everything in it holds: the hash, the moves by the rules, the
 * results, the targets.  Any thread may ask.
 */
struct life;

/* `after` NULL: nothing past the cut.  ERR_FORMAT: they are no life, one of
 * another game, cut short or changed, or AFTER is not BEFORE's; ERR_VERSION.
 * Borrows `g`, copies the bytes. */
ATTR_NODISCARD enum err_code life_read(const struct game *g, const void *before,
				       size_t before_len, const void *after,
				       size_t after_len, struct life **out,
				       struct err *e);
void life_free(struct life *l); /* NULL is allowed */

const struct recipe *life_recipe(const struct life *l);
const struct life_grid *life_grid(const struct life *l);
uint64_t life_seed(const struct life *l, enum life_part part);
/* SHA-256 of a part's bytes; "" of an AFTER that is not there. */
const char *life_hash(const struct life *l, enum life_part part);

/* Stages that are there: grid.before, or with AFTER all. */
int life_stages(const struct life *l);
struct life_stage {
	int64_t games, step;  /* the mark */
	const float *weights; /* net_param_count(life_net()) */
	int game_count;
};
struct life_stage life_stage(const struct life *l, int stage);
const struct net_config *life_net(const struct life *l);

/* A game that a stage played, 0 .. game_count - 1: all in it is borrowed. */
struct self_play_game life_game(const struct life *l, int stage, int game);
/* Games of self-play up to the cut, in the order in which they ended. */
int64_t life_own_games(const struct life *l);
struct self_play_game life_own_game(const struct life *l, int64_t game);

/* What a part says of itself, by its form alone: for who keeps parts and does
 * not read them.  ERR_FORMAT, ERR_VERSION. */
struct life_head {
	enum life_part part;
	char *game;   /* owned; its full name */
	char *recipe; /* owned; key = value lines */
	struct life_grid grid;
	uint64_t seed;     /* of the life */
	uint64_t own_seed; /* of the part */
};
ATTR_NODISCARD enum err_code life_head_read(const void *part, size_t len,
					    struct life_head *out,
					    struct err *e);
void life_head_release(struct life_head *h);

/* All that decides a life but its game and seed, as key = value lines. */
void life_settings(const struct recipe *r, const struct life_grid *g,
		   struct buf *out);
/* Whether such a text, perhaps of an older version that knew fewer keys, says
 * the same. */
bool life_settings_say(const char *text, const struct recipe *r,
		       const struct life_grid *g);

#endif
