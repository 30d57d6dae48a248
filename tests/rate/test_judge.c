/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/rate/graded.h"
#include "core/rate/judge.h"
#include "core/rate/known.h"
#include "core/search/solver.h"

static char path[] = "/tmp/plyscope-known-XXXXXX";

static int setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || close(fd);
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_file(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fputs(text, f) < 0 || fclose(f), 0);
}

static void expect_file(const char *want)
{
	char text[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	assert_string_equal(text, want);
}

/* --- judging ------------------------------------------------------------- */

/* Every move of `set`, one after another, judged by the scores and by asking
 * about it alone. */
static void check_set(const struct graded_set *set, const struct judge_work *w)
{
	struct graded_set bare = *set;
	game_move *chosen = mem_zalloc((size_t)set->count, sizeof(*chosen));
	struct verdict *out = mem_zalloc((size_t)set->count, sizeof(*out));
	struct err e = ERR_INIT;
	int asked;

	bare.positions =
		mem_zalloc((size_t)set->count, sizeof(*bare.positions));
	for (int i = 0; i < set->count; i++) {
		bare.positions[i] = set->positions[i];
		bare.positions[i].scores = NULL;
	}
	for (int m = 0; m < set->game->move_count; m++) {
		for (int i = 0; i < set->count; i++)
			chosen[i] =
				set->positions[i].scores[m] == SOLVER_NO_MOVE
					? GAME_NO_MOVE
					: (game_move)m;
		if (judge_moves(&bare, chosen, w, out, &asked, &e))
			fail_msg("%s", e.msg);
		for (int i = 0; i < set->count; i++) {
			const struct graded_position *p = &set->positions[i];
			struct verdict want = judge_scored(p, chosen[i]);

			assert_int_equal(out[i].class_kept, want.class_kept);
			assert_int_equal(out[i].score_kept, want.score_kept);
			assert_true(out[i].most >= want.most);
			/* A lost class shows. */
			assert_true(want.class_kept || out[i].most <= 0);
		}
	}
	free(bare.positions);
	free(chosen);
	free(out);
}

static void test_as_by_all_scores(void **state)
{
	static const struct {
		const char *game;
		int count, least;
	} sets[] = {
		{"drop:rows=4,cols=4,line=3", 40, 0},
		{"drop:rows=5,cols=5,line=4", 40, 6},
		{"connect4", 60, 20},
		{"mnk:4,4,3", 20, 2},
		{"tictactoe", 20, 0},
		{"othello:size=6", 12, 22},
	};
	struct pool *pool = pool_new(2);
	struct judge_work work = {.pool = pool, .memory = 1 << 20};
	struct graded_work solve = {.pool = pool};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		struct graded_sampling want = {
			.count = sets[i].count,
			.least_ply = sets[i].least,
			.quick = true,
			.seed = 3,
		};
		struct graded_set set;
		struct err e = ERR_INIT;
		struct game g;

		assert_int_equal(game_init(&g, sets[i].game, &e), ERR_OK);
		want.most_ply = g.max_plies - 1;
		graded_init(&set, &g, sets[i].game);
		assert_int_equal(graded_sample(&set, &want, &solve, &e),
				 ERR_OK);
		assert_true(set.count > 5);
		check_set(&set, &work);
		graded_release(&set);
	}
	pool_free(pool);
}

/* Positions near their ends; the scores by a plain search of all lines of play:
 * - - - 3 -3 4 4, and - - 0 -3 - - 0. */
static const char *const lines[] = {
	"13226577114457213416552223133734564 4",
	"12275661366112547445542251257613677 0",
};

static void read_lines(struct graded_set *set, const struct game *g)
{
	graded_init(set, g, "lines");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_int_equal(graded_add(set, lines[i], (int)i + 1, NULL),
				 ERR_OK);
}

