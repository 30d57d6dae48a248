/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/rate/grade.h"
#include "core/rate/graded.h"
#include "core/search/solver.h"
#include "tests/agent/one_network.h"

static struct game connect4, tictactoe;

/* Random games, near their ends; scored by a plain search of all lines of play,
 * a program of a page that shares nothing with the solver. */
static const char *const lines[] = {
	"467435257232412353421645775611675132763 -1 - - 0 - -1 -",
	"31575411114561453533324654646266737772 - 2 - - - - -2",
	"17616425631237123171355247262653756474 - - -2 0 -2 - -",
	"13226577114457213416552223133734564 - - - 3 -3 4 4",
	"146565375771435354116221347435272732 -3 -3 - 3 - 3 -",
	"656216112231622125155556364773777333 - - - 3 - - -3",
	"1575137133246146426327563553151667477422 - 1 - 0 - - -",
	"12275661366112547445542251257613677 - - 0 -3 - - 0",
};

static int setup(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL) ||
	       game_init(&tictactoe, "tictactoe", NULL);
}

static void read_lines(struct graded_set *set)
{
	struct err e = ERR_INIT;

	graded_init(set, &connect4, "lines");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (graded_add(set, lines[i], (int)i + 1, &e))
			fail_msg("%s", e.msg);
	assert_int_equal(set->count, ARRAY_LEN(lines));
}

static void sample(struct graded_set *set, int count, int least, int most)
{
	struct pool *pool = pool_new(2);
	struct graded_work work = {.pool = pool};
	struct graded_sampling want = {
		.count = count,
		.least_ply = least,
		.most_ply = most,
		.quick = true,
		.seed = 7,
	};
	struct err e = ERR_INIT;

	graded_init(set, &connect4, "sample");
	if (graded_sample(set, &want, &work, &e))
		fail_msg("%s", e.msg);
	pool_free(pool);
}

/* --- counting ------------------------------------------------------------ */

/* The moves on the left of each line: of the eight, five keep the class (lines
 * 2, 4, 6, 7, 8) and four the score (not line 4: 3 where 4 can be had); those
 * on the right keep 4 (line 4: 4 of 4) and 8 alone. */
static void test_counts_as_by_hand(void **state)
{
	struct grade_tally left = {0}, right = {0}, none = {0};
	struct graded_set set;

	(void)state;
	read_lines(&set);
	for (int i = 0; i < set.count; i++) {
		const struct graded_position *p = &set.positions[i];
		int first = 0, last = connect4.move_count - 1;

		while (p->scores[first] == SOLVER_NO_MOVE)
			first++;
		while (p->scores[last] == SOLVER_NO_MOVE)
			last--;
		grade_count(&left, p, (game_move)first);
		grade_count(&right, p, (game_move)last);
		grade_count(&none, p, GAME_NO_MOVE);
	}
	assert_int_equal(left.positions, 8);
	assert_int_equal(left.class_kept, 5);
	assert_int_equal(left.score_kept, 4);
	assert_int_equal(right.class_kept, 3);
	assert_int_equal(right.score_kept, 3);
	assert_int_equal(none.positions, 8);
	assert_int_equal(none.class_kept + none.score_kept, 0);
	assert_true(grade_share(left.class_kept, &left) == 0.625);
	none.positions = 0;
	assert_true(isnan(grade_share(0, &none)));
	graded_release(&set);
}

/* --- agents -------------------------------------------------------------- */

static enum err_code grade(const struct graded_set *set, const char *agent,
			   int threads, struct grade_result *out, struct err *e)
{
	struct pool *pool = pool_new(threads);
	struct grade_request want = {
		.set = set,
		.agent = agent,
		.source = &one_network,
		.seed = 5,
	};
	enum err_code rc = grade_agent(&want, pool, out, e);

	pool_free(pool);
	return rc;
}

