/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/laplacian.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

void laplacian_init(struct laplacian *l, int n, double ridge,
		    const struct inverse_edge *edges, int count)
{
	size_t size = (size_t)n, ends = 2 * (size_t)count + 1;
	int *next = mem_zalloc(size + 1, sizeof(*next));

	*l = (struct laplacian){
		.n = n,
		.ridge = ridge,
		.begin = mem_zalloc(size + 1, sizeof(int)),
		.to = mem_alloc(ends * sizeof(int)),
		.edge = mem_alloc(ends * sizeof(int)),
		.weight = mem_zalloc(ends, sizeof(double)),
		.diagonal = mem_zalloc(size, sizeof(double)),
		.work = mem_zalloc(3 * size, sizeof(double)),
	};
	for (int k = 0; k < count; k++) {
		l->begin[edges[k].i + 1]++;
		l->begin[edges[k].j + 1]++;
	}
	for (int i = 0; i < n; i++)
		l->begin[i + 1] += l->begin[i];
	memcpy(next, l->begin, size * sizeof(*next));
	for (int k = 0; k < count; k++) {
		int at = next[edges[k].i]++, other = next[edges[k].j]++;

		l->to[at] = edges[k].j;
		l->to[other] = edges[k].i;
		l->edge[at] = l->edge[other] = k;
	}
	free(next);
	laplacian_weigh(l, edges);
}

void laplacian_release(struct laplacian *l)
{
	free(l->begin);
	free(l->to);
	free(l->edge);
	free(l->weight);
	free(l->diagonal);
	free(l->work);
	memset(l, 0, sizeof(*l));
}

void laplacian_weigh(struct laplacian *l, const struct inverse_edge *edges)
{
	for (int i = 0; i < l->n; i++) {
		l->diagonal[i] = l->ridge;
		for (int k = l->begin[i]; k < l->begin[i + 1]; k++) {
			l->weight[k] = edges[l->edge[k]].weight;
			l->diagonal[i] += l->weight[k];
		}
	}
}

static void multiply(const struct laplacian *l, const double *x, double *y)
{
	for (int i = 0; i < l->n; i++) {
		double sum = l->diagonal[i] * x[i];

		for (int k = l->begin[i]; k < l->begin[i + 1]; k++)
			sum -= l->weight[k] * x[l->to[k]];
		y[i] = sum;
	}
}

static double dot(const double *a, const double *b, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* r' r / diagonal */
static double scaled(const struct laplacian *l, const double *r)
{
	double sum = 0;

	for (int i = 0; i < l->n; i++)
		sum += r[i] * r[i] / l->diagonal[i];
	return sum;
}

bool laplacian_solve(const struct laplacian *l, const double *b,
		     double tolerance, double *x, bool (*goes_on)(void *ctx),
		     void *ctx)
{
	int n = l->n;
	double *r = l->work, *p = r + n, *q = p + n;
	double rho = 0, enough = tolerance * sqrt(dot(b, b, n));

	memset(x, 0, (size_t)n * sizeof(*x));
	memcpy(r, b, (size_t)n * sizeof(*r));
	memset(p, 0, (size_t)n * sizeof(*p));
	/* Exact after n rounds but for rounding, which may take as many more.
	 */
	for (int k = 0; k < 4 * n + 100; k++) {
		double before = rho, share, length;

		if (sqrt(dot(r, r, n)) <= enough)
			break;
		if (goes_on && !goes_on(ctx))
			return false;
		rho = scaled(l, r);
		share = k ? rho / before : 0;
		for (int i = 0; i < n; i++)
			p[i] = r[i] / l->diagonal[i] + share * p[i];
		multiply(l, p, q);
		length = rho / dot(p, q, n);
		for (int i = 0; i < n; i++) {
			x[i] += length * p[i];
			r[i] -= length * q[i];
		}
	}
	return true;
}
