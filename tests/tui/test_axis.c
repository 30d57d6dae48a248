/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/widget/axis.h"

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
		cmocka_unit_test(test_ticks_are_round),
		cmocka_unit_test(test_ticks_never_too_many),
		cmocka_unit_test(test_figures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
