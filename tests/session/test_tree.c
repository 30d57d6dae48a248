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
#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/figures.h"
#include "core/session/move_table.h"
#include "core/session/trace_rules.h"
#include "core/session/tree_view.h"
#include "tests/session/made_trace.h"

enum { SIMS = 200 };

/* Connect Four from its start, searched. */
static struct {
	struct game game;
	void *root;
	struct trace *trace;
	struct trace_view view;
	struct sim_path path;
} made;

static void seek(uint32_t at)
{
	trace_view_seek(&made.view, at);
	sim_path_of(&made.view, &made.path);
}

static int set_up(void **state)
{
	(void)state;
	if (game_init(&made.game, "connect4", NULL))
		return 1;
	made.root = game_state_new(&made.game, 0);
	made.trace = made_trace(&made.game, made.root, SIMS);
	trace_view_init(&made.view, made.trace);
	seek(SIMS);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	trace_view_release(&made.view);
	trace_free(made.trace);
	free(made.root);
	return 0;
}

static void check(const struct game *g, const struct trace *t, const void *root,
		  enum err_code wanted)
{
	struct err e = ERR_INIT;

	assert_int_equal(trace_rules_check(t, g, root, &e), wanted);
	if (wanted)
		assert_non_null(strstr(e.msg, "search again"));
}

/* What was stored need not be of this game, nor of this position. */
static void test_rules(void **state)
{
	struct trace *bad = trace_clone(made.trace);
	struct trace empty = {0};
	struct game mnk;
	void *start;

	(void)state;
	check(&made.game, made.trace, made.root, ERR_OK);
	check(&made.game, &empty, made.root, ERR_FORMAT);
	bad->nodes[bad->node_count - 1].move = 7;
	check(&made.game, bad, made.root, ERR_FORMAT);
	trace_free(bad);
	assert_int_equal(game_init(&mnk, "mnk:2,2,2", NULL), ERR_OK);
	start = game_state_new(&mnk, 0);
	check(&mnk, made.trace, start, ERR_FORMAT);
	free(start);
}

static void test_positions(void **state)
{
	const struct game *g = &made.game;
	void *by_hand = game_state_new(g, 0), *found = game_state_new(g, 0);
	uint32_t node = made.path.node[made.path.len - 1];
	int moves = made.path.len - 1;

	(void)state;
	assert_true(moves > 1);
	for (int i = 1; i <= moves; i++)
		g->rules->apply(g, by_hand,
				made.trace->nodes[made.path.node[i]].move);
	trace_rules_state(made.trace, g, made.root, node, found);
	assert_memory_equal(found, by_hand, g->state_size);
	trace_rules_state(made.trace, g, made.root, 0, found);
	assert_memory_equal(found, made.root, g->state_size);
	free(by_hand);
	free(found);
}

static void fill(struct move_table *t, uint32_t node)
{
	void *s = game_state_new(&made.game, 0);

	trace_rules_state(made.trace, &made.game, made.root, node, s);
	move_table_fill(t, &made.view, &made.path, &made.game, s, node);
	free(s);
}

/* Whatever the way there, the figures are those that the record defines. */
static void test_figures(void **state)
{
	static const uint32_t at[] = {SIMS, 0, 1, 2, 130, 57, 58, 199, 10};
	struct move_table t;

	(void)state;
	move_table_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(at); i++) {
		seek(at[i]);
		fill(&t, 0);
		for (int r = 0; r < t.count; r++) {
			const struct figures *f = &t.rows[r].f;
			uint32_t visits;
			double mean;

			made_count(made.trace, t.rows[r].node, at[i], &visits,
				   &mean);
			assert_int_equal(f->visits, visits);
			assert_int_equal(isnan(f->q), visits == 0);
			if (visits)
				assert_true(fabs(f->q + mean) < 1e-6);
			assert_int_equal(
				f->on_path,
				sim_path_has(&made.path, t.rows[r].node));
		}
	}
	seek(SIMS);
	move_table_release(&t);
}

