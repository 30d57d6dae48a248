/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/base/stat.h"

static const double unit = 173.71779276130072; /* 400 / ln 10 */

static void assert_near(double a, double b, double tolerance)
{
	if (!(fabs(a - b) <= tolerance))
		fail_msg("%.12g is not %.12g (within %g)", a, b, tolerance);
}

/* The prior's pull on two players at distance x, in natural units: x / 2 from
 * the mean each, so the slope is -precision * x / 2 on one of them. */
static double pull(double x)
{
	double sd = FIT_PRIOR_SD / unit;

	return x / (2 * sd * sd);
}

/* One equation in one unknown: points - n p(x) - pull(x) = 0, by bisection. */
static double two_players(double points, double n)
{
	double low = -50, high = 50;

	for (int i = 0; i < 200; i++) {
		double x = (low + high) / 2;

		if (points - n / (1 + exp(-x)) - pull(x) > 0)
			low = x;
		else
			high = x;
	}
	return low * unit;
}

static void test_two_players(void **state)
{
	static const struct fit_pair cases[] = {
		{0, 1, 30, 0, 10}, {1, 0, 3, 14, 5}, {0, 1, 100, 0, 0},
		{0, 1, 0, 0, 1},   {1, 0, 0, 50, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct fit_pair *c = &cases[i];
		double n = c->wins + c->draws + c->losses;
		double points = c->i == 0 ? c->wins : c->losses, p, d, a, b;
		struct fit f;

		points += 0.5 * c->draws;
		fit_init(&f, 2, c, 1, 1);
		assert_near(f.elo[0], two_players(points, n), 1e-9);
		assert_true(f.elo[1] == 0 && f.low[1] == 0 && f.high[1] == 0);
		assert_true(f.slope < 1e-9);
		assert_near(f.points[0], points, 0);
		/* A^-1 B A^-1 of one number, as fit.h states it */
		p = stat_score_from_elo(f.elo[0]);
		a = n * p * (1 - p) + pull(1);
		d = fmin(c->draws, 2 * n * fmin(p, 1 - p)) / 4 * n / (n + 2);
		b = a - d;
		assert_near(f.covariance[0], b / (a * a) * unit * unit, 1e-6);
		assert_near(f.high[0] - f.elo[0],
			    1.959963984540054 * sqrt(f.covariance[0]), 1e-9);
		fit_release(&f);
	}
	/* With many games the prior is gone and the score's Elo remains. */
	{
		struct fit_pair many = {0, 1, 700000, 100000, 200000};
		struct fit f;

		fit_init(&f, 2, &many, 1, 1);
		assert_near(f.elo[0], stat_elo_from_score(0.75), 1e-3);
		fit_release(&f);
	}
}

enum { PLAYERS = 9, PAIRS = 24 };

/* Any pool: not everybody meets, some always lose. */
static void make_pool(uint64_t seed, struct fit_pair pairs[PAIRS])
{
	struct rng r;

	rng_init(&r, seed, RNG_TEST, 7, 0);
	for (int k = 0; k < PAIRS; k++) {
		int i = (int)rng_below(&r, PLAYERS);
		int j = (i + 1 + (int)rng_below(&r, PLAYERS - 1)) % PLAYERS;

		pairs[k] = (struct fit_pair){
			.i = i,
			.j = j,
			.wins = i ? rng_below(&r, 20) : 0,
			.draws = i && j ? rng_below(&r, 10) : 0,
			.losses = j ? rng_below(&r, 20) : 0,
		};
	}
}

static void test_slope(void **state)
{
	struct fit_pair pairs[PAIRS];
	double x[PLAYERS], slope[PLAYERS];
	struct rng r;
	struct fit f;

	(void)state;
	make_pool(1, pairs);
	rng_init(&r, 1, RNG_TEST, 8, 0);
	for (int i = 0; i < PLAYERS; i++)
		x[i] = 600 * rng_double(&r);
	fit_objective(PLAYERS, pairs, PAIRS, x, slope);
	for (int i = 0; i < PLAYERS; i++) {
		const double h = 1e-3, at = x[i];
		double up, down;

		x[i] = at + h;
		up = fit_objective(PLAYERS, pairs, PAIRS, x, NULL);
		x[i] = at - h;
		down = fit_objective(PLAYERS, pairs, PAIRS, x, NULL);
		x[i] = at;
		assert_near(slope[i], (up - down) / (2 * h), 1e-6);
	}
	/* At the fit all of it is flat, and nothing near is higher. */
	fit_init(&f, PLAYERS, pairs, PAIRS, 0);
	assert_true(f.slope < 1e-9);
	assert_true(f.rounds < 20);
	fit_objective(PLAYERS, pairs, PAIRS, f.elo, slope);
	for (int i = 0; i < PLAYERS; i++)
		assert_near(slope[i], 0, 1e-11);
	for (int t = 0; t < 50; t++) {
		for (int i = 0; i < PLAYERS; i++)
			x[i] = f.elo[i] + rng_double(&r) - 0.5;
		assert_true(fit_objective(PLAYERS, pairs, PAIRS, x, NULL) <=
			    fit_objective(PLAYERS, pairs, PAIRS, f.elo, NULL));
	}
	fit_release(&f);
}

/* Without draws the covariance is the inverse of the Hessian, which is taken
 * here from the slopes' differences; the product of the two is the identity
 * on differences to the anchor. */
static void test_covariance_is_the_inverse(void **state)
{
	struct fit_pair pairs[PAIRS];
	double up[PLAYERS], down[PLAYERS], hessian[PLAYERS][PLAYERS];
	struct fit f;

	(void)state;
	make_pool(2, pairs);
	for (int k = 0; k < PAIRS; k++)
		pairs[k].draws = 0;
	fit_init(&f, PLAYERS, pairs, PAIRS, 3);
	for (int i = 0; i < PLAYERS; i++) {
		double at = f.elo[i];

		f.elo[i] = at + 0.1;
		fit_objective(PLAYERS, pairs, PAIRS, f.elo, up);
		f.elo[i] = at - 0.1;
		fit_objective(PLAYERS, pairs, PAIRS, f.elo, down);
		f.elo[i] = at;
		for (int j = 0; j < PLAYERS; j++)
			hessian[i][j] = (down[j] - up[j]) / 0.2;
	}
	for (int i = 0; i < PLAYERS; i++) {
		for (int j = 0; j < PLAYERS; j++) {
			double sum = 0;

			for (int k = 0; k < PLAYERS; k++)
				sum += hessian[i][k] *
				       f.covariance[k * PLAYERS + j];
			if (i != 3)
				assert_near(sum, i == j && j != 3, 1e-5);
			assert_near(f.covariance[i * PLAYERS + j],
				    f.covariance[j * PLAYERS + i], 1e-6);
		}
		assert_true(f.covariance[i * PLAYERS + 3] == 0);
	}
	fit_release(&f);
}

static void test_order_and_anchor_do_not_matter(void **state)
{
	struct fit_pair pairs[PAIRS], mixed[PAIRS];
	struct fit one, two, middle;
	const int anchor = 4;
	double mean = 0;
	int place[PLAYERS];

	(void)state;
	make_pool(3, pairs);
	for (int i = 0; i < PLAYERS; i++)
		place[i] = (i * 5 + 2) % PLAYERS;
	for (int k = 0; k < PAIRS; k++) {
		const struct fit_pair *q = &pairs[(k * 7 + 3) % PAIRS];
		bool turn = k % 2;

		mixed[k].i = place[turn ? q->j : q->i];
		mixed[k].j = place[turn ? q->i : q->j];
		mixed[k].wins = turn ? q->losses : q->wins;
		mixed[k].losses = turn ? q->wins : q->losses;
		mixed[k].draws = q->draws;
	}
	fit_init(&one, PLAYERS, pairs, PAIRS, 0);
	fit_init(&two, PLAYERS, mixed, PAIRS, place[anchor]);
	fit_init(&middle, PLAYERS, pairs, PAIRS, FIT_NO_ANCHOR);
	for (int i = 0; i < PLAYERS; i++) {
		assert_near(two.elo[place[i]], one.elo[i] - one.elo[anchor],
			    1e-8);
		mean += middle.elo[i] / PLAYERS;
		for (int j = 0; j < PLAYERS; j++) {
			double p = fit_superiority(&one, i, j);

			assert_near(middle.elo[i] - middle.elo[j],
				    one.elo[i] - one.elo[j], 1e-8);
			assert_near(fit_superiority(&two, place[i], place[j]),
				    p, 1e-8);
			assert_near(fit_superiority(&middle, i, j), p, 1e-8);
			assert_near(p + fit_superiority(&one, j, i), 1, 1e-12);
		}
	}
	assert_near(mean, 0, 1e-9);
	/* Whoever is nobody's zero has an interval. */
	for (int i = 0; i < PLAYERS; i++)
		assert_true(middle.low[i] < middle.elo[i]);
	fit_release(&one);
	fit_release(&two);
	fit_release(&middle);
}

static void test_links(void **state)
{
	static const struct fit_pair pairs[] = {
		{0, 1, 5, 0, 5},
		{1, 2, 0, 0, 8},
		{3, 4, 6, 1, 2},
		{4, 0, 0, 0, 0},
	};
	struct fit f;

	(void)state;
	fit_init(&f, 6, pairs, 4, 0);
	assert_true(f.linked[0] && f.linked[1] && f.linked[2]);
	assert_false(f.linked[3] || f.linked[4] || f.linked[5]);
	for (int i = 0; i < 6; i++)
		assert_true(isfinite(f.elo[i]) && isfinite(f.low[i]));
	assert_true(f.elo[3] > f.elo[4]);
	/* Known among themselves, hardly against the others. */
	assert_true(f.high[3] - f.low[3] > 2000);
	assert_true(fit_superiority(&f, 3, 4) > 0.9);
	assert_near(f.games[4], 9, 0);
	assert_near(f.points[4], 2.5, 0);
	fit_release(&f);
	/* Somebody alone. */
	fit_init(&f, 1, NULL, 0, 0);
	assert_true(f.elo[0] == 0 && f.covariance[0] == 0);
	fit_release(&f);
}

/*
 * The American League's eastern division of 1987, 13 games a pair (Agresti,
 * Categorical Data Analysis, section 10.6; the fit as printed in the vignette
 * of the R package BradleyTerry2, without the advantage at home): abilities
 * above Baltimore in natural units, and their standard errors.  The prior moves
 * ours by less than a hundredth.
 */
static void test_baseball(void **state)
{
	/* Milwaukee Detroit Toronto New York Boston Cleveland Baltimore: row
	 * over column */
	static const int won[7][7] = {
		{0, 7, 9, 7, 7, 9, 11}, {6, 0, 7, 5, 11, 9, 9},
		{4, 6, 0, 7, 7, 8, 12}, {6, 8, 6, 0, 6, 7, 10},
		{6, 2, 6, 7, 0, 7, 12}, {4, 4, 5, 6, 6, 0, 6},
		{2, 4, 1, 3, 1, 7, 0},
	};
	static const double ability[] = {1.5814, 1.4364, 1.2945,
					 1.2476, 1.1077, 0.6839};
	static const double error[] = {0.3433, 0.3396, 0.3367,
				       0.3359, 0.3339, 0.3319};
	struct fit_pair pairs[21];
	int count = 0;
	struct fit f;

	(void)state;
	for (int i = 0; i < 7; i++)
		for (int j = 0; j < i; j++)
			pairs[count++] = (struct fit_pair){i, j, won[i][j], 0,
							   won[j][i]};
	fit_init(&f, 7, pairs, count, 6);
	for (int i = 0; i < 6; i++) {
		assert_near(f.elo[i] / unit, ability[i], 0.01);
		assert_near(sqrt(f.covariance[i * 7 + i]) / unit, error[i],
			    0.002);
	}
	fit_release(&f);
}

/* --- simulation ---------------------------------------------------------- */

enum { POOLS = 1000, SIDE = 8, GAMES = 50 };

struct coverage {
	double anchored, neighbours; /* shares of true values inside */
	double bias;
};

/* Pools of eight whose strengths are known, 50 games a pair.  A draw takes
 * `draws` of the most that the score allows. */
static struct coverage simulate(uint64_t seed, double spread, double draws)
{
	struct coverage c = {0};
	struct rng r;

	rng_init(&r, seed, RNG_TEST, 9, 0);
	for (int t = 0; t < POOLS; t++) {
		struct fit_pair pairs[SIDE * (SIDE - 1) / 2];
		double truth[SIDE];
		struct fit f;
		int count = 0;

		for (int i = 0; i < SIDE; i++)
			truth[i] = i ? (double)rng_normal(&r) * spread : 0;
		for (int i = 0; i < SIDE; i++) {
			for (int j = 0; j < i; j++) {
				struct fit_pair *q = &pairs[count++];
				double p = stat_score_from_elo(truth[i] -
							       truth[j]);
				double d = draws * 2 * fmin(p, 1 - p);

				*q = (struct fit_pair){.i = i, .j = j};
				for (int g = 0; g < GAMES; g++) {
					double u = rng_double(&r);

					if (u < p - d / 2)
						q->wins++;
					else if (u < p + d / 2)
						q->draws++;
					else
						q->losses++;
				}
			}
		}
		fit_init(&f, SIDE, pairs, count, 0);
		for (int i = 1; i < SIDE; i++) {
			c.anchored +=
				f.low[i] <= truth[i] && truth[i] <= f.high[i];
			c.bias += f.elo[i] - truth[i];
		}
		/* Of two others: from the whole covariance. */
		for (int i = 2; i < SIDE; i++) {
			double d = f.elo[i] - truth[i] -
				   (f.elo[i - 1] - truth[i - 1]);
			double v = f.covariance[i * SIDE + i] +
				   f.covariance[(i - 1) * (SIDE + 1)] -
				   2 * f.covariance[i * SIDE + i - 1];

			c.neighbours += d * d <= 3.841458820694124 * v;
		}
		fit_release(&f);
	}
	c.anchored /= POOLS * (SIDE - 1);
	c.neighbours /= POOLS * (SIDE - 2);
	c.bias /= POOLS * (SIDE - 1);
	return c;
}

static void test_intervals_cover(void **state)
{
	static const struct {
		double spread, draws;
	} cases[] = {{200, 0}, {200, 0.3}, {200, 0.7}, {0, 0.5}, {400, 0.3}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct coverage c =
			simulate(i, cases[i].spread, cases[i].draws);

		print_message("# spread %g, draws %g: %.1f%% of the intervals, "
			      "%.1f%% of those between two, bias %+.1f\n",
			      cases[i].spread, cases[i].draws, 100 * c.anchored,
			      100 * c.neighbours, c.bias);
		assert_true(c.anchored > 0.93 && c.anchored < 0.97);
		assert_true(c.neighbours > 0.93 && c.neighbours < 0.97);
		assert_near(c.bias, 0, 5);
	}
}

/* 500 players, 10,000 pairs: converges too. */
static void test_large(void **state)
{
	enum { MANY = 500, MEETINGS = 10000 };
	static struct fit_pair pairs[MEETINGS];
	struct rng r;
	struct fit f;

	(void)state;
	rng_init(&r, 1, RNG_TEST, 10, 0);
	for (int k = 0; k < MEETINGS; k++) {
		int i = (int)rng_below(&r, MANY);
		int j = (i + 1 + (int)rng_below(&r, 40)) % MANY;
		double p = stat_score_from_elo(5.0 * (i - j));

		pairs[k] = (struct fit_pair){.i = i, .j = j};
		for (int g = 0; g < 4; g++) {
			if (rng_double(&r) < p)
				pairs[k].wins++;
			else
				pairs[k].losses++;
		}
	}
	fit_init(&f, MANY, pairs, MEETINGS, 0);
	assert_true(f.slope < 1e-9);
	assert_true(f.rounds < 20);
	assert_near(f.elo[MANY - 1], 5.0 * (MANY - 1), 500);
	fit_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_players),
		cmocka_unit_test(test_slope),
		cmocka_unit_test(test_covariance_is_the_inverse),
		cmocka_unit_test(test_order_and_anchor_do_not_matter),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_baseball),
		cmocka_unit_test(test_intervals_cover),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
