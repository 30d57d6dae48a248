/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/session/series.h"
#include "core/session/smooth.h"
#include "tests/tui/golden.h"
#include "tui/canvas.h"
#include "tui/screen/curve.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"

enum { MANY = 2000 };

static double many_x[MANY], noisy[MANY], smoothed[MANY], other[MANY];

/* A falling curve with noise whose every bit is known. */
static int fill_many(void **state)
{
	unsigned hash = 1;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		hash = hash * 1664525u + 1013904223u;
		many_x[i] = i * 10;
		noisy[i] = 0.5 + 2 * exp(-i / 400.0) +
			   0.3 * ((double)(hash >> 16) / 65536 - 0.5);
		other[i] = 0.8 + 1.5 * exp(-i / 200.0);
	}
	smooth_ema(many_x, noisy, MANY, 0.98, smoothed);
	return 0;
}

static struct plot_series many(void)
{
	return (struct plot_series){.name = "c4",
				    .x = many_x,
				    .y = smoothed,
				    .raw = noisy,
				    .count = MANY};
}

static void expect(const struct plot *p, int rows, int cols, bool ascii,
		   const char *name)
{
	struct canvas c;

	canvas_init(&c, rows, cols);
	c.ascii = ascii;
	plot_draw(p, &c);
	golden_canvas(&c, name);
	canvas_release(&c);
}

static void test_sizes(void **state)
{
	struct plot_series s = many();
	struct plot p = {.title = "policy loss",
			 .x_name = "games",
			 .x_kind = AXIS_COUNT,
			 .series = &s,
			 .count = 1};

	(void)state;
	expect(&p, 6, 20, false, "plot-6x20");
	expect(&p, 7, 26, false, "plot-7x26");
	expect(&p, 20, 80, false, "plot-20x80");
	expect(&p, 20, 80, true, "plot-20x80-ascii");
	p.y_kind = AXIS_LOG;
	expect(&p, 14, 60, false, "plot-log");
	p.y_kind = AXIS_NUMBER;
	p.x_low = 5000;
	p.x_high = 6000;
	expect(&p, 10, 50, false, "plot-zoomed");
}

static void test_several_with_cursor(void **state)
{
	struct plot_series s[3] = {
		many(),
		{.name = "c4-copy",
		 .x = many_x,
		 .y = other,
		 .count = 1500,
		 .number = 1},
		{.name = "a-run-with-a-name-that-is-much-too-long",
		 .x = many_x,
		 .y = other,
		 .count = 0,
		 .number = 2},
	};
	struct plot p = {.title = "policy loss",
			 .x_name = "step",
			 .x_kind = AXIS_COUNT,
			 .series = s,
			 .count = 3,
			 .has_cursor = true,
			 .cursor = 7000};

	(void)state;
	expect(&p, 20, 80, false, "plot-several");
	expect(&p, 20, 80, true, "plot-several-ascii");
	p.focus = 1;
	p.selected = true;
	expect(&p, 6, 20, false, "plot-several-small");
}

static void test_band(void **state)
{
	static const double x[] = {100, 200, 400, 800, 1600, 3200, 6400, 12800};
	static const double y[] = {0, 200, 400, 600, 800, 1000, 900, 1100};
	static const double low[] = {-120, 80, 280, 480, 680, 880, 780, 980};
	static const double high[] = {90, 290, 500, 690, 890, 1090, 990, 1190};
	struct plot_series s = {.name = "c4",
				.x = x,
				.y = y,
				.low = low,
				.high = high,
				.count = 8};
	struct plot p = {.title = "Elo",
			 .x_name = "games",
			 .x_kind = AXIS_COUNT,
			 .series = &s,
			 .count = 1};

	(void)state;
	expect(&p, 18, 80, false, "plot-band");
	expect(&p, 18, 80, true, "plot-band-ascii");
	s.count = 1;
	expect(&p, 7, 26, false, "plot-one-point");
	s.count = 0;
	expect(&p, 7, 26, false, "plot-empty");
	p.count = 0;
	expect(&p, 7, 26, false, "plot-no-series");
}

static void test_gaps_and_constants(void **state)
{
	double x[40], y[40];
	struct plot_series s = {.name = "a", .x = x, .y = y, .count = 40};
	struct plot p = {.title = "a",
			 .x_name = "time",
			 .x_kind = AXIS_SECONDS,
			 .series = &s,
			 .count = 1};

	(void)state;
	for (int i = 0; i < 40; i++) {
		x[i] = i * 60;
		y[i] = i / 10 % 2 ? (double)NAN : 3;
	}
	expect(&p, 8, 40, false, "plot-gaps");
	for (int i = 0; i < 40; i++)
		y[i] = i % 3 ? (double)INFINITY : (double)NAN;
	expect(&p, 8, 40, false, "plot-nothing-finite");
	for (int i = 0; i < 40; i++)
		y[i] = i < 20 ? -1 : 0; /* nothing for a log axis */
	p.y_kind = AXIS_LOG;
	expect(&p, 8, 40, false, "plot-nothing-for-log");
}

/* Where a text stands in a row; -1: nowhere. */
static int column_of(const struct canvas *c, int row, const char *text)
{
	int n = (int)strlen(text);

	for (int col = 0; col + n <= c->width; col++) {
		const struct cell *at = &c->cells[row * c->width + col];
		int k = 0;

		while (k < n && at[k].glyph == (unsigned char)text[k])
			k++;
		if (k == n && (col + n == c->width || at[n].glyph <= 0x20))
			return col + n / 2;
	}
	return -1;
}

