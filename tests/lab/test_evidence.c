/* SPDX-License-Identifier: MIT */
/* What the matches of a game say, and the fit that is made of them: a game that
 * is played again adds nothing. */
#include "config.h"

#include "core/lab/evidence.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/stat.h"
#include "core/lab/lab.h"
#include "core/lab/rate_lab.h"
#include "core/rate/tally.h"
#include "store/game.h"
#include "store/match.h"
#include "store/store.h"

static const char *const game = "drop:rows=6,cols=7,line=4";

struct fixture {
	char folder[64], path[96];
	struct lab *lab;
	struct store *s;
	struct store_bag bag;
};

static int begin(void **state)
{
	static struct fixture f;
	struct err e = ERR_INIT;

	memset(&f, 0, sizeof(f));
	snprintf(f.folder, sizeof(f.folder), "/tmp/plyscope-evidence.XXXXXX");
	if (!mkdtemp(f.folder))
		return 1;
	snprintf(f.path, sizeof(f.path), "%s/lab.db", f.folder);
	if (lab_open(&f.lab, f.path, LAB_CREATE, &e))
		return 1;
	f.s = lab_store(f.lab);
	*state = &f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;
	char other[112];

	store_bag_release(&f->bag);
	lab_close(f->lab);
	unlink(f->path);
	snprintf(other, sizeof(other), "%s-wal", f->path);
	unlink(other);
	snprintf(other, sizeof(other), "%s-shm", f->path);
	unlink(other);
	return rmdir(f->folder);
}

/* Of "a" in pair i: 2, 1 and 0 points in turn, each two decided games or one
 * that is not. */
static double result_of(int pair, int second)
{
	static const double results[3][2] = {{1, 1}, {1, -1}, {-1, 0}};

	return results[pair % 3][second];
}

/* A match of pairs from .. to - 1, all games stored.  `turn`: b is the first
 * agent, and begins each pair. */
static int64_t play(struct fixture *f, int from, int to, bool turn,
		    uint64_t seed)
{
	struct store_match m = {
		.game = game,
		.first = turn ? "b" : "a",
		.second = turn ? "a" : "b",
		.games = 2 * (to - from),
		.seed = seed,
		.elo = (double)NAN,
		.elo_low = (double)NAN,
		.elo_high = (double)NAN,
		.step = -1,
	};
	int64_t id;

	for (int i = from; i < to; i++) {
		for (int k = 0; k < 2; k++) {
			double x = turn ? -result_of(i, k) : result_of(i, k);

			m.wins += x > 0;
			m.draws += x == 0;
			m.losses += x < 0;
		}
	}
	assert_int_equal(store_match_add(f->s, &m, &id), STORE_OK);
	for (int i = 2 * from; i < 2 * to; i++) {
		/* a begins the game of even number; who plays first of the two
		 * depends on `turn` */
		int k = turn ? !(i % 2) : i % 2;
		char moves[32];
		struct store_game g = {
			.match_id = id,
			.game = game,
			.first = k ? "b" : "a",
			.second = k ? "a" : "b",
			.moves = moves,
			.opening = 4,
			.plies = 9,
			.result =
				k ? -result_of(i / 2, k) : result_of(i / 2, k),
			.ended = "four in a row",
			.purpose = "match",
			.step = -1,
		};

		snprintf(moves, sizeof(moves), "%04d%d2345", i / 2, k);
		assert_int_equal(store_game_add(f->s, &g, NULL), STORE_OK);
	}
	return id;
}

/* The one pairing of the lab. */
static struct evidence_pairing only(struct fixture *f)
{
	struct evidence_pool pool;

	assert_int_equal(evidence_of_game(f->s, &f->bag, game, NULL, 0, &pool),
			 STORE_OK);
	assert_int_equal(pool.count, 1);
	assert_string_equal(pool.rows[0].first, "a");
	assert_string_equal(pool.rows[0].second, "b");
	return pool.rows[0];
}

static void assert_near(double a, double b)
{
	if (!(fabs(a - b) <= 1e-9 * (1 + fabs(b))))
		fail_msg("%.12g is not %.12g", a, b);
}

/* Of n distinct pairs, a third each of 2, 1 and half a point of two. */
static void assert_pairs(struct evidence_pairing p, int n)
{
	const int outcome[] = {0, n / 3, n / 3, 0, n / 3};
	struct stat_shares s = stat_shares_of(outcome, 5);

	assert_near(p.units, 2.0 * n);
	assert_near(p.points, 2.0 * n * s.mean);
	assert_near(p.dispersion, 2 * stat_dispersion(s, 0.5));
}

