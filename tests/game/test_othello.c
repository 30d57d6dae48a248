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

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/game/stones.h"

struct board {
	struct game g;
	void *s; /* owned */
};

static struct board board_of(const char *spec)
{
	struct err e = ERR_INIT;
	struct board b;

	if (game_init(&b.g, spec, &e))
		fail_msg("%s: %s", spec, e.msg);
	b.s = game_state_new(&b.g, 0);
	return b;
}

static void play(struct board *b, const char *line)
{
	game_move moves[128];
	struct err e = ERR_INIT;
	int n;

	if (game_play_text(&b->g, b->s, line, moves, &n, &e))
		fail_msg("%s: %s", line, e.msg);
}

/* A. Bik, aartbik.com/MISC/reversi.html; 6x6 and 4x4 are own counts of
 * facts.md.  All count a finished game as one leaf. */
static void test_paths(void **state)
{
	static const uint64_t eight[] = {
		4, 12, 56, 244, 1396, 8200, 55092, 390216, 3005288, 24571284};
	static const uint64_t six[] = {4,    12,    56,     244,    1364,
				       7604, 47740, 308716, 2114912};
	static const uint64_t four[] = {4,     12,    44,    128,   424,
					1256,  3624,  9116,  20044, 36540,
					50704, 57436, 59564, 59980};
	static const struct {
		const char *spec;
		const uint64_t *count;
		size_t depths;
	} cases[] = {
		{"othello", eight, ARRAY_LEN(eight)},
		{"othello:6", six, ARRAY_LEN(six)},
		{"othello:4", four, ARRAY_LEN(four)},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct board b = board_of(cases[i].spec);

		for (size_t d = 1; d <= cases[i].depths; d++)
			assert_int_equal(
				game_perft(&b.g, b.s, (int)d) +
					game_perft_ended(&b.g, b.s, (int)d),
				cases[i].count[d - 1]);
		/* 228 games of 8x8 are over after nine plies. */
		if (b.g.cols == 8)
			assert_int_equal(game_perft_ended(&b.g, b.s, 10), 228);
		free(b.s);
	}
}

/* Best lead of player 0, by alpha and beta. */
static int solve(const struct game *g, const void *s, int alpha, int beta)
{
	bool black = g->rules->to_act(g, s) == 0;
	game_move moves[17];
	uint64_t child[4];
	int n;

	if (g->rules->to_act(g, s) == GAME_OVER)
		return (int)g->rules->lead(g, s);
	n = g->rules->legal(g, s, moves);
	for (int i = 0; i < n && alpha < beta; i++) {
		int value;

		memcpy(child, s, g->state_size);
		g->rules->apply(g, child, moves[i]);
		value = solve(g, child, alpha, beta);
		if (black && value > alpha)
			alpha = value;
		if (!black && value < beta)
			beta = value;
	}
	return black ? alpha : beta;
}

/* facts.md, own count: 4x4 is won by the second player, by eight discs. */
static void test_small_value(void **state)
{
	struct board b = board_of("othello:4");

	(void)state;
	assert_int_equal(solve(&b.g, b.s, -16, 16), -8);
	free(b.s);
}

static void test_first_moves(void **state)
{
	struct board b = board_of("othello");
	char text[GAME_START_SIZE];
	game_move moves[65];

	(void)state;
	assert_int_equal(b.g.rules->to_act(&b.g, b.s), 0);
	assert_int_equal(b.g.rules->legal(&b.g, b.s, moves), 4);
	b.g.rules->move_text(&b.g, b.s, moves[0], text);
	assert_string_equal(text, "d3");
	b.g.rules->move_text(&b.g, b.s, moves[3], text);
	assert_string_equal(text, "e6");
	assert_int_equal(b.g.rules->move_parse(&b.g, b.s, "C4"), 26);
	assert_int_equal(b.g.rules->move_parse(&b.g, b.s, "f5"), 37);
	assert_int_equal(b.g.rules->move_parse(&b.g, b.s, "pass"),
			 GAME_NO_MOVE);
	b.g.rules->position_text(&b.g, b.s, text);
	assert_string_equal(text, "8/8/8/3ox3/3xo3/8/8/8 b");
	play(&b, "f5 d6 c3");
	b.g.rules->position_text(&b.g, b.s, text);
	assert_string_equal(text, "8/8/2x5/3xx3/3oxx2/3o4/8/8 w");
	free(b.s);
}