static void test_perfect_play_is_perfect(void **state)
{
	struct grade_result r;
	struct graded_set set;
	struct err e = ERR_INIT;

	(void)state;
	read_lines(&set);
	assert_int_equal(grade(&set, "solver", 1, &r, &e), ERR_OK);
	assert_int_equal(r.all.positions, 8);
	assert_int_equal(r.all.class_kept, 8);
	assert_int_equal(r.all.score_kept, 8);
	assert_int_equal(r.forfeits, 0);
	/* Lines 4 and 8 have 35 moves, line 7 has 40. */
	assert_int_equal(r.plies, 41);
	assert_int_equal(r.by_ply[35].positions, 2);
	assert_int_equal(r.by_ply[35].score_kept, 2);
	assert_int_equal(r.by_ply[40].positions, 1);
	assert_int_equal(r.by_ply[34].positions, 0);
	grade_result_release(&r);
	graded_release(&set);
}

/* Random play keeps, in the mean, the share of moves that keep; within five
 * standard deviations of a sum of independent draws. */
static void test_random_play_is_as_expected(void **state)
{
	double mean[2] = {0}, variance[2] = {0};
	struct grade_result r;
	struct graded_set set;
	struct err e = ERR_INIT;

	(void)state;
	sample(&set, 300, 30, 41);
	assert_int_equal(set.count, 300);
	for (int i = 0; i < set.count; i++) {
		struct grade_tally t = {0};

		for (int m = 0; m < connect4.move_count; m++)
			if (set.positions[i].scores[m] != SOLVER_NO_MOVE)
				grade_count(&t, &set.positions[i],
					    (game_move)m);
		for (int k = 0; k < 2; k++) {
			double p = grade_share(k ? t.score_kept : t.class_kept,
					       &t);

			mean[k] += p;
			variance[k] += p * (1 - p);
		}
		/* Somewhere a class can be lost, and something keeps it. */
		assert_in_range(t.class_kept, 1, t.positions - 1);
	}
	assert_int_equal(grade(&set, "random", 2, &r, &e), ERR_OK);
	assert_true(fabs(r.all.class_kept - mean[0]) < 5 * sqrt(variance[0]));
	assert_true(fabs(r.all.score_kept - mean[1]) < 5 * sqrt(variance[1]));
	grade_result_release(&r);
	graded_release(&set);
}

/* Side by side, and in any number of threads, an agent chooses what it chooses
 * alone; only the last bits of a network differ with the batch. */
static void test_side_by_side_as_alone(void **state)
{
	static const char *const specs[] = {
		"mcts:c4/latest,sims=40",
		"mcts:c4/latest,sims=30,temperature=1",
		"mcts:c4/latest,sims=24,gumbel=yes",
		"policy:c4/latest",
	};
	struct graded_set set;
	struct err e = ERR_INIT;

	(void)state;
	sample(&set, 150, 24, 36);
	for (size_t k = 0; k < ARRAY_LEN(specs); k++) {
		struct grade_result one, three;
		struct agent *a;
		char alone[80];
		int other = 0;

		snprintf(alone, sizeof(alone), "%s%s", specs[k],
			 *specs[k] == 'm' ? ",batch=1" : "");
		assert_int_equal(
			agent_open(&a, alone, &connect4, &one_network, &e),
			ERR_OK);
		agent_keep_trace(a, false);
		assert_int_equal(grade(&set, specs[k], 1, &one, &e), ERR_OK);
		assert_int_equal(grade(&set, specs[k], 3, &three, &e), ERR_OK);
		for (int i = 0; i < set.count; i++) {
			const struct graded_position *p = &set.positions[i];
			struct thought t;

			agent_think(a, p->state, 5, (uint64_t)i, p->plies, NULL,
				    &t);
			other += t.move != one.chosen[i];
			assert_int_equal(one.chosen[i], three.chosen[i]);
			thought_release(&t);
		}
		assert_in_range(other, 0, 1);
		agent_close(a);
		grade_result_release(&one);
		grade_result_release(&three);
	}
	graded_release(&set);
}

static void test_who_cannot_be_graded(void **state)
{
	struct grade_result r;
	struct graded_set set;
	struct err e = ERR_INIT;

	(void)state;
	read_lines(&set);
	assert_int_equal(grade(&set, "human", 1, &r, &e), ERR_USAGE);
	assert_int_equal(grade(&set, "nobody", 1, &r, &e), ERR_USAGE);
	assert_null(r.agent);
	graded_release(&set);
}

