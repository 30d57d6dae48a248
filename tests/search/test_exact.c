/* SPDX-License-Identifier: MIT */
/* Solvers, against published positions and against trying everything. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/solver.h"

/* The score by the rules alone, trying every move, as solver.h defines it. */
static int score_of_end(const struct game *g, const void *state, int player,
			int plies)
{
	float value[GAME_MAX_PLAYERS];
	int left = g->rows * g->cols - plies;

	if (!strcmp(g->rules->family, "othello")) {
		int lead = (int)game_final_lead(g, state);

		return player ? -lead : lead;
	}
	g->rules->score(g, state, value);
	return value[player] > 0   ? left / 2 + 1
	       : value[player] < 0 ? -(left / 2 + 1)
				   : 0;
}

static int try_all(const struct game *g, const void *state, int plies)
{
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	int player = g->rules->to_act(g, state), best = SOLVER_NO_MOVE;
	int n = g->rules->legal(g, state, legal);
	void *child = mem_alloc(g->state_size);

	for (int i = 0; i < n; i++) {
		int who, score;

		memcpy(child, state, g->state_size);
		g->rules->apply(g, child, legal[i]);
		who = g->rules->to_act(g, child);
		if (who == GAME_OVER)
			score = score_of_end(g, child, player, plies + 1);
		else
			score = try_all(g, child, plies + 1) *
				(who == player ? 1 : -1);
		if (score > best)
			best = score;
	}
	free(child);
	free(legal);
	return best;
}

struct exact_case {
	const char *game;
	int left; /* cells still empty */
	int positions;
};

/* Every bound from below the score of a position and of its moves to above. */
static void check_bounds(struct solver *s, const struct game *g,
			 const void *state, int score, const int *scores)
{
	bool yes;

	for (int bound = score - 3; bound <= score + 3; bound++) {
		assert_true(solver_at_least(s, state, bound, NULL, &yes));
		assert_int_equal(yes, score >= bound);
	}
	for (int m = 0; m < g->move_count; m++) {
		int bounds[] = {scores[m], scores[m] + 1, 0, 1, 60, -60};

		if (scores[m] == SOLVER_NO_MOVE)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(bounds); i++) {
			assert_true(solver_move_at_least(
				s, state, (game_move)m, bounds[i], NULL, &yes));
			assert_int_equal(yes, scores[m] >= bounds[i]);
		}
	}
}

/* Random positions with `left` empty cells: solver_score() is the best, and
 * solver_moves() says of each move what its position is worth; bounds agree
 * with both, whatever was asked before. */
static void check_case(const struct exact_case *c)
{
	struct solver *solver, *fresh;
	struct game g;
	struct rng r;
	int *scores, tried = 0;
	game_move *line;
	void *state;

	assert_int_equal(game_init(&g, c->game, NULL), ERR_OK);
	assert_int_equal(solver_open(&solver, &g, 1 << 20, NULL), ERR_OK);
	assert_int_equal(solver_open(&fresh, &g, 1 << 20, NULL), ERR_OK);
	state = mem_alloc(g.state_size);
	scores = mem_alloc((size_t)g.move_count * sizeof(*scores));
	line = mem_alloc((size_t)g.max_plies * sizeof(*line));
	rng_init(&r, 7, RNG_TEST, 0, 0);
	for (int i = 0; i < 5000 * c->positions && tried < c->positions; i++) {
		int start = !strcmp(g.rules->family, "othello") ? 4 : 0;
		int plies = g.rows * g.cols - start - c->left, count;
		int best = SOLVER_NO_MOVE, score, want;

		g.rules->start(&g, state, 0);
		if (!game_opening(&g, state, plies, &r, line, &count))
			continue;
		want = try_all(&g, state, plies);
		assert_true(solver_score(solver, state, NULL, &score));
		if (score != want)
			fail_msg("%s: %d and not %d", c->game, score, want);
		assert_true(solver_moves(solver, state, NULL, scores));
		for (int m = 0; m < g.move_count; m++)
			if (scores[m] > best)
				best = scores[m];
		assert_int_equal(best, want);
		check_bounds(solver, &g, state, want, scores);
		check_bounds(fresh, &g, state, want, scores);
		tried++;
	}
	assert_int_equal(tried, c->positions);
	assert_true(solver_nodes(solver) > 0);
	solver_close(solver);
	solver_close(fresh);
	free(line);
	free(scores);
	free(state);
}

