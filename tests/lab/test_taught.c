/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/lab/taught.h"

static struct game game;

static int setup(void **state)
{
	(void)state;
	return game_init(&game, "tictactoe", NULL);
}

/* Two orders of moves to one position, and the same game again. */
static void test_counts(void **state)
{
	static const game_move one[] = {0, 4, 8}, other[] = {8, 4, 0};
	struct taught t = {0};
	struct buf b;

	(void)state;
	taught_add(&t, &game, one, 3, 0);
	assert_int_equal(t.positions, 3);
	assert_int_equal(t.distinct_positions, 3);
	/* From the empty board again, and another square first. */
	taught_add(&t, &game, other, 3, 0);
	assert_int_equal(t.distinct_games, 2);
	assert_int_equal(t.positions, 6);
	assert_int_equal(t.distinct_positions, 5);
	assert_false(taught_repeats(&t));
	for (int i = 0; i < 3; i++)
		taught_add(&t, &game, one, 3, 0);
	assert_int_equal(t.games, 5);
	assert_int_equal(t.distinct_games, 2);
	assert_int_equal(t.positions, 15);
	assert_int_equal(t.distinct_positions, 5);
	assert_true(taught_repeats(&t));
	buf_init(&b);
	taught_text(&t, &b);
	assert_string_equal(b.data,
			    "2 of 5 games and 5 of 15 positions differ");
	buf_release(&b);
	taught_release(&t);
}

/* What was given teaches nothing, so it does not count. */
static void test_opening_left_out(void **state)
{
	static const game_move one[] = {0, 4, 8, 2}, other[] = {1, 4, 8, 2};
	struct taught t = {0};

	(void)state;
	taught_add(&t, &game, one, 4, 2);
	assert_int_equal(t.positions, 2);
	taught_add(&t, &game, other, 4, 3);
	assert_int_equal(t.positions, 3);
	assert_int_equal(t.distinct_positions, 3);
	taught_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_opening_left_out),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