static bool stop_at_once(void *ctx, int done)
{
	(void)ctx;
	(void)done;
	return false;
}

static void test_stops_when_told(void **state)
{
	struct pool *pool = pool_new(1);
	struct graded_work work = {.pool = pool, .tick = stop_at_once};
	struct graded_sampling more = {.count = 9, .most_ply = 41};
	struct grade_request want = {
		.agent = "random",
		.tick = stop_at_once,
	};
	struct grade_result r;
	struct graded_set set;
	struct err e = ERR_INIT;

	(void)state;
	read_lines(&set);
	want.set = &set;
	assert_int_equal(grade_agent(&want, pool, &r, &e), ERR_CANCELLED);
	assert_int_equal(graded_sample(&set, &more, &work, &e), ERR_CANCELLED);
	assert_int_equal(set.count, ARRAY_LEN(lines));
	graded_release(&set);
	pool_free(pool);
}

/* --- text ---------------------------------------------------------------- */

static void test_writes_what_it_reads(void **state)
{
	struct graded_set set;
	struct buf text, want;

	(void)state;
	buf_init(&text);
	buf_init(&want);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		buf_printf(&want, "%s\n", lines[i]);
	read_lines(&set);
	graded_write(&set, &text);
	assert_string_equal(text.data, want.data);
	buf_release(&text);
	buf_release(&want);
	graded_release(&set);
}

/* The score of the best move alone: the rest is solved, and comes out as the
 * lines have it. */
static void test_best_scores_are_solved(void **state)
{
	struct pool *pool = pool_new(2);
	struct graded_work work = {.pool = pool};
	struct graded_set set, whole;
	struct err e = ERR_INIT;

	(void)state;
	read_lines(&whole);
	graded_init(&set, &connect4, "short");
	for (int i = 0; i < whole.count; i++) {
		char line[128];

		snprintf(line, sizeof(line), "  %.*s\t%d  # no. %d\r\n",
			 (int)strcspn(lines[i], " "), lines[i],
			 whole.positions[i].best, i);
		assert_int_equal(graded_add(&set, line, i + 1, &e), ERR_OK);
		assert_null(set.positions[i].scores);
	}
	assert_int_equal(graded_solve(&set, &work, &e), ERR_OK);
	for (int i = 0; i < set.count; i++)
		assert_memory_equal(set.positions[i].scores,
				    whole.positions[i].scores,
				    (size_t)connect4.move_count * sizeof(int));
	assert_int_equal(graded_add(&set, "# nothing", 9, &e), ERR_OK);
	assert_int_equal(graded_add(&set, " \t", 10, &e), ERR_OK);
	assert_int_equal(set.count, whole.count);
	assert_int_equal(graded_add(&set,
				    "12275661366112547445542251257613677 1", 11,
				    &e),
			 ERR_OK);
	assert_int_equal(graded_solve(&set, &work, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "short:11: the score is 1 where the solver "
				   "finds 0");
	graded_release(&set);
	graded_release(&whole);
	pool_free(pool);
}

static void test_bad_lines(void **state)
{
	static const struct {
		const char *line, *says;
	} bad[] = {
		{"4453", "x:4: neither"},
		{"44", "x:4: neither"},
		{"4453 1 2", "x:4: neither"},
		{"4453 1 2 3 4 5 6 7 8", "x:4: neither"},
		{"4453 one", "x:4: neither"},
		{"4453 --1", "x:4: neither"},
		{"4453 1000", "x:4: neither"},
		{"4453 -", "x:4: a position without"},
		{"4458 1", "x:4: "},
		{"4444444 1", "x:4: "},
		{"1212121 1", "x:4: the game is over"},
		{"4453 1 2 - 4 5 6 7", "x:4: no score for move 3"},
		{"444444 1 2 3 4 5 6 7", "x:4: a score for move 4"},
	};
	struct graded_set set;

	(void)state;
	graded_init(&set, &connect4, "x");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err e = ERR_INIT;

		assert_int_equal(graded_add(&set, bad[i].line, 4, &e),
				 ERR_FORMAT);
		assert_int_equal(e.code, ERR_FORMAT);
		if (strncmp(e.msg, bad[i].says, strlen(bad[i].says)))
			fail_msg("'%s' says: %s", bad[i].line, e.msg);
	}
	assert_int_equal(set.count, 0);
	graded_release(&set);
}

