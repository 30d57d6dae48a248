/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "tests/tui/golden.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/keys.h"
#include "tui/row/words.h"
#include "tui/screen.h"
#include "tui/widget/form.h"
#include "tui/widget/line_edit.h"
#include "tui/widget/table.h"

static void type(struct line_edit *e, const char *text)
{
	for (; *text; text++)
		assert_true(line_edit_key(e, (unsigned char)*text));
}

static void test_line_edit(void **state)
{
	struct line_edit e = {0};
	struct canvas c;

	(void)state;
	type(&e, "hello world");
	assert_true(line_edit_key(&e, 'W' - '@'));
	assert_string_equal(e.text, "hello ");
	assert_true(line_edit_key(&e, K_HOME));
	assert_true(line_edit_key(&e, 0xE9));
	assert_true(line_edit_key(&e, K_RIGHT));
	assert_true(line_edit_key(&e, K_BACKSPACE));
	assert_string_equal(e.text, "éello ");
	assert_int_equal(line_edit_caret_column(&e), 1);
	assert_true(line_edit_key(&e, K_LEFT));
	assert_true(line_edit_key(&e, K_LEFT));
	assert_true(line_edit_key(&e, K_DELETE));
	assert_string_equal(e.text, "ello ");
	assert_false(line_edit_key(&e, K_UP));
	assert_false(line_edit_key(&e, K_ENTER));
	line_edit_set(&e, "a\nb");
	assert_string_equal(e.text, "a�b");

	line_edit_set(&e, "0123456789");
	canvas_init(&c, 1, 8);
	line_edit_draw(&e, &c, 0, 1, 6, STYLE_NORMAL, true);
	assert_int_equal(c.cursor_col, 6);
	assert_int_equal(c.cells[1].glyph, '5');
	canvas_release(&c);
}

static void test_line_edit_is_bounded(void **state)
{
	struct line_edit e = {0};

	(void)state;
	for (int i = 0; i < 3 * LINE_EDIT_SIZE; i++)
		assert_true(line_edit_key(&e, 0x265F));
	assert_true(e.len < LINE_EDIT_SIZE);
	assert_int_equal(strlen(e.text), e.len);
}

static const struct table_column columns[] = {
	{.head = "Run", .width = 12, .least = 8, .grow = true, .sorts = true},
	{.head = "Game", .width = 10, .rank = 2},
	{.head = "Elo", .width = 6, .right = true, .rank = 1, .sorts = true},
	{.head = "Curve", .width = 16, .rank = 3},
};

static void cell(const void *self, int row, int column, int width,
		 struct buf *out, enum style *st)
{
	(void)self, (void)width;
	switch (column) {
	case 0:
		buf_printf(out, "run-%d%s", row,
			   row == 2 ? "-with-a-long-name" : "");
		break;
	case 1:
		buf_puts(out, "connect4");
		break;
	case 2:
		buf_printf(out, "%d", 1000 + row * 10);
		*st = STYLE_VALUE;
		break;
	default:
		buf_puts(out, "▁▂▃▄▅▆▇█");
		*st = STYLE_SERIES0;
	}
}

static void draw_table(const struct table *t, int rows, int cols,
		       const char *name)
{
	struct canvas c;

	canvas_init(&c, rows, cols);
	table_draw(t, &c, true, cell, NULL);
	golden_canvas(&c, name);
	canvas_release(&c);
}

static void test_table_pictures(void **state)
{
	struct table t;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns));
	t.empty = "No runs yet.";
	draw_table(&t, 4, 40, "table-empty");
	table_rows(&t, 30);
	t.sort = 2;
	t.descending = true;
	draw_table(&t, 8, 60, "table-top");
	table_select(&t, 12);
	draw_table(&t, 8, 34, "table-middle");
	draw_table(&t, 5, 20, "table-narrow");
	for (int cols = 0; cols < 20; cols++) {
		struct canvas c;

		canvas_init(&c, cols % 4, cols);
		table_draw(&t, &c, true, cell, NULL);
		canvas_release(&c);
	}
}

static int first_width; /* that a cell was told last */

static void spare_cell(const void *self, int row, int column, int width,
		       struct buf *out, enum style *st)
{
	(void)self, (void)row, (void)st;
	if (column == 0)
		first_width = width;
	buf_printf(out, "%d", column);
}