static void test_against_everything(void **state)
{
	static const struct exact_case cases[] = {
		{"drop:rows=4,cols=4,line=4", 10, 30},
		{"drop:rows=4,cols=4,line=3", 11, 30},
		{"drop:rows=5,cols=4,line=4", 10, 30},
		{"drop:rows=5,cols=4,line=3", 11, 30},
		{"drop:rows=4,cols=5,line=4", 9, 30},
		{"drop:rows=6,cols=7,line=4", 9, 30},
		{"drop:rows=6,cols=9,line=4", 8, 40},
		{"drop:rows=12,cols=4,line=5", 9, 40},
		{"drop:rows=2,cols=9,line=2", 17, 4},
		{"drop:4,5,4,dirs=d", 10, 30},
		{"drop:4,5,4,dirs=h+v,order=13024", 10, 30},
		{"drop:4,5,4,dirs=v", 10, 30},
		{"drop:4,5,4,dirs=h,order=03124", 10, 30},
		{"drop:4,5,3,dirs=r+h,order=20143", 10, 30},
		{"drop:4,4,3,dirs=f,order=0213", 11, 30},
		{"drop:4,4,3,dirs=v+f", 11, 30},
		{"drop:5,5,4,dirs=h+f,order=31420", 9, 30},
		{"drop:5,4,3,dirs=d,order=1032", 10, 30},
		{"drop:6,7,4,order=1360254", 9, 30},
		{"drop:6,7,4,dirs=v+d,order=1360254", 9, 30},
		{"drop:6,7,4,dirs=h", 9, 30},
		{"drop:6,7,4,dirs=h+v", 9, 30},
		{"drop:6,7,4,dirs=r+v", 9, 30},
		{"mnk:3,3,3", 8, 9},
		{"mnk:4,4,3", 7, 20},
		{"mnk:4,5,4", 7, 20},
		{"mnk:5,5,4", 7, 20},
		{"othello:size=4", 8, 30},
		{"othello:size=4,empties=none", 8, 30},
		{"othello:size=6", 7, 20},
		{"othello:size=8", 6, 20},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_case(&cases[i]);
}

/* Each set of directions, on boards of even height, where pairs of cells bound
 * the score, and of odd height. */
static void test_all_directions(void **state)
{
	static const char *const dirs[] = {
		"h",   "v",   "r",   "f",     "h+v",   "h+r",   "h+f",
		"v+r", "v+f", "r+f", "h+r+f", "v+r+f", "h+v+r", "h+v+f"};
	static const char *const boards[] = {"4,5,4", "4,4,3", "5,4,3"};

	(void)state;
	for (size_t b = 0; b < ARRAY_LEN(boards); b++)
		for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
			char name[64];
			struct exact_case c = {name, 10, 10};

			snprintf(name, sizeof(name), "drop:%s,%s", boards[b],
				 dirs[i]);
			check_case(&c);
		}
}

/* Tic-tac-toe is a draw; 4x4 Othello is won by the second player by 8, and by
 * 10 where the winner gets the two cells that stay empty (Feinstein 1993 has
 * 6x6 by 4; 4x4 is by trying everything); boards of Connect Four by John
 * Tromp's table: 4x4 and 5x4 are draws. */