/* What was answered is not asked again, in this command and in the next. */
static void test_asks_once(void **state)
{
	static const struct {
		game_move chosen[2];
		int asked;
		bool kept[4]; /* class, score, class, score */
	} steps[] = {
		{{3, 3}, 3, {true, false, false, false}},
		{{3, 3}, 0, {true, false, false, false}},
		{{4, 2}, 3, {false, false, true, true}},
		{{5, 3}, 1, {true, true, false, false}},
		{{4, GAME_NO_MOVE}, 0, {false, false, false, false}},
	};
	struct pool *pool = pool_new(1);
	struct judge_work work = {.pool = pool};
	struct graded_set set;
	struct err e = ERR_INIT;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	read_lines(&set, &g);
	write_file("");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		const bool *kept = steps[i].kept;
		struct verdict v[2];
		int asked;

		/* With a file, each time opened afresh. */
		assert_int_equal(known_open(&work.known, &g, path, &e), ERR_OK);
		assert_int_equal(judge_moves(&set, steps[i].chosen, &work, v,
					     &asked, &e),
				 ERR_OK);
		assert_int_equal(known_close(work.known, &e), ERR_OK);
		assert_int_equal(asked, steps[i].asked);
		for (int k = 0; k < 2; k++) {
			assert_int_equal(v[k].class_kept, kept[2 * k]);
			assert_int_equal(v[k].score_kept, kept[2 * k + 1]);
		}
	}
	expect_file("game connect4\n"
		    "13226577114457213416552223133734564 4 - 3\n"
		    "13226577114457213416552223133734564 4 1 -\n"
		    "12275661366112547445542251257613677 4 - -1\n"
		    "13226577114457213416552223133734564 5 - 3\n"
		    "13226577114457213416552223133734564 5 - 0\n"
		    "12275661366112547445542251257613677 3 0 -\n"
		    "13226577114457213416552223133734564 6 4 -\n");
	graded_release(&set);
	pool_free(pool);
}

/* A stated score that a known move beats. */
static void test_better_than_the_best(void **state)
{
	static const game_move chosen[] = {5, 2};
	struct pool *pool = pool_new(1);
	struct judge_work work = {.pool = pool};
	struct graded_set set;
	struct err e = ERR_INIT;
	struct verdict v[2];
	struct game g;
	int asked;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	read_lines(&set, &g);
	write_file(
		"game connect4\n12275661366112547445542251257613677 3 2 9\n");
	assert_int_equal(known_open(&work.known, &g, path, &e), ERR_OK);
	assert_int_equal(judge_moves(&set, chosen, &work, v, &asked, &e),
			 ERR_FORMAT);
	assert_string_equal(e.msg, "lines:2: the score is 0 where 3 is worth 2 "
				   "at least");
	assert_int_equal(known_close(work.known, &e), ERR_OK);
	graded_release(&set);
	pool_free(pool);
}

static void test_cancel(void **state)
{
	static const game_move chosen[] = {3};
	struct pool *pool = pool_new(1);
	atomic_bool cancel = true;
	struct judge_work work = {.pool = pool, .cancel = &cancel};
	struct graded_set set;
	struct err e = ERR_INIT;
	struct verdict v[1];
	struct game g;
	int asked;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	graded_init(&set, &g, "start");
	assert_int_equal(graded_add(&set, "44 1", 1, &e), ERR_OK);
	assert_int_equal(judge_moves(&set, chosen, &work, v, &asked, &e),
			 ERR_CANCELLED);
	graded_release(&set);
	pool_free(pool);
}

/* --- the file ------------------------------------------------------------ */

