/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/rng.h"

static void test_streams_repeat_and_differ(void **state)
{
	struct rng a, b, c;

	(void)state;
	rng_init(&a, 7, RNG_TEST, 1, 2);
	rng_init(&b, 7, RNG_TEST, 1, 2);
	rng_init(&c, 7, RNG_TEST, 2, 1);
	for (int i = 0; i < 100; i++) {
		uint64_t x = rng_u64(&a);

		assert_true(x == rng_u64(&b));
		assert_true(x != rng_u64(&c));
	}
}

static void test_moments(void **state)
{
	enum { N = 200000 };
	double sum[3] = {0}, square[3] = {0};
	struct rng r;

	(void)state;
	rng_init(&r, 1, RNG_TEST, 0, 0);
	for (int i = 0; i < N; i++) {
		double x[3] = {(double)rng_normal(&r), (double)rng_gumbel(&r),
			       rng_gamma(&r, 0.5)};

		for (int k = 0; k < 3; k++) {
			sum[k] += x[k];
			square[k] += x[k] * x[k];
		}
	}
	for (int k = 0; k < 3; k++) {
		/* means and variances of the three laws */
		static const double mean[] = {0, 0.5772156649, 0.5};
		static const double var[] = {1, 1.6449340668, 0.5};
		double m = sum[k] / N;

		assert_true(fabs(m - mean[k]) < 0.02);
		assert_true(fabs(square[k] / N - m * m - var[k]) < 0.05);
	}
}

static void test_below_is_even(void **state)
{
	int count[7] = {0};
	struct rng r;

	(void)state;
	rng_init(&r, 3, RNG_TEST, 0, 0);
	for (int i = 0; i < 70000; i++)
		count[rng_below(&r, 7)]++;
	for (int i = 0; i < 7; i++)
		assert_in_range(count[i], 9600, 10400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams_repeat_and_differ),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_below_is_even),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
