/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/estimate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/dist.h"

static void assert_near(double a, double b, double tolerance)
{
	if (!(fabs(a - b) <= tolerance))
		fail_msg("%.12g is not %.12g (within %g)", a, b, tolerance);
}

enum { LENGTH = 10, MAIZE = 15 };

/* Student, "The probable error of a mean", Biometrika 6, 1908: hours of sleep
 * gained by each of ten patients, the second drug less the first. */
static const double sleep_gained[LENGTH] = {1.2, 2.4, 1.3, 1.3, 0,
					    1,   1.8, 0.8, 4.6, 1.4};
/* Darwin's maize, crossed less self-fertilised, in eighths of an inch (Fisher,
 * The Design of Experiments, section 17). */
static const double maize[MAIZE] = {49, -67, 8,  16, 6,  23, 28, 41,
				    14, 29,  56, 24, 75, 60, -48};

/* As R's t.test() prints them of the same numbers. */
static void test_t(void **state)
{
	struct estimate e = estimate_t(sleep_gained, LENGTH, 0.95);

	(void)state;
	assert_near(e.value, 1.58, 1e-12);
	assert_near(e.low, 0.7001142, 5e-8);
	assert_near(e.high, 2.4598858, 5e-8);
	assert_int_equal(e.count, LENGTH);
	/* two-sided p 0.002833 */
	assert_near(2 * estimate_t_above(sleep_gained, LENGTH, 0), 0.002833,
		    5e-7);
	/* Fisher: t = 2.148 of 14 degrees; Student's table: p about 0.0497 */
	e = estimate_t(maize, MAIZE, 0.95);
	assert_near(e.value, 314.0 / 15, 1e-12);
	assert_near(2 * estimate_t_above(maize, MAIZE, 0), 0.0497, 5e-5);
	assert_true(e.low > 0 && e.low < 0.1);
	/* The bound that a test just does not reject is the interval's end. */
	assert_near(estimate_t_above(maize, MAIZE, e.low), 0.025, 1e-9);
	assert_near(estimate_t_above(maize, MAIZE, e.high), 0.975, 1e-9);
}

static void test_few_and_odd(void **state)
{
	const double one[] = {3}, same[] = {2, 2, 2}, odd[] = {1, NAN, 2};
	const struct estimate_draws d = ESTIMATE_DRAWS_DEFAULT;
	struct estimate e;

	(void)state;
	assert_true(isnan(estimate_t(one, 0, 0.95).value));
	e = estimate_t(one, 1, 0.95);
	assert_near(e.value, 3, 0);
	assert_true(isnan(e.low) && isnan(e.high));
	assert_true(isnan(estimate_t_above(one, 1, 0)));
	e = estimate_t(same, 3, 0.95);
	assert_true(e.low >= 2 && e.high <= 2);
	assert_near(estimate_t_above(same, 3, 1), 0, 0);
	assert_near(estimate_t_above(same, 3, 2), 0.5, 0);
	assert_near(estimate_t_above(same, 3, 3), 1, 0);
	assert_true(isnan(estimate_t(odd, 3, 0.95).low));
	assert_true(isnan(estimate_t_above(odd, 3, 0)));
	assert_true(isnan(estimate_bca_mean(one, 1, &d).low));
	assert_true(isnan(estimate_bca_mean(odd, 3, &d).low));
	e = estimate_bca_mean(same, 3, &d);
	assert_true(e.low >= 2 && e.high <= 2);
}

/* --- bootstrap ----------------------------------------------------------- */

enum { FEW = 5, ALL = 3125 }; /* 5^5 resamples are all that there are */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* BCa by its definition from every resample there is (Efron 1987): the value
 * below which the share of them is alpha, and `more`, as their distribution
 * steps. */
