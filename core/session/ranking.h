/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_RANKING_H
#define CORE_SESSION_RANKING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/refit.h"
#include "core/session/standings.h"

/*
 * The newest fit of a game's ratings, and the one under way, so that standings
 * are always those of the matches there are.  Zeroed before the first use.
 */
struct ranking {
	struct rate_table fit; /* owned: the newest, for standings_read() */
	struct refit *refit;   /* owned: a fit under way; NULL: none */
	bool keeps;            /* it is one that stores its outcome */
	char anchor[512];      /* whose Elo is 0; "": the random agent's */
	/* behind it, or the one under way, or one that failed */
	char game[128];
	int64_t matches, games;
};

void ranking_release(struct ranking *r); /* waits for nothing */

/* Another agent's Elo is to be 0: what was fitted is behind. */
void ranking_set_anchor(struct ranking *r, const char *spec);

/* Were there matches, or another game, since the fit begun last? */
bool ranking_is_behind(const struct ranking *r, const struct standings *s);

/* Fit the game that `s` shows; see refit_start().  Looking at ratings writes
 * nothing; `keep` does. */
ATTR_NODISCARD enum err_code ranking_begin(struct ranking *r,
					   const struct standings *s,
					   const char *lab_path, bool keep,
					   void (*wake)(void *ctx), void *ctx,
					   struct err *e);
bool ranking_ended(const struct ranking *r);
/* The outcome of one that ended becomes the newest; after a failure the newest
 * stays. */
ATTR_NODISCARD enum err_code ranking_take(struct ranking *r, struct err *e);

#endif
