/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/sprt.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/rate/tally.h"

static const struct sprt_terms usual = {0, 40, 0.05, 0.05};

static void test_terms(void **state)
{
	static const struct sprt_terms wrong[] = {
		{10, 10, 0.05, 0.05},       {10, 0, 0.05, 0.05},
		{0, 10, 0, 0.05},           {0, 10, 0.05, 0.5},
		{0, 10, (double)NAN, 0.05}, {0, 2000, 0.05, 0.05},
	};
	struct err e = ERR_INIT;
	struct sprt s;

	(void)state;
	assert_int_equal(sprt_check(&usual, &e), ERR_OK);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(sprt_check(&wrong[i], &e), ERR_USAGE);
	/* Wald's bounds: log 19 */
	sprt_init(&s, &usual);
	assert_true(fabs(s.upper - 2.9444389791664403) < 1e-12);
	assert_true(fabs(s.lower + 2.9444389791664403) < 1e-12);
}

/* Distinct pairs, each from an opening of its own. */
static void play_pairs(struct sprt *s, int half_points, int count)
{
	int pairs[5], openings = 0;

	memcpy(pairs, s->pairs, sizeof(pairs));
	for (int i = 0; i < 5; i++)
		openings += pairs[i];
	for (int i = 0; i < count; i++) {
		pairs[half_points]++;
		sprt_look(s, pairs, ++openings);
	}
}

/* Where only sweeps are seen it is a coin, whose ratio is known: with w and l
 * pairs won and lost, w log(m1/m0) + l log((1-m1)/(1-m0)). */
static void test_a_coin(void **state)
{
	double m0 = 0.5, m1 = stat_score_from_elo(40), want;
	struct sprt s;

	(void)state;
	sprt_init(&s, &usual);
	s.pairs[0] = 20;
	s.pairs[4] = 24;
	play_pairs(&s, 4, 1);
	assert_int_equal(s.pairs[4], 25);
	want = 25 * log(m1 / m0) + 20 * log((1 - m1) / (1 - m0));
	/* the unseen thousandths */
	assert_true(fabs(s.llr - want) < 0.01);
	assert_int_equal(s.verdict, SPRT_UNDECIDED);
}

/* Far from the ends the ratio is near (t1 - t0) n (mean - (t0 + t1) / 2) /
 * variance (Van den Bergh, equation for the GSPRT by the central limit). */
static void test_against_the_normal_one(void **state)
{
	static const int pairs[5] = {30, 120, 260, 150, 40};
	double t0 = 0.5, t1 = stat_score_from_elo(10), n = 0, mean = 0,
	       variance = 0, want;
	struct sprt s;

	(void)state;
	sprt_init(&s, &(struct sprt_terms){0, 10, 0.01, 0.01});
	for (int i = 0; i < 5; i++) {
		n += pairs[i];
		mean += pairs[i] * i / 4.0;
		s.pairs[i] = pairs[i];
	}
	s.pairs[2]--;
	play_pairs(&s, 2, 1);
	assert_memory_equal(s.pairs, pairs, sizeof(pairs));
	mean /= n;
	for (int i = 0; i < 5; i++)
		variance += pairs[i] * (i / 4.0 - mean) * (i / 4.0 - mean) / n;
	want = (t1 - t0) * n * (mean - (t0 + t1) / 2) / variance;
	assert_true(fabs(s.llr - want) < 0.02 * fabs(want));
}

static void test_sides(void **state)
{
	struct sprt up, down;

	(void)state;
	/* Turned round, everything changes its sign. */
	sprt_init(&up, &(struct sprt_terms){-20, 30, 0.05, 0.05});
	sprt_init(&down, &(struct sprt_terms){-30, 20, 0.05, 0.05});
	for (int i = 0; i < 25; i++) {
		int half_points = (i * 7 + i / 3) % 5;

		play_pairs(&up, half_points, 1);
		play_pairs(&down, 4 - half_points, 1);
		assert_true(fabs(up.llr + down.llr) < 1e-9);
	}
	/* Who wins everything is not undecided for long, nor at once. */
	sprt_init(&up, &usual);
	play_pairs(&up, 4, 3);
	assert_int_equal(up.verdict, SPRT_UNDECIDED);
	play_pairs(&up, 4, 60);
	assert_int_equal(up.verdict, SPRT_H1);
	/* and the verdict stays */
	down = up;
	play_pairs(&up, 0, 60);
	assert_memory_equal(&up, &down, sizeof(up));
}

