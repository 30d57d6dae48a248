/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/evidence.h"

#include <math.h>
#include <string.h>

#include "core/base/stat.h"
#include "core/rate/tally.h"
#include "store/game.h"
#include "store/match.h"
#include "store/store.h"

/*
 * Wilson's interval, turned round.  Its ends L and H are the roots x of
 * (x - p)^2 = z^2 x (1 - x) / m: with u = 1 + z^2 / m,
 *
 *	L + H = (2 p + u - 1) / u	L H = p^2 / u
 *
 * of which p is taken out and the smaller root u of what is left is ours.
 */
static void from_interval(const struct store_match *m, struct evidence *out)
{
	const double z = 1.959963984540054;
	double low = stat_score_from_elo(m->elo_low);
	double high = stat_score_from_elo(m->elo_high);
	double sum = low + high, product = low * high;
	double a = (sum - 1) * (sum - 1), b = 4 * product - 2 * (sum - 1);
	double u = 2 / (b + sqrt(fmax(0, b * b - 4 * a)));
	double p = (sum * u - (u - 1)) / 2, pairs = (double)m->games / 2;

	if (!(low < high) || !(u > 1) || !isfinite(u))
		return;
	/* The interval was that of as many coins as have the variance of the
	 * units, half a whole and half a nothing counted besides. */
	p = fmin(fmax(p, 0), 1);
	out->score = p;
	p = (p * pairs + 0.5) / (pairs + 1);
	out->variance = p * (1 - p) * (u - 1) / (z * z);
}

static enum store_status
count_games(struct store *s, const struct store_match *m, struct tally *out)
{
	enum { AT_A_TIME = 4096 };
	struct tally_games t = {.paired = true};
	struct store_game_filter filter = {.match_id = m->id,
					   .oldest_first = true,
					   .outcome = STORE_FINISHED,
					   .limit = AT_A_TIME};
	enum store_status st = STORE_OK;
	size_t count = AT_A_TIME;

	while (st == STORE_OK && count == AT_A_TIME) {
		struct store_bag bag = {0};
		struct store_game *rows;

		st = store_game_list(s, &bag, &filter, &rows, &count);
		for (size_t i = 0; st == STORE_OK && i < count; i++) {
			bool began = !strcmp(rows[i].first, m->first);

			tally_add(&t,
				  tally_key_text(!began, rows[i].moves,
						 rows[i].opening),
				  began ? rows[i].result : -rows[i].result);
		}
		filter.offset += AT_A_TIME;
		store_bag_release(&bag);
	}
	*out = t.tally;
	tally_release(&t);
	return st;
}

enum store_status evidence_of_match(struct store *s,
				    const struct store_match *m,
				    struct evidence *out)
{
	struct tally t = {0};
	enum store_status st = count_games(s, m, &t);

	*out = (struct evidence){
		.score = (double)NAN, .variance = INFINITY, .pairs = -1};
	if (st != STORE_OK || m->games <= 0)
		return st;
	out->score =
		((double)m->wins + 0.5 * (double)m->draws) / (double)m->games;
	if (t.games == m->games && t.distinct_pairs) {
		struct stat_shares shares = tally_shares(&t);

		out->score = shares.mean;
		out->variance = shares.variance / shares.count;
		out->pairs = t.distinct_pairs;
	} else if (isfinite(m->elo_low) && isfinite(m->elo_high)) {
		from_interval(m, out);
	}
	return st;
}
