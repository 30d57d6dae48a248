/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_STANDINGS_H
#define CORE_SESSION_STANDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/rate_fit.h"
#include "core/lab/rate_lab.h"
#include "core/session/series.h"
#include "store/store.h"

/*
 * Who stands where in one game of the lab: the stored ratings, the matches
 * behind them, and the curves that the ratings of a run's checkpoints make.
 * Everything lives in the bag and is borrowed until the next read.
 */
struct standing {
	const char *spec;      /* the agent, as on the command line */
	double elo, low, high; /* 95 % interval; NAN: no rating */
	double los;            /* chance of being stronger than the next; NAN */
	double spread;         /* half the 95 % interval to the mean; NAN */
	struct rate_gain gain; /* against the checkpoint before, a row here */
	const struct rate_residual *worst; /* of its pairs; NULL: none */
	bool linked;     /* games lead from it to the anchor */
	int64_t games;   /* in matches of this game */
	double points;   /* won in them, a draw is half a point */
	const char *run; /* of a checkpoint's agent; NULL: another */
	int64_t step;
	int curve, point; /* where it stands in a curve; -1: in none */
};

/* Who met an agent, counted from its side. */
struct opponent {
	int row; /* in the standings */
	int64_t games, wins, draws, losses;
	int64_t match_id; /* of the newest match */
};

/* All matches of two agents, counted from the side of `first`. */
struct meeting {
	int first, second; /* places in `rows`, first < second */
	int64_t games, wins, draws, losses;
	int64_t match_id; /* of the newest */
	int matches;
};

/* Rated agents that differ in the step alone: "policy:c4", "mcts:c4 sims=64".
 * Arrays of [count], ascending in x. */
struct standing_curve {
	const char *name;
	const char *run;
	double *x[SERIES_X_COUNT]; /* steps, games, seconds of work */
	double *elo, *low, *high;
	int *row; /* place in `rows` */
	int count;
};

struct standings {
	struct store_bag bag;
	const char **games;    /* that have matches of two agents or ratings */
	int game_count, game;  /* the one shown; -1: there is none */
	struct standing *rows; /* strongest first, then guesses (not linked),
				* then those without rating */
	int count, rated;
	struct meeting *meetings;
	int meeting_count;
	struct standing_curve *curves;
	int curve_count;
	int64_t matches, games_played;
	const char *anchor; /* of a fit: whose Elo is 0; NULL: the mean's */
	bool anchored; /* some are linked: 0 is the anchor, which is the random
			* agent where nothing else is asked for, not the mean
			*/
	bool fitted;   /* the ratings are those of the fit, not of the file */
	bool kept;     /* and the file has the same */
	bool gains;    /* some row has one */
};

/* Read anew.  `game`: its name, short or whole; "": that of the newest match.
 * `fit` (may be NULL): where it is of that game, its ratings are shown and not
 * those that are stored, which do not say who is above whom.  ERR_NOTFOUND
 * names the games there are; after an error there are no rows. */
ATTR_NODISCARD enum err_code
standings_read(struct standings *s, struct store *store, const char *game,
	       const struct rate_table *fit, struct err *e);
void standings_release(struct standings *s);

/* Place of an agent; -1: not there. */
int standings_find(const struct standings *s, const char *spec);

/* What `row` scores against `other` by their ratings, [0, 1]; NAN. */
double standings_expected(const struct standings *s, int row, int other);

/* Whom the agent at `row` met, the strongest first, into
 * out[s->meeting_count]; returns how many. */
int standings_opponents(const struct standings *s, int row,
			struct opponent *out);

#endif