/* One opening decides nothing, however often it is played. */
static void test_one_opening(void **state)
{
	struct tally_games t = {.paired = true};
	struct sprt s;

	(void)state;
	sprt_init(&s, &usual);
	for (int i = 0; i < 2000; i++) {
		const game_move moves[] = {3, (game_move)(i / 1000 * i)};

		/* the same pair, then others from the opening */
		tally_add(&t, tally_key_of(i % 2, moves, 2, 1), 1);
		sprt_look(&s, t.tally.outcome, t.tally.openings);
		assert_int_equal(s.verdict, SPRT_UNDECIDED);
		if (i == 999)
			assert_int_equal(s.pairs[4], 1);
	}
	assert_true(s.llr > s.upper);
	sprt_look(&s, (const int[]){0, 0, 0, 0, 900}, SPRT_LEAST_OPENINGS);
	assert_int_equal(s.verdict, SPRT_H1);
	tally_release(&t);
}

/* A match of pairs: the opening favours one side by `bias`, so that the two
 * games of a pair depend on each other. */
struct simulated {
	struct sprt_terms terms;
	double draws, bias;
	double repeats; /* the chance that a pair is one played before */
};

static void play_opening(struct tally_games *t, const struct simulated *m,
			 double elo, uint64_t match, uint32_t opening)
{
	struct rng r;
	double by;

	rng_init(&r, match, RNG_TEST, 3, opening);
	by = (2 * rng_double(&r) - 1) * m->bias;
	for (int side = 0; side < 2; side++) {
		const game_move moves[] = {(game_move)(opening >> 8),
					   (game_move)(opening & 255)};
		double p = stat_score_from_elo(elo) + (side ? by : -by);
		double d = m->draws * 2 * fmin(p, 1 - p);
		double u = rng_double(&r);

		tally_add(t, tally_key_of(side, moves, 2, 2),
			  u < p - d / 2   ? 1
			  : u < p + d / 2 ? 0
					  : -1);
	}
}

static enum sprt_verdict play_match(const struct simulated *m, uint64_t match,
				    double elo, int *pairs)
{
	struct tally_games t = {.paired = true};
	struct sprt s;
	struct rng r;

	rng_init(&r, match, RNG_TEST, 4, 0);
	sprt_init(&s, &m->terms);
	while (t.tally.distinct_pairs < 20000 && !s.verdict) {
		uint32_t played = (uint32_t)t.tally.distinct_pairs;
		bool again = played && rng_double(&r) < m->repeats;

		play_opening(&t, m, elo, match,
			     again ? rng_below(&r, played) : played);
		sprt_look(&s, t.tally.outcome, t.tally.openings);
	}
	*pairs = t.tally.distinct_pairs;
	tally_release(&t);
	return s.verdict;
}

/* MATCHES=10000 makes it larger. */
static int matches(void)
{
	const char *text = getenv("MATCHES");
	int n = text ? atoi(text) : 0;

	return n > 0 ? n : 1000;
}

/* What is asked for and three standard deviations. */
static double most_wrong(int n, double chance)
{
	return n * chance + 3 * sqrt(n * chance * (1 - chance));
}

