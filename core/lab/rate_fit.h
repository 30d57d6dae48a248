/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_RATE_FIT_H
#define CORE_LAB_RATE_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/lab/evidence.h"
#include "core/learn/recipe.h"
#include "core/rate/fit.h"
#include "store/match.h"

/* Others may play while a fit is under way.  After so many that came too late
 * the last is kept: who played the newest matches fits after it. */
enum { RATE_FITS_MOST = 5 };

/*
 * The fit of one game's matches in a lab, apart from the lab: they are read at
 * once, then fitted without any lock, then kept in a transaction of the
 * caller's, which is short, if they are still the same.
 */
struct rate_played {
	int64_t games;
	double points; /* wins and half the draws */
};

struct rate_fit {
	struct store_bag bag; /* texts */
	const char **names;   /* owned; [count], sorted: the players */
	int count;
	struct fit_pair *pairs; /* owned; sorted, each pair once, i < j: what is
				 * evidence (evidence.h) */
	int64_t *pair_games;    /* owned; [pair_count]: games as played */
	int pair_count;
	struct rate_played *played; /* owned; [count] */
	struct evidence_pool pool;  /* what it is made of, in the bag */
	int zero; /* the random agent; FIT_NO_ANCHOR: nobody met it */
	bool made;
	struct fit fit; /* where there are players; its anchor is `zero` */
};

/* `more` are matches that are about to be stored.  ERR_CANCELLED: goes_on(ctx),
 * may be NULL, said no.  *f is to be released whatever is returned. */
ATTR_NODISCARD enum err_code
rate_fit_make(struct rate_fit *f, struct store *s, const char *game,
	      const struct store_match *more, size_t more_count,
	      bool (*goes_on)(void *ctx), void *ctx, struct err *e);
void rate_fit_release(struct rate_fit *f);

/* Are the lab's matches those that were fitted? */
ATTR_NODISCARD enum err_code rate_fit_holds(const struct rate_fit *f,
					    struct store *s, const char *game,
					    bool *holds, struct err *e);

/* The game's rating rows and its checkpoints' Elo become those of the fit.
 * Without players nothing changes.  Within a transaction. */
ATTR_NODISCARD enum err_code rate_fit_keep(struct rate_fit *f, struct store *s,
					   const char *game, struct err *e);

/* A player; -1: not among them. */
int rate_fit_find(const struct rate_fit *f, const char *name);
/* Its row, by the anchor that the fit has now. */
struct store_rating rate_fit_row(const struct rate_fit *f, int player,
				 const char *game);

/* How a player does against the one that is as it but for an earlier step of
 * its run, the next before it that is rated. */
struct rate_gain {
	int before;       /* a player; -1: there is none, and NANs */
	double elo;       /* the difference */
	double low, high; /* 95 % interval; NANs: no chain of games links them
			   */
};
/* Of each player. */
void rate_fit_gains(const struct rate_fit *f, struct rate_gain *out);

/* The difference of two players' Elo with its interval, NANs as above; games of
 * theirs against each other. */
struct rate_gain rate_fit_gain(const struct rate_fit *f, int player, int before,
			       int64_t *games);

/* The agent as which a run's checkpoint plays its rating games.  Search hides
 * what a network has learned: an untrained one with 64 simulations is 760 Elo
 * above random in Connect Four.  So it is the raw policy, unless the recipe
 * says with how many simulations. */
void rate_agent_name(const struct recipe *recipe, const char *run, int64_t step,
		     char out[128]);

#endif
