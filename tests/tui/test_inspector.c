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
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/figures.h"
#include "core/session/inspector.h"
#include "core/session/move_table.h"
#include "core/session/tree_view.h"
#include "tests/session/made_trace.h"
#include "tests/tui/golden.h"
#include "tui/canvas.h"
#include "tui/widget/inspector_draw.h"

static struct game connect4;

static int set_up(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL) != ERR_OK;
}

static void compare(const struct inspector *s, int rows, int cols, bool ascii,
		    const char *name)
{
	struct canvas c;

	canvas_init(&c, rows, cols);
	c.ascii = ascii;
	inspector_draw(s, &c);
	golden_canvas(&c, name);
	canvas_release(&c);
}

static void test_pictures(void **state)
{
	struct inspector s;

	(void)state;
	made_inspector(&connect4, &s, 200);
	compare(&s, 22, 80, false, "inspector-moves");
	compare(&s, 22, 80, true, "inspector-moves-ascii");
	compare(&s, 58, 200, false, "inspector-all");
	compare(&s, 10, 40, false, "inspector-small");
	inspector_focus(&s, 1);
	inspector_depth(&s, 1);
	inspector_move(&s, 2);
	compare(&s, 22, 80, false, "inspector-tree");
	compare(&s, 22, 80, true, "inspector-tree-ascii");
	compare(&s, 10, 40, false, "inspector-tree-small");
	inspector_pv_step(&s, 3);
	inspector_focus(&s, 1);
	compare(&s, 22, 80, false, "inspector-pv");
	compare(&s, 10, 40, false, "inspector-pv-small");
	/* Whatever the size, nothing is written outside. */
	for (int rows = 0; rows < 34; rows += 3) {
		for (int cols = 1; cols < 160; cols += 13) {
			struct canvas c;

			canvas_init(&c, rows, cols);
			inspector_draw(&s, &c);
			canvas_release(&c);
		}
	}
	inspector_release(&s);
}

/* The line above the table, in ASCII. */
static void place_line(const struct inspector *s, struct buf *out)
{
	struct canvas c;

	canvas_init(&c, 22, 100);
	c.ascii = true;
	inspector_draw(s, &c);
	buf_clear(out);
	for (int col = 0; col < c.cols; col++) {
		uint32_t glyph = c.cells[c.cols + col].glyph;

		buf_putc(out, glyph ? (char)glyph : ' ');
	}
	canvas_release(&c);
}

static void expect_place(const struct inspector *s, const char *text)
{
	struct buf line;

	buf_init(&line);
	place_line(s, &line);
	if (!strstr(line.data, text))
		fail_msg("no \"%s\" in \"%s\"", text, line.data);
	buf_release(&line);
}

/* A search of few nodes by hand: 4 from the start, then 4 again or 5. */
static struct trace *small_trace(int alternate)
{
	struct trace *t = mem_zalloc(1, sizeof(*t));
	static const struct trace_node nodes[] = {
		{.move = GAME_NO_MOVE,
		 .first_child = 1,
		 .child_count = 1,
		 .value = 0.25f,
		 .evaluated = 1},
		{.move = 3,
		 .first_child = 2,
		 .child_count = 2,
		 .prior = 1,
		 .value = -0.75f,
		 .draw = 0.125f,
		 .evaluated = 2},
		{.move = 3,
		 .parent = 1,
		 .prior = 0.5f,
		 .value = 0.5f,
		 .evaluated = 3},
		{.move = 4,
		 .parent = 1,
		 .prior = 0.5f,
		 .evaluated = -1,
		 .proof = TRACE_LOSS,
		 .proven = 3},
	};
	static const struct trace_sim sims[] = {
		{0, 0.25f, 0},
		{1, -0.75f, 0.125f},
		{2, 0.5f, 0},
	};

	t->nodes = mem_alloc(sizeof(nodes));
	memcpy(t->nodes, nodes, sizeof(nodes));
	t->node_count = ARRAY_LEN(nodes);
	t->sims = mem_alloc(sizeof(sims));
	memcpy(t->sims, sims, sizeof(sims));
	t->sim_count = ARRAY_LEN(sims);
	t->c_puct = 1.25f;
	t->c_base = 19652;
	t->alternate = alternate;
	return t;
}

static void open_small(struct inspector *s, struct trace *t)
{
	void *root = game_state_new(&connect4, 0);
	struct err e = ERR_INIT;

	inspector_init(s, &connect4, root);
	assert_int_equal(inspector_set(s, t, &e), ERR_OK);
	free(root);
}

/* What stands above the table is for the side that it names, at the root and
 * below it. */
static void test_place_is_for_who_acts(void **state)
{
	struct inspector s;

	(void)state;
	open_small(&s, small_trace(1));
	expect_place(&s, "at root  to move X  N 3  Q +0.500  V +0.250");
	inspector_select(&s, 1);
	expect_place(&s, "at 4  to move O  N 2  Q -0.625  V -0.750  "
			 "W/D/L 16/6/78");
	inspector_select(&s, 2);
	expect_place(&s, "at 4 4  to move X  N 1  Q +0.500  V +0.500  "
			 "W/D/L 75/0/25");
	inspector_select(&s, 3);
	expect_place(&s, "at 4 5  to move X  N 0  Q -1.000  W/D/L 0/0/100  "
			 "proven loss");
	inspector_release(&s);
}

/* With one player, and below a turn of chance, values are that player's. */
static void test_place_without_another_side(void **state)
{
	struct trace *t = small_trace(0);
	struct inspector s;

	(void)state;
	open_small(&s, t);
	inspector_select(&s, 1);
	expect_place(&s, "N 2  Q -0.125  V -0.750");
	inspector_release(&s);
	t = small_trace(1);
	t->nodes[1].chance = true;
	open_small(&s, t);
	inspector_select(&s, 2);
	expect_place(&s, "N 1  Q +0.500  V +0.500  W/D/L 75/0/25");
	inspector_release(&s);
}

static void test_scrubber(void **state)
{
	struct inspector s;

	(void)state;
	made_inspector(&connect4, &s, 200);
	inspector_focus(&s, 1);
	inspector_follow(&s);
	assert_true(inspector_seek(&s, 0));
	assert_false(inspector_seek(&s, -5));
	compare(&s, 22, 80, false, "scrub-0");
	assert_true(inspector_seek(&s, 1));
	compare(&s, 22, 80, false, "scrub-1");
	assert_true(inspector_seek(&s, 57));
	compare(&s, 22, 80, false, "scrub-57");
	assert_true(inspector_seek(&s, 5000));
	assert_int_equal(s.view.at, 200);
	compare(&s, 22, 80, false, "scrub-200");
	inspector_release(&s);
}

static void test_text(void **state)
{
	static const char *const wanted[] = {
		"simulation: 57 of 200",
		"N%-P%",
		"`-",
		"more, N",
	};
	struct inspector s;
	struct buf out;

	(void)state;
	made_inspector(&connect4, &s, 200);
	inspector_seek(&s, 57);
	for (int i = 0; i < 5; i++)
		inspector_children(&s, -1);
	buf_init(&out);
	inspector_draw_print(&s, true, &out);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		if (!strstr(out.data, wanted[i]))
			fail_msg("no \"%s\" in:\n%s", wanted[i], out.data);
	}
	for (size_t i = 0; i < out.len; i++)
		assert_true((unsigned char)out.data[i] < 128);
	buf_release(&out);
	inspector_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_place_is_for_who_acts),
		cmocka_unit_test(test_place_without_another_side),
		cmocka_unit_test(test_scrubber),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
