/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/tally.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/rate/seen.h"
#include "core/rate/sprt.h"

/* POOLS=10000 makes the simulations larger. */
static int pools(void)
{
	const char *text = getenv("POOLS");
	int n = text ? atoi(text) : 0;

	return n > 0 ? n : 1000;
}

static void test_seen(void **state)
{
	struct seen s = {0};
	struct rng r;

	(void)state;
	rng_init(&r, 1, RNG_TEST, 0, 0);
	assert_true(seen_add(&s, 0));
	assert_false(seen_add(&s, 0));
	for (int round = 0; round < 2; round++)
		for (uint64_t k = 1; k <= 10000; k++)
			assert_true(seen_add(&s, rng_mix(k, 7)) == !round);
	assert_int_equal(s.count, 10000);
	seen_release(&s);
}

static void add(struct tally_games *t, int game, double result)
{
	const game_move moves[] = {3, 1, (game_move)game};

	tally_add(t, tally_key_of(t->tally.games % 2, moves, 3, 2), result);
}

/* Pairs are counted once, and the interval is that of those. */
static void test_repeats_add_nothing(void **state)
{
	struct tally_games once = {.paired = true}, often = {.paired = true};

	(void)state;
	for (int i = 0; i < 12; i++)
		add(&once, i, i % 3 - 1);
	for (int round = 0; round < 5; round++)
		for (int i = 0; i < 12; i++)
			add(&often, i, i % 3 - 1);
	assert_int_equal(often.tally.games, 60);
	assert_int_equal(often.tally.distinct_games, 12);
	assert_int_equal(often.tally.pairs, 30);
	assert_int_equal(often.tally.distinct_pairs, 6);
	assert_int_equal(often.tally.openings, 1);
	assert_true(often.repeated);
	assert_memory_equal(often.tally.outcome, once.tally.outcome,
			    sizeof(once.tally.outcome));
	assert_true(fabs(tally_elo(&often.tally).low -
			 tally_elo(&once.tally).low) < 1e-12);
	/* A pair of which one game is new is new. */
	add(&often, 0, -1);
	add(&often, 99, 1);
	assert_int_equal(often.tally.distinct_pairs, 7);
	assert_int_equal(often.tally.distinct_games, 13);
	tally_release(&once);
	tally_release(&often);
}

static void test_outcomes(void **state)
{
	static const double results[][2] = {
		{-1, -1}, {-1, 0}, {0, 0}, {1, 0}, {1, 1}};
	struct tally_games t = {.paired = true}, alone = {0};
	struct stat_shares s;

	(void)state;
	assert_true(isnan(tally_elo(&t.tally).elo));
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 2; k++)
			add(&t, 10 * i + k, results[i][k]);
	for (int i = 0; i < 5; i++)
		assert_int_equal(t.tally.outcome[i], 1);
	s = tally_shares(&t.tally);
	assert_int_equal(s.count, 5);
	assert_true(fabs(s.mean - 0.5) < 1e-12);
	/* of the five 0.125, with half a 0 and half a 1: (0.625 + 0.25) / 6 */
	assert_true(fabs(s.variance - 0.875 / 6) < 1e-12);
	/* Half a pair is none, but all that there is of one game. */
	add(&t, 80, 1);
	assert_int_equal(tally_shares(&t.tally).count, 5);
	for (int i = 0; i < 3; i++) {
		const game_move moves[] = {7, (game_move)(i / 2)};

		tally_add(&alone, tally_key_of(0, moves, 2, 0), i < 2);
	}
	assert_int_equal(alone.tally.games, 3);
	assert_int_equal(tally_shares(&alone.tally).count, 2);
	tally_release(&t);
	tally_release(&alone);
}

