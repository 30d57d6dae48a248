/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/match_score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/stat.h"
#include "store/game.h"
#include "store/match.h"

enum { BAND_MOST = 400 }; /* Elo */

static void grow(double **array, size_t count)
{
	*array = mem_realloc(*array, (count + 1) * sizeof(**array));
}

static void add_mean(struct match_score *v, int games)
{
	struct stat_mean m = stat_mean_of(&v->sums);

	if (!isfinite(m.low))
		return;
	v->x[v->count] = games;
	v->curve[v->count] = m.mean;
	v->curve_low[v->count] = m.low;
	v->curve_high[v->count] = m.high;
	v->count++;
}

/* The score after each game; only games that were not seen yet are read.  A
 * rating of few games has an interval that would press all that follows into
 * one line: the curve begins with the third game, and the band is cut off
 * BAND_MOST away from it. */
static enum store_status read_curve(struct match_score *v, struct store *s)
{
	int games = v->seen[0] + v->seen[1] + v->seen[2];
	const struct store_game_filter filter = {.match_id = v->id,
						 .oldest_first = true,
						 .outcome = STORE_FINISHED,
						 .offset = games};
	struct store_bag bag = {0};
	struct store_game *rows;
	size_t count = 0;
	enum store_status st = store_game_list(s, &bag, &filter, &rows, &count);

	grow(&v->x, (size_t)v->count + count);
	grow(&v->curve, (size_t)v->count + count);
	grow(&v->curve_low, (size_t)v->count + count);
	grow(&v->curve_high, (size_t)v->count + count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		bool began = !strcmp(rows[i].first, v->first);
		double result = began ? rows[i].result : -rows[i].result;
		struct stat_elo elo;

		/* Of an agent against itself only the order tells who it was.
		 */
		tally_add(&v->games_read,
			  tally_key_text(games % 2, rows[i].moves,
					 rows[i].opening),
			  result);
		v->seen[result > 0 ? 0 : result < 0 ? 2 : 1]++;
		if (isfinite(rows[i].score))
			stat_add(&v->sums, rows[i].score);
		if (++games < 3)
			continue;
		if (!*v->second) {
			add_mean(v, games);
			continue;
		}
		elo = tally_elo(&v->games_read.tally);
		v->x[v->count] = games;
		v->curve[v->count] = elo.elo;
		v->curve_low[v->count] = fmax(elo.low, elo.elo - BAND_MOST);
		v->curve_high[v->count] = fmin(elo.high, elo.elo + BAND_MOST);
		v->count++;
	}
	store_bag_release(&bag);
	return st;
}

enum err_code match_score_read(struct match_score *v, struct store *s,
			       int64_t id, struct err *e)
{
	struct store_bag bag = {0};
	struct store_match m;
	enum store_status st = store_match_get(s, &bag, id, &m);

	if (st == STORE_OK) {
		v->id = id;
		snprintf(v->game, sizeof(v->game), "%s", m.game);
		snprintf(v->first, sizeof(v->first), "%s", m.first);
		snprintf(v->second, sizeof(v->second), "%s",
			 m.second ? m.second : "");
		v->points = m.points;
		v->points_low = m.points_low;
		v->points_high = m.points_high;
		snprintf(v->openings, sizeof(v->openings), "%s",
			 m.openings ? m.openings : "");
		v->games = m.games;
		v->wins = m.wins;
		v->draws = m.draws;
		v->losses = m.losses;
		v->elo = m.elo;
		v->low = m.elo_low;
		v->high = m.elo_high;
		v->games_read.paired = *v->second;
		v->tested = sprt_read(&v->test, m.sprt);
		st = read_curve(v, s);
	}
	store_bag_release(&bag);
	return st == STORE_OK
		       ? ERR_OK
		       : err_set(e, ERR_NOTFOUND, "%s", store_message(s));
}

void match_score_release(struct match_score *v)
{
	free(v->x);
	free(v->curve);
	free(v->curve_low);
	free(v->curve_high);
	tally_release(&v->games_read);
	memset(v, 0, sizeof(*v));
}