/* A spare column waits until the others have all that they want. */
static void test_table_spare(void **state)
{
	static const struct table_column spare_columns[] = {
		{.head = "name", .width = 20, .least = 5},
		{.head = "elo", .width = 6, .rank = 1},
		{.head = "when", .width = 10, .rank = TABLE_SPARE},
	};
	struct canvas c;
	struct table t;

	(void)state;
	table_init(&t, spare_columns, ARRAY_LEN(spare_columns));
	table_rows(&t, 1);
	for (int width = 39; width <= 40; width++) {
		canvas_init(&c, 4, width);
		table_draw(&t, &c, true, spare_cell, NULL);
		assert_int_equal(first_width, 20);
		assert_int_equal(c.cells[30].glyph, width == 40 ? 'w' : 0);
		canvas_release(&c);
	}
}

static void fits(const char *spec, int width, const char *expected)
{
	struct buf text;

	buf_init(&text);
	agent_fit(spec, width, &text);
	assert_string_equal(text.data, expected);
	assert_true(canvas_width(text.data) <= width);
	buf_release(&text);
}

/* What tells agents apart goes last. */
static void test_agent_fit(void **state)
{
	const char *search = "mcts:chess/16867,sims=400,c_puct=2";

	(void)state;
	fits(search, 34, search);
	fits(search, 29, "chess/16867,sims=400,c_puct=2");
	fits(search, 28, "chess/16867,sims=400…");
	fits(search, 20, "chess/16867,sims=400");
	fits(search, 19, "chess/16867…");
	fits(search, 11, "chess/16867");
	fits(search, 9, "ch…/16867");
	fits(search, 6, "che…67");
	fits("policy:c4/30903", 12, "c4/30903");
	fits("solver:nodes=20000000", 10, "solver…");
	fits("engine:'gnugo, quick',level=1", 16, "'gnugo, quick'…");
	fits("player:Müller-Lüdenscheidt", 10, "Mülle…eidt");
	fits("tactical", 8, "tactical");
}

static void find_cell(const void *self, int row, int column, int width,
		      struct buf *out, enum style *st)
{
	static const char *const words[] = {"Alpha", "beta", "alphabet"};

	(void)self;
	(void)width;
	(void)st;
	if (column == 1)
		buf_puts(out, words[row]);
}

/* The next row that has it, past the end and round. */
static void test_table_find(void **state)
{
	struct table t;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns));
	assert_false(table_find(&t, "a", find_cell, NULL));
	table_rows(&t, 3);
	assert_true(table_find(&t, "ALPHA", find_cell, NULL));
	assert_int_equal(t.selected, 2);
	assert_true(table_find(&t, "ALPHA", find_cell, NULL));
	assert_int_equal(t.selected, 0);
	assert_true(table_find(&t, "eta", find_cell, NULL));
	assert_int_equal(t.selected, 1);
	assert_false(table_find(&t, "gamma", find_cell, NULL));
	assert_int_equal(t.selected, 1);
}

static void press_table(const struct key_binding *table, struct table *t,
			const char *name)
{
	struct key_found f = keys_find_name(table, name);

	assert_int_equal(keys_run(&f, t, &golden_seen), SCREEN_REDRAW);
}

static void test_table_moves(void **state)
{
	struct mouse_event click = {
		.button = 1, .row = 3, .seen = &golden_seen};
	struct table t;
	struct canvas c;

	(void)state;
	golden_seen.count = 0;
	table_init(&t, columns, ARRAY_LEN(columns));
	table_rows(&t, 30);
	canvas_init(&c, 8, 60);
	canvas_map_begin(&golden_seen, &c);
	table_draw(&t, &c, true, cell, NULL);
	press_table(table_keys, &t, "up");
	assert_int_equal(t.selected, 0);
	press_table(table_keys, &t, "page-down");
	assert_int_equal(t.selected, 6);
	press_table(table_keys, &t, "last");
	press_table(table_keys, &t, "down");
	assert_int_equal(t.selected, 29);
	canvas_map_begin(&golden_seen, &c);
	table_draw(&t, &c, true, cell, NULL);
	assert_int_equal(table_mouse(&t, &click), TABLE_MOVED);
	assert_int_equal(t.selected, 25);
	assert_int_equal(table_mouse(&t, &click), TABLE_OPENED);
	click.row = 0;
	assert_int_equal(table_mouse(&t, &click), TABLE_SORTED);
	assert_int_equal(t.sort, 0);
	assert_false(t.descending);
	assert_int_equal(table_mouse(&t, &click), TABLE_SORTED);
	assert_true(t.descending);
	press_table(table_sort_keys, &t, "sort");
	assert_int_equal(t.sort, 2);
	table_rows(&t, 3);
	assert_int_equal(t.selected, 2);
	table_rows(&t, 0);
	assert_int_equal(t.selected, 0);
	canvas_release(&c);
}