/* Lines that turn in all eight directions at once, and at the edges, where
 * they must not go on into the next row. */
static void test_turning(void **state)
{
	static const struct {
		const char *start, *move, *then;
	} cases[] = {
		{"x2x2x1/1o1o1o2/2ooo3/xoo1ooox/2ooo3/1o1o1o2/x2o2x1/3x4 b",
		 "d4",
		 "x2x2x1/1x1x1x2/2xxx3/xxxxxxxx/2xxx3/1x1x1x2/x2x2x1/3x4 w"},
		/* h1 would be b2's neighbour if rows ran on */
		{"5xo1/xo6/8/8/8/8/8/8 b", "h1", "5xxx/xo6/8/8/8/8/8/8 w"},
		{"xoooooo1/8/8/8/8/8/8/8 b", "h1", "xxxxxxxx/8/8/8/8/8/8/8 w"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct board b = board_of("othello");
		char text[GAME_START_SIZE];
		struct err e = ERR_INIT;

		if (b.g.rules->position_parse(&b.g, b.s, cases[i].start, &e))
			fail_msg("%s", e.msg);
		play(&b, cases[i].move);
		b.g.rules->position_text(&b.g, b.s, text);
		assert_string_equal(text, cases[i].then);
		free(b.s);
	}
}

/* A known short game: Black has all discs after nine plies. */
static void test_early_end(void **state)
{
	struct board b = board_of("othello");
	float value[2];

	(void)state;
	play(&b, "e6 f4 e3 f6 g5 d6 e7 f5 c5");
	assert_int_equal(b.g.rules->to_act(&b.g, b.s), GAME_OVER);
	assert_string_equal(b.g.rules->ended(&b.g, b.s), "all discs turned");
	b.g.rules->score(&b.g, b.s, value);
	assert_true(value[0] == 1 && value[1] == -1);
	assert_true(b.g.rules->lead(&b.g, b.s) == 13);
	/* The winner gets the empty cells, or nobody does. */
	assert_true(game_final_lead(&b.g, b.s) == 64);
	assert_string_equal(b.g.name, "othello:size=8");
	free(b.s);
	b = board_of("othello:empties=none");
	play(&b, "e6 f4 e3 f6 g5 d6 e7 f5 c5");
	assert_true(game_final_lead(&b.g, b.s) == 13);
	assert_string_equal(b.g.name, "othello:size=8,empties=none");
	free(b.s);
}

static void test_passes(void **state)
{
	/* White has no move, Black has one after the pass. */
	struct board b = board_of("othello:size=4,start=xo2/4/4/xo2 b");
	game_move moves[17];

	(void)state;
	play(&b, "c1");
	assert_int_equal(b.g.rules->to_act(&b.g, b.s), 1);
	assert_int_equal(b.g.rules->legal(&b.g, b.s, moves), 1);
	assert_int_equal(moves[0], 16);
	assert_int_equal(b.g.rules->move_cell(&b.g, b.s, 16), -1);
	play(&b, "pass c4");
	assert_int_equal(b.g.rules->to_act(&b.g, b.s), GAME_OVER);
	assert_true(b.g.rules->lead(&b.g, b.s) == 6);
	free(b.s);
}

static void test_ends(void **state)
{
	struct board b = board_of("othello:size=4,start=xxxx/oooo/oooo/1oox b");
	float own[16], value[2], sum = 0;

	(void)state;
	play(&b, "a4");
	assert_int_equal(b.g.rules->to_act(&b.g, b.s), GAME_OVER);
	assert_string_equal(b.g.rules->ended(&b.g, b.s), "full board");
	b.g.rules->ownership(&b.g, b.s, own);
	for (int i = 0; i < 16; i++)
		sum += own[i];
	assert_true(sum == b.g.rules->lead(&b.g, b.s));
	b.g.rules->score(&b.g, b.s, value);
	assert_true(value[0] == (sum > 0 ? 1.0f : sum < 0 ? -1.0f : 0));
	free(b.s);
}

static void test_bad_starts(void **state)
{
	static const char *const cases[][2] = {
		{"4/1ox1/1xo1 b", "column 12: after 3 rows, where"},
		{"4/1ox1/1xo1/5 b", "column 13: this row has more than 4"},
		{"4/1ox1/1xo1/3 b",
		 "column 14: this row has 3 cells and not 4"},
		{"4/1ox1/1xo1/4/4 b", "column 14: '/' where a blank"},
		{"4/1ox1/1xo1/4 B", "column 15: 'B' where b or w"},
		{"4/1ox1/1xo1/4 b C3", "column 16: ' ' where the end"},
		{"4/1ox1/1xo1/3. b", "column 14: '.' where x, o, a number"},
		{"4/1xx1/1xx1/4 b", "column 1: neither player has a move"},
		{"", "column 1: this row has 0 cells"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct board b = board_of("othello:4");
		uint64_t before[4];
		struct err e = ERR_INIT;

		memcpy(before, b.s, b.g.state_size);
		assert_int_equal(
			b.g.rules->position_parse(&b.g, b.s, cases[i][0], &e),
			ERR_FORMAT);
		if (!strstr(e.msg, cases[i][1]))
			fail_msg("'%s': %s", cases[i][0], e.msg);
		assert_memory_equal(before, b.s, b.g.state_size);
		free(b.s);
	}
}

static void test_sizes(void **state)
{
	struct err e = ERR_INIT;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "othello:size=5", &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "use 4, 6 or 8"));
	assert_int_equal(game_init(&g, "othello:10", &e), ERR_USAGE);
	assert_int_equal(game_init(&g, "othello:4", &e), ERR_OK);
	assert_string_equal(g.name, "othello:size=4");
}

