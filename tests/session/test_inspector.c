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
#include "core/lab/root_moves.h"
#include "core/session/figures.h"
#include "core/session/inspector.h"
#include "core/session/move_table.h"
#include "core/session/tree_view.h"
#include "tests/session/made_trace.h"

static struct game connect4;

static int set_up(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL) != ERR_OK;
}

/* Whatever the way there, the figures are those that the record defines. */
static void test_figures_are_the_records(void **state)
{
	static const long at[] = {200, 0, 1, 2, 130, 57, 58, 57, 199, 10};
	struct inspector s;

	(void)state;
	made_inspector(&connect4, &s, 200);
	for (size_t i = 0; i < ARRAY_LEN(at); i++) {
		uint64_t total = 0;

		inspector_seek(&s, at[i]);
		for (int r = 0; r < s.table.count; r++) {
			const struct move_row *row = &s.table.rows[r];
			uint32_t visits;
			double mean;

			made_count(s.trace, row->node, (uint32_t)at[i], &visits,
				   &mean);
			assert_int_equal(row->f.visits, visits);
			total += visits;
			if (visits > 0)
				assert_true(fabs(row->f.q + mean) < 1e-6);
			else
				assert_true(isnan(row->f.q));
		}
		for (int r = 0; total > 0 && r < s.table.count; r++) {
			const struct figures *f = &s.table.rows[r].f;

			assert_true(fabs(f->share -
					 (double)f->visits / (double)total) <
				    1e-12);
			assert_true(fabs(f->diff - f->share + f->prior) <
				    1e-12);
		}
	}
	inspector_release(&s);
}

/* The marks of simulation k: its nodes and no others. */
static void test_path_is_marked(void **state)
{
	struct inspector s;

	(void)state;
	made_inspector(&connect4, &s, 60);
	for (long k = 1; k <= 60; k++) {
		uint32_t before, after;
		double old, now;

		inspector_seek(&s, k);
		for (int r = 0; r < s.table.count; r++) {
			const struct move_row *row = &s.table.rows[r];

			made_count(s.trace, row->node, (uint32_t)k - 1, &before,
				   &old);
			made_count(s.trace, row->node, (uint32_t)k, &after,
				   &now);
			assert_int_equal(row->f.on_path, after != before);
			if (before > 0 && row->f.change > 0)
				assert_true(-now > -old);
			if (before > 0 && row->f.change < 0)
				assert_true(-now < -old);
			if (!row->f.on_path)
				assert_int_equal(row->f.change, 0);
		}
	}
	inspector_release(&s);
}

static void test_sorting(void **state)
{
	struct inspector s;
	uint32_t selected;

	(void)state;
	made_inspector(&connect4, &s, 200);
	inspector_move(&s, 2);
	selected = move_table_selected(&s.table);
	assert_int_equal(s.table.sort, FIGURE_N);
	for (int i = 1; i < s.table.count; i++)
		assert_true(s.table.rows[i - 1].f.visits >=
			    s.table.rows[i].f.visits);
	inspector_sort(&s, 1);
	assert_int_equal(s.table.sort, FIGURE_P);
	for (int i = 1; i < s.table.count; i++)
		assert_true(s.table.rows[i - 1].f.prior >=
			    s.table.rows[i].f.prior);
	assert_int_equal(move_table_selected(&s.table), selected);
	inspector_sort(&s, -1);
	assert_int_equal(s.table.sort, FIGURE_N);
	inspector_sort(&s, -1);
	assert_int_equal(s.table.sort, FIGURE_COUNT);
	for (int i = 1; i < s.table.count; i++)
		assert_true(s.table.rows[i - 1].node < s.table.rows[i].node);
	inspector_release(&s);
}

