/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/fit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* Strengths are kept in natural units here: 400 / ln 10 Elo each. */
static const double unit = 173.71779276130072;
static const double normal_95 = 1.959963984540054;

/* Newton's method doubles the digits of each round; a concave function with
 * the steps halved where they do not climb needs nowhere near so many. */
enum { MAX_ROUNDS = 100, MAX_HALVINGS = 40 };

static double prior_precision(void)
{
	double sd = FIT_PRIOR_SD / unit;

	return 1 / (sd * sd);
}

static double mean_of(const double *x, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += x[i];
	return sum / n;
}

/* log(1 / (1 + exp(-x))) */
static double log_score(double x)
{
	return x < 0 ? x - log1p(exp(x)) : -log1p(exp(-x));
}

/* The objective at x, and its slope where `slope` is not NULL. */
static double climb(int n, const struct fit_pair *pairs, int pair_count,
		    const double *x, double *slope)
{
	double precision = prior_precision(), mean = mean_of(x, n), sum = 0;

	for (int i = 0; i < n; i++) {
		double d = x[i] - mean;

		sum -= 0.5 * precision * d * d;
		if (slope)
			slope[i] = -precision * d;
	}
	for (int k = 0; k < pair_count; k++) {
		const struct fit_pair *q = &pairs[k];
		double d = x[q->i] - x[q->j];
		double points = q->wins + 0.5 * q->draws;
		double lost = q->losses + 0.5 * q->draws;

		sum += points * log_score(d) + lost * log_score(-d);
		if (slope) {
			double p = exp(log_score(d));
			double more = points - (points + lost) * p;

			slope[q->i] += more;
			slope[q->j] -= more;
		}
	}
	return sum;
}

/* The Hessian without its sign, (n, n).  The prior's share is precision times
 * (identity - 1/n); all rows sum to 0, for only differences count. */
static void curve(int n, const struct fit_pair *pairs, int pair_count,
		  const double *x, double *a)
{
	double precision = prior_precision();
	size_t size = (size_t)n;

	for (size_t i = 0; i < size * size; i++)
		a[i] = -precision / n;
	for (size_t i = 0; i < size; i++)
		a[i * size + i] += precision;
	for (int k = 0; k < pair_count; k++) {
		const struct fit_pair *q = &pairs[k];
		size_t i = (size_t)q->i, j = (size_t)q->j;
		double d = x[i] - x[j];
		double w = (q->wins + q->draws + q->losses) *
			   exp(log_score(d) + log_score(-d));

		a[i * size + i] += w;
		a[j * size + j] += w;
		a[i * size + j] -= w;
		a[j * size + i] -= w;
	}
}

/* Take player `base` out of the equations: its difference to itself is 0. */
static void pin(int n, int base, double *a)
{
	size_t size = (size_t)n, b = (size_t)base;

	for (size_t i = 0; i < size; i++)
		a[i * size + b] = a[b * size + i] = 0;
	a[b * size + b] = 1;
}

/* a(n, n) <- its inverse; positive definite (the prior sees to it).  By
 * Gauss and Jordan in place, without pivots, and on rows, which compilers make
 * fast; about as much work as Cholesky's and two triangular products. */
static void invert(int n, double *a)
{
	size_t size = (size_t)n;

	for (size_t k = 0; k < size; k++) {
		double *row = a + k * size;
		double scale = 1 / row[k];

		assert(row[k] > 0);
		row[k] = 1;
		for (size_t j = 0; j < size; j++)
			row[j] *= scale;
		for (size_t i = 0; i < size; i++) {
			double *other = a + i * size, f = other[k];

			if (i == k || f == 0)
				continue;
			other[k] = 0;
			for (size_t j = 0; j < size; j++)
				other[j] -= f * row[j];
		}
	}
}

/* Upper triangle of a(n, n) <- L' with L L' = a; works by rows. */
static void cholesky(int n, double *a)
{
	size_t size = (size_t)n;

	for (size_t k = 0; k < size; k++) {
		double *row = a + k * size, pivot;

		assert(row[k] > 0);
		pivot = sqrt(row[k]);
		row[k] = pivot;
		for (size_t j = k + 1; j < size; j++)
			row[j] /= pivot;
		for (size_t i = k + 1; i < size; i++) {
			double *other = a + i * size, f = row[i];

			if (f == 0)
				continue;
			for (size_t j = i; j < size; j++)
				other[j] -= f * row[j];
		}
	}
}