static void test_repeats_of_another_match_add_nothing(void **state)
{
	struct fixture *f = *state;
	struct evidence_pairing p;

	play(f, 0, 30, false, 1);
	p = only(f);
	assert_pairs(p, 30);
	assert_int_equal(p.games, 60);
	/* the same games, and again with the agents named the other way */
	play(f, 0, 30, false, 2);
	play(f, 0, 30, true, 3);
	p = only(f);
	assert_pairs(p, 30);
	assert_int_equal(p.games, 180);
	assert_int_equal(p.wins, 3 * 30);
	assert_int_equal(p.losses, 3 * 20);
	/* some that are new */
	play(f, 15, 60, true, 4);
	assert_pairs(only(f), 60);
}

static struct store_match counted(const char *first, const char *second,
				  uint64_t seed)
{
	struct store_match m = {
		.game = game,
		.first = first,
		.second = second,
		.games = 60,
		.wins = 30,
		.draws = 10,
		.losses = 20,
		.pairs = 30,
		.distinct = {0, 10, 10, 0, 10},
		.elo = (double)NAN,
		.elo_low = (double)NAN,
		.elo_high = (double)NAN,
		.openings = "random:4",
		.seed = seed,
		.step = -1,
	};

	return m;
}

/* Matches without games are known by their counts; the same one again by its
 * agents, seed and openings. */
static void test_counts(void **state)
{
	struct fixture *f = *state;
	struct store_match m = counted("a", "b", 7), other = m;

	assert_int_equal(store_match_add(f->s, &m, NULL), STORE_OK);
	assert_pairs(only(f), 30);
	assert_int_equal(store_match_add(f->s, &m, NULL), STORE_OK);
	assert_pairs(only(f), 30);
	assert_int_equal(only(f).games, 120);
	/* the other agent's match has other games */
	other.first = "b";
	other.second = "a";
	for (int i = 0; i < 5; i++)
		other.distinct[i] = m.distinct[4 - i];
	other.wins = m.losses;
	other.losses = m.wins;
	assert_int_equal(store_match_add(f->s, &other, NULL), STORE_OK);
	assert_near(only(f).units, 120);
	/* of half points: 10 + 20 + 40, both times */
	assert_near(only(f).points, 70);
	m.seed = 8;
	assert_int_equal(store_match_add(f->s, &m, NULL), STORE_OK);
	assert_near(only(f).units, 180);
}

/* What was kept before matches had counts. */
static void test_intervals_and_games(void **state)
{
	struct fixture *f = *state;
	struct store_match m = counted("a", "b", 7);
	struct evidence_pairing p;
	struct stat_elo elo = stat_elo_of(30, 10, 20);
	const int single[] = {20, 10, 30};

	memset(m.distinct, 0, sizeof(m.distinct));
	m.pairs = 0;
	assert_int_equal(store_match_add(f->s, &m, NULL), STORE_OK);
	p = only(f);
	assert_near(p.units, 60);
	assert_near(p.points, 35);
	assert_near(p.dispersion,
		    stat_dispersion(stat_shares_of(single, 3), 1));
	/* an interval as of a quarter of these games, without draws */
	elo = stat_elo_of(8, 0, 7);
	m.games = 1000;
	m.wins = 533;
	m.losses = 467;
	m.draws = 0;
	m.seed = 9;
	m.elo = elo.elo;
	m.elo_low = elo.low;
	m.elo_high = elo.high;
	assert_int_equal(store_match_add(f->s, &m, NULL), STORE_OK);
	p = only(f);
	assert_true(fabs(p.units - 60 - 15) < 1.5);
	assert_true(fabs(p.points - 35 - 8) < 1.5);
}

/* More than an int holds, as a file may say. */
static void test_large_counts(void **state)
{
	struct fixture *f = *state;
	struct store_match m = counted("a", "b", 7);
	struct evidence_pairing p;

	m.games = 3000000000000;
	m.wins = 3000000000000;
	m.draws = m.losses = m.pairs = 0;
	memset(m.distinct, 0, sizeof(m.distinct));
	assert_int_equal(store_match_add(f->s, &m, NULL), STORE_OK);
	p = only(f);
	assert_near(p.units, 1e8);
	assert_near(p.points, 1e8);
	assert_true(p.dispersion > 0);
	m.pairs = m.distinct[4] = m.distinct[0] = 2000000000000;
	m.seed = 8;
	assert_int_equal(store_match_add(f->s, &m, NULL), STORE_OK);
	p = only(f);
	assert_near(p.units, 5e8);
	assert_near(p.points, 3e8);
	assert_true(p.dispersion > 0);
}

/* What is about to be stored is the same, and has the same mark, as when it
 * is; and any other match has another. */
