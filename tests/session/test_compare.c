/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/compare.h"

static struct game tictactoe;

static int set_up(void **state)
{
	(void)state;
	return game_init(&tictactoe, "tictactoe", NULL) != ERR_OK;
}

/* A search by hand: the root's nine moves, with the priors 1/9, and below the
 * centre its eight.  Simulations go to the leaves named, 100 + m being move m
 * after the centre (4). */
static struct trace *tree(const int *leaves, int count)
{
	struct trace *t = mem_zalloc(1, sizeof(*t));
	uint32_t inner = 10;

	t->node_count = 18;
	t->nodes = mem_zalloc(t->node_count, sizeof(*t->nodes));
	t->nodes[0] = (struct trace_node){.move = GAME_NO_MOVE,
					  .first_child = 1,
					  .child_count = 9,
					  .prior = 1};
	for (uint32_t i = 0; i < 9; i++)
		t->nodes[1 + i] = (struct trace_node){.move = (game_move)i,
						      .prior = 1.0f / 9,
						      .evaluated = -1};
	t->nodes[5].first_child = inner;
	t->nodes[5].child_count = 8;
	for (uint32_t i = 0; i < 8; i++)
		t->nodes[inner + i] = (struct trace_node){
			.parent = 5,
			.move = (game_move)(i < 4 ? i : i + 1),
			.prior = 1.0f / 8,
			.evaluated = -1};
	t->sim_count = (uint32_t)count;
	t->sims = mem_zalloc((size_t)count + 1, sizeof(*t->sims));
	for (int i = 0; i < count; i++) {
		int m = leaves[i];
		uint32_t leaf =
			m < 100 ? 1 + (uint32_t)m
				: inner + (uint32_t)(m - 100) - (m > 104);

		t->sims[i] = (struct trace_sim){leaf, 0.25f, 0};
		if (t->nodes[leaf].evaluated < 0)
			t->nodes[leaf].evaluated = i + 1;
	}
	t->c_puct = 1.25f;
	t->c_base = 19652;
	t->alternate = 1;
	return t;
}

static const int left_leaves[] = {4, 0, 100, 100, 101, 4, 4, 8};
static const int right_leaves[] = {4, 1, 101, 101, 100, 2, 2, 2, 2, 2};

static void open_both(struct compare *c)
{
	void *root = game_state_new(&tictactoe, 0);
	struct err e = ERR_INIT;

	compare_init(c, &tictactoe, root);
	free(root);
	if (compare_set(c, 0, tree(left_leaves, ARRAY_LEN(left_leaves)), &e) ||
	    compare_set(c, 1, tree(right_leaves, ARRAY_LEN(right_leaves)), &e))
		fail_msg("%s", e.msg);
}

static const struct compare_row *row(const struct compare *c, game_move m)
{
	for (int i = 0; i < c->count; i++)
		if (c->rows[i].move == m)
			return &c->rows[i];
	fail_msg("no row of move %d", m);
	return NULL;
}

/* By hand, of the root: left 4 six times, 0 and 8 once; right 4 four times, 1
 * once and 2 five times. */
static void test_rows(void **state)
{
	struct compare c;

	(void)state;
	open_both(&c);
	assert_int_equal(c.count, 9);
	assert_int_equal(c.at, 10);
	assert_int_equal(row(&c, 0)->mark, COMPARE_ONLY_LEFT);
	assert_int_equal(row(&c, 8)->mark, COMPARE_ONLY_LEFT);
	assert_int_equal(row(&c, 1)->mark, COMPARE_ONLY_RIGHT);
	assert_int_equal(row(&c, 2)->mark, COMPARE_ONLY_RIGHT);
	/* the only one that both know: no order to differ in */
	assert_int_equal(row(&c, 4)->mark, COMPARE_NONE);
	assert_int_equal(row(&c, 4)->rank[0], 1);
	assert_int_equal(row(&c, 4)->rank[1], 2);
	assert_int_equal(row(&c, 3)->mark, COMPARE_NONE);
	assert_int_equal(row(&c, 3)->rank[0], 0);
	assert_float_equal(row(&c, 4)->weight[0], 0.75, 1e-9);
	assert_float_equal(row(&c, 4)->weight[1], 0.4, 1e-9);
	/* (0.35 + 0.125 + 0.125 + 0.1 + 0.5) / 2 */
	assert_float_equal(c.apart, 0.6, 1e-9);
	assert_float_equal(c.root_apart, 0.6, 1e-9);
	/* sorted by the left side, then the right one */
	assert_int_equal(c.rows[0].move, 4);
	assert_int_equal(c.rows[3].move, 2);
	compare_order(&c, 1);
	assert_int_equal(c.rows[0].move, 2);
	compare_order(&c, 1);
	assert_int_equal(c.rows[0].move, 2);
	assert_int_equal(c.rows[1].move, 4);
	compare_release(&c);
}

