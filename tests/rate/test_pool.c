/* SPDX-License-Identifier: MIT */
/*
 * Pools whose strengths are known and whose agents repeat themselves: a fit
 * that is made of distinct pairs says how sure it is, and one that takes each
 * game as evidence does not.
 */
#include "config.h"

#include "core/rate/fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/rate/tally.h"

static const double normal_95 = 1.959963984540054;

enum { PLAYERS = 8, PAIRS = PLAYERS * (PLAYERS - 1) / 2 };

/* POOLS=1000 makes the simulations larger. */
static int pools(void)
{
	const char *text = getenv("POOLS");
	int n = text ? atoi(text) : 0;

	return n > 0 ? n : 200;
}

/* Each two play from `openings` positions, each of which favours a side by up
 * to `bias` of what the weaker one scores; they play the same from it whenever
 * they meet there.  A draw takes `draws` of the most that the score allows. */
struct setting {
	double spread, draws, bias; /* spread: SD of strengths, Elo */
	int openings, pairs;        /* played: each opening, then again */
	bool all;                   /* everybody met everybody, else the next
				     * two and the first */
};

/* The two games of an opening, as whoever looks finds them. */
static void play_pair(struct tally_games *t, const struct setting *s,
		      uint64_t meeting, uint32_t opening, double p,
		      struct fit_pair *naive)
{
	struct rng r;
	double by;

	rng_init(&r, meeting, RNG_TEST, 31, opening);
	by = (2 * rng_double(&r) - 1) * s->bias * fmin(p, 1 - p);
	for (int side = 0; side < 2; side++) {
		const game_move moves[] = {(game_move)opening, (game_move)side};
		double here = side ? p + by : p - by;
		double d = s->draws * 2 * fmin(here, 1 - here);
		double u = rng_double(&r);
		double x = u < here - d / 2 ? 1 : u < here + d / 2 ? 0 : -1;

		naive->wins += x > 0;
		naive->draws += x == 0;
		naive->losses += x < 0;
		tally_add(t, tally_key_of(side, moves, 2, 1), x);
	}
}

/* What two players' games say: to the fit as labs make it, and to one that
 * counts them all. */
static void meet(const struct setting *s, uint64_t meeting, double difference,
		 struct fit_pair *own, struct fit_pair *naive)
{
	struct tally_games t = {.paired = true};
	uint32_t openings = (uint32_t)s->openings;
	double p = stat_score_from_elo(difference);
	struct stat_shares shares;
	struct rng r;

	rng_init(&r, meeting, RNG_TEST, 32, 0);
	for (uint32_t i = 0; i < (uint32_t)s->pairs; i++)
		play_pair(&t, s, meeting,
			  i < openings ? i : rng_below(&r, openings), p, naive);
	shares = tally_shares(&t.tally);
	own->wins = 2.0 * shares.count * shares.mean;
	own->losses = 2.0 * shares.count * (1 - shares.mean);
	own->dispersion = 2 * stat_dispersion(shares, 0.5);
	tally_release(&t);
}

/* Shares of true values inside their intervals. */
struct coverage {
	double anchored, middle, between;
};

static void count_covered(const struct fit *f, const double *truth,
			  struct coverage *c)
{
	double mean = 0;

	for (int i = 0; i < PLAYERS; i++)
		mean += truth[i] / PLAYERS;
	for (int i = 0; i < PLAYERS; i++) {
		double off = f->elo[i] - f->mean - (truth[i] - mean);

		c->middle += fabs(off) <= f->spread[i];
		if (!i)
			continue;
		c->anchored += f->low[i] <= truth[i] && truth[i] <= f->high[i];
		off = f->elo[i] - truth[i] - (f->elo[i - 1] - truth[i - 1]);
		c->between += off * off <=
			      normal_95 * normal_95 * fit_variance(f, i, i - 1);
	}
}

static void try_pool(const struct setting *s, uint64_t pool,
		     struct coverage *own, struct coverage *naive)
{
	struct fit_pair distinct[PAIRS], every[PAIRS];
	double truth[PLAYERS];
	int count = 0;
	struct rng r;
	struct fit f;

	rng_init(&r, pool, RNG_TEST, 30, 0);
	for (int i = 0; i < PLAYERS; i++)
		truth[i] = i ? (double)rng_normal(&r) * s->spread : 0;
	for (int i = 0; i < PLAYERS; i++) {
		for (int j = 0; j < i; j++) {
			if (!s->all && j && i - j > 2)
				continue;
			distinct[count] = every[count] =
				(struct fit_pair){.i = i, .j = j};
			meet(s, rng_mix(pool, (uint64_t)count),
			     truth[i] - truth[j], &distinct[count],
			     &every[count]);
			count++;
		}
	}
	fit_init(&f, PLAYERS, distinct, count, 0);
	count_covered(&f, truth, own);
	fit_release(&f);
	fit_init(&f, PLAYERS, every, count, 0);
	count_covered(&f, truth, naive);
	fit_release(&f);
}

static bool is_close(double share)
{
	return share > 0.93 && share < 0.97;
}

static void test_intervals_cover(void **state)
{
	static const struct setting settings[] = {
		{200, 0.2, 0.5, 50, 50, true},
		{200, 0.2, 0.5, 50, 200, true},
		{200, 0.5, 0.5, 30, 120, true},
		{0, 0.5, 0.8, 40, 160, true},
		{400, 0.3, 0.5, 50, 200, true},
		{200, 0, 0, 60, 120, false},
		{200, 0.2, 0.5, 50, 200, false},
		{400, 0.3, 0.5, 60, 300, false},
	};

	(void)state;
	print_message("# spread draws bias openings pairs met: to the anchor, "
		      "to the mean, between two (by all games)\n");
	for (size_t k = 0; k < sizeof(settings) / sizeof(*settings); k++) {
		const struct setting *s = &settings[k];
		struct coverage own = {0}, naive = {0};
		double n = pools(), ends = n * (PLAYERS - 1);

		for (int i = 0; i < pools(); i++)
			try_pool(s, rng_mix((uint64_t)i, k), &own, &naive);
		own.anchored /= ends;
		own.middle /= n * PLAYERS;
		own.between /= ends;
		naive.anchored /= ends;
		naive.middle /= n * PLAYERS;
		naive.between /= ends;
		print_message("# %6g %5g %4g %8d %5d %s: %.1f %.1f %.1f %% "
			      "(%.1f %.1f %.1f %%)\n",
			      s->spread, s->draws, s->bias, s->openings,
			      s->pairs, s->all ? "all" : "few",
			      100 * own.anchored, 100 * own.middle,
			      100 * own.between, 100 * naive.anchored,
			      100 * naive.middle, 100 * naive.between);
		assert_true(is_close(own.anchored));
		assert_true(is_close(own.middle));
		assert_true(is_close(own.between));
		/* where each was played four times */
		if (s->pairs >= 4 * s->openings)
			assert_true(naive.middle < 0.85);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intervals_cover),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
