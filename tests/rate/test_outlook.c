/* SPDX-License-Identifier: MIT */
/* Forecasts of learning curves, on curves whose law is known. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/rate/curve.h"
#include "core/rate/forecast.h"
#include "core/rate/outlook.h"

enum { POINTS = 12 };

/* 1.25 times the games each, up to 300 at the last. */
static double games_at(int i)
{
	return 300 * pow(1.25, i - (POINTS - 1));
}

static double power_law(double games)
{
	return 400 - 900 * pow(games / 300, -0.4);
}

static double log_line(double games)
{
	return 80 * log(games / 300);
}

static void curve(double (*law)(double games), double noise, struct rng *r,
		  struct curve_point *out)
{
	for (int i = 0; i < POINTS; i++) {
		double games = games_at(i);

		out[i] = (struct curve_point){
			games, law(games) + noise * (double)rng_normal(r), 1};
	}
}

static double off(struct outlook o, double truth)
{
	return fabs(o.mean - truth);
}

/* Without noise the law itself is found. */
static void test_laws(void **state)
{
	struct curve_point p[POINTS];
	struct rng r;

	(void)state;
	rng_init(&r, 1, RNG_TEST, 0, 0);
	curve(log_line, 0, &r, p);
	assert_true(off(outlook_line(p, POINTS, 6, 3000), log_line(3000)) <
		    1e-6);
	assert_true(outlook_same(p, POINTS, 3000).mean == p[POINTS - 1].elo);
	curve(power_law, 0, &r, p);
	/* From a grid: a step of it is 8 % of b. */
	assert_true(off(outlook_power(p, POINTS, 3000), power_law(3000)) < 20);
	/* A line overshoots a ceiling. */
	assert_true(outlook_line(p, POINTS, 6, 3000).mean >
		    power_law(3000) + 100);
}

/* Where the law holds, 80 % intervals hold 80 % of what comes; and a walk's
 * spread grows as the square root of the time ahead. */
static void test_intervals(void **state)
{
	enum { TRIES = 1000 };
	static struct forecast_interval line[TRIES], power[TRIES];
	struct curve_point p[POINTS];
	struct forecast_coverage c;
	struct rng r;

	(void)state;
	rng_init(&r, 2, RNG_TEST, 0, 0);
	for (int i = 0; i < TRIES; i++) {
		double noise = 20 * (double)rng_normal(&r);
		struct outlook o;

		curve(log_line, 20, &r, p);
		o = outlook_line(p, POINTS, POINTS, 1200);
		line[i] = (struct forecast_interval){o.mean - 1.2816 * o.sd,
						     o.mean + 1.2816 * o.sd,
						     log_line(1200) + noise};
		curve(power_law, 20, &r, p);
		o = outlook_power(p, POINTS, 1200);
		power[i] = (struct forecast_interval){o.mean - 1.2816 * o.sd,
						      o.mean + 1.2816 * o.sd,
						      power_law(1200) + noise};
	}
	c = forecast_cover(line, TRIES);
	/* Normal where Student's t of 10 belongs: 0.77. */
	assert_true(c.share > 0.72 && c.share < 0.83);
	c = forecast_cover(power, TRIES);
	if (c.share < 0.7 || c.share > 0.95)
		fail_msg("%.3f of what came", c.share);
	curve(log_line, 20, &r, p);
	assert_true(fabs(outlook_same(p, POINTS, 300 * 16).sd /
				 outlook_same(p, POINTS, 300 * 2).sd -
			 2) < 1e-9);
}

/* Kin that rose as much tell; by hand: gains 2 slopes + 5. */
static void test_kin(void **state)
{
	const double slope[] = {1, 2, 3, 4}, gain[] = {7, 9, 11, 13};
	const double other[] = {7, 9, 11, 17};
	struct outlook o = outlook_kin(slope, gain, 4, 10);

	(void)state;
	assert_true(fabs(o.mean - 25) < 1e-9 && o.sd < 1e-6);
	o = outlook_kin(slope, other, 4, 2.5);
	/* A slope of 3.2 leaves 0.8, -0.4, -1.6 and 1.2, whose squares are 4.8:
	 * sqrt(4.8 / 2 (1 + 1 / 4)) in the middle. */
	assert_true(fabs(o.mean - 11) < 1e-9);
	assert_true(fabs(o.sd - sqrt(3)) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_laws),
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_kin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