static void test_bounds_add_up(void **state)
{
	struct graded_position p = {.best = 0};
	struct known *k;
	struct known_bounds b;
	struct err e = ERR_INIT;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", &e), ERR_OK);
	p.state = game_state_new(&g, 0);
	/* About the start, with a comment, and a last line that was cut off. */
	write_file("# mine\n\ngame tictactoe\n a1 -2 4\nb2 - 3 # yes\n"
		   "b2 a1 c3 0 0\na1 - 1");
	for (int i = 0; i < 2; i++) {
		if (known_open(&k, &g, path, &e))
			fail_msg("%s", e.msg);
		b = known_get(k, &p, g.rules->move_parse(&g, p.state, "a1"));
		assert_int_equal(b.low, i ? -1 : -2);
		assert_int_equal(b.high, 4);
		b = known_get(k, &p, g.rules->move_parse(&g, p.state, "b2"));
		assert_int_equal(b.low, KNOWN_LEAST);
		assert_int_equal(b.high, 3);
		b = known_get(k, &p, g.rules->move_parse(&g, p.state, "c3"));
		assert_int_equal(b.high, KNOWN_MOST);
		if (!i)
			known_put(k, &p, g.rules->move_parse(&g, p.state, "a1"),
				  (struct known_bounds){-1, KNOWN_MOST});
		assert_int_equal(known_close(k, &e), ERR_OK);
	}
	expect_file("# mine\n\ngame tictactoe\n a1 -2 4\nb2 - 3 # yes\n"
		    "b2 a1 c3 0 0\n a1 -1 -\n");
	free(p.state);
}

/* A file that was being begun, and one with comments alone. */
static void test_the_game_is_written_once(void **state)
{
	static const char *const texts[][2] = {
		{"", "game tictactoe\n"},
		{"game tic", "game tictactoe\n"},
		{"# mine\n\n", "# mine\n\ngame tictactoe\n"},
	};
	struct known *k;
	struct err e = ERR_INIT;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", NULL), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		write_file(texts[i][0]);
		for (int again = 0; again < 2; again++) {
			if (known_open(&k, &g, path, &e))
				fail_msg("%s", e.msg);
			assert_int_equal(known_close(k, &e), ERR_OK);
			expect_file(texts[i][1]);
		}
	}
}

static void test_bad_files(void **state)
{
	static const struct {
		const char *text, *says;
		enum err_code rc;
	} bad[] = {
		{"44 3 0 1\n", ":1: it does not begin", ERR_FORMAT},
		/* nor is a line without an end that nobody here wrote */
		{"44 3 0 1", ":1: it does not begin", ERR_FORMAT},
		{"# mine\nmy only copy", ":2: it does not begin", ERR_FORMAT},
		{"game nothing\n", ":1: it does not begin", ERR_FORMAT},
		{"game tictactoe\n", ":1: it is about tictactoe and not",
		 ERR_USAGE},
		{"game connect4\n44 3 0\n", ":2: ", ERR_FORMAT},
		{"game connect4\n0 0\n", ":2: not MOVES", ERR_FORMAT},
		{"game connect4\n44 3 x 1\n", ":2: not MOVES", ERR_FORMAT},
		{"game connect4\n44 3 0 1000\n", ":2: not MOVES", ERR_FORMAT},
		{"game connect4\n44 9 0 1\n", ":2: no move '9'", ERR_FORMAT},
		{"game connect4\n49 3 0 1\n", ":2: ", ERR_FORMAT},
		{"game connect4\n1212121 3 0 1\n", ":2: nobody", ERR_FORMAT},
		{"game connect4\n44 3 2 1\n", ":2: bounds", ERR_FORMAT},
		{"game connect4\n44 3 2 -\n44 3 - 1\n", ":3: bounds",
		 ERR_FORMAT},
	};
	struct known *k;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", NULL), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err e = ERR_INIT;

		write_file(bad[i].text);
		assert_int_equal(known_open(&k, &g, path, &e), bad[i].rc);
		assert_null(k);
		if (strncmp(e.msg, path, strlen(path)) ||
		    strncmp(e.msg + strlen(path), bad[i].says,
			    strlen(bad[i].says)))
			fail_msg("'%s' says: %s", bad[i].text, e.msg);
		/* Somebody's file is not changed. */
		expect_file(bad[i].text);
	}
	assert_int_equal(known_open(&k, &g, "/nowhere/at/all", NULL), ERR_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_by_all_scores),
		cmocka_unit_test(test_asks_once),
		cmocka_unit_test(test_better_than_the_best),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_bounds_add_up),
		cmocka_unit_test(test_the_game_is_written_once),
		cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests(tests, setup, tear_down);
}