static double exact_bca(const double *x, double z, double more)
{
	double all[ALL], mean = 0, below = 0, squares = 0, cubes = 0, z0, a, p;

	for (int i = 0; i < ALL; i++) {
		all[i] = 0;
		for (int k = 0, rest = i; k < FEW; k++, rest /= FEW)
			all[i] += x[rest % FEW] / FEW;
	}
	for (int i = 0; i < FEW; i++)
		mean += x[i] / FEW;
	for (int i = 0; i < ALL; i++)
		below += all[i] < mean - 1e-12   ? 1
			 : all[i] > mean + 1e-12 ? 0
						 : 0.5;
	/* of a mean, one left out moves it by (mean - x) / (n - 1) */
	for (int i = 0; i < FEW; i++) {
		double off = (x[i] - mean) / (FEW - 1);

		squares += off * off;
		cubes += off * off * off;
	}
	z0 = dist_normal_quantile(below / ALL);
	a = cubes / (6 * pow(squares, 1.5));
	p = dist_normal_cdf(z0 + (z0 + z) / (1 - a * (z0 + z)));
	qsort(all, ALL, sizeof(*all), by_value);
	return all[(int)((p + more) * ALL)];
}

static void test_bca_is_that_of_all_resamples(void **state)
{
	static const double x[FEW] = {1, 2.3, 4.1, 9.7, 17.2};
	const struct estimate_draws d = {
		.level = 0.8, .count = 200000, .seed = 3, .plain = true};
	double z = dist_normal_quantile(0.9);
	struct estimate e = estimate_bca_mean(x, FEW, &d);

	(void)state;
	assert_true(e.low >= exact_bca(x, -z, -0.004));
	assert_true(e.low <= exact_bca(x, -z, 0.004));
	assert_true(e.high >= exact_bca(x, z, -0.004));
	assert_true(e.high <= exact_bca(x, z, 0.004));
	assert_true(exact_bca(x, z, 0.004) - exact_bca(x, z, -0.004) < 0.3);
	/* The percentiles themselves lie elsewhere: it is corrected. */
	assert_true(e.high - e.value > 1.15 * (e.value - e.low));
}

/* Numbers that lie evenly about their mean need no correction: the ends are
 * where the bootstrap's normal has them, expanded for so few. */
static void test_bca_of_a_mean(void **state)
{
	enum { N = 24 };
	const struct estimate_draws plain = {
		.level = 0.95, .count = 40000, .seed = 1, .plain = true};
	struct estimate_draws d = plain;
	double x[N], sd = 0, error, t;
	struct estimate e;

	(void)state;
	for (int i = 0; i < N; i++)
		x[i] = dist_normal_quantile((i + 0.5) / N);
	for (int i = 0; i < N; i++)
		sd += x[i] * x[i] / N;
	sd = sqrt(sd);
	error = sd / sqrt(N); /* the bootstrap's */
	e = estimate_bca_mean(x, N, &plain);
	assert_near(e.value, 0, 1e-12);
	assert_near(e.low, -1.96 * error, 0.02 * error + 0.005);
	assert_near(e.high, 1.96 * error, 0.02 * error + 0.005);
	d.plain = false;
	e = estimate_bca_mean(x, N, &d);
	t = dist_student_quantile(0.975, N - 1) * sd / sqrt(N - 1);
	assert_near(e.low, -t, 0.02 * t + 0.005);
	assert_near(e.high, t, 0.02 * t + 0.005);
}

struct two {
	const double *x, *y;
};

static double correlation(const void *ctx, const int *unit, int n)
{
	const struct two *t = ctx;
	double sx = 0, sy = 0, xx = 0, yy = 0, xy = 0;

	for (int i = 0; i < n; i++) {
		sx += t->x[unit[i]] / n;
		sy += t->y[unit[i]] / n;
	}
	for (int i = 0; i < n; i++) {
		double a = t->x[unit[i]] - sx, b = t->y[unit[i]] - sy;

		xx += a * a;
		yy += b * b;
		xy += a * b;
	}
	return xy / sqrt(xx * yy);
}