/* b <- the solution y of L L' y = b; `a` from cholesky(), rows of L'. */
static void solve(int n, const double *a, double *b)
{
	size_t size = (size_t)n;

	for (size_t k = 0; k < size; k++) {
		const double *row = a + k * size;

		b[k] /= row[k];
		for (size_t j = k + 1; j < size; j++)
			b[j] -= row[j] * b[k];
	}
	for (size_t k = size; k-- > 0;) {
		const double *row = a + k * size;
		double sum = b[k];

		for (size_t j = k + 1; j < size; j++)
			sum -= row[j] * b[j];
		b[k] = sum / row[k];
	}
}

static double largest(const double *v, int n)
{
	double most = 0;

	for (int i = 0; i < n; i++)
		most = fmax(most, fabs(v[i]));
	return most;
}

/* Newton's method on a strictly concave function, x[base] held at 0. */
static void maximise(struct fit *f, const struct fit_pair *pairs,
		     int pair_count, int base, double *x, double *a)
{
	int n = f->count;
	double *slope = mem_zalloc((size_t)n, sizeof(double));
	double *step = mem_zalloc((size_t)n, sizeof(double));
	double *next = mem_zalloc((size_t)n, sizeof(double));
	double here = climb(n, pairs, pair_count, x, slope);

	for (f->rounds = 0; f->rounds < MAX_ROUNDS; f->rounds++) {
		double there, share = 1;
		int halvings = 0;

		curve(n, pairs, pair_count, x, a);
		pin(n, base, a);
		memcpy(step, slope, (size_t)n * sizeof(*step));
		step[base] = 0;
		cholesky(n, a);
		solve(n, a, step);
		/* What is left is rounding: the last step is taken as it is. */
		if (largest(step, n) < 1e-9) {
			for (int i = 0; i < n; i++)
				x[i] += step[i];
			break;
		}
		do {
			for (int i = 0; i < n; i++)
				next[i] = x[i] + share * step[i];
			there = climb(n, pairs, pair_count, next, NULL);
			share /= 2;
		} while (there < here - 1e-12 * fabs(here) &&
			 halvings++ < MAX_HALVINGS);
		memcpy(x, next, (size_t)n * sizeof(*x));
		here = climb(n, pairs, pair_count, x, slope);
	}
	climb(n, pairs, pair_count, x, slope);
	f->slope = largest(slope, n);
	free(slope);
	free(step);
	free(next);
}

/*
 * How much of a pair's variance p (1 - p) n its draws take away, at most.  The
 * share of draws cannot be more than twice the smaller score.  What was seen
 * is taken for n / (n + 2) of itself: of two players who only ever drew it is
 * not known that they always will.
 */
static double drawn_variance(const struct fit_pair *q, double d)
{
	double n = q->wins + q->draws + q->losses;
	double less = exp(log_score(-fabs(d)));
	double draws = fmin(q->draws, 2 * n * less);

	return n > 0 ? draws / 4 * n / (n + 2) : 0;
}

/* `a` the Hessian's inverse -> A^-1 B A^-1 = A^-1 - A^-1 (A - B) A^-1, where A
 * - B has entries only where games were drawn. */
static void discount_draws(const struct fit *f, const struct fit_pair *pairs,
			   int pair_count, const double *x, double *a)
{
	size_t n = (size_t)f->count;
	double *less = mem_zalloc(n * n, sizeof(*less)); /* (A - B) A^-1 */
	double *out = mem_alloc(n * n * sizeof(*out));
	bool any = false;

	for (int k = 0; k < pair_count; k++) {
		const struct fit_pair *q = &pairs[k];
		size_t i = (size_t)q->i, j = (size_t)q->j;
		double w = drawn_variance(q, x[i] - x[j]);

		for (size_t c = 0; c < n && w > 0; c++) {
			double d = w * (a[i * n + c] - a[j * n + c]);

			less[i * n + c] += d;
			less[j * n + c] -= d;
		}
		any |= w > 0;
	}
	memcpy(out, a, n * n * sizeof(*out));
	for (size_t i = 0; i < n && any; i++) {
		for (size_t k = 0; k < n; k++) {
			double w = a[i * n + k];

			for (size_t c = 0; c < n; c++)
				out[i * n + c] -= w * less[k * n + c];
		}
	}
	memcpy(a, out, n * n * sizeof(*a));
	free(less);
	free(out);
}

/* From differences to one player to differences to the mean of all. */
static void centre(int players, double *x, double *a)
{
	size_t n = (size_t)players;
	double *mean = mem_zalloc(n, sizeof(*mean)), all;
	double middle = mean_of(x, players);

	for (size_t i = 0; i < n; i++) {
		x[i] -= middle;
		mean[i] = mean_of(a + i * n, players);
	}
	all = mean_of(mean, players);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			a[i * n + j] += all - mean[i] - mean[j];
	free(mean);
}