static void test_walk(void **state)
{
	struct inspector s;
	uint32_t child;

	(void)state;
	made_inspector(&connect4, &s, 200);
	/* Down through the table, and back to the same row. */
	inspector_move(&s, 1);
	child = move_table_selected(&s.table);
	assert_true(inspector_enter(&s, false));
	assert_int_equal(s.node, child);
	assert_int_equal(tree_selected(&s.tree), child);
	assert_true(inspector_leave(&s));
	assert_int_equal(s.node, 0);
	assert_int_equal(move_table_selected(&s.table), child);
	assert_false(inspector_leave(&s));
	/* Unfold in the tree. */
	inspector_focus(&s, 1);
	inspector_select(&s, child);
	assert_true(inspector_enter(&s, false)); /* opens */
	assert_int_equal(s.node, child);
	assert_true(inspector_enter(&s, false)); /* steps in */
	assert_int_equal(s.trace->nodes[s.node].parent, child);
	assert_true(inspector_leave(&s));
	assert_int_equal(s.node, child);
	assert_true(inspector_leave(&s)); /* folds */
	assert_int_equal(s.node, child);
	inspector_release(&s);
}

static uint64_t shown_visits(const struct tree_view *t)
{
	uint64_t sum = 0;

	for (int i = 0; i < t->count; i++) {
		if (t->rows[i].depth == 1 && t->rows[i].kind == TREE_ROW_NODE)
			sum += t->view->visits[t->rows[i].node];
		if (t->rows[i].depth == 1 && t->rows[i].kind == TREE_ROW_MORE)
			sum += t->rows[i].hidden_visits;
	}
	return sum;
}

static void test_cut_offs(void **state)
{
	struct inspector s;
	int all;

	(void)state;
	made_inspector(&connect4, &s, 200);
	inspector_focus(&s, 1);
	all = s.tree.count;
	assert_int_equal(shown_visits(&s.tree), 199);
	for (int i = 0; i < 5; i++)
		inspector_children(&s, -1);
	assert_int_equal(s.tree.limits.children, 3);
	/* root, three moves, and what is hidden */
	assert_int_equal(s.tree.count, 5);
	assert_int_equal(s.tree.rows[4].kind, TREE_ROW_MORE);
	assert_int_equal(shown_visits(&s.tree), 199);
	/* Enter on the last row shows the rest. */
	inspector_move(&s, 10);
	assert_int_equal(s.tree.cursor, 4);
	assert_true(inspector_enter(&s, false));
	assert_int_equal(s.tree.count, all);
	inspector_select(&s, 0);
	assert_true(inspector_depth(&s, -1));
	assert_int_equal(s.tree.count, 1);
	assert_false(inspector_depth(&s, -1));
	inspector_depth(&s, 3);
	for (int i = 0; i < s.tree.count; i++)
		assert_true(s.tree.rows[i].depth <= 3);
	inspector_least(&s, 3);
	assert_int_equal(s.tree.limits.least, 10);
	for (int i = 1; i < s.tree.count; i++) {
		const struct tree_row *row = &s.tree.rows[i];

		/* The root shows all, as asked for above. */
		if (row->kind == TREE_ROW_NODE && row->depth > 1)
			assert_true(s.view.visits[row->node] >= 10);
	}
	inspector_release(&s);
}

static void test_selection_survives_a_new_trace(void **state)
{
	struct inspector s;
	struct err e = ERR_INIT;
	char before[sizeof(s.node_text)];

	(void)state;
	made_inspector(&connect4, &s, 100);
	inspector_enter(&s, false);
	inspector_enter(&s, false);
	memcpy(before, s.node_text, sizeof(before));
	assert_int_equal(strlen(before), 3);
	assert_int_equal(
		inspector_set(&s, made_trace(&connect4, s.root, 400), &e),
		ERR_OK);
	assert_string_equal(s.node_text, before);
	assert_int_equal(s.view.at, 400);
	inspector_release(&s);
}

static void test_wrong_trace_is_refused(void **state)
{
	struct inspector s;
	struct err e = ERR_INIT;
	struct trace *t;

	(void)state;
	made_inspector(&connect4, &s, 50);
	t = made_trace(&connect4, s.root, 50);
	t->nodes[t->nodes[0].first_child].move = 9;
	assert_int_equal(inspector_set(&s, t, &e), ERR_FORMAT);
	assert_non_null(strstr(e.msg, "connect4"));
	assert_int_equal(s.view.at, 50);
	inspector_release(&s);
}

/* Kept figures without a tree: the same columns, and what is not known is not
 * made up. */