/* By factors of ten x is spread evenly, and its points and the cursor with it;
 * from 0 on there are no logarithms. */
static void test_x_by_factors(void **state)
{
	double x[] = {1, 10, 100, 1000}, y[] = {0, 1, 2, 3};
	struct plot_series s = {.x = x, .y = y, .count = 4};
	struct plot p = {.x_kind = AXIS_LOG,
			 .series = &s,
			 .count = 1,
			 .has_cursor = true,
			 .cursor = 100};
	struct canvas c;
	int one, ten, thousand;

	(void)state;
	canvas_init(&c, 12, 66);
	plot_draw(&p, &c);
	one = column_of(&c, 11, "1");
	ten = column_of(&c, 11, "10");
	thousand = column_of(&c, 11, "1000");
	assert_true(one > 0 && ten > one);
	assert_int_equal(c.cursor_col, one + 2 * (ten - one));
	assert_true(abs(thousand - (one + 3 * (ten - one))) <= 2);
	x[0] = 0;
	canvas_clear(&c);
	plot_draw(&p, &c);
	assert_true(column_of(&c, 11, "1000") > 50);
	assert_int_equal(column_of(&c, 11, "10"), -1);
	canvas_release(&c);
}

/* One value of 100 among 2000 is seen, however narrow the plot and however
 * strong the smoothing. */
static void test_spike_survives_thinning(void **state)
{
	static double spiky[MANY], flat[MANY];
	struct plot_series s = {
		.x = many_x, .y = flat, .raw = spiky, .count = MANY};
	struct plot p = {.series = &s, .count = 1};
	struct canvas c;
	bool seen = false;

	(void)state;
	spiky[1234] = 100;
	smooth_ema(many_x, spiky, MANY, 0.99, flat);
	canvas_init(&c, 8, 30);
	plot_draw(&p, &c);
	for (int row = 0; row < 3; row++) {
		for (int col = 6; col < 30; col++)
			seen |= c.cells[row * 30 + col].glyph > 0x2800 &&
				c.cells[row * 30 + col].glyph < 0x2900;
	}
	assert_true(seen);
	canvas_release(&c);
}

/* Hostile figures and every small size: nothing to compare, but a sanitizer
 * watches. */
static void test_anything_is_drawn(void **state)
{
	static const double x[] = {-1e300, -1, 0, 1e-300, 1, 1, 1e300};
	const double y[] = {1e300, -1e300,          0, 1e-300, (double)NAN,
			    5,     (double)INFINITY};
	struct plot_series s[2] = {
		{.name = "x", .x = x, .y = y, .low = y, .high = y, .count = 7},
		{.name = "y",
		 .x = x,
		 .y = y,
		 .raw = y,
		 .count = 7,
		 .number = 40},
	};
	struct plot p = {.title = "hostile",
			 .x_name = "x",
			 .series = s,
			 .count = 2,
			 .has_cursor = true,
			 .cursor = 1e299};

	(void)state;
	for (int kind = AXIS_NUMBER; kind <= AXIS_LOG; kind++) {
		p.y_kind = (enum axis_kind)kind;
		for (int rows = 0; rows < 24; rows++) {
			for (int cols = 0; cols < 60; cols += 3) {
				struct canvas c;

				canvas_init(&c, rows, cols);
				c.ascii = cols % 2;
				plot_draw(&p, &c);
				canvas_release(&c);
			}
		}
	}
}

static void expect_spark(const double *y, size_t count, int width,
			 const char *want)
{
	struct buf b;

	buf_init(&b);
	plot_sparkline(y, count, width, &b);
	assert_string_equal(b.data, want);
	buf_release(&b);
}

static void test_sparkline(void **state)
{
	const double y[] = {0, 1, 2, 3, (double)NAN, (double)NAN, 7, 7};

	(void)state;
	expect_spark(y, 8, 8, "▁▂▃▄  ██");
	expect_spark(y, 8, 4, "▂▄ █");
	expect_spark(y, 2, 4, "▁▁██");
	expect_spark(y, 1, 1, "▅");
	expect_spark(y + 4, 2, 8, "");
	expect_spark(y, 0, 8, "");
}

/* A learner that plays no games stands at those that it was shown: a point,
 * not a spike of its whole way. */
static void test_standing_still(void **state)
{
	double games[] = {400, 400, 400}, steps[] = {10, 20, 30};
	double y[] = {3, 2, 1};
	struct series s = {
		.count = 3,
		.x = {steps, games, steps},
		.value = y,
		.smooth = y,
	};
	struct plot_series p = curve_of(&s, SERIES_GAMES);

	(void)state;
	assert_int_equal(p.count, 1);
	assert_true(p.x[0] >= 400 && p.x[0] <= 400);
	assert_true(p.y[0] >= 1 && p.y[0] <= 1);
	assert_int_equal(curve_of(&s, SERIES_STEP).count, 3);
	s.count = 0;
	assert_int_equal(curve_of(&s, SERIES_GAMES).count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_several_with_cursor),
		cmocka_unit_test(test_band),
		cmocka_unit_test(test_gaps_and_constants),
		cmocka_unit_test(test_x_by_factors),
		cmocka_unit_test(test_spike_survives_thinning),
		cmocka_unit_test(test_anything_is_drawn),
		cmocka_unit_test(test_sparkline),
		cmocka_unit_test(test_standing_still),
	};

	return cmocka_run_group_tests(tests, fill_many, NULL);
}
