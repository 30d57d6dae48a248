/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_MATCH_VIEW_H
#define TUI_SCREEN_MATCH_VIEW_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/base/stat.h"
#include "store/store.h"
#include "tui/canvas.h"
#include "tui/screen/job_view.h"

/*
 * A match as its page shows it: the score so far as figures, a bar and a curve
 * of the Elo difference with its interval over the games played; of an agent
 * against itself of what moving first is worth, in a one-player game of the
 * mean score.
 */
struct match_test { /* that may end it early */
	bool on;
	double elo0, elo1, llr, lower, upper;
	char verdict[16]; /* "H0", "H1", else none yet */
};

struct match_view {
	int64_t id;
	char game[96], first[128], openings[128];
	char second[128]; /* "": a one-player game */
	int64_t games, wins, draws, losses;
	double elo, low, high;
	struct match_test test;
	double points, points_low, points_high; /* of a one-player game */
	/* owned [count]: after each game, in order */
	double *x, *curve, *curve_low, *curve_high;
	int count;
	/* games read so far: won, drawn, lost by the first agent; where both
	 * are the same, by whoever moved first */
	int seen[3];
	struct stat_sums sums; /* their points */
};

ATTR_NODISCARD enum err_code match_view_read(struct match_view *v,
					     struct store *s, int64_t id,
					     struct err *e);
void match_view_release(struct match_view *v);
void match_view_draw(const struct match_view *v, struct canvas *c);

#endif
