/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/outlook.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/rate/curve.h"

/* A line y = a + b x by least squares. */
struct line {
	double mean_x, mean_y, slope, spread; /* spread: of x, in all */
	double rest;                          /* sum of squares that is left */
	int n;
};

static struct line fit(const double *x, const double *y, int n)
{
	struct line l = {.n = n};
	double xy = 0;

	for (int i = 0; i < n; i++) {
		l.mean_x += x[i] / n;
		l.mean_y += y[i] / n;
	}
	for (int i = 0; i < n; i++) {
		l.spread += pow(x[i] - l.mean_x, 2);
		xy += (x[i] - l.mean_x) * (y[i] - l.mean_y);
	}
	l.slope = l.spread > 0 ? xy / l.spread : 0;
	for (int i = 0; i < n; i++)
		l.rest += pow(y[i] - l.mean_y - l.slope * (x[i] - l.mean_x), 2);
	return l;
}

static struct outlook say(const struct line *l, double x)
{
	double at = x - l->mean_x,
	       variance = l->n > 2 ? l->rest / (l->n - 2) : 0;
	double lever = l->spread > 0 ? at * at / l->spread : 0;

	return (struct outlook){
		.mean = l->mean_y + l->slope * at,
		.sd = sqrt(variance * (1 + 1.0 / l->n + lever)),
	};
}

struct outlook outlook_same(const struct curve_point *p, int count,
			    double games)
{
	double rate = 0, time = 0;

	assert(count >= 3);
	for (int i = 1; i < count; i++) {
		rate += pow(p[i].elo - p[i - 1].elo, 2);
		time += log(p[i].games / p[i - 1].games);
	}
	return (struct outlook){
		.mean = p[count - 1].elo,
		.sd = time > 0 ? sqrt(rate / time *
				      log(games / p[count - 1].games))
			       : 0,
	};
}

struct outlook outlook_line(const struct curve_point *p, int count, int last,
			    double games)
{
	int n = last < count ? last : count;
	double *x = mem_zalloc((size_t)n, sizeof(*x));
	double *y = mem_zalloc((size_t)n, sizeof(*y));
	struct outlook o;
	struct line l;

	assert(n >= 3);
	for (int i = 0; i < n; i++) {
		x[i] = log(p[count - n + i].games);
		y[i] = p[count - n + i].elo;
	}
	l = fit(x, y, n);
	o = say(&l, log(games));
	free(x);
	free(y);
	return o;
}

struct outlook outlook_power(const struct curve_point *p, int count,
			     double games)
{
	enum { GRID = 48 };
	double *x = mem_zalloc((size_t)count, sizeof(*x));
	double *y = mem_zalloc((size_t)count, sizeof(*y));
	double log_p[GRID], top = -HUGE_VAL, sum = 0, mean = 0, square = 0;
	struct outlook o[GRID];

	assert(count >= 3);
	for (int i = 0; i < count; i++)
		y[i] = p[i].elo;
	for (int k = 0; k < GRID; k++) {
		/* From all but a line over the logarithm to nearly a step. */
		double b = 0.05 * pow(40, (double)k / (GRID - 1));
		struct line l;

		for (int i = 0; i < count; i++)
			x[i] = -pow(p[i].games / p[count - 1].games, -b);
		l = fit(x, y, count);
		o[k] = say(&l, -pow(games / p[count - 1].games, -b));
		log_p[k] = -0.5 * count * log(fmax(l.rest, 1e-9));
		top = fmax(top, log_p[k]);
	}
	for (int k = 0; k < GRID; k++) {
		double share = exp(log_p[k] - top);

		sum += share;
		mean += share * o[k].mean;
		square += share * (pow(o[k].sd, 2) + pow(o[k].mean, 2));
	}
	free(x);
	free(y);
	mean /= sum;
	return (struct outlook){
		.mean = mean,
		.sd = sqrt(fmax(square / sum - mean * mean, 0)),
	};
}

struct outlook outlook_kin(const double *slope, const double *gain, int count,
			   double rise)
{
	struct line l = fit(slope, gain, count);

	assert(count >= 3);
	return say(&l, rise);
}
