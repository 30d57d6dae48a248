/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/widget/axis.h"
#include "tui/widget/smooth.h"

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

static void expect_ticks(enum axis_kind kind, double low, double high, int most,
			 const char *const *labels)
{
	struct axis_ticks t;
	int n = 0;

	axis_ticks(kind, low, high, most, &t);
	for (; labels[n]; n++) {
		assert_true(n < t.count);
		assert_string_equal(t.label[n], labels[n]);
		assert_true(t.at[n] >= low - 1e-9 && t.at[n] <= high + 1e-9);
	}
	assert_int_equal(t.count, n);
}
#define LABELS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_ticks_are_round(void **state)
{
	(void)state;
	expect_ticks(AXIS_NUMBER, 0, 1, 6,
		     LABELS("0", "0.2", "0.4", "0.6", "0.8", "1"));
	expect_ticks(AXIS_NUMBER, -3, 3, 4, LABELS("-2", "0", "2"));
	expect_ticks(AXIS_NUMBER, 1.23, 1.24, 3,
		     LABELS("1.23", "1.235", "1.24"));
	expect_ticks(AXIS_NUMBER, 0, 25000, 6,
		     LABELS("0", "5k", "10k", "15k", "20k", "25k"));
	expect_ticks(AXIS_NUMBER, 0, 2e-5, 3, LABELS("0", "1e-5", "2e-5"));
	expect_ticks(AXIS_COUNT, 0, 2, 12, LABELS("0", "1", "2"));
	expect_ticks(AXIS_NUMBER, 7, 7, 3, LABELS("7.000"));
	expect_ticks(AXIS_SECONDS, 0, 5400, 4,
		     LABELS("0s", "30m", "1h", "1h30m"));
	expect_ticks(AXIS_SECONDS, 0, 90, 4,
		     LABELS("0s", "30s", "1m", "1m30s"));
	expect_ticks(AXIS_LOG, 0.001, 10, 5,
		     LABELS("0.001", "0.01", "0.1", "1", "10"));
	expect_ticks(AXIS_LOG, 1, 10, 4, LABELS("1", "2", "5", "10"));
	expect_ticks(AXIS_LOG, 1e-6, 1, 4, LABELS("1e-6", "1e-4", "0.01", "1"));
}

static void test_ticks_never_too_many(void **state)
{
	struct axis_ticks t;

	(void)state;
	for (int kind = AXIS_NUMBER; kind <= AXIS_LOG; kind++) {
		for (double high = 1e-5; high < 1e13; high *= 3.7) {
			for (int most = 1; most < 12; most++) {
				axis_ticks((enum axis_kind)kind, high / 900,
					   high, most, &t);
				/* log axes may fall back to even steps */
				assert_in_range(t.count, 0, most);
				for (int i = 1; i < t.count; i++)
					assert_true(t.at[i] > t.at[i - 1]);
			}
		}
	}
}

static void test_figures(void **state)
{
	char s[AXIS_LABEL_SIZE];

	(void)state;
#define EXPECT(kind, v, text)                 \
	do {                                  \
		axis_format(kind, v, s);      \
		assert_string_equal(s, text); \
	} while (0)
	EXPECT(AXIS_NUMBER, 0.5234567, "0.5235");
	EXPECT(AXIS_NUMBER, 12.3456, "12.35");
	EXPECT(AXIS_NUMBER, -123.456, "-123.5");
	EXPECT(AXIS_NUMBER, 0.00001, "1e-5");
	EXPECT(AXIS_NUMBER, 0, "0");
	EXPECT(AXIS_NUMBER, (double)NAN, "-");
	EXPECT(AXIS_COUNT, 123456, "123456");
	EXPECT(AXIS_SECONDS, 3900, "1h05m");
	EXPECT(AXIS_SECONDS, 59.7, "1m");
#undef EXPECT
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
		cmocka_unit_test(test_ticks_are_round),
		cmocka_unit_test(test_ticks_never_too_many),
		cmocka_unit_test(test_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
