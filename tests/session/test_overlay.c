/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/session/metric.h"
#include "core/session/overlay.h"
#include "core/session/series.h"
#include "core/session/x_range.h"
#include "tests/session/made_lab.h"

static void test_nearest(void **state)
{
	static const double x[] = {0, 10, 20, 30};
	const double y[] = {1, (double)NAN, 2, 3};

	(void)state;
	assert_int_equal(series_nearest(x, y, 4, 9), 0);
	assert_int_equal(series_nearest(x, y, 4, 11), 2);
	assert_int_equal(series_nearest(x, y, 4, 1e9), 3);
	assert_int_equal(series_nearest(x, y, 0, 9), -1);
}

static void test_zoom_and_pan(void **state)
{
	struct x_range v = {0};

	(void)state;
	x_range_zoom(&v, 0, 100, 0.5, 20);
	assert_true(fabs(v.low - 10) < 1e-9 && fabs(v.high - 60) < 1e-9);
	x_range_pan(&v, 0, 100, -0.5);
	assert_true(fabs(v.low) < 1e-9 && fabs(v.high - 50) < 1e-9);
	x_range_pan(&v, 0, 100, 5);
	assert_true(fabs(v.high - 100) < 1e-9);
	x_range_reveal(&v, 0, 100, 30);
	assert_true(fabs(v.low - 30) < 1e-9 && fabs(v.high - 80) < 1e-9);
	x_range_zoom(&v, 0, 100, 4, 50);
	assert_true(v.low >= v.high); /* all of it again */
	x_range_pan(&v, 0, 100, 0.5);
	assert_true(v.low >= v.high);
	x_range_zoom(&v, 7, 7, 0.5, 7); /* one point cannot be zoomed */
	assert_true(v.low >= v.high);
}

static struct made_lab lab;
static struct overlay o;

static void add(const char *run)
{
	struct series_set *h = overlay_add(&o, made_lab_run(&lab, run), run);

	assert_non_null(h);
	assert_int_equal(series_set_update(h, lab_store(lab.lab), NULL, NULL),
			 ERR_OK);
}

static int set_up(void **state)
{
	(void)state;
	made_lab_open(&lab);
	overlay_init(&o);
	add("c4");
	add("c4-copy");
	overlay_refresh(&o);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	overlay_release(&o);
	made_lab_close(&lab);
	return 0;
}

static void focus(const char *metric)
{
	for (int i = 0; i < o.count; i++)
		if (!strcmp(o.name[i], metric))
			o.focus = i;
	assert_string_equal(o.name[o.focus], metric);
}

/* Every metric of any run once, in the order of pages; the focus stays on its
 * metric when others come. */
static void test_metrics(void **state)
{
	(void)state;
	assert_string_equal(o.name[0], "elo");
	for (int i = 1; i < o.count; i++)
		assert_true(metric_compare(o.name[i - 1], o.name[i]) < 0);
	focus("loss.policy");
	made_lab_metric(&lab, made_lab_run(&lab, "c4"), "agree", 64, 1);
	assert_int_equal(
		series_set_update(&o.run[0], lab_store(lab.lab), NULL, NULL),
		ERR_OK);
	overlay_refresh(&o);
	assert_string_equal(o.name[o.focus], "loss.policy");
	/* heldout.agree is the copy's alone */
	focus("heldout.agree");
	assert_null(overlay_focused(&o));
	assert_int_equal(overlay_step(&o), -1);
	overlay_next_run(&o);
	assert_non_null(overlay_focused(&o));
	assert_int_equal(overlay_step(&o), 9 * 1200);
	overlay_remove_others(&o);
	assert_int_equal(o.run_count, 1);
	assert_int_equal(o.top, 0);
	for (int i = 0; i < o.count; i++)
		assert_int_not_equal(strcmp(o.name[i], "heldout.agree"), 0);
}

static void test_room(void **state)
{
	(void)state;
	for (int i = 2; i < OVERLAY_RUNS; i++)
		assert_non_null(overlay_add(&o, i, "more"));
	assert_null(overlay_add(&o, 99, "too many"));
}

/* Without a cursor the last point is read, and what comes is followed. */
static void test_cursor(void **state)
{
	double at;

	(void)state;
	focus("loss.policy"); /* 200 points, 64 steps and 50 games apart */
	assert_int_equal(overlay_step(&o), 199 * 64);
	overlay_cursor_by(&o, 1, true);
	assert_false(o.has_cursor);
	overlay_cursor_by(&o, -1, true);
	assert_true(o.has_cursor);
	assert_int_equal(overlay_step(&o), 199 * 64);
	overlay_cursor_by(&o, -1, true);
	assert_int_equal(overlay_step(&o), 198 * 64);
	/* with so many points a step is one that can be seen */
	at = o.cursor;
	overlay_cursor_by(&o, -1, false);
	assert_true(at - o.cursor >= 199.0 * 50 / 60);
	overlay_cursor_first(&o);
	assert_int_equal(overlay_step(&o), 0);
	overlay_cursor_by(&o, -1, true);
	assert_int_equal(overlay_step(&o), 0);
	assert_true(overlay_cursor_at(&o, 1010));
	assert_true(o.cursor == 1000);
	assert_true(overlay_cursor_at(&o, 1e9));
	overlay_cursor_by(&o, 1, true); /* past the end: off */
	assert_false(o.has_cursor);
}

/* Cursor and range keep their steps, whatever x is counted in. */
static void test_other_x(void **state)
{
	double low = 0, high = 0, was_low, was_high;

	(void)state;
	focus("loss.policy");
	assert_true(overlay_extent(&o, &low, &high));
	assert_true(low == 0 && high == 199 * 50);
	assert_true(overlay_cursor_at(&o, 5000));
	overlay_zoom(&o, 0.5);
	was_low = o.range.low;
	was_high = o.range.high;
	assert_true(was_low > 0 && was_high < high);
	assert_true(o.cursor >= was_low && o.cursor <= was_high);
	for (int i = 0; i < SERIES_X_COUNT; i++) {
		assert_int_equal(overlay_step(&o), 6400);
		overlay_next_x(&o);
	}
	assert_int_equal(o.x, SERIES_GAMES);
	/* to the nearest points */
	assert_true(fabs(o.range.low - was_low) <= 25);
	assert_true(fabs(o.range.high - was_high) <= 25);
	overlay_pan(&o, 10);
	assert_true(fabs(o.range.high - high) < 1e-9);
	overlay_zoom(&o, 100);
	assert_true(o.range.low >= o.range.high);
}

static void test_smoothing(void **state)
{
	const struct series *s;

	(void)state;
	focus("loss.policy");
	s = overlay_focused(&o);
	assert_true(fabs(s->smooth[150] - s->value[150]) > 0);
	overlay_smooth(&o, 0);
	assert_true(s->smooth[150] == s->value[150]);
}

int main(void)
{
#define LAB(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_zoom_and_pan),
		LAB(test_metrics),
		LAB(test_room),
		LAB(test_cursor),
		LAB(test_other_x),
		LAB(test_smoothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
