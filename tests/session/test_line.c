/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/session/line.h"

static struct game connect4;

static int set_up(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL) != ERR_OK;
}

static void assert_line(const struct line *l, const char *wanted)
{
	struct buf out;

	buf_init(&out);
	line_text(l, l->ply, &out);
	assert_string_equal(out.data, wanted);
	buf_release(&out);
}

static game_move column(int c)
{
	return (game_move)(c - 1);
}

static void test_stepping(void **state)
{
	struct line l;
	struct err e = ERR_INIT;

	(void)state;
	line_init(&l, &connect4);
	assert_int_equal(line_load(&l, "4453", &e), ERR_OK);
	assert_int_equal(l.ply, 0);
	assert_true(line_go(&l, 10));
	assert_int_equal(l.ply, 4);
	assert_line(&l, "4453");
	assert_false(line_go(&l, 99));
	assert_true(line_go(&l, -3));
	assert_line(&l, "");
	line_release(&l);
}

static void test_variation_and_back(void **state)
{
	struct line l;
	struct err e = ERR_INIT;

	(void)state;
	line_init(&l, &connect4);
	assert_int_equal(line_load(&l, "4453", &e), ERR_OK);
	line_go(&l, 2);
	/* The game's own move is not a variation. */
	assert_true(line_play(&l, column(5)));
	assert_int_equal(l.branch, -1);
	line_go(&l, 2);
	assert_true(line_play(&l, column(1)));
	assert_true(line_play(&l, column(2)));
	assert_true(line_is_variation(&l));
	assert_int_equal(l.branch, 2);
	assert_line(&l, "4412");
	assert_true(line_undo(&l));
	assert_line(&l, "441");
	assert_true(line_return(&l));
	assert_int_equal(l.ply, 2);
	assert_int_equal(l.count, 4);
	line_go(&l, 4);
	assert_line(&l, "4453");
	/* Taking back the whole variation leads home by itself. */
	assert_true(line_play(&l, column(7)));
	assert_true(line_is_variation(&l));
	assert_true(line_undo(&l));
	assert_int_equal(l.branch, -1);
	assert_line(&l, "4453");
	line_release(&l);
}

static void test_by_hand(void **state)
{
	struct line l;

	(void)state;
	line_init(&l, &connect4);
	for (int i = 0; i < 6; i++)
		assert_true(line_play(&l, column(1)));
	assert_false(line_play(&l, column(1))); /* full */
	assert_false(line_play(&l, 200));
	line_go(&l, 3);
	assert_true(line_play(&l, column(2)));
	assert_int_equal(l.count, 4); /* what followed is gone */
	assert_true(line_undo(&l));
	assert_int_equal(l.count, 3);
	while (line_undo(&l))
		;
	assert_int_equal(l.count, 0);
	/* No move after the end. */
	for (int i = 0; i < 7; i++)
		assert_true(line_play(&l, column(i % 2 + 1)));
	assert_true(line_over(&l));
	assert_false(line_play(&l, column(3)));
	line_release(&l);
}

static void test_bad_text(void **state)
{
	struct line l;
	struct err e = ERR_INIT;

	(void)state;
	line_init(&l, &connect4);
	assert_int_equal(line_load(&l, "449", &e), ERR_FORMAT);
	assert_int_equal(l.count, 0);
	assert_true(line_play(&l, column(1)));
	line_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stepping),
		cmocka_unit_test(test_variation_and_back),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_bad_text),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
