/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/tally.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/base/stat.h"

struct tally_key tally_key_of(int seat, const game_move *moves, int count,
			      int opening)
{
	struct tally_key k = {.opening = rng_mix(0, (uint64_t)opening)};

	k.game = rng_mix((uint64_t)seat, (uint64_t)count);
	for (int i = 0; i < count; i++) {
		k.game = rng_mix(k.game, moves[i]);
		if (i < opening)
			k.opening = rng_mix(k.opening, moves[i]);
	}
	return k;
}

/* Where the text of the opening ends is not known without the rules: moves are
 * words or, without a space among them, single characters. */
struct tally_key tally_key_text(int seat, const char *moves, int opening)
{
	struct tally_key k = {.opening = rng_mix(0, (uint64_t)opening)};
	bool words = strchr(moves, ' ');
	int move = 0;

	k.game = rng_mix((uint64_t)seat, strlen(moves));
	for (const char *p = moves; *p; p++) {
		uint64_t c = (unsigned char)*p;

		k.game = rng_mix(k.game, c);
		if (move < opening)
			k.opening = rng_mix(k.opening, c);
		move += !words || *p == ' ';
	}
	return k;
}

/* Who began first in a pair has no meaning. */
static uint64_t pair_key(uint64_t a, uint64_t b)
{
	return a < b ? rng_mix(a, b) : rng_mix(b, a);
}

static void add_pair(struct tally_games *t, struct tally_key key, int points)
{
	struct tally *y = &t->tally;

	y->pairs++;
	t->repeated = !seen_add(&t->pairs, pair_key(t->half, key.game));
	if (t->repeated)
		return;
	y->distinct_pairs++;
	y->outcome[t->half_points + points]++;
	y->openings += seen_add(&t->openings, key.opening);
}

void tally_add(struct tally_games *t, struct tally_key key, double result)
{
	int points = 1 + (result > 0) - (result < 0);
	struct tally *y = &t->tally;

	if (seen_add(&t->games, key.game)) {
		y->distinct_games++;
		y->single[points]++;
	}
	if (t->paired && t->open) {
		add_pair(t, key, points);
	} else {
		t->half = key.game;
		t->half_points = points;
	}
	t->open = !t->open;
	y->games++;
}

void tally_next_match(struct tally_games *t)
{
	t->open = false;
}

void tally_release(struct tally_games *t)
{
	seen_release(&t->games);
	seen_release(&t->pairs);
	seen_release(&t->openings);
}

struct stat_shares tally_shares(const struct tally *t)
{
	return t->distinct_pairs ? stat_shares_of(t->outcome, TALLY_OUTCOMES)
				 : stat_shares_of(t->single, 3);
}

struct stat_elo tally_elo(const struct tally *t)
{
	const double nan = (double)NAN;

	if (!t->games)
		return (struct stat_elo){nan, nan, nan, nan};
	return stat_elo_of_shares(tally_shares(t));
}
