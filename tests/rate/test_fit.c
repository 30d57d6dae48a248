/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/fit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/base/stat.h"

static const double unit = 173.71779276130072; /* 400 / ln 10 */
static const double normal_95 = 1.959963984540054;

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
		{0, 1, 30, 0, 10, 0}, {1, 0, 3, 14, 5, 0}, {0, 1, 100, 0, 0, 0},
		{0, 1, 0, 0, 1, 0},   {1, 0, 0, 50, 0, 0},
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
		assert_near(fit_variance(&f, 0, 1), b / (a * a) * unit * unit,
			    1e-6);
		assert_near(f.high[0] - f.elo[0],
			    normal_95 * sqrt(fit_variance(&f, 0, 1)), 1e-6);
		fit_release(&f);
	}
	/* With many games the prior is gone and the score's Elo remains. */
	{
		struct fit_pair many = {0, 1, 700000, 100000, 200000, 0};
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

/* ---- a plain dense fit to compare with ---- */

enum { MOST = 150 };

struct dense {
	int n;
	double elo[MOST];       /* of the anchor 0 */
	double spread[MOST];    /* half an interval to the mean */
	double cov[MOST][MOST]; /* of differences to the anchor, Elo^2 */
};

static double dense_p(double d)
{
	return 1 / (1 + exp(-d));
}

/* a <- its inverse, by Gauss and Jordan. */
static void dense_invert(int n, double a[MOST][MOST])
{
	for (int k = 0; k < n; k++) {
		double pivot = a[k][k];

		a[k][k] = 1;
		for (int j = 0; j < n; j++)
			a[k][j] /= pivot;
		for (int i = 0; i < n; i++) {
			double f = a[i][k];

			if (i == k)
				continue;
			a[i][k] = 0;
			for (int j = 0; j < n; j++)
				a[i][j] -= f * a[k][j];
		}
	}
}

/* The Hessian at x with the anchor taken out, and B of the variances. */
static void dense_matrices(int n, const struct fit_pair *pairs, int count,
			   int anchor, const double *x, double a[MOST][MOST],
			   double less[MOST][MOST])
{
	double precision = unit * unit / (FIT_PRIOR_SD * FIT_PRIOR_SD);

	for (int i = 0; i < n; i++) {
		for (int j = 0; j < n; j++) {
			a[i][j] = precision * ((i == j) - 1.0 / n);
			less[i][j] = 0;
		}
	}
	for (int k = 0; k < count; k++) {
		const struct fit_pair *q = &pairs[k];
		double games = q->wins + q->draws + q->losses;
		double p = dense_p(x[q->i] - x[q->j]), w = games * p * (1 - p);
		double d = fmin(q->draws, 2 * games * fmin(p, 1 - p)) / 4 *
			   games / (games + 2);
		int at[2] = {q->i, q->j};

		if (!(games > 0))
			continue;
		if (q->dispersion > 0)
			d = w * (1 - q->dispersion);
		for (int r = 0; r < 2; r++) {
			for (int c = 0; c < 2; c++) {
				a[at[r]][at[c]] += r == c ? w : -w;
				less[at[r]][at[c]] += r == c ? d : -d;
			}
		}
	}
	for (int i = 0; i < n; i++)
		a[i][anchor] = a[anchor][i] = i == anchor;
}

static void dense_covariance(struct dense *f, int anchor,
			     double less[MOST][MOST], double a[MOST][MOST])
{
	static double half[MOST][MOST];
	int n = f->n;
	double mean[MOST] = {0}, all = 0;

	a[anchor][anchor] = 0;
	for (int i = 0; i < n; i++) {
		for (int j = 0; j < n; j++) {
			half[i][j] = 0;
			for (int k = 0; k < n; k++)
				half[i][j] += less[i][k] * a[k][j];
		}
	}
	for (int i = 0; i < n; i++) {
		for (int j = 0; j < n; j++) {
			double sum = a[i][j];

			for (int k = 0; k < n; k++)
				sum -= a[i][k] * half[k][j];
			f->cov[i][j] = sum * unit * unit;
			mean[i] += f->cov[i][j] / n;
			all += f->cov[i][j] / n / n;
		}
	}
	for (int i = 0; i < n; i++)
		f->spread[i] = normal_95 *
			       sqrt(fmax(f->cov[i][i] - 2 * mean[i] + all, 0));
}

static void dense_fit(struct dense *f, int n, const struct fit_pair *pairs,
		      int count, int anchor)
{
	static double a[MOST][MOST], less[MOST][MOST];
	double x[MOST] = {0}, slope[MOST], step, most = 1;

	f->n = n;
	for (int round = 0; round < 200 && most > 1e-13; round++) {
		double elo[MOST];

		for (int i = 0; i < n; i++)
			elo[i] = x[i] * unit;
		fit_objective(n, pairs, count, elo, slope);
		slope[anchor] = 0;
		dense_matrices(n, pairs, count, anchor, x, a, less);
		dense_invert(n, a);
		most = 0;
		for (int i = 0; i < n; i++) {
			step = 0;
			for (int j = 0; j < n; j++)
				step += a[i][j] * slope[j] * unit;
			/* damped: pools here are tame enough for that */
			step = fmax(fmin(step, 0.5), -0.5);
			x[i] += step;
			most = fmax(most, fabs(step));
		}
	}
	assert_true(most <= 1e-13);
	dense_matrices(n, pairs, count, anchor, x, a, less);
	dense_invert(n, a);
	dense_covariance(f, anchor, less, a);
	for (int i = 0; i < n; i++)
		f->elo[i] = x[i] * unit;
}

enum shape { RANDOM, CHAIN, STAR, APART, EVERYBODY, SHAPES };

/* Pools that labs have; returns how many pairs. */
static int make_shape(enum shape shape, int n, uint64_t seed,
		      struct fit_pair *pairs)
{
	struct rng r;
	int count = 0;

	rng_init(&r, seed, RNG_TEST, 11, shape);
	for (int i = 1; i < n; i++) {
		int met[MOST], meetings = 0;

		if (shape == EVERYBODY)
			for (; meetings < i; meetings++)
				met[meetings] = meetings;
		if (shape == RANDOM)
			for (; meetings < 2; meetings++)
				met[meetings] = (int)rng_below(&r, i);
		if (shape == CHAIN || shape == STAR)
			met[meetings++] = i - 1;
		if (shape == STAR && i > 1)
			met[meetings++] = 0;
		if (shape == APART && i % 10)
			met[meetings++] = i - 1;
		for (int k = 0; k < meetings; k++)
			pairs[count++] = (struct fit_pair){
				.i = k % 2 ? i : met[k],
				.j = k % 2 ? met[k] : i,
				.wins = rng_below(&r, 20),
				.draws = i % 3 ? rng_below(&r, 12) : 0,
				.losses = i % 7 ? rng_below(&r, 30) : 0,
				.dispersion =
					i % 5 ? 0
					      : 0.3 * (1 + rng_below(&r, 5)),
			};
	}
	return count;
}

static void assert_share(double a, double b)
{
	if (!(fabs(a - b) <= 1e-3 * fabs(b) + 1e-4))
		fail_msg("%.12g is not %.12g within a thousandth", a, b);
}

static void compare_with_dense(enum shape shape, int n, uint64_t seed)
{
	static struct fit_pair pairs[MOST * MOST];
	static struct dense plain;
	int count = make_shape(shape, n, seed, pairs);
	int anchor = (int)(seed % (uint64_t)n);
	struct fit f;

	dense_fit(&plain, n, pairs, count, anchor);
	fit_init(&f, n, pairs, count, FIT_NO_ANCHOR);
	fit_anchor(&f, anchor);
	for (int i = 0; i < n; i++) {
		assert_near(f.elo[i], plain.elo[i], 1e-6);
		assert_share(f.high[i] - f.elo[i],
			     normal_95 * sqrt(fmax(plain.cov[i][i], 0)));
		assert_share(f.spread[i], plain.spread[i]);
		for (int j = 0; j < i; j++)
			assert_share(sqrt(fit_variance(&f, i, j)),
				     sqrt(plain.cov[i][i] + plain.cov[j][j] -
					  2 * plain.cov[i][j]));
	}
	fit_release(&f);
}

static void test_dense_says_the_same(void **state)
{
	(void)state;
	for (enum shape shape = 0; shape < SHAPES; shape++) {
		for (uint64_t seed = 1; seed <= 12; seed++)
			compare_with_dense(shape, 2 + 3 * (int)seed, seed);
		compare_with_dense(shape, MOST, 13);
	}
}

struct patience {
	int left;
};

static bool is_patient(void *ctx)
{
	struct patience *p = ctx;

	return p->left-- > 0;
}

/* The same bits each time, and an end whenever it is asked for. */
static void test_again_and_cancelled(void **state)
{
	static struct fit_pair pairs[MOST * MOST];
	int count = make_shape(RANDOM, MOST, 5, pairs), asked;
	struct patience p = {.left = 1000000};
	struct fit one, two;

	(void)state;
	fit_init(&one, MOST, pairs, count, 0);
	assert_true(fit_try(&two, MOST, pairs, count, 0, is_patient, &p));
	assert_memory_equal(one.elo, two.elo, MOST * sizeof(double));
	assert_memory_equal(one.low, two.low, MOST * sizeof(double));
	assert_memory_equal(one.spread, two.spread, MOST * sizeof(double));
	fit_release(&one);
	fit_release(&two);
	asked = 1000000 - p.left;
	assert_true(asked > 50);
	for (int left = 0; left < asked - 1; left += 1 + asked / 40) {
		p.left = left;
		assert_false(
			fit_try(&two, MOST, pairs, count, 0, is_patient, &p));
	}
}

/* Each beats the next by 3 to 1, the last the first: by their ratings all are
 * equal, and the residuals tell. */
static void test_circles_are_told(void **state)
{
	static const struct fit_pair pairs[] = {
		{0, 1, 60, 0, 20, 0}, {1, 2, 60, 0, 20, 0},
		{2, 0, 60, 0, 20, 0}, {0, 3, 9, 0, 9, 0},
		{3, 4, 20, 0, 20, 0},
	};
	struct fit f;

	(void)state;
	fit_init(&f, 5, pairs, 5, 0);
	for (int k = 0; k < 3; k++) {
		const struct fit_residual *r = &f.residuals[k];

		assert_near(r->expected, 0.5, 1e-9);
		assert_near(r->score, 0.75, 0);
		assert_near(r->elo, 0, 1e-9);
		assert_near(r->direct, 190, 3);
		/* 20 points too many, of which a third is left of 80 / 4 */
		assert_near(r->deviations, 20 / sqrt(80.0 / 4 / 3), 0.1);
	}
	/* too few games, and none besides */
	assert_true(isnan(f.residuals[3].deviations));
	assert_true(isnan(f.residuals[4].deviations));
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

		mixed[k] = *q;
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
		{0, 1, 5, 0, 5, 0},
		{1, 2, 0, 0, 8, 0},
		{3, 4, 6, 1, 2, 0},
		{4, 0, 0, 0, 0, 0},
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
	assert_true(f.elo[0] == 0 && f.high[0] == 0 && f.spread[0] < 1e-6);
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
			pairs[count++] = (struct fit_pair){
				i, j, won[i][j], 0, won[j][i], 0};
	fit_init(&f, 7, pairs, count, 6);
	for (int i = 0; i < 6; i++) {
		assert_near(f.elo[i] / unit, ability[i], 0.01);
		assert_near(sqrt(fit_variance(&f, i, 6)) / unit, error[i],
			    0.002);
	}
	fit_release(&f);
}

/* --- simulation ---------------------------------------------------------- */

enum { POOLS = 1000, SIDE = 8, GAMES = 50 };

struct coverage {
	/* shares of true values inside, and of residuals within 1.96 */
	double anchored, middle, neighbours, residuals;
	double bias;
	int told; /* residuals */
};

static void play_pair(struct rng *r, const double *truth, double draws,
		      struct fit_pair *q)
{
	double p = stat_score_from_elo(truth[q->i] - truth[q->j]);
	double d = draws * 2 * fmin(p, 1 - p);

	for (int g = 0; g < GAMES; g++) {
		double u = rng_double(r);

		if (u < p - d / 2)
			q->wins++;
		else if (u < p + d / 2)
			q->draws++;
		else
			q->losses++;
	}
}

static void count_covered(const struct fit *f, const double *truth,
			  struct coverage *c)
{
	double mean = 0;

	for (int i = 0; i < SIDE; i++)
		mean += truth[i] / SIDE;
	for (int i = 0; i < SIDE; i++) {
		double off = f->elo[i] - f->mean - (truth[i] - mean);

		c->middle += fabs(off) <= f->spread[i];
		if (!i)
			continue;
		c->anchored += f->low[i] <= truth[i] && truth[i] <= f->high[i];
		c->bias += f->elo[i] - truth[i];
		off = f->elo[i] - truth[i] - (f->elo[i - 1] - truth[i - 1]);
		c->neighbours += off * off <= normal_95 * normal_95 *
						      fit_variance(f, i, i - 1);
	}
	for (int k = 0; k < f->pair_count; k++) {
		double d = f->residuals[k].deviations;

		c->residuals += fabs(d) <= normal_95; /* NAN is not */
		c->told += !isnan(d);
	}
}

/* Pools of eight whose strengths are known, 50 games a pair.  A draw takes
 * `draws` of the most that the score allows.  `all`: everybody met everybody,
 * else the next two and the first. */
static struct coverage simulate(uint64_t seed, double spread, double draws,
				bool all)
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
				if (!all && j && i - j > 2)
					continue;
				pairs[count] =
					(struct fit_pair){.i = i, .j = j};
				play_pair(&r, truth, draws, &pairs[count++]);
			}
		}
		fit_init(&f, SIDE, pairs, count, 0);
		count_covered(&f, truth, &c);
		fit_release(&f);
	}
	c.anchored /= POOLS * (SIDE - 1);
	c.middle /= POOLS * SIDE;
	c.neighbours /= POOLS * (SIDE - 1);
	c.residuals /= c.told;
	c.bias /= POOLS * (SIDE - 1);
	return c;
}