/* The position seen through a symmetry. */
static void mirror(const struct game *g, const void *s, int sym, void *out)
{
	char text[GAME_START_SIZE];
	uint8_t stone[64];
	struct err e = ERR_INIT;

	for (int cell = 0; cell < g->rows * g->cols; cell++)
		stone[g->rules->cell_symmetry(g, sym, cell)] =
			(uint8_t)g->rules->cell(g, s, cell / g->cols,
						cell % g->cols);
	stones_text(g->cols, stone, g->rules->to_act(g, s), text);
	if (g->rules->position_parse(g, out, text, &e))
		fail_msg("%s: %s", text, e.msg);
}

/* All eight, along a random game: half of them do not keep the start, so that
 * the test of all games leaves them out. */
static void test_symmetries(void **state)
{
	struct board b = board_of("othello:6");
	float here[5 * 36], there[5 * 36], mapped[5 * 36];
	struct rng r;

	(void)state;
	rng_init(&r, 5, RNG_TEST, 0, 0);
	for (;;) {
		game_move moves[37], m;
		uint64_t next[4], seen[4], through[4];

		m = game_random_move(&b.g, b.s, &r, moves);
		b.g.rules->encode(&b.g, b.s, here);
		memcpy(next, b.s, b.g.state_size);
		b.g.rules->apply(&b.g, next, m);
		if (b.g.rules->to_act(&b.g, next) == GAME_OVER)
			break;
		for (int sym = 0; sym < b.g.symmetries; sym++) {
			mirror(&b.g, b.s, sym, seen);
			b.g.rules->encode(&b.g, seen, there);
			game_planes_symmetry(&b.g, sym, here, mapped);
			assert_memory_equal(there, mapped, sizeof(mapped));
			b.g.rules->apply(
				&b.g, seen,
				b.g.rules->move_symmetry(&b.g, sym, m));
			mirror(&b.g, next, sym, through);
			assert_memory_equal(seen, through, b.g.state_size);
		}
		memcpy(b.s, next, b.g.state_size);
	}
	free(b.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_small_value),
		cmocka_unit_test(test_first_moves),
		cmocka_unit_test(test_turning),
		cmocka_unit_test(test_early_end),
		cmocka_unit_test(test_passes),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_bad_starts),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_symmetries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
