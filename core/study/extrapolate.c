/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/extrapolate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

static double time_at(const struct weight_path *p, int i)
{
	return p->t ? p->t[i] : i;
}

void extrapolate_linear(const struct weight_path *p, int back, double strength,
			float *out)
{
	const float *now = p->w[p->count - 1];
	const float *then = p->w[p->count - 1 - back];

	assert(back >= 0 && back < p->count);
	for (size_t i = 0; i < p->n; i++)
		out[i] = (float)((double)now[i] +
				 strength * ((double)now[i] - (double)then[i]));
}

void extrapolate_mean(const struct weight_path *p, int last, float *out)
{
	assert(last >= 1 && last <= p->count);
	for (size_t i = 0; i < p->n; i++) {
		double sum = 0;

		for (int k = p->count - last; k < p->count; k++)
			sum += (double)p->w[k][i];
		out[i] = (float)(sum / last);
	}
}

/* --- one direction ------------------------------------------------------- */

/* Rounds of the power method: its error falls by the ratio of the first two
 * eigenvalues in each, and the first has nearly all. */
enum { ROUNDS = 200 };

/* gram(m, m): products of the path's points, each less the first of them. */
static double *gram_of(const struct weight_path *p, int first, int m)
{
	double *gram = mem_zalloc((size_t)m * (size_t)m, sizeof(*gram));
	const float *zero = p->w[first];

	for (int a = 0; a < m; a++)
		for (int b = 0; b <= a; b++) {
			const float *x = p->w[first + a], *y = p->w[first + b];
			double sum = 0;

			for (size_t i = 0; i < p->n; i++)
				sum += ((double)x[i] - (double)zero[i]) *
				       ((double)y[i] - (double)zero[i]);
			gram[a * m + b] = gram[b * m + a] = sum;
		}
	return gram;
}

/* The first eigenvector into u[m], of length 1; returns its value. */
static double first_eigenvector(const double *gram, int m, double *u)
{
	double *next = mem_zalloc((size_t)m, sizeof(*next));
	double value = 0;

	/* The longest point has a part of it. */
	for (int a = 0; a < m; a++)
		u[a] = gram[a * m + m - 1];
	for (int round = 0; round <= ROUNDS; round++) {
		double norm = 0;

		for (int a = 0; a < m; a++)
			norm += u[a] * u[a];
		value = sqrt(norm);
		if (value <= 0)
			break;
		for (int a = 0; a < m; a++)
			u[a] /= value;
		if (round == ROUNDS)
			break;
		for (int a = 0; a < m; a++) {
			next[a] = 0;
			for (int b = 0; b < m; b++)
				next[a] += gram[a * m + b] * u[b];
		}
		memcpy(u, next, (size_t)m * sizeof(*u));
	}
	free(next);
	return value;
}

/* The slope of y[m] over the path's times, by least squares. */
static double slope(const struct weight_path *p, int first, int m,
		    const double *y)
{
	double t = 0, mean = 0, up = 0, down = 0;

	for (int i = 0; i < m; i++) {
		t += time_at(p, first + i) / m;
		mean += y[i] / m;
	}
	for (int i = 0; i < m; i++) {
		double d = time_at(p, first + i) - t;

		up += d * (y[i] - mean);
		down += d * d;
	}
	return down > 0 ? up / down : 0;
}

double extrapolate_rank1(const struct weight_path *p, int fit, double ahead,
			 float *out)
{
	int m = fit, first = p->count - m;
	double *gram, *u, value, all = 0, step;

	assert(m >= 2 && m <= p->count);
	gram = gram_of(p, first, m);
	u = mem_zalloc((size_t)m, sizeof(*u));
	for (int a = 0; a < m; a++)
		all += gram[a * m + a];
	value = first_eigenvector(gram, m, u);
	memcpy(out, p->w[p->count - 1], p->n * sizeof(*out));
	if (value > 0) {
		/* v = sum over a of u[a] (w[a] - w[first]) / sqrt(value), and
		 * point a is sqrt(value) u[a] along it: the step along v is
		 * slope(u) ahead sqrt(value), and the roots cancel. */
		step = slope(p, first, m, u) * ahead;
		for (size_t i = 0; i < p->n; i++) {
			double v = 0;

			for (int a = 0; a < m; a++)
				v += u[a] * ((double)p->w[first + a][i] -
					     (double)p->w[first][i]);
			out[i] = (float)((double)out[i] + step * v);
		}
	}
	free(gram);
	free(u);
	return all > 0 ? value / all : 0;
}