/* Kept games are texts: the same games are equal, by their openings too. */
static void test_texts(void **state)
{
	struct tally_key a = tally_key_text(0, "e4 e5 Nf3", 2);
	struct tally_key b = tally_key_text(0, "e4 e5 Nc3", 2);
	struct tally_key c = tally_key_text(1, "e4 e5 Nf3", 2);
	struct tally_key d = tally_key_text(0, "4453", 2);
	struct tally_key e = tally_key_text(0, "4433", 2);

	(void)state;
	assert_true(a.opening == b.opening && a.game != b.game);
	assert_true(a.opening == c.opening && a.game != c.game);
	assert_true(d.opening == e.opening && d.game != e.game);
	assert_true(d.opening != tally_key_text(0, "3443", 2).opening);
}

/*
 * A pool: agents without chance play from `openings` positions, which favour a
 * side by up to `bias`, and what comes of each is drawn once.  The true score
 * is that of all openings there could be.
 */
struct simulated {
	double elo, draws, bias;
	int openings, pairs; /* played: more than there are openings */
};

static double game_result(struct rng *r, const struct simulated *s, double by)
{
	double p = stat_score_from_elo(s->elo) + by;
	double d = s->draws * 2 * fmin(p, 1 - p);
	double u = rng_double(r);

	return u < p - d / 2 ? 1 : u < p + d / 2 ? 0 : -1;
}

/* result[] counts losses, draws and wins of all games. */
static void play_pair(struct tally_games *t, const struct simulated *s,
		      uint64_t pool, uint32_t opening, int result[3])
{
	struct rng r;
	double by;

	rng_init(&r, pool, RNG_TEST, 1, opening);
	by = (2 * rng_double(&r) - 1) * s->bias;
	for (int side = 0; side < 2; side++) {
		const game_move moves[] = {(game_move)opening, (game_move)side};
		double x = game_result(&r, s, side ? by : -by);

		result[x > 0 ? 2 : x < 0 ? 0 : 1]++;
		tally_add(t, tally_key_of(side, moves, 2, 1), x);
	}
}

/* Each opening once, and then again as it comes. */
static void play_all(struct tally_games *t, const struct simulated *s,
		     uint64_t pool, int result[3])
{
	uint32_t openings = (uint32_t)s->openings;
	struct rng r;

	rng_init(&r, pool, RNG_TEST, 2, 0);
	for (uint32_t i = 0; i < (uint32_t)s->pairs; i++)
		play_pair(t, s, pool,
			  i < openings ? i : rng_below(&r, openings), result);
}

static bool covers(struct stat_elo e, double elo)
{
	return e.low <= elo && elo <= e.high;
}

/* 95 % intervals cover the truth in 93 to 97 % of the pools, however often the
 * openings are played; those that take each game as evidence do not. */
static void test_intervals_cover(void **state)
{
	static const struct simulated cases[] = {
		{0, 0.2, 0, 50, 50},       {0, 0.2, 0.3, 50, 200},
		{0, 0.5, 0.3, 100, 400},   {100, 0.2, 0.2, 30, 200},
		{100, 0.4, 0.2, 100, 200}, {-200, 0.3, 0.1, 100, 200},
		{-300, 0.2, 0.1, 200, 800}};

	(void)state;
	print_message("#   elo draws bias openings pairs: covered by distinct "
		      "pairs, by all games\n");
	for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++) {
		const struct simulated *s = &cases[c];
		int covered = 0, naive = 0, n = pools();

		for (int k = 0; k < n; k++) {
			uint64_t pool = rng_mix((uint64_t)k, c);
			struct tally_games t = {.paired = true};
			int result[3] = {0};

			play_all(&t, s, pool, result);
			covered += covers(tally_elo(&t.tally), s->elo);
			naive += covers(
				stat_elo_of(result[2], result[1], result[0]),
				s->elo);
			tally_release(&t);
		}
		print_message("# %5g %5g %4g %8d %5d: %.1f %%, %.1f %%\n",
			      s->elo, s->draws, s->bias, s->openings, s->pairs,
			      100.0 * covered / n, 100.0 * naive / n);
		assert_true(covered >= 0.93 * n && covered <= 0.97 * n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_repeats_add_nothing),
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_intervals_cover),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