static void test_intervals_cover(void **state)
{
	static const struct {
		double spread, draws;
		bool all;
	} cases[] = {{200, 0, true},    {200, 0.3, true}, {200, 0.7, true},
		     {0, 0.5, true},    {400, 0.3, true}, {200, 0, false},
		     {200, 0.5, false}, {400, 0.3, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct coverage c = simulate(i, cases[i].spread, cases[i].draws,
					     cases[i].all);

		print_message("# spread %g, draws %g, %s: %.1f%% of the "
			      "intervals, %.1f%% of those to the mean, %.1f%% "
			      "of those between two, %.1f%% of %d residuals, "
			      "bias %+.1f\n",
			      cases[i].spread, cases[i].draws,
			      cases[i].all ? "all" : "few", 100 * c.anchored,
			      100 * c.middle, 100 * c.neighbours,
			      100 * c.residuals, c.told, c.bias);
		assert_true(c.anchored > 0.93 && c.anchored < 0.97);
		assert_true(c.middle > 0.93 && c.middle < 0.97);
		assert_true(c.neighbours > 0.93 && c.neighbours < 0.97);
		assert_true(c.residuals > 0.93 && c.residuals < 0.97);
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
		cmocka_unit_test(test_dense_says_the_same),
		cmocka_unit_test(test_again_and_cancelled),
		cmocka_unit_test(test_circles_are_told),
		cmocka_unit_test(test_order_and_anchor_do_not_matter),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_baseball),
		cmocka_unit_test(test_intervals_cover),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
