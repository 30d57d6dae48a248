/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "tests/tui/golden.h"
#include "tui/canvas.h"
#include "tui/picture.h"
#include "tui/widget/value_graph.h"

/* A ply without a search is a gap; zero is a point on the middle line. */
static void test_graph(void **state)
{
	static const double value[] = {0,    0.2, NAN, 0.5, 0.45, NAN,
				       -0.6, -1,  NAN, NAN, 1};
	static const bool marked[] = {0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1};
	struct value_graph v = {
		.value = value,
		.marked = marked,
		.count = 11,
		.cursor = 4,
	};
	struct canvas c;

	(void)state;
	canvas_init(&c, 9, 40);
	value_graph_draw(&v, &c);
	golden_canvas(&c, "value-graph");
	c.ascii = true;
	canvas_clear(&c);
	value_graph_draw(&v, &c);
	golden_canvas(&c, "value-graph-ascii");
	canvas_release(&c);
	canvas_init(&c, 5, 9); /* more plies than columns */
	value_graph_draw(&v, &c);
	golden_canvas(&c, "value-graph-narrow");
	canvas_release(&c);
	for (int ply = 0; ply < 11; ply++) {
		bool found = false;

		for (int col = 0; col < 40; col++)
			found = found || value_graph_ply(&v, 40, col) == ply;
		assert_true(found);
	}
	assert_int_equal(value_graph_ply(&v, 40, 0), -1);
	assert_int_equal(value_graph_ply(&v, 40, 39), -1);
}

static void test_values(void **state)
{
	static const double value[] = {0, NAN, -0.5};
	struct value_graph v = {.value = value, .count = 3, .cursor = -1};
	struct buf out;

	(void)state;
	buf_init(&out);
	value_graph_picture(&v, PICTURE_CSV, &out);
	assert_string_equal(out.data, "series,ply,value,smoothed,low,high\n"
				      "first,0,0,,,\nfirst,2,-0.5,,,\n");
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_graph),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
