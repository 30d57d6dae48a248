/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_MATCH_SCORE_H
#define CORE_SESSION_MATCH_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/stat.h"
#include "core/rate/sprt.h"
#include "core/rate/tally.h"
#include "store/store.h"

/*
 * How a match stands: the score so far, and a curve over the games played of
 * the Elo difference with its interval, by distinct pairs (tally.h); of an
 * agent against itself of what moving first is worth, in a one-player game of
 * the mean score.
 */
struct match_score {
	int64_t id;
	char game[96], first[128], openings[128];
	char second[128]; /* "": a one-player game */
	int64_t games, wins, draws, losses;
	double elo, low, high;
	bool tested; /* it may end early, by: */
	struct sprt test;
	double points, points_low, points_high; /* of a one-player game */
	/* owned [count]: after each game, in order */
	double *x, *curve, *curve_low, *curve_high;
	int count;
	/* games read so far: won, drawn, lost by the first agent; where both
	 * are the same, by whoever moved first */
	int seen[3];
	struct stat_sums sums;         /* their points */
	struct tally_games games_read; /* what of them is evidence */
};

/* Zeroed before the first call; a later one reads what came since.
 * ERR_NOTFOUND: there is no such match. */
ATTR_NODISCARD enum err_code match_score_read(struct match_score *v,
					      struct store *s, int64_t id,
					      struct err *e);
void match_score_release(struct match_score *v); /* zeroed is allowed */

#endif