/* The errors are what was asked for, with pairs that repeat and without. */
static void test_error_rates(void **state)
{
	static const struct simulated cases[] = {
		{{0, 40, 0.05, 0.05}, 0, 0, 0},
		{{0, 40, 0.05, 0.05}, 0.6, 0.3, 0},
		{{0, 40, 0.05, 0.05}, 0.6, 0.3, 0.6},
		{{-20, 20, 0.05, 0.05}, 0.3, 0.2, 0.8},
		{{0, 200, 0.05, 0.05}, 0.3, 0.2, 0.5},
		{{0, 400, 0.05, 0.05}, 0, 0, 0.5},
		{{0, 100, 0.05, 0.05}, 0.9, 0, 0.5},
		{{0, 100, 0.01, 0.05}, 0.3, 0.3, 0.5},
	};
	int n = matches();

	(void)state;
	print_message("# elo0 elo1 draws bias repeats: wrong under H0, under "
		      "H1; distinct pairs\n");
	for (size_t c = 0; c < sizeof(cases) / sizeof(*cases); c++) {
		const struct simulated *m = &cases[c];
		double length = 0;
		int wrong[2] = {0};

		for (int k = 0; k < 2 * n; k++) {
			bool h1 = k % 2;
			int pairs;
			enum sprt_verdict v = play_match(
				m, rng_mix((uint64_t)k, c),
				h1 ? m->terms.elo1 : m->terms.elo0, &pairs);

			assert_int_not_equal(v, SPRT_UNDECIDED);
			wrong[h1] += v == (h1 ? SPRT_H0 : SPRT_H1);
			length += pairs / (2.0 * n);
		}
		print_message("# %4g %4g %5g %4g %7g: %.1f %%, %.1f %%; %.0f\n",
			      m->terms.elo0, m->terms.elo1, m->draws, m->bias,
			      m->repeats, 100.0 * wrong[0] / n,
			      100.0 * wrong[1] / n, length);
		assert_true(wrong[0] <= most_wrong(n, m->terms.alpha));
		assert_true(wrong[1] <= most_wrong(n, m->terms.beta));
	}
}

static void test_json(void **state)
{
	struct sprt s;
	struct json j;
	struct buf b;

	(void)state;
	buf_init(&b);
	json_init(&j, &b);
	sprt_init(&s, &(struct sprt_terms){-5, 5, 0.25, 0.25});
	s.verdict = SPRT_H0;
	s.llr = -1.5;
	sprt_json(&s, &j);
	assert_string_equal(b.data,
			    "{\"elo0\":-5,\"elo1\":5,\"alpha\":0.25,"
			    "\"beta\":0.25,\"llr\":-1.5,\"lower\":-1.09861229,"
			    "\"upper\":1.09861229,\"pairs\":[0,0,0,0,0],"
			    "\"verdict\":\"H0\"}");
	buf_release(&b);
}

/* What was written is read back; what is not of a test is refused. */
static void test_read_back(void **state)
{
	static const char *const wrong[] = {
		"",
		"{}",
		"null",
		"{\"elo0\":0,\"elo1\":10,\"llr\":0.5}",
		"{\"elo0\":0,\"elo1\":10,\"llr\":0.5,\"lower\":-3,\"upper\":3",
		"{\"elo0\":null,\"elo1\":10,\"llr\":0,\"lower\":-3,"
		"\"upper\":3}",
	};
	struct sprt s, back;
	struct json j;
	struct buf b;

	(void)state;
	sprt_init(&s, &usual);
	play_pairs(&s, 3, 400);
	assert_int_equal(s.verdict, SPRT_H1);
	buf_init(&b);
	json_init(&j, &b);
	sprt_json(&s, &j);
	assert_true(sprt_read(&back, b.data));
	assert_true(fabs(back.llr - s.llr) < 1e-6);
	assert_true(fabs(back.upper - s.upper) < 1e-6);
	assert_true(back.terms.elo0 == 0 && back.terms.elo1 == 40);
	assert_memory_equal(back.pairs, s.pairs, sizeof(s.pairs));
	assert_int_equal(back.verdict, SPRT_H1);
	buf_release(&b);
	assert_false(sprt_read(&back, NULL));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		if (sprt_read(&back, wrong[i]))
			fail_msg("'%s' is taken for a test", wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_a_coin),
		cmocka_unit_test(test_against_the_normal_one),
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_one_opening),
		cmocka_unit_test(test_error_rates),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