static void test_kept_figures(void **state)
{
	const struct root_move list[] = {
		{.move = 3,
		 .visits = 10,
		 .prior = 0.5,
		 .q = -0.25,
		 .value = 0.125},
		{.move = 4,
		 .visits = 30,
		 .prior = 0.25,
		 .q = 0.5,
		 .value = (double)NAN},
	};
	const double wdl[3] = {0.5, 0.25, 0.25};
	struct err e = ERR_INIT;
	struct inspector s;
	void *root = game_state_new(&connect4, 0);
	const struct figures *f;

	(void)state;
	inspector_init(&s, &connect4, root);
	assert_int_equal(
		inspector_set(&s, root_moves_trace(list, 2, wdl, (double)NAN),
			      &e),
		ERR_OK);
	assert_int_equal(s.table.count, 2);
	f = &s.table.rows[0].f;
	assert_int_equal(f->visits, 30);
	assert_true(fabs(f->share - 0.75) < 1e-9);
	assert_true(fabs(f->q - 0.5) < 1e-6);
	assert_true(isnan(f->v) && isnan(f->u) && isnan(f->wdl[0]));
	f = &s.table.rows[1].f;
	assert_true(fabs(f->q + 0.25) < 1e-6);
	assert_true(fabs(f->v - 0.125) < 1e-6);
	inspector_release(&s);
	free(root);
}

static void test_moves_to_the_board(void **state)
{
	struct inspector s;
	game_move moves[8];
	unsigned char *at;
	int count;

	(void)state;
	made_inspector(&connect4, &s, 200);
	inspector_enter(&s, false);
	inspector_pv_step(&s, 2);
	count = inspector_moves(&s, moves, 8);
	assert_int_equal(count, 3);
	at = mem_alloc(connect4.state_size);
	memcpy(at, s.root, connect4.state_size);
	for (int i = 0; i < count; i++)
		connect4.rules->apply(&connect4, at, moves[i]);
	assert_memory_equal(at, s.shown, connect4.state_size);
	free(at);
	inspector_release(&s);
}

/* A hundred thousand nodes: what a key lays out is what can be seen, and one
 * simulation is one path, so the work of a key does not grow with the tree. */
static void test_large_trace(void **state)
{
	struct inspector s;

	(void)state;
	made_inspector(&connect4, &s, 16000);
	assert_true(s.trace->node_count > 100000);
	assert_true(s.tree.count < 20);
	inspector_focus(&s, 1);
	for (int i = 0; i < 2000; i++) {
		inspector_seek(&s, 8000 + i);
		inspector_move(&s, i % 3 ? 1 : -2);
		inspector_enter(&s, true);
		assert_true(s.tree.count < 2000);
	}
	/* Everything unfolded stops at a bound and says so. */
	inspector_least(&s, -1);
	inspector_children(&s, 100);
	inspector_depth(&s, 30);
	assert_int_equal(s.tree.count, TREE_MAX_ROWS + 1);
	assert_int_equal(s.tree.rows[TREE_MAX_ROWS].kind, TREE_ROW_FULL);
	inspector_release(&s);
}

static void test_pointing(void **state)
{
	struct inspector s;
	uint32_t node;

	(void)state;
	made_inspector(&connect4, &s, 200);
	assert_true(inspector_point(&s, PANE_TABLE, 2));
	assert_int_equal(s.table.cursor, 2);
	assert_int_equal(s.node, 0);
	node = move_table_selected(&s.table);
	assert_true(inspector_point(&s, PANE_TABLE, 2)); /* again: into it */
	assert_int_equal(s.node, node);
	assert_true(inspector_point(&s, PANE_TREE, 0));
	assert_int_equal(s.focus, PANE_TREE);
	assert_int_equal(s.node, 0);
	assert_true(inspector_point(&s, PANE_BOARD, -1));
	assert_int_equal(s.focus, PANE_BOARD);
	assert_int_equal(s.main, PANE_TREE);
	inspector_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figures_are_the_records),
		cmocka_unit_test(test_path_is_marked),
		cmocka_unit_test(test_sorting),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_cut_offs),
		cmocka_unit_test(test_selection_survives_a_new_trace),
		cmocka_unit_test(test_wrong_trace_is_refused),
		cmocka_unit_test(test_kept_figures),
		cmocka_unit_test(test_moves_to_the_board),
		cmocka_unit_test(test_large_trace),
		cmocka_unit_test(test_pointing),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