/* Moves with blanks between them, and nine scores, a3 b3 c3 a2 ... c1.  What
 * they are does not matter here. */
static void test_moves_with_blanks(void **state)
{
	struct graded_set set;
	struct err e = ERR_INIT;

	(void)state;
	graded_init(&set, &tictactoe, "x");
	if (graded_add(&set, "a1 b2 b1 a3 - 0 0 0 - 0 - - 3", 1, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(set.positions[0].plies, 4);
	assert_int_equal(set.positions[0].best, 3);
	assert_int_equal(graded_add(&set, "a1 b2 b1 a3 3", 2, &e), ERR_OK);
	assert_int_equal(set.positions[1].plies, 4);
	assert_int_equal(graded_add(&set, "0", 3, &e), ERR_OK);
	assert_int_equal(set.positions[2].plies, 0);
	graded_release(&set);
}

static void test_a_file_is_read_in_part(void **state)
{
	struct graded_set set;
	struct err e = ERR_INIT;
	FILE *f = tmpfile();

	(void)state;
	assert_non_null(f);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		fprintf(f, "%s\n", lines[i]);
	fputs("4453 0", f);
	fputc('\0', f);
	rewind(f);
	graded_init(&set, &connect4, "f");
	assert_int_equal(graded_read(&set, f, 3, &e), ERR_OK);
	assert_int_equal(set.count, 3);
	rewind(f);
	assert_int_equal(graded_read(&set, f, 0, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "f:9: not a line of text");
	assert_int_equal(graded_read(&set, f, 0, &e), ERR_FORMAT);
	assert_string_equal(e.msg, "f: no position in this file");
	graded_release(&set);
	fclose(f);
}

/* --- samples ------------------------------------------------------------- */

static void test_samples_repeat(void **state)
{
	struct graded_set a, b;
	struct buf x, y;

	(void)state;
	buf_init(&x);
	buf_init(&y);
	sample(&a, 60, 28, 33);
	sample(&b, 60, 28, 33);
	graded_write(&a, &x);
	graded_write(&b, &y);
	assert_string_equal(x.data, y.data);
	assert_int_equal(a.count, 60);
	for (int i = 0; i < a.count; i++) {
		assert_in_range(a.positions[i].plies, 28, 33);
		for (int k = 0; k < i; k++)
			assert_true(connect4.rules->hash(
					    &connect4, a.positions[i].state) !=
				    connect4.rules->hash(&connect4,
							 a.positions[k].state));
	}
	buf_release(&x);
	buf_release(&y);
	graded_release(&a);
	graded_release(&b);
}

/* After no move there is one position, and in Connect Four it matters where the
 * first piece goes; but it is not quick. */
static void test_fewer_than_asked_for(void **state)
{
	struct graded_set set;

	(void)state;
	sample(&set, 5, 0, 0);
	assert_int_equal(set.count, 0);
	graded_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_as_by_hand),
		cmocka_unit_test(test_perfect_play_is_perfect),
		cmocka_unit_test(test_random_play_is_as_expected),
		cmocka_unit_test(test_side_by_side_as_alone),
		cmocka_unit_test(test_who_cannot_be_graded),
		cmocka_unit_test(test_stops_when_told),
		cmocka_unit_test(test_writes_what_it_reads),
		cmocka_unit_test(test_best_scores_are_solved),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_moves_with_blanks),
		cmocka_unit_test(test_a_file_is_read_in_part),
		cmocka_unit_test(test_samples_repeat),
		cmocka_unit_test(test_fewer_than_asked_for),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
