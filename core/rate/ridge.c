/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/ridge.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* Means, and 1 over the standard deviations; 0 of a constant. */
static void scale(int samples, int n, const float *x, double *mean, double *by)
{
	for (int f = 0; f < n; f++) {
		double sum = 0, squares = 0, v;

		for (int s = 0; s < samples; s++)
			sum += (double)x[(size_t)s * (size_t)n + f];
		mean[f] = sum / samples;
		for (int s = 0; s < samples; s++) {
			v = (double)x[(size_t)s * (size_t)n + f] - mean[f];
			squares += v * v;
		}
		v = sqrt(squares / samples);
		by[f] = v > 1e-9 ? 1 / v : 0;
	}
}

/* The lower half of a(n, n), positive definite, becomes its factor. */
static void factor(int n, double *a)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++) {
			double sum = a[i * n + j];

			for (int k = 0; k < j; k++)
				sum -= a[i * n + k] * a[j * n + k];
			a[i * n + j] = i == j ? sqrt(sum) : sum / a[j * n + j];
		}
}

static void solve(int n, const double *l, double *b)
{
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < i; k++)
			b[i] -= l[i * n + k] * b[k];
		b[i] /= l[i * n + i];
	}
	for (int i = n - 1; i >= 0; i--) {
		for (int k = i + 1; k < n; k++)
			b[i] -= l[k * n + i] * b[k];
		b[i] /= l[i * n + i];
	}
}

void ridge_fit(struct ridge *r, int samples, int features, const float *x,
	       const double *y, double ridge)
{
	int n = features;
	size_t size = (size_t)n;
	double *a = mem_zalloc(size * size, sizeof(*a));
	double *mean = mem_zalloc(size, sizeof(*mean));
	double *by = mem_zalloc(size, sizeof(*by));
	double *row = mem_zalloc(size, sizeof(*row)), middle = 0;

	assert(samples >= 2 && features > 0 && ridge > 0);
	r->features = n;
	r->weight = mem_zalloc(size, sizeof(*r->weight));
	scale(samples, n, x, mean, by);
	for (int s = 0; s < samples; s++)
		middle += y[s] / samples;
	for (int s = 0; s < samples; s++) {
		for (int f = 0; f < n; f++)
			row[f] = ((double)x[(size_t)s * size + f] - mean[f]) *
				 by[f];
		for (int f = 0; f < n; f++) {
			r->weight[f] += row[f] * (y[s] - middle);
			for (int g = 0; g <= f; g++)
				a[f * n + g] += row[f] * row[g];
		}
	}
	for (int f = 0; f < n; f++)
		a[f * n + f] += ridge * samples;
	factor(n, a);
	solve(n, a, r->weight);
	r->constant = middle;
	for (int f = 0; f < n; f++) {
		r->weight[f] *= by[f];
		r->constant -= r->weight[f] * mean[f];
	}
	free(a);
	free(mean);
	free(by);
	free(row);
}

void ridge_release(struct ridge *r)
{
	free(r->weight);
	r->weight = NULL;
}

double ridge_say(const struct ridge *r, const float *x)
{
	double sum = r->constant;

	for (int f = 0; f < r->features; f++)
		sum += r->weight[f] * (double)x[f];
	return sum;
}
