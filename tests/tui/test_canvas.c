/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "tests/tui/golden.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/utf8.h"

static void assert_dump(const struct canvas *c, bool styles, const char *want)
{
	struct buf out;

	buf_init(&out);
	canvas_dump(c, styles, &out);
	assert_string_equal(out.data, want);
	buf_release(&out);
}

static void test_text_and_clip(void **state)
{
	struct canvas c, pane;

	(void)state;
	canvas_init(&c, 3, 8);
	assert_int_equal(canvas_text(&c, 0, 6, STYLE_NORMAL, "é♟xyz"), 11);
	canvas_text(&c, 1, -2, STYLE_NORMAL, "abcd");
	canvas_text(&c, 7, 0, STYLE_NORMAL, "nowhere");
	pane = canvas_pane(&c, 2, 2, 5, 3);
	assert_int_equal(pane.height, 1);
	assert_int_equal(pane.width, 3);
	canvas_text(&pane, 0, 0, STYLE_BOLD, "12345");
	canvas_cursor(&pane, 0, 1);
	assert_int_equal(c.cursor_row, 2);
	assert_int_equal(c.cursor_col, 3);
	assert_dump(&c, false, "      é♟\ncd\n  123\n");
	assert_dump(&c, true, "|      é♟\n|cd\n|  123\n:  bbb\n");
	canvas_release(&c);
}

static void test_panes_outside_are_empty(void **state)
{
	struct canvas c, pane;

	(void)state;
	canvas_init(&c, 2, 4);
	pane = canvas_pane(&c, 5, 9, 3, 3);
	assert_int_equal(pane.height * pane.width, 0);
	canvas_text(&pane, 0, 0, STYLE_NORMAL, "x");
	pane = canvas_pane(&c, 1, 1, -1, -4);
	assert_int_equal(pane.height, 0);
	pane = canvas_box(&c, 0, 0, 1, 4, "flat");
	canvas_text(&pane, 0, 0, STYLE_NORMAL, "x");
	assert_dump(&c, false, "\n\n");
	canvas_release(&c);
}

static void test_fields(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, 4, 12);
	canvas_field(&c, 0, 0, 6, STYLE_NORMAL, "connect4");
	canvas_text(&c, 0, 6, STYLE_NORMAL, "|");
	canvas_text(&c, 1, 0, STYLE_NORMAL, "zzzzzzzz");
	canvas_field(&c, 1, 0, 6, STYLE_NORMAL, "go");
	canvas_right(&c, 2, 12, STYLE_NORMAL, "−1.5");
	canvas_field(&c, 3, 0, 8, STYLE_NORMAL, "connect4");
	assert_dump(&c, false, "conne…|\ngo    zz\n        −1.5\nconnect4\n");
	canvas_release(&c);
}

static void test_wrapping(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, 3, 10);
	assert_int_equal(canvas_wrap(&c, 7, STYLE_NORMAL, "a move and another"),
			 3);
	assert_dump(&c, false, "a move\nand\nanother\n");
	canvas_clear(&c);
	assert_int_equal(canvas_wrap(&c, 4, STYLE_NORMAL, "♚♛♜♝♞\nx y z"), 4);
	assert_dump(&c, false, "♚♛♜♝\n♞\nx y…\n");
	assert_int_equal(canvas_wrap(NULL, 4, STYLE_NORMAL, ""), 0);
	assert_int_equal(canvas_wrap(NULL, 4, STYLE_NORMAL, "four"), 1);
	assert_int_equal(canvas_wrap(NULL, 4, STYLE_NORMAL, "four four"), 2);
	assert_int_equal(canvas_wrap(NULL, 0, STYLE_NORMAL, "four"), 0);
	canvas_release(&c);
}

static void test_ascii(void **state)
{
	struct canvas c;

	(void)state;
	canvas_init(&c, 4, 12);
	c.ascii = true;
	canvas_box(&c, 0, 0, 3, 12, "Ply");
	canvas_text(&c, 1, 1, STYLE_NORMAL, "●○·→▁▄█⠉⣀é");
	canvas_glyph_or(&c, 3, 0, STYLE_NORMAL, 0x25CF, 'B');
	assert_dump(&c, false, "+- Ply ----+\n|XO.>_-#'.?|\n+----------+\nB\n");
	canvas_release(&c);
}