static enum err_code check_name(const char *text, struct err *e)
{
	if (*text)
		return ERR_OK;
	return err_set(e, ERR_USAGE, "the run needs a name, as in c4");
}

enum { FIELD_GAME, FIELD_NAME, FIELD_SIMS, FIELD_START };

static const struct form_field fields[] = {
	{.label = "Game",
	 .kind = FORM_CHOICE,
	 .choices = "connect4|tictactoe|drop:rows=4,cols=5",
	 .help = "What is learned."},
	{.label = "Name of the run",
	 .kind = FORM_TEXT,
	 .check = check_name,
	 .help = "Letters, digits and - _ . make a name."},
	{.label = "Simulations", .kind = FORM_TEXT, .preset = "64"},
	{.label = "Start", .kind = FORM_BUTTON},
};

static void draw_form(const struct form *f, int rows, int cols,
		      const char *name)
{
	struct canvas c;

	canvas_init(&c, rows, cols);
	form_draw(f, &c);
	golden_canvas(&c, name);
	canvas_release(&c);
}

static enum form_result press_form(struct form *f, const char *name)
{
	struct key_press k = {
		.seen = &golden_seen,
		.inner = keys_find_name(form_keys, name).binding,
	};

	return form_press(f, &k);
}

static void test_form(void **state)
{
	struct form f;

	(void)state;
	form_init(&f, fields, ARRAY_LEN(fields));
	assert_string_equal(form_get(&f, FIELD_GAME), "connect4");
	assert_int_equal(press_form(&f, "previous-choice"), FORM_CHANGED);
	assert_string_equal(form_get(&f, FIELD_GAME), "drop:rows=4,cols=5");
	assert_int_equal(form_chosen(&f, FIELD_GAME), 2);
	assert_false(form_editing(&f));
	draw_form(&f, 10, 60, "form-choice");
	assert_int_equal(press_form(&f, "accept"), FORM_CHANGED);
	assert_int_equal(f.selected, FIELD_NAME);
	draw_form(&f, 10, 60, "form-wrong");
	draw_form(&f, 4, 24, "form-small");
	assert_true(form_editing(&f));
	assert_true(form_key(&f, 'c'));
	assert_true(form_key(&f, '4'));
	assert_false(form_key(&f, K_UP));
	assert_string_equal(f.message, "");
	form_hide(&f, FIELD_SIMS, true);
	assert_int_equal(press_form(&f, "go-on"), FORM_CHANGED);
	assert_int_equal(f.selected, FIELD_START);
	draw_form(&f, 10, 60, "form-button");
	assert_int_equal(press_form(&f, "go-on"), FORM_SUBMIT);
	assert_string_equal(form_get(&f, FIELD_NAME), "c4");
	form_choices(&f, FIELD_GAME, "a|connect4|drop:rows=4,cols=5");
	assert_int_equal(form_chosen(&f, FIELD_GAME), 2);
	form_choices(&f, FIELD_GAME, "a|b");
	assert_string_equal(form_get(&f, FIELD_GAME), "a");
	form_choices(&f, FIELD_GAME, "");
	assert_string_equal(form_get(&f, FIELD_GAME), "");
	form_release(&f);
}

static void test_form_mouse(void **state)
{
	struct mouse_event click = {
		.button = 1,
		.row = 2,
		.col = 20,
		.seen = &golden_seen,
	};
	struct canvas c;
	struct form f;

	(void)state;
	golden_seen.count = 0;
	form_init(&f, fields, ARRAY_LEN(fields));
	form_set(&f, FIELD_NAME, "x");
	canvas_init(&c, 10, 60);
	canvas_map_begin(&golden_seen, &c);
	form_draw(&f, &c);
	assert_int_equal(form_mouse(&f, &click), FORM_CHANGED);
	assert_int_equal(f.selected, FIELD_SIMS);
	click.row = 4; /* below the blank row */
	assert_int_equal(form_mouse(&f, &click), FORM_SUBMIT);
	click.row = 9;
	assert_int_equal(form_mouse(&f, &click), FORM_IGNORED);
	canvas_release(&c);
	form_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_edit),
		cmocka_unit_test(test_line_edit_is_bounded),
		cmocka_unit_test(test_table_pictures),
		cmocka_unit_test(test_table_spare),
		cmocka_unit_test(test_agent_fit),
		cmocka_unit_test(test_table_find),
		cmocka_unit_test(test_table_moves),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_form_mouse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