/* The 15 law schools of Efron, "Better bootstrap confidence intervals", JASA
 * 82, 1987: a correlation of 0.776, and 0.43 to 0.92 as the central 90 %. */
static void test_bca_of_law_schools(void **state)
{
	static const double lsat[] = {576, 635, 558, 578, 666, 580, 555, 661,
				      651, 605, 653, 575, 545, 572, 594};
	static const double gpa[] = {3.39, 3.30, 2.81, 3.03, 3.44,
				     3.07, 3.00, 3.43, 3.36, 3.13,
				     3.12, 2.74, 2.76, 2.88, 2.96};
	const struct two t = {lsat, gpa};
	struct estimate_draws d = {
		.level = 0.9, .count = 20000, .seed = 1, .plain = true};
	struct estimate e = estimate_bca(correlation, &t, 15, &d), again;

	(void)state;
	assert_near(e.value, 0.776, 5e-4);
	assert_near(e.low, 0.43, 0.015);
	assert_near(e.high, 0.92, 0.015);
	again = estimate_bca(correlation, &t, 15, &d);
	assert_true(e.value == again.value && e.low == again.low &&
		    e.high == again.high && e.count == again.count);
	d.seed = 2;
	again = estimate_bca(correlation, &t, 15, &d);
	assert_true(e.low < again.low || e.low > again.low);
}

/* --- studies ------------------------------------------------------------- */

static void test_gamma(void **state)
{
	(void)state;
	assert_near(estimate_gamma(100, 0, 400), 0.25, 1e-15);
	assert_near(estimate_gamma(-50, 50, 250), -0.5, 1e-15);
	assert_near(estimate_gamma(300, 50, 250), 1.25, 1e-15);
	assert_true(isnan(estimate_gamma(1, 5, 5)));
	assert_true(isnan(estimate_gamma(1, 5, 4)));
	assert_true(isnan(estimate_gamma(1, NAN, 4)));
}

/* The first as the manual of pingouin.holm() prints it, the second as that of
 * @stdlib/stats/padjust, the third as R's p.adjust(). */
static void test_holm(void **state)
{
	static const double p[3][5] = {{0.5, 0.003, 0.32, 0.054, 0.0003},
				       {0.319, 0.201, 0.4, 0.374, 0.113},
				       {0.01, 0.02, 0.03, 0.04, 0.05}};
	static const double want[3][5] = {{0.64, 0.012, 0.64, 0.162, 0.0015},
					  {0.957, 0.804, 0.957, 0.957, 0.565},
					  {0.05, 0.08, 0.09, 0.09, 0.09}};
	const double odd[] = {0.02, NAN, 0.9};
	double out[5];

	(void)state;
	for (int c = 0; c < 3; c++) {
		estimate_holm(p[c], 5, out);
		for (int i = 0; i < 5; i++)
			assert_near(out[i], want[c][i], 1e-12);
	}
	estimate_holm(odd, 3, out);
	assert_near(out[0], 0.06, 1e-12);
	assert_true(isnan(out[1]));
	assert_near(out[2], 1, 0);
	estimate_holm(odd, 0, out);
}

static void test_all(void **state)
{
	const double p[] = {0.01, 0.049, 0.003}, odd[] = {0.01, NAN};

	(void)state;
	assert_near(estimate_all(p, 3), 0.049, 0);
	assert_true(isnan(estimate_all(odd, 2)));
	assert_true(isnan(estimate_all(p, 0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_t),
		cmocka_unit_test(test_few_and_odd),
		cmocka_unit_test(test_bca_is_that_of_all_resamples),
		cmocka_unit_test(test_bca_of_a_mean),
		cmocka_unit_test(test_bca_of_law_schools),
		cmocka_unit_test(test_gamma),
		cmocka_unit_test(test_holm),
		cmocka_unit_test(test_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
