/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/stat.h"
#include "core/lab/evidence.h"
#include "core/lab/lab.h"
#include "core/rate/tally.h"
#include "core/session/match_score.h"
#include "store/game.h"
#include "store/match.h"
#include "store/store.h"
#include "tests/session/made_lab.h"

static void add_game(const char *first, double result)
{
	struct store_game g = {
		.match_id = 1,
		.game = MADE_LAB_C4,
		.first = first,
		.second = "random",
		.moves = "1213141",
		.plies = 7,
		.result = result,
		.score = (double)NAN,
		.ended = "rules",
		.purpose = "match",
		.step = -1,
	};
	int64_t id;

	assert_int_equal(store_game_add(lab_store(made_lab.lab), &g, &id),
			 STORE_OK);
}

/* The made match has 40 games; of nine in a row the first agent loses one and
 * draws one, whichever side it has. */
static void test_curve(void **state)
{
	struct match_score v = {0};
	struct err e = ERR_INIT;
	struct stat_elo all;

	(void)state;
	assert_int_equal(match_score_read(&v, lab_store(made_lab.lab), 1, &e),
			 ERR_OK);
	assert_string_equal(v.first, "policy:c4/6400");
	assert_int_equal(v.seen[0], 32);
	assert_int_equal(v.seen[1], 4);
	assert_int_equal(v.seen[2], 4);
	assert_false(v.tested);
	/* from the third game on */
	assert_int_equal(v.count, 38);
	assert_true(v.x[0] == 3 && v.x[37] == 40);
	/* of the pairs of nine games in a row one is lost, one is a draw and a
	 * win */
	assert_int_equal(v.games_read.tally.pairs, 20);
	assert_int_equal(v.games_read.tally.distinct_pairs, 20);
	all = tally_elo(&v.games_read.tally);
	assert_true(fabs(all.score - 34 / 40.0) < 1e-9);
	assert_true(fabs(v.curve[37] - all.elo) < 1e-9);
	for (int i = 0; i < v.count; i++) {
		assert_true(v.curve_low[i] <= v.curve[i]);
		assert_true(v.curve[i] - v.curve_low[i] <= 400 + 1e-9);
	}

	/* what came since is added, and nothing is counted twice */
	add_game("policy:c4/6400", 1);
	assert_int_equal(match_score_read(&v, lab_store(made_lab.lab), 1, &e),
			 ERR_OK);
	assert_int_equal(v.seen[0], 33);
	assert_int_equal(v.count, 39);
	/* Another of the same: pairs that repeat change nothing. */
	add_game("random", -1);
	for (int i = 0; i < 6; i++)
		add_game(i % 2 ? "random" : "policy:c4/6400", i % 2 ? -1 : 1);
	assert_int_equal(match_score_read(&v, lab_store(made_lab.lab), 1, &e),
			 ERR_OK);
	assert_int_equal(v.count, 46);
	assert_int_equal(v.games_read.tally.pairs, 24);
	assert_int_equal(v.games_read.tally.distinct_pairs, 21);
	assert_true(fabs(v.curve[45] - v.curve[39]) < 1e-9);
	match_score_release(&v);
}

/* A match whose games are stored is known by its distinct pairs, another by its
 * interval: where nothing repeats, both say the same. */
static void test_evidence(void **state)
{
	struct tally_games t = {.paired = true};
	struct store *s = lab_store(made_lab.lab);
	struct store_bag bag = {0};
	struct evidence counted, known;
	struct store_match m;
	struct stat_elo elo;

	(void)state;
	/* 40 of its 100 games are stored */
	assert_int_equal(store_match_get(s, &bag, 1, &m), STORE_OK);
	assert_int_equal(evidence_of_match(s, &m, &known), STORE_OK);
	assert_int_equal(known.pairs, -1);
	/* 540 Elo above */
	assert_true(fabs(known.score - 0.96) < 0.02);
	for (int i = 0; i < 40; i++) {
		const game_move moves[] = {(game_move)i};
		double x = i % 9 == 4 ? -1 : i % 9 == 7 ? 0 : 1;

		tally_add(&t, tally_key_of(i % 2, moves, 1, 0), x);
	}
	elo = tally_elo(&t.tally);
	m.games = 40;
	m.elo_low = elo.low;
	m.elo_high = elo.high;
	assert_int_equal(evidence_of_match(s, &m, &counted), STORE_OK);
	assert_int_equal(counted.pairs, 20);
	assert_true(fabs(counted.score - elo.score) < 1e-12);
	m.id = 99; /* no games there */
	assert_int_equal(evidence_of_match(s, &m, &known), STORE_OK);
	assert_int_equal(known.pairs, -1);
	assert_true(fabs(known.score - counted.score) < 1e-6);
	assert_true(fabs(known.variance / counted.variance - 1) < 1e-6);
	m.elo_low = m.elo_high = (double)NAN;
	assert_int_equal(evidence_of_match(s, &m, &known), STORE_OK);
	assert_true(known.pairs == -1 && known.score > 0.9);
	assert_true(known.units > 0 && known.dispersion > 0);
	m.games = 0;
	assert_int_equal(evidence_of_match(s, &m, &known), STORE_OK);
	assert_true(isinf(known.variance) && isnan(known.score));
	store_bag_release(&bag);
	tally_release(&t);
}

static void test_nobody(void **state)
{
	struct match_score v = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(match_score_read(&v, lab_store(made_lab.lab), 99, &e),
			 ERR_NOTFOUND);
	match_score_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_curve, made_lab_set_up,
						made_lab_tear_down),
		cmocka_unit_test_setup_teardown(test_evidence, made_lab_set_up,
						made_lab_tear_down),
		cmocka_unit_test_setup_teardown(test_nobody, made_lab_set_up,
						made_lab_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