/* The cursor stays on its move, whatever the rows are sorted by. */
static void test_sorting(void **state)
{
	struct move_table t;
	uint32_t selected;

	(void)state;
	move_table_init(&t);
	fill(&t, 0);
	assert_int_equal(t.count, 7);
	assert_int_equal(t.rows[0].text[0],
			 '1' + made.trace->nodes[t.rows[0].node].move);
	assert_true(move_table_move(&t, 2));
	selected = move_table_selected(&t);
	move_table_cycle(&t, 1);
	assert_int_equal(t.sort, FIGURE_P);
	assert_int_equal(move_table_selected(&t), selected);
	for (int i = 1; i < t.count; i++)
		assert_true(t.rows[i - 1].f.prior >= t.rows[i].f.prior);
	move_table_cycle(&t, -1);
	move_table_cycle(&t, -1);
	assert_int_equal(t.sort, FIGURE_COUNT);
	for (int i = 0; i < t.count; i++)
		assert_int_equal(t.rows[i].node,
				 made.trace->nodes[0].first_child +
					 (uint32_t)i);
	assert_false(move_table_select(&t, made.trace->node_count));
	move_table_release(&t);
}

/* What a cut-off hides is counted, and shown when it is opened. */
static void test_cut_offs(void **state)
{
	uint64_t visits = 0;
	struct tree_view t;

	(void)state;
	tree_init(&t, &made.game, made.root, &made.view, &made.path);
	assert_int_equal(t.count, 8);
	t.limits.children = 3;
	tree_layout(&t);
	assert_int_equal(t.count, 5);
	assert_int_equal(t.rows[4].kind, TREE_ROW_MORE);
	assert_int_equal(t.rows[4].hidden, 4);
	for (int i = 1; i < 4; i++)
		visits += made.view.visits[t.rows[i].node];
	assert_int_equal(visits + t.rows[4].hidden_visits, SIMS - 1);
	assert_true(tree_move(&t, 10));
	assert_true(tree_open(&t));
	assert_int_equal(t.count, 8);
	tree_release(&t);
}

static void test_folding(void **state)
{
	uint32_t leaf = made.path.node[made.path.len - 1], child;
	struct tree_view t;

	(void)state;
	tree_init(&t, &made.game, made.root, &made.view, &made.path);
	assert_int_equal(tree_selected(&t), 0);
	assert_true(tree_move(&t, 1));
	child = tree_selected(&t);
	assert_true(tree_open(&t));
	assert_true(t.count > 8);
	assert_true(tree_open(&t)); /* steps in */
	assert_int_equal(made.trace->nodes[tree_selected(&t)].parent, child);
	assert_true(tree_close(&t)); /* steps out */
	assert_int_equal(tree_selected(&t), child);
	assert_true(tree_toggle(&t));
	assert_int_equal(t.count, 8);
	/* a node far down is unfolded to */
	assert_true(tree_select(&t, leaf));
	assert_int_equal(tree_selected(&t), leaf);
	assert_int_equal(t.rows[t.cursor].depth, made.path.len - 1);
	tree_release(&t);
}

/* The search went on: what was unfolded and selected is found by its moves. */
static void test_another_trace(void **state)
{
	struct trace *more = made_trace(&made.game, made.root, 2 * SIMS);
	struct trace_view view;
	struct sim_path path;
	struct tree_view t;
	char text[GAME_TEXT_SIZE];
	int depth;

	(void)state;
	tree_init(&t, &made.game, made.root, &made.view, &made.path);
	tree_select(&t, made.path.node[made.path.len - 1]);
	depth = t.rows[t.cursor].depth;
	memcpy(text, t.rows[t.cursor].text, sizeof(text));
	trace_view_init(&view, more);
	trace_view_seek(&view, more->sim_count);
	sim_path_of(&view, &path);
	t.path = &path;
	tree_retarget(&t, &view, made.trace);
	assert_int_equal(t.rows[t.cursor].depth, depth);
	assert_string_equal(t.rows[t.cursor].text, text);
	tree_release(&t);
	trace_view_release(&view);
	trace_free(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_sorting),
		cmocka_unit_test(test_cut_offs),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_another_trace),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