/* Until it is moved the cursor stays on the first row, whichever that is. */
static void test_cursor(void **state)
{
	struct compare c;
	struct err e = ERR_INIT;

	(void)state;
	open_both(&c);
	assert_int_equal(c.rows[c.cursor].move, 4);
	assert_int_equal(compare_set(&c, 0, tree(right_leaves, 10), &e),
			 ERR_OK);
	assert_int_equal(c.rows[0].move, 2);
	assert_int_equal(c.cursor, 0);
	assert_true(compare_move(&c, 1));
	assert_int_equal(c.rows[1].move, 4);
	assert_int_equal(compare_set(&c, 0, tree(left_leaves, 8), &e), ERR_OK);
	assert_int_equal(c.rows[c.cursor].move, 4);
	compare_release(&c);
}

/* Below the centre: left 0 twice and 1 once, right the other way round. */
static void test_order_differs(void **state)
{
	static const game_move centre[] = {4};
	struct compare c;

	(void)state;
	open_both(&c);
	assert_int_equal(compare_go(&c, centre, 1), 1);
	assert_string_equal(c.way_text, "b2");
	assert_int_equal(c.count, 8);
	assert_int_equal(row(&c, 0)->mark, COMPARE_ORDER);
	assert_int_equal(row(&c, 1)->mark, COMPARE_ORDER);
	assert_int_equal(row(&c, 2)->mark, COMPARE_NONE);
	assert_float_equal(c.apart, 1.0 / 3, 1e-9);
	assert_true(compare_leave(&c));
	assert_int_equal(c.depth, 0);
	assert_int_equal(c.rows[c.cursor].move, 4);
	compare_release(&c);
}

/* At simulation 5 both like the centre best and part below it; at the end they
 * part at once. */
static void test_part(void **state)
{
	struct compare c;

	(void)state;
	open_both(&c);
	assert_true(c.part.parted);
	assert_int_equal(c.part.depth, 0);
	assert_int_equal(c.part.choice[0], 4);
	assert_int_equal(c.part.choice[1], 2);
	assert_float_equal(c.part.weight[0][0], 0.75, 1e-9);
	assert_float_equal(c.part.weight[1][0], 0.4, 1e-9);
	assert_float_equal(c.part.weight[0][1], 0, 1e-9);
	assert_float_equal(c.part.weight[1][1], 0.5, 1e-9);
	assert_true(compare_seek(&c, 5));
	assert_int_equal(c.side[0].view.at, 5);
	assert_int_equal(c.side[1].view.at, 5);
	assert_true(c.part.parted);
	assert_int_equal(c.part.depth, 1);
	assert_int_equal(c.part.line[0], 4);
	assert_int_equal(c.part.choice[0], 0);
	assert_int_equal(c.part.choice[1], 1);
	assert_true(compare_go_part(&c));
	assert_int_equal(c.depth, 1);
	assert_int_equal(c.rows[c.cursor].move, 0);
	/* the centre is there before its own moves are */
	assert_int_equal(c.count, 8);
	assert_true(compare_seek(&c, 0));
	assert_int_equal(c.depth, 1);
	assert_int_equal(c.count, 0);
	compare_release(&c);
}

/* In lockstep the shorter search stays at its end. */
static void test_lockstep(void **state)
{
	struct compare c;

	(void)state;
	open_both(&c);
	assert_int_equal(compare_total(&c), 10);
	assert_int_equal(c.side[0].view.at, 8);
	assert_int_equal(c.side[1].view.at, 10);
	assert_true(compare_seek(&c, 9));
	assert_int_equal(c.side[0].view.at, 8);
	assert_int_equal(c.side[1].view.at, 9);
	assert_false(compare_seek(&c, 9));
	assert_true(compare_seek(&c, -3));
	assert_int_equal(c.at, 0);
	/* nobody has looked: what stands there are priors */
	assert_true(c.by_prior[0] && c.by_prior[1]);
	assert_float_equal(c.apart, 0, 1e-6);
	compare_release(&c);
}

/* A side that has no search is taken at its priors, and "only" is not said. */
static void test_policy_alone(void **state)
{
	struct err e = ERR_INIT;
	struct compare c;

	(void)state;
	open_both(&c);
	assert_int_equal(compare_set(&c, 1, tree(NULL, 0), &e), ERR_OK);
	assert_true(c.by_prior[1]);
	for (int i = 0; i < c.count; i++)
		assert_int_not_equal(c.rows[i].mark, COMPARE_ONLY_RIGHT);
	assert_int_equal(row(&c, 4)->rank[0], 1);
	assert_float_equal(row(&c, 4)->weight[1], 1.0 / 9, 1e-6);
	compare_release(&c);
}

/* One tree's cursor moves the other's, as far as that has the way. */
static void test_one_cursor(void **state)
{
	struct compare c;

	(void)state;
	open_both(&c);
	compare_focus(&c, 1);
	assert_int_equal(c.focus, COMPARE_LEFT_TREE);
	assert_true(compare_move(&c, 1)); /* the most visited: the centre */
	assert_int_equal(c.depth, 1);
	assert_int_equal(c.way[0], 4);
	assert_int_equal(c.side[1].node, c.side[0].node);
	assert_int_equal(c.side[1].node, 5);
	assert_true(compare_alone(&c, 0, 1));
	assert_false(compare_alone(&c, 0, 5));
	assert_true(compare_alone(&c, 1, 3));
	assert_true(compare_leave(&c));
	compare_focus(&c, -1);
	compare_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_order_differs),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_lockstep),
		cmocka_unit_test(test_policy_alone),
		cmocka_unit_test(test_one_cursor),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
