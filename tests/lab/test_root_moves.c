/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/root_moves.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/search/trace.h"

static struct game connect4;
static void *root;

static int set_up(void **state)
{
	(void)state;
	if (game_init(&connect4, "connect4", NULL))
		return 1;
	root = game_state_new(&connect4, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(root);
	return 0;
}

static void test_text(void **state)
{
	static const char json[] =
		"[{\"move\":\"5\",\"visits\":30,\"prior\":0.25,\"q\":0.5,"
		"\"value\":null}, {\"move\":\"4\",\"visits\":10,"
		"\"prior\":0.5,\"q\":-0.25,\"value\":0.125},"
		"{\"move\":\"9\",\"visits\":7}]";
	static const char *const broken[] = {
		"",
		"[",
		"[]",
		"{}",
		"[{",
		"[{\"move\":\"4\"",
		"null",
		"[{\"move\":\"4\",\"visits\":}]",
		"[{\"move\":4}]",
		"[{\"move\":\"4\"} {\"move\":\"5\"}]",
		"[{\"move\":\"",
	};
	struct root_move list[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		assert_int_equal(
			root_moves_parse(broken[i], &connect4, root, list, 8),
			0);
	/* In move order; what is not a move here is left out. */
	assert_int_equal(root_moves_parse(json, &connect4, root, list, 8), 2);
	assert_int_equal(list[0].move, 3);
	assert_int_equal(root_moves_best(list, 2), 1);
	assert_int_equal(root_moves_top(list, 2), 0);
	assert_true(isnan(list[1].value));
}

/* What a thought leaves in the lab file is what is read out of it. */
static void test_there_and_back(void **state)
{
	struct agent_move moves[] = {
		{.move = 2,
		 .visits = 40,
		 .prior = 0.5f,
		 .q = 0.25f,
		 .value = 0.5f},
		{.move = 5,
		 .visits = 9,
		 .prior = 0.25f,
		 .q = -0.5f,
		 .value = (float)NAN},
	};
	const struct thought th = {.moves = moves, .count = 2};
	struct root_move list[2], direct[2];
	struct buf b;

	(void)state;
	buf_init(&b);
	root_moves_json(&th, &connect4, root, &b);
	assert_int_equal(root_moves_parse(b.data, &connect4, root, list, 2), 2);
	assert_int_equal(root_moves_of(&th, direct, 2), 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(list[i].move, direct[i].move);
		assert_int_equal(list[i].visits, direct[i].visits);
		assert_true(list[i].prior == direct[i].prior);
		assert_true(list[i].q == direct[i].q);
	}
	assert_true(list[0].value == 0.5);
	assert_true(isnan(list[1].value) && isnan(direct[1].value));
	buf_release(&b);
}

/* A search without its tree is a tree of one level. */
static void test_trace(void **state)
{
	const struct root_move list[] = {
		{.move = 2,
		 .visits = 30,
		 .prior = 0.5,
		 .q = 0.5,
		 .value = (double)NAN},
		{.move = 5,
		 .visits = 10,
		 .prior = 0.25,
		 .q = -0.25,
		 .value = 0.125},
	};
	const double wdl[3] = {0.5, 0.25, 0.25};
	struct trace *t = root_moves_trace(list, 2, wdl, 0.125);
	struct trace_view v;
	double mean[3];

	(void)state;
	trace_view_init(&v, t);
	assert_int_equal(t->node_count, 3);
	assert_int_equal(v.visits[0], 40);
	assert_int_equal(v.visits[1], 30);
	assert_true(fabs(trace_view_q(&v, 1) - 0.5) < 1e-6);
	assert_true(fabs(trace_view_q(&v, 2) + 0.25) < 1e-6);
	trace_view_wdl(&v, 0, mean);
	assert_true(fabs(mean[0] - 0.5) < 1e-6);
	trace_view_release(&v);
	trace_free(t);
}

/* Rows may be anybody's: what cannot be a figure is not known, and sums stay in
 * their numbers. */
static void test_out_of_range(void **state)
{
	static const char text[] =
		"[{\"move\":\"4\",\"visits\":3999999999,\"prior\":1e308,"
		"\"q\":-1e300,\"value\":7},"
		"{\"move\":\"3\",\"visits\":3999999999,\"prior\":-1,\"q\":1,"
		"\"value\":-1}]";
	const double wdl[3] = {1e300, -1e300, 0};
	struct root_move list[8];
	struct trace *t;

	(void)state;
	assert_int_equal(root_moves_parse(text, &connect4, root, list, 8), 2);
	assert_true(list[0].prior == 0 && list[1].prior == 0);
	assert_true(list[0].q == 1 && isnan(list[1].q));
	assert_true(list[0].value == -1 && isnan(list[1].value));
	list[1].q = -1e300;
	t = root_moves_trace(list, 2, wdl, 0);
	assert_true(t->nodes[0].base_visits > 3999999999u);
	assert_true(t->nodes[0].base_value >= 0);
	trace_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_trace),
		cmocka_unit_test(test_out_of_range),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
