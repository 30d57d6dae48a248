/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/fit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/stat.h"
#include "core/rate/inverse.h"
#include "core/rate/laplacian.h"

/* Strengths are kept in natural units here: 400 / ln 10 Elo each. */
static const double unit = 173.71779276130072;
static const double normal_95 = 1.959963984540054;

/* Newton's method doubles the digits of each round; a concave function with
 * the steps halved where they do not climb needs nowhere near so many. */
enum { MAX_ROUNDS = 100, MAX_HALVINGS = 40 };

/* A hundredth of a deviation is far less than what games tell. */
static const double fine = 1e-12;

/*
 * The prior's share of the Hessian is precision * (identity - 1/n): all rows
 * sum to 0, for only differences count.  The equations are solved with
 * precision * identity instead, which is sparse.  The two agree on differences,
 * and their inverses differ by 1 / (n precision) in every entry.
 */
struct fit_solver {
	struct inverse_edge *edges; /* owned; [pairs]: the Hessian's weights,
				     * and how much less the variance of the
				     * slope has */
	struct laplacian equations;
	double *variance; /* owned; [players]: of the difference to the mean, in
			   * natural units, as all here */
	struct inverse *inverse; /* owned */
	bool (*goes_on)(void *ctx);
	void *ctx;
};

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

static double games_of(const struct fit_pair *q)
{
	return q->wins + q->draws + q->losses;
}

/* The Hessian without its sign, at x. */
static void curve(struct fit_solver *s, const struct fit_pair *pairs,
		  int pair_count, const double *x)
{
	for (int k = 0; k < pair_count; k++) {
		const struct fit_pair *q = &pairs[k];
		double d = x[q->i] - x[q->j];

		s->edges[k].weight =
			games_of(q) * exp(log_score(d) + log_score(-d));
	}
	laplacian_weigh(&s->equations, s->edges);
}

static double largest(const double *v, int n)
{
	double most = 0;

	for (int i = 0; i < n; i++)
		most = fmax(most, fabs(v[i]));
	return most;
}

/* x <- the best place on the way from x along `step`; its objective. */
static double go_up(int n, const struct fit_pair *pairs, int pair_count,
		    const double *step, double here, double *x, double *next)
{
	double there, share = 1;
	int halvings = 0;

	do {
		for (int i = 0; i < n; i++)
			next[i] = x[i] + share * step[i];
		there = climb(n, pairs, pair_count, next, NULL);
		share /= 2;
	} while (there < here - 1e-12 * fabs(here) &&
		 halvings++ < MAX_HALVINGS);
	memcpy(x, next, (size_t)n * sizeof(*x));
	return there;
}

/* Newton's method on a strictly concave function.  Far from the top a step need
 * not be exact; near it the error falls with the square of what is left. */
static bool maximise(struct fit *f, const struct fit_pair *pairs, double *x)
{
	struct fit_solver *s = f->solver;
	int n = f->count, pair_count = f->pair_count;
	double *slope = mem_zalloc((size_t)n, sizeof(double));
	double *step = mem_zalloc((size_t)n, sizeof(double));
	double *next = mem_zalloc((size_t)n, sizeof(double));
	double here = climb(n, pairs, pair_count, x, slope);
	bool going = true;

	for (f->rounds = 0; f->rounds < MAX_ROUNDS; f->rounds++) {
		double exact = fmax(fmin(largest(slope, n), 1e-2), 1e-9);

		curve(s, pairs, pair_count, x);
		going = laplacian_solve(&s->equations, slope, exact, step,
					s->goes_on, s->ctx);
		if (!going)
			break;
		/* What is left is rounding: the last step is taken as it is. */
		if (largest(step, n) < 1e-10) {
			for (int i = 0; i < n; i++)
				x[i] += step[i];
			break;
		}
		here = go_up(n, pairs, pair_count, step, here, x, next);
		climb(n, pairs, pair_count, x, slope);
	}
	climb(n, pairs, pair_count, x, slope);
	f->slope = largest(slope, n);
	free(slope);
	free(step);
	free(next);
	return going;
}

/*
 * How much of a pair's variance p (1 - p) n its draws take away, at most.  The
 * share of draws cannot be more than twice the smaller score.  What was seen
 * is taken for n / (n + 2) of itself: of two players who only ever drew it is
 * not known that they always will.
 */
static double less_variance(const struct fit_pair *q, double weight, double d)
{
	double n = q->wins + q->draws + q->losses;
	double less = exp(log_score(-fabs(d)));
	double draws = fmin(q->draws, 2 * n * less);

	if (n > 0 && q->dispersion > 0)
		return weight * (1 - q->dispersion);
	return n > 0 ? draws / 4 * n / (n + 2) : 0;
}

