/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/session/smooth.h"

static void test_even_spacing_is_the_plain_average(void **state)
{
	static const double x[] = {0, 10, 20, 30}, y[] = {4, 0, 0, 8};
	double out[4];

	(void)state;
	smooth_ema(x, y, 4, 0.5, out);
	/* by hand: (sum of 0.5^k y[i-k]) / (sum of 0.5^k) */
	assert_true(out[0] == 4);
	assert_true(fabs(out[1] - 2 / 1.5) < 1e-12);
	assert_true(fabs(out[2] - 1 / 1.75) < 1e-12);
	assert_true(fabs(out[3] - 8.5 / 1.875) < 1e-12);
}

static void test_constant_stays_constant(void **state)
{
	double x[500], y[500];

	(void)state;
	for (int i = 0; i < 500; i++) {
		x[i] = i * i * 0.37;
		y[i] = 0.1;
	}
	smooth_ema(x, y, 500, 0.99, y);
	for (int i = 0; i < 500; i++)
		assert_true(y[i] == 0.1);
}

static void test_off_changes_nothing(void **state)
{
	static const double x[] = {1, 1, 2}, y[] = {1e17, 3, 0.1};
	double out[3];

	(void)state;
	smooth_ema(x, y, 3, 0, out);
	for (int i = 0; i < 3; i++)
		assert_true(out[i] == y[i]);
}

static void test_gap_forgets_more(void **state)
{
	static const double near[] = {0, 1, 2, 3, 4};
	static const double far[] = {0, 1, 2, 3, 1000};
	static const double y[] = {1, 1, 1, 1, 0};
	double a[5], b[5];

	(void)state;
	smooth_ema(near, y, 5, 0.9, a);
	smooth_ema(far, y, 5, 0.9, b);
	assert_true(b[4] < a[4]);
}

static void test_nan_is_left_out(void **state)
{
	static const double x[] = {0, 1, 2};
	const double y[] = {(double)NAN, 2, (double)NAN};
	double out[3];

	(void)state;
	smooth_ema(x, y, 3, 0.9, out);
	assert_true(isnan(out[0]) && isnan(out[2]));
	assert_true(out[1] == 2);
	smooth_ema(x, y, 0, 0.9, out);
}

static void test_weights_stop_at_the_ends(void **state)
{
	double w = 0;

	(void)state;
	assert_true(smooth_previous(0) == 0);
	for (int i = 0; i < 50; i++) {
		assert_true(w >= 0 && w < 1);
		w = smooth_next(w);
	}
	assert_true(smooth_next(w) == w);
	for (int i = 0; i < 50; i++)
		w = smooth_previous(w);
	assert_true(w == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_even_spacing_is_the_plain_average),
		cmocka_unit_test(test_constant_stays_constant),
		cmocka_unit_test(test_off_changes_nothing),
		cmocka_unit_test(test_gap_forgets_more),
		cmocka_unit_test(test_nan_is_left_out),
		cmocka_unit_test(test_weights_stop_at_the_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
