/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/forecast.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/dist.h"
#include "core/rate/curve.h"
#include "core/rate/estimate.h"

static void assert_near(double a, double b, double tolerance)
{
	if (!(fabs(a - b) <= tolerance))
		fail_msg("%.12g is not %.12g (within %g)", a, b, tolerance);
}

/* --- curves -------------------------------------------------------------- */

static void test_curve_rises(void **state)
{
	/* Pooled by hand: 3 and 2 with weights 1 and 3 are 2.25 each, then 1
	 * joins them: (1 + 3 + 6) / 5 = 2 for 4, 3, 2 ... */
	static const struct curve_point dip[] = {
		{1, 1, 1}, {2, 3, 1}, {4, 2, 3}, {8, 4, 1}};
	static const struct curve_point falls[] = {
		{1, 4, 1}, {2, 3, 1}, {4, 2, 1}, {8, 9, 1}};
	double elo[4];

	(void)state;
	curve_rise(dip, 4, elo);
	assert_near(elo[0], 1, 0);
	assert_near(elo[1], 2.25, 1e-15);
	assert_near(elo[2], 2.25, 1e-15);
	assert_near(elo[3], 4, 0);
	curve_rise(falls, 4, elo);
	for (int i = 0; i < 3; i++)
		assert_near(elo[i], 3, 1e-15);
	assert_near(elo[3], 9, 0);
}

static void test_curve_is_turned_round(void **state)
{
	/* 100 Elo each doubling of games, and a flat stretch. */
	static const struct curve_point points[] = {{500, 0, 1},
						    {1000, 100, 1},
						    {2000, 200, 1},
						    {4000, 200, 1},
						    {8000, 300, 1}};
	enum curve_side side;

	(void)state;
	assert_near(curve_games(points, 5, 50, &side), 500 * sqrt(2), 1e-9);
	assert_int_equal(side, CURVE_ON);
	assert_near(curve_games(points, 5, 100, &side), 1000, 1e-9);
	/* where it is first reached */
	assert_near(curve_games(points, 5, 200, &side), 2000, 1e-9);
	assert_near(curve_games(points, 5, 250, &side), 4000 * sqrt(2), 1e-9);
	assert_near(curve_games(points, 5, 0, &side), 500, 0);
	assert_int_equal(side, CURVE_ON);
	assert_near(curve_games(points, 5, -1, &side), 500, 0);
	assert_int_equal(side, CURVE_BELOW);
	assert_near(curve_games(points, 5, 300, &side), 8000, 1e-9);
	assert_int_equal(side, CURVE_ON);
	assert_near(curve_games(points, 5, 301, &side), 8000, 0);
	assert_int_equal(side, CURVE_ABOVE);
	assert_true(isnan(curve_games(points, 5, NAN, NULL)));
	assert_near(curve_games(points, 1, 7, &side), 500, 0);
	assert_int_equal(side, CURVE_ABOVE);
}

static void test_horizon(void **state)
{
	static const struct curve_point points[] = {
		{500, 0, 1}, {1000, 100, 1}, {8000, 400, 1}};
	/* h of 2, 8 and 4, and one beyond the end: 16 */
	const struct curve_seed seeds[] = {{points, 3, 500, 100},
					   {points, 3, 500, 300},
					   {points, 3, 250, 100},
					   {points, 3, 500, 999}};
	const double logs[] = {log(2), log(8), log(4), log(16)};
	struct estimate want = estimate_t(logs, 4, 0.95);
	struct curve_horizon out;
	double h[4];

	(void)state;
	out = curve_horizon(seeds, 4, 0.95, h);
	for (int i = 0; i < 4; i++)
		assert_near(h[i], exp(logs[i]), 1e-9);
	assert_near(out.h.value, pow(2 * 8 * 4 * 16, 0.25), 1e-9);
	assert_near(out.h.low, exp(want.low), 1e-9);
	assert_near(out.h.high, exp(want.high), 1e-9);
	assert_int_equal(out.above, 1);
	assert_int_equal(out.below, 0);
}

/* --- forecasts ----------------------------------------------------------- */

/* The integral of (F(x) - [x >= truth])^2, by the midpoint rule: the score's
 * definition. */
static double crps_by_hand(double mean, double sd, double truth)
{
	const double step = 1e-3;
	double sum = 0;

	for (double x = truth + step / 2; x < mean + 12 * sd + 20; x += step) {
		double f = 1 - dist_normal_cdf((x - mean) / sd);

		sum += f * f * step;
	}
	for (double x = truth - step / 2; x > mean - 12 * sd - 20; x -= step) {
		double f = dist_normal_cdf((x - mean) / sd);

		sum += f * f * step;
	}
	return sum;
}

static void test_crps(void **state)
{
	enum { N = 20001 };
	static double x[N];
	const double two[] = {3, 1}, one[] = {4};

	(void)state;
	/* 2 phi(0) - 1 / sqrt(pi), and the like at 1 */
	assert_near(forecast_crps_normal(0, 1, 0),
		    2 / sqrt(2 * M_PI) - 1 / sqrt(M_PI), 1e-15);
	assert_near(forecast_crps_normal(0, 1, 1), 0.602441358, 5e-9);
	assert_near(forecast_crps_normal(2, 3, 5), crps_by_hand(2, 3, 5), 1e-5);
	assert_near(forecast_crps_normal(-1, 0.5, 1), crps_by_hand(-1, 0.5, 1),
		    1e-5);
	assert_near(forecast_crps_normal(7, 0, 4), 3, 0);
	/* By hand: E|X - 2| = 1, E|X - X'| = 1. */
	assert_near(forecast_crps_sample(two, 2, 2), 0.5, 1e-15);
	assert_near(forecast_crps_sample(two, 2, 5), 2.5, 1e-15);
	assert_near(forecast_crps_sample(one, 1, 1), 3, 0);
	for (int i = 0; i < N; i++)
		x[i] = 2 + 3 * dist_normal_quantile((i + 0.5) / N);
	assert_near(forecast_crps_sample(x, N, 5),
		    forecast_crps_normal(2, 3, 5), 1e-3);
}

static void test_coverage(void **state)
{
	struct forecast_interval f[10];
	struct forecast_coverage c;

	(void)state;
	assert_true(isnan(forecast_cover(NULL, 0).share));
	for (int i = 0; i < 10; i++)
		f[i] = (struct forecast_interval){
			.low = 0, .high = i < 5 ? 2 : 4, .truth = i < 8};
	f[8].truth = -1;
	f[9].truth = 4.5;
	c = forecast_cover(f, 10);
	assert_int_equal(c.inside, 8);
	assert_int_equal(c.below, 1);
	assert_int_equal(c.above, 1);
	assert_near(c.share, 0.8, 1e-15);
	assert_near(c.width, 3, 1e-15);
	/* Wilson's of 8 in 10 (Newcombe, Statistics in Medicine 17, 1998,
	 * method 3) */
	assert_near(c.share_low, 0.4902, 5e-5);
	assert_near(c.share_high, 0.9433, 5e-5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_curve_rises),
		cmocka_unit_test(test_curve_is_turned_round),
		cmocka_unit_test(test_horizon),
		cmocka_unit_test(test_crps),
		cmocka_unit_test(test_coverage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