struct ranked {
	double elo;
	int player;
};

static int by_elo(const void *a, const void *b)
{
	const struct ranked *p = a, *q = b;

	if (p->elo > q->elo || p->elo < q->elo)
		return p->elo > q->elo ? -1 : 1;
	return p->player - q->player;
}

static void rank(struct fit *f)
{
	size_t n = (size_t)f->count;
	struct ranked *all = mem_alloc(n * sizeof(*all));

	for (int i = 0; i < f->count; i++)
		all[i] = (struct ranked){f->elo[i], i};
	qsort(all, n, sizeof(*all), by_elo);
	for (int i = 0; i < f->count; i++)
		f->order[i] = all[i].player;
	free(all);
}

static double sandwich(struct dual d)
{
	return fmax(d.value + d.slope, 0);
}

/*
 * What the games of pair q left of y - n p, y their points: the fit has moved
 * by A^-1 of them, so with w = n p (1 - p), v the variance of y, h of A^-1 and
 * s of A^-1 B A^-1 across the pair, its variance is v - 2 w v h + w^2 s.
 */
static struct fit_residual residual_of(const struct fit_pair *q,
				       const struct inverse_edge *e,
				       struct dual across, double d)
{
	double n = games_of(q), p = exp(log_score(d));
	double y = q->wins + 0.5 * q->draws, v = e->weight - e->less;
	double left = v - 2 * e->weight * v * across.value +
		      e->weight * e->weight * sandwich(across);
	bool known = n >= FIT_RESIDUAL_GAMES && v >= 1 && left > 0.1 * v;

	return (struct fit_residual){
		.expected = p,
		.score = n > 0 ? y / n : (double)NAN,
		.elo = d * unit,
		.direct = stat_elo_from_score((y + 0.25) / (n + 0.5)),
		.deviations = known ? (y - n * p) / sqrt(left) : (double)NAN,
	};
}

/* Intervals and residuals, at the top x. */
static bool measure(struct fit *f, const struct fit_pair *pairs,
		    const double *x)
{
	struct fit_solver *s = f->solver;
	double shift = 1 / (f->count * prior_precision());

	curve(s, pairs, f->pair_count, x);
	for (int k = 0; k < f->pair_count; k++)
		s->edges[k].less = less_variance(&pairs[k], s->edges[k].weight,
						 x[pairs[k].i] - x[pairs[k].j]);
	s->inverse = inverse_new(f->count, prior_precision(), s->edges,
				 f->pair_count, s->goes_on, s->ctx);
	for (int i = 0; i < f->count && s->inverse; i++) {
		struct dual own = inverse_at(s->inverse, i);

		own.value -= shift;
		s->variance[i] = sandwich(own);
		f->spread[i] = normal_95 * unit * sqrt(s->variance[i]);
	}
	for (int k = 0; k < f->pair_count && s->inverse; k++)
		f->residuals[k] = residual_of(
			&pairs[k], &s->edges[k],
			inverse_across(s->inverse, pairs[k].i, pairs[k].j),
			x[pairs[k].i] - x[pairs[k].j]);
	return s->inverse != NULL;
}

/* out[players] <- A^-1 B A^-1 b, where b sums to 0. */
static void spread_out(const struct fit *f, const double *b, double *out)
{
	struct fit_solver *s = f->solver;
	size_t n = (size_t)f->count;
	double *less = mem_zalloc(n, sizeof(*less));
	double *more = mem_zalloc(n, sizeof(*more));
	bool done;

	done = laplacian_solve(&s->equations, b, fine, out, NULL, NULL);
	for (int k = 0; k < f->pair_count; k++) {
		const struct inverse_edge *e = &s->edges[k];
		double d = e->less * (out[e->i] - out[e->j]);

		less[e->i] += d;
		less[e->j] -= d;
	}
	done &= laplacian_solve(&s->equations, less, fine, more, NULL, NULL);
	assert(done);
	for (size_t i = 0; i < n; i++)
		out[i] -= more[i];
	free(less);
	free(more);
}

double fit_variance(const struct fit *f, int i, int j)
{
	assert(i >= 0 && i < f->count && j >= 0 && j < f->count);
	return i == j ? 0
		      : unit * unit *
				sandwich(inverse_across(f->solver->inverse, i,
							j));
}