static void test_known_games(void **state)
{
	static const struct {
		const char *game;
		int score;
	} known[] = {
		{"tictactoe", 0},
		{"othello:size=4", -10},
		{"othello:size=4,empties=none", -8},
		{"drop:rows=4,cols=4,line=4", 0},
		{"drop:rows=4,cols=5,line=4", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct solver *s;
		struct game g;
		void *start;
		int score;

		assert_int_equal(game_init(&g, known[i].game, NULL), ERR_OK);
		assert_int_equal(solver_open(&s, &g, 0, NULL), ERR_OK);
		start = game_state_new(&g, 0);
		assert_true(solver_is_quick(&g, start));
		assert_true(solver_score(s, start, NULL, &score));
		if (score != known[i].score)
			fail_msg("%s: %d", known[i].game, score);
		free(start);
		solver_close(s);
	}
}

/* The sets of Pascal Pons, as many of each as are solved in a moment. */
static void test_published(void **state)
{
	static const struct {
		const char *name;
		int take, left; /* positions with at most `left` empty cells */
	} sets[] = {
		{"Test_L3_R1", 1000, 42}, {"Test_L2_R1", 500, 42},
		{"Test_L1_R1", 100, 42},  {"Test_L2_R2", 20, 26},
		{"Test_L1_R2", 20, 28},
	};
	const char *top = getenv("top_srcdir");
	struct solver *s;
	struct game g;
	game_move line[42];
	void *at;
	int read = 0;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", NULL), ERR_OK);
	assert_int_equal(solver_open(&s, &g, 0, NULL), ERR_OK);
	at = game_state_new(&g, 0);
	for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
		char path[512], moves[64];
		int want, taken = 0;
		FILE *f;

		snprintf(path, sizeof(path), "%s/../shared/connect4-pons/%s",
			 top ? top : ".", sets[i].name);
		f = fopen(path, "r");
		while (f && taken < sets[i].take &&
		       fscanf(f, "%63s %d", moves, &want) == 2) {
			int plies, got;

			if (42 - (int)strlen(moves) > sets[i].left)
				continue;
			g.rules->start(&g, at, 0);
			assert_int_equal(game_play_text(&g, at, moves, line,
							&plies, NULL),
					 ERR_OK);
			assert_true(solver_score(s, at, NULL, &got));
			if (got != want)
				fail_msg("%s: %d and not %d", moves, got, want);
			taken++;
		}
		read += taken;
		if (f)
			fclose(f);
	}
	free(at);
	solver_close(s);
	if (!read)
		print_message("# skipped: no ../shared/connect4-pons here\n");
}

static void test_what_is_known(void **state)
{
	struct err e = ERR_INIT;
	struct solver *s;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "chess", NULL), ERR_OK);
	assert_false(solver_knows(&g));
	assert_int_equal(solver_open(&s, &g, 0, &e), ERR_USAGE);
	assert_string_equal(e.msg, "no solver knows chess");
	assert_null(s);
	assert_int_equal(game_init(&g, "mnk:15,15,5", NULL), ERR_OK);
	assert_false(solver_knows(&g));
}

/* A search that would take hours ends when it is told to. */
static void test_cancel(void **state)
{
	static const char *const games[] = {"drop:rows=7,cols=8,line=4",
					    "othello"};
	atomic_bool cancel = true;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(games); i++) {
		int score = 77;
		struct solver *s;
		struct game g;
		void *start;

		assert_int_equal(game_init(&g, games[i], NULL), ERR_OK);
		assert_int_equal(solver_open(&s, &g, 0, NULL), ERR_OK);
		start = game_state_new(&g, 0);
		assert_false(solver_is_quick(&g, start));
		assert_false(solver_score(s, start, &cancel, &score));
		assert_int_equal(score, 77);
		solver_limit(s, 10000);
		assert_false(solver_score(s, start, NULL, &score));
		assert_in_range(solver_nodes(s), 10000, 40000);
		free(start);
		solver_close(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_everything),
		cmocka_unit_test(test_all_directions),
		cmocka_unit_test(test_known_games),
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_what_is_known),
		cmocka_unit_test(test_cancel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
