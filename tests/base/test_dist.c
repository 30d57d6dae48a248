/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/dist.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_share(double a, double b, double share)
{
	if (!(fabs(a - b) <= share * fabs(b)))
		fail_msg("%.15g is not %.15g", a, b);
}

/* Abramowitz and Stegun, tables 26.1 and 26.2; the far tail by its continued
 * fraction, phi(x) / (x + 1 / (x + 2 / (x + 3 / ...))). */
static void test_normal(void **state)
{
	static const double points[][2] = {
		{0, 0.5},
		{1, 0.841344746068543},
		{1.96, 0.975002104851780},
		{-2.5, 0.006209665325776},
		{3, 0.998650101968370},
	};
	double tail = 10;

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++)
		assert_share(dist_normal_cdf(points[i][0]), points[i][1],
			     1e-12);
	for (int k = 200; k > 0; k--)
		tail = 10 + k / tail;
	tail = exp(-50) / sqrt(2 * M_PI) / tail;
	assert_share(dist_normal_cdf(-10), tail, 1e-12);
	assert_share(dist_normal_quantile(0.975), 1.959963984540054, 1e-13);
	assert_share(dist_normal_quantile(0.9), 1.281551565544600, 1e-13);
	assert_share(dist_normal_quantile(1e-10), -6.361340902404056, 1e-12);
	assert_true(fabs(dist_normal_quantile(0.5)) < 1e-15);
	for (double p = 0.01; p < 1; p += 0.01)
		assert_share(dist_normal_cdf(dist_normal_quantile(p)), p,
			     1e-12);
}

/* One and two degrees of freedom in closed form; others from the table of
 * Fisher and Yates (Abramowitz and Stegun, table 26.10). */
static void test_student(void **state)
{
	static const struct {
		double p, df, t;
	} table[] = {
		{0.975, 3, 3.182},  {0.975, 5, 2.571},  {0.975, 11, 2.201},
		{0.975, 23, 2.069}, {0.975, 30, 2.042}, {0.975, 120, 1.980},
		{0.95, 11, 1.796},  {0.95, 23, 1.714},  {0.995, 10, 3.169},
		{0.9995, 4, 8.610},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		double t = dist_student_quantile(table[i].p, table[i].df);

		assert_true(fabs(t - table[i].t) <= 5.1e-4);
		assert_share(dist_student_quantile(1 - table[i].p, table[i].df),
			     -t, 1e-11);
	}
	for (double p = 0.01; p < 0.995; p += 0.01) {
		double half = p - 0.5;

		if (fabs(half) < 1e-9)
			continue;
		assert_share(dist_student_quantile(p, 1), tan(M_PI * half),
			     1e-10);
		assert_share(dist_student_quantile(p, 2),
			     2 * half * sqrt(2 / (4 * p * (1 - p))), 1e-10);
		assert_share(
			dist_student_cdf(dist_student_quantile(p, 7.5), 7.5), p,
			1e-11);
	}
	/* far out it keeps its digits: for two degrees about 1 / (2 t^2) */
	assert_share(dist_student_cdf(-1e6, 2), 5e-13, 1e-9);
	assert_true(dist_student_cdf(0, 4) > 0.5 - 1e-15 &&
		    dist_student_cdf(0, 4) < 0.5 + 1e-15);
	assert_true(dist_student_cdf(INFINITY, 4) >= 1);
	assert_true(dist_student_cdf(-INFINITY, 4) <= 0);
	/* with many degrees it is the normal */
	assert_share(dist_student_quantile(0.975, 1e7),
		     dist_normal_quantile(0.975), 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_student),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