static int root_of(int *parent, int i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

/* Who met whom, directly or through others. */
static void find_links(struct fit *f, int base)
{
	int *parent = mem_alloc((size_t)f->count * sizeof(*parent));
	int root;

	for (int i = 0; i < f->count; i++)
		parent[i] = i;
	for (int k = 0; k < f->pair_count; k++) {
		const struct inverse_edge *e = &f->solver->edges[k];
		int one = root_of(parent, e->i), two = root_of(parent, e->j);

		if (!isnan(f->residuals[k].score))
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

/* low and high: of the difference to the anchor. */
static void compare_with(struct fit *f, int anchor)
{
	size_t n = (size_t)f->count;
	double *b = mem_alloc(n * sizeof(*b)), *column;
	const double *own = f->solver->variance;

	column = mem_zalloc(n, sizeof(*column));
	for (size_t i = 0; i < n; i++)
		b[i] = -1 / (double)n;
	b[anchor] += 1;
	spread_out(f, b, column);
	for (int i = 0; i < f->count; i++) {
		double variance = fmax(own[i] + own[anchor] - 2 * column[i], 0);
		double half =
			i == anchor ? 0 : normal_95 * unit * sqrt(variance);

		f->low[i] = f->elo[i] - half;
		f->high[i] = f->elo[i] + half;
	}
	free(b);
	free(column);
}

void fit_anchor(struct fit *f, int anchor)
{
	double zero = anchor == FIT_NO_ANCHOR ? f->mean : f->elo[anchor];

	assert(anchor == FIT_NO_ANCHOR || (anchor >= 0 && anchor < f->count));
	f->anchor = anchor;
	for (int i = 0; i < f->count; i++) {
		f->elo[i] -= zero;
		f->low[i] = f->elo[i] - f->spread[i];
		f->high[i] = f->elo[i] + f->spread[i];
	}
	f->mean -= zero;
	if (anchor != FIT_NO_ANCHOR)
		compare_with(f, anchor);
	find_links(f, anchor == FIT_NO_ANCHOR ? 0 : anchor);
}

static void make_solver(struct fit *f, const struct fit_pair *pairs)
{
	struct fit_solver *s = mem_zalloc(1, sizeof(*s));
	size_t n = (size_t)f->count;

	s->edges = mem_zalloc((size_t)f->pair_count + 1, sizeof(*s->edges));
	for (int k = 0; k < f->pair_count; k++)
		s->edges[k] =
			(struct inverse_edge){.i = pairs[k].i, .j = pairs[k].j};
	laplacian_init(&s->equations, f->count, prior_precision(), s->edges,
		       f->pair_count);
	s->variance = mem_zalloc(n, sizeof(double));
	f->solver = s;
}

bool fit_try(struct fit *f, int players, const struct fit_pair *pairs,
	     int pair_count, int anchor, bool (*goes_on)(void *ctx), void *ctx)
{
	size_t n = (size_t)players;
	double middle;

	assert(players >= 1);
	*f = (struct fit){
		.count = players,
		.pair_count = pair_count,
		.elo = mem_zalloc(n, sizeof(double)),
		.low = mem_zalloc(n, sizeof(double)),
		.high = mem_zalloc(n, sizeof(double)),
		.spread = mem_zalloc(n, sizeof(double)),
		.games = mem_zalloc(n, sizeof(double)),
		.points = mem_zalloc(n, sizeof(double)),
		.linked = mem_zalloc(n, sizeof(bool)),
		.order = mem_zalloc(n, sizeof(int)),
		.residuals = mem_zalloc((size_t)pair_count + 1,
					sizeof(*f->residuals)),
	};
	count_games(f, pairs, pair_count);
	make_solver(f, pairs);
	f->solver->goes_on = goes_on;
	f->solver->ctx = ctx;
	if (!maximise(f, pairs, f->elo)) {
		fit_release(f);
		return false;
	}
	rank(f);
	if (!measure(f, pairs, f->elo)) {
		fit_release(f);
		return false;
	}
	middle = mean_of(f->elo, players);
	for (int i = 0; i < players; i++)
		f->elo[i] = (f->elo[i] - middle) * unit;
	fit_anchor(f, anchor);
	return true;
}

void fit_init(struct fit *f, int players, const struct fit_pair *pairs,
	      int pair_count, int anchor)
{
	bool done = fit_try(f, players, pairs, pair_count, anchor, NULL, NULL);

	assert(done);
	(void)done;
}

void fit_release(struct fit *f)
{
	struct fit_solver *s = f->solver;

	if (s) {
		laplacian_release(&s->equations);
		free(s->edges);
		free(s->variance);
		inverse_free(s->inverse);
		free(s);
	}
	free(f->elo);
	free(f->low);
	free(f->high);
	free(f->spread);
	free(f->games);
	free(f->points);
	free(f->linked);
	free(f->order);
	free(f->residuals);
	memset(f, 0, sizeof(*f));
}

double fit_superiority(const struct fit *f, int i, int j)
{
	double variance = fit_variance(f, i, j);
	double difference = f->elo[i] - f->elo[j];

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