static int root_of(const int *parent, int i)
{
	while (parent[i] != i)
		i = parent[i];
	return i;
}

/* Who met whom, directly or through others. */
static void find_links(struct fit *f, const struct fit_pair *pairs,
		       int pair_count, int base)
{
	int *parent = mem_alloc((size_t)f->count * sizeof(*parent));
	int root;

	for (int i = 0; i < f->count; i++)
		parent[i] = i;
	for (int k = 0; k < pair_count; k++) {
		const struct fit_pair *q = &pairs[k];
		int one = root_of(parent, q->i), two = root_of(parent, q->j);

		if (q->wins + q->draws + q->losses > 0)
			parent[one > two ? one : two] = one < two ? one : two;
	}
	root = root_of(parent, base);
	for (int i = 0; i < f->count; i++)
		f->linked[i] = root_of(parent, i) == root;
	free(parent);
}

static void count_games(struct fit *f, const struct fit_pair *pairs,
			int pair_count)
{
	for (int k = 0; k < pair_count; k++) {
		const struct fit_pair *q = &pairs[k];
		double n = q->wins + q->draws + q->losses;

		assert(q->i >= 0 && q->i < f->count && q->j >= 0 &&
		       q->j < f->count && q->i != q->j);
		assert(q->wins >= 0 && q->draws >= 0 && q->losses >= 0);
		f->games[q->i] += n;
		f->games[q->j] += n;
		f->points[q->i] += q->wins + 0.5 * q->draws;
		f->points[q->j] += q->losses + 0.5 * q->draws;
	}
}

static void to_elo(struct fit *f)
{
	size_t n = (size_t)f->count;

	for (size_t i = 0; i < n * n; i++)
		f->covariance[i] *= unit * unit;
	for (size_t i = 0; i < n; i++) {
		double variance = fmax(f->covariance[i * n + i], 0);
		double half = normal_95 * sqrt(variance);

		f->elo[i] *= unit;
		f->low[i] = f->elo[i] - half;
		f->high[i] = f->elo[i] + half;
	}
}

void fit_init(struct fit *f, int players, const struct fit_pair *pairs,
	      int pair_count, int anchor)
{
	int base = anchor == FIT_NO_ANCHOR ? 0 : anchor;
	size_t n = (size_t)players;

	assert(players >= 1 && base >= 0 && base < players);
	*f = (struct fit){
		.count = players,
		.anchor = anchor,
		.elo = mem_zalloc(n, sizeof(double)),
		.low = mem_zalloc(n, sizeof(double)),
		.high = mem_zalloc(n, sizeof(double)),
		.games = mem_zalloc(n, sizeof(double)),
		.points = mem_zalloc(n, sizeof(double)),
		.linked = mem_zalloc(n, sizeof(bool)),
		.covariance = mem_zalloc(n * n, sizeof(double)),
	};
	count_games(f, pairs, pair_count);
	find_links(f, pairs, pair_count, base);
	maximise(f, pairs, pair_count, base, f->elo, f->covariance);
	curve(players, pairs, pair_count, f->elo, f->covariance);
	pin(players, base, f->covariance);
	invert(players, f->covariance);
	f->covariance[(size_t)base * n + (size_t)base] = 0;
	discount_draws(f, pairs, pair_count, f->elo, f->covariance);
	if (anchor == FIT_NO_ANCHOR)
		centre(players, f->elo, f->covariance);
	to_elo(f);
}

void fit_release(struct fit *f)
{
	free(f->elo);
	free(f->low);
	free(f->high);
	free(f->games);
	free(f->points);
	free(f->linked);
	free(f->covariance);
	memset(f, 0, sizeof(*f));
}

double fit_superiority(const struct fit *f, int i, int j)
{
	size_t n = (size_t)f->count, a = (size_t)i, b = (size_t)j;
	double variance = f->covariance[a * n + a] + f->covariance[b * n + b] -
			  2 * f->covariance[a * n + b];
	double difference = f->elo[i] - f->elo[j];

	assert(i >= 0 && i < f->count && j >= 0 && j < f->count);
	if (variance <= 0)
		return difference > 0 ? 1 : difference < 0 ? 0 : 0.5;
	return 0.5 * erfc(-difference / sqrt(2 * variance));
}

double fit_objective(int players, const struct fit_pair *pairs, int pair_count,
		     const double *elo, double *slope)
{
	double *x = mem_zalloc((size_t)players, sizeof(*x)), value;

	for (int i = 0; i < players; i++)
		x[i] = elo[i] / unit;
	value = climb(players, pairs, pair_count, x, slope);
	for (int i = 0; i < players && slope; i++)
		slope[i] /= unit;
	free(x);
	return value;
}