static void test_hostile_text(void **state)
{
	const char *bad = "a\x1b[31m\xff\xc3(\xed\xa0\x80";
	const char *wide = "世e\xcc\x81";

	(void)state;
	assert_int_equal(utf8_next(&bad), 'a');
	assert_int_equal(utf8_next(&bad), 0xFFFD); /* ESC never gets through */
	assert_int_equal(utf8_next(&bad), '[');
	bad += 3;
	assert_int_equal(utf8_next(&bad), 0xFFFD);
	assert_int_equal(utf8_next(&bad), 0xFFFD);
	assert_int_equal(utf8_next(&bad), '(');
	assert_int_equal(utf8_next(&bad), 0xFFFD); /* a surrogate */
	assert_int_equal(utf8_next(&bad), 0);
	assert_int_equal(utf8_next(&wide), 0xFFFD);
	assert_int_equal(utf8_next(&wide), 'e');
	assert_int_equal(utf8_next(&wide), 0);
	assert_int_equal(canvas_width("▁é•x"), 4);
	assert_int_equal(canvas_width("\xe2\x96"),
			 2); /* cut short: no overrun */
}

static void test_utf8_round_trip(void **state)
{
	(void)state;
	for (uint32_t code = 0x20; code <= 0x10FFFF; code += 7) {
		char text[5] = "";
		const char *p = text;
		uint32_t back;

		if (code >= 0xD800 && code <= 0xDFFF)
			continue;
		utf8_put(text, code);
		back = utf8_next(&p);
		/* marks without width are skipped, wide ones replaced */
		assert_true(back == code || back == 0xFFFD || back == 0);
	}
}

static void test_golden_box(void **state)
{
	struct canvas c, pane;

	(void)state;
	canvas_init(&c, 5, 24);
	pane = canvas_box(&c, 0, 0, 5, 24, "A title that is too long");
	canvas_text(&pane, 1, 1, STYLE_PLAYER0, "● yellow");
	canvas_style(&pane, 1, 0, pane.width, STYLE_SELECTED);
	golden_canvas(&c, "box");
	canvas_release(&c);
}

static void test_map(void **state)
{
	struct canvas_map map = {.count = 0};
	struct canvas c, pane, inner;
	const struct canvas_region *r;
	int list, other;

	(void)state;
	canvas_init(&c, 10, 20);
	pane = canvas_pane(&c, 2, 3, 5, 9);
	canvas_region(&pane, &list, 0, 0); /* nobody asks */
	canvas_map_begin(&map, &c);
	pane = canvas_pane(&c, 2, 3, 5, 9);
	inner = canvas_pane(&pane, 1, 1, 2, 4);
	canvas_region(&pane, &list, 0, 7);
	canvas_region(&inner, &list, 1, 0);
	assert_int_equal(map.count, 2);
	r = canvas_map_find(&map, &list, 1);
	assert_non_null(r);
	assert_int_equal(r->row, 3);
	assert_int_equal(r->col, 4);
	assert_int_equal(r->height, 2);
	assert_int_equal(r->width, 4);
	assert_true(canvas_map_inside(r, 3, 4));
	assert_true(canvas_map_inside(r, 4, 7));
	assert_false(canvas_map_inside(r, 5, 4));
	assert_false(canvas_map_inside(r, 3, 8));
	assert_false(canvas_map_inside(NULL, 3, 4));
	assert_null(canvas_map_find(&map, &other, 0));
	assert_null(canvas_map_find(NULL, &list, 0));
	/* the next frame goes on from it, whether or not it shows it */
	canvas_map_begin(&map, &c);
	pane = canvas_pane(&c, 0, 0, 1, 1);
	assert_null(canvas_map_find(&map, &list, 0));
	assert_int_equal(canvas_first(&pane, &list, 0), 7);
	assert_int_equal(canvas_first(&pane, &other, 0), 0);
	canvas_region(&pane, &list, 0, 8);
	assert_int_equal(canvas_map_find(&map, &list, 0)->first, 8);
	assert_int_equal(map.count, 2);
	for (int i = 0; map.count < CANVAS_REGIONS; i++)
		canvas_region(&c, &other, i, 0);
	canvas_region(&c, &other, CANVAS_REGIONS, 0);
	assert_null(canvas_map_find(&map, &other, CANVAS_REGIONS));
	canvas_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_clip),
		cmocka_unit_test(test_panes_outside_are_empty),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_wrapping),
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_utf8_round_trip),
		cmocka_unit_test(test_golden_box),
		cmocka_unit_test(test_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