static void test_marks(void **state)
{
	struct fixture *f = *state;
	struct store_match more[2] = {counted("a", "c", 5),
				      counted("b", "a", 6)};
	struct store_match alone = counted("a", "a", 1);
	struct evidence_pool before, after;
	uint64_t now;

	play(f, 0, 30, false, 1);
	assert_int_equal(store_match_add(f->s, &alone, NULL), STORE_OK);
	assert_int_equal(
		evidence_of_game(f->s, &f->bag, game, more, 2, &before),
		STORE_OK);
	assert_int_equal(before.count, 2);
	assert_int_equal(evidence_mark(f->s, game, &now), STORE_OK);
	assert_true(now != before.mark);
	for (int i = 0; i < 2; i++)
		assert_int_equal(store_match_add(f->s, &more[i], NULL),
				 STORE_OK);
	assert_int_equal(evidence_mark(f->s, game, &now), STORE_OK);
	assert_true(now == before.mark);
	assert_int_equal(evidence_of_game(f->s, &f->bag, game, NULL, 0, &after),
			 STORE_OK);
	assert_true(after.mark == before.mark);
	assert_int_equal(after.count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct evidence_pairing *p = &before.rows[i];
		const struct evidence_pairing *q = &after.rows[i];

		assert_string_equal(p->first, q->first);
		assert_string_equal(p->second, q->second);
		assert_near(p->units, q->units);
		assert_near(p->points, q->points);
		assert_near(p->dispersion, q->dispersion);
	}
	assert_near(before.rows[0].units, 120);
	assert_int_equal(evidence_mark(f->s, "chess", &now), STORE_OK);
	assert_true(now == 0);
}

/* Games are read once: then the match has their counts, from its first agent's
 * side, and says the same without them. */
static void test_counts_are_kept(void **state)
{
	struct fixture *f = *state;
	int64_t id = play(f, 0, 30, true, 1);
	struct evidence_pairing before = only(f), after;
	struct evidence_pool pool;
	struct store_match m;
	uint64_t now;

	assert_int_equal(evidence_of_game(f->s, &f->bag, game, NULL, 0, &pool),
			 STORE_OK);
	assert_int_equal(pool.counted_count, 1);
	assert_int_equal(evidence_keep(f->s, &pool), STORE_OK);
	assert_int_equal(store_match_get(f->s, &f->bag, id, &m), STORE_OK);
	assert_int_equal(m.pairs, 30);
	assert_int_equal(m.distinct[0], 10);
	assert_int_equal(m.distinct[2], 10);
	assert_int_equal(m.distinct[3], 10);
	assert_int_equal(evidence_mark(f->s, game, &now), STORE_OK);
	assert_true(now == pool.mark);
	after = only(f);
	assert_near(after.units, before.units);
	assert_near(after.points, before.points);
	assert_near(after.dispersion, before.dispersion);
	assert_int_equal(evidence_of_game(f->s, &f->bag, game, NULL, 0, &pool),
			 STORE_OK);
	assert_int_equal(pool.counted_count, 0);
}

static struct store_rating rate(struct fixture *f, double *spread)
{
	struct rate_table t;
	struct store_rating row;
	struct err e = ERR_INIT;

	assert_int_equal(rate_lab(f->lab, game, NULL, &t, &e), ERR_OK);
	assert_int_equal(t.count, 2);
	assert_string_equal(t.rows[0].agent, "a");
	row = t.rows[0];
	*spread = t.spread[0];
	rate_table_release(&t);
	return row;
}

/* The interval of the fit is that of 30 pairs, however often they are played,
 * while the row says how many games there were. */
static void test_the_fit_counts_distinct_pairs(void **state)
{
	struct fixture *f = *state;
	struct store_rating once, often;
	double spread, again;

	play(f, 0, 30, false, 1);
	once = rate(f, &spread);
	for (uint64_t i = 0; i < 9; i++)
		play(f, 0, 30, i % 2, 2 + i);
	often = rate(f, &again);
	assert_near(often.elo, once.elo);
	assert_near(again, spread);
	assert_int_equal(once.games, 60);
	assert_int_equal(often.games, 600);
	assert_near(often.score, once.score);
	/* 300 pairs that are new say more */
	play(f, 30, 300, false, 20);
	rate(f, &again);
	assert_true(again < 0.4 * spread);
}

int main(void)
{
#define IN_LAB(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		IN_LAB(test_repeats_of_another_match_add_nothing),
		IN_LAB(test_counts),
		IN_LAB(test_intervals_and_games),
		IN_LAB(test_large_counts),
		IN_LAB(test_marks),
		IN_LAB(test_counts_are_kept),
		IN_LAB(test_the_fit_counts_distinct_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
