/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/inverse.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/*
 * Blocks of BLOCK rows are swept one after another (Beaton's sweep operator on
 * blocks): with P the inverse of the block K on the diagonal,
 *
 *	A_ij -= A_iK P A_Kj,   A_iK <- A_iK P,   A_KK <- -P,
 *
 * which keeps A symmetric, so that half of it does, and ends at -A^-1.  With a
 * slope, each product has its own: (X Y)' = X' Y + X Y'.
 */
enum { BLOCK = 32, HIGH = 4, WIDE = 4 };

typedef double pair __attribute__((vector_size(16)));
typedef double near_pair
	__attribute__((vector_size(16), aligned(8), may_alias));

struct sweep {
	size_t m, padded; /* rows; and up to a whole number of tiles */
	double *x[2];     /* (padded, BLOCK): the columns of the block */
	double *y[2];     /* (BLOCK, padded): those times P, turned */
	double p[2][BLOCK * BLOCK];
};

/* c(HIGH, WIDE) -= x(HIGH, BLOCK) y(BLOCK, WIDE) */
static void subtract_tile(const double *x, const double *y, size_t stride,
			  double c[HIGH][WIDE])
{
	pair sum[HIGH][2] = {{{0, 0}}};

	for (int k = 0; k < BLOCK; k++) {
		pair a = *(const near_pair *)(y + (size_t)k * stride);
		pair b = *(const near_pair *)(y + (size_t)k * stride + 2);

#pragma GCC unroll 4
		for (int r = 0; r < HIGH; r++) {
			double f = x[r * BLOCK + k];
			pair both = {f, f};

			sum[r][0] += both * a;
			sum[r][1] += both * b;
		}
	}
	for (int r = 0; r < HIGH; r++)
		for (int q = 0; q < WIDE; q++)
			c[r][q] -= sum[r][q / 2][q % 2];
}

/* The lower triangle of a(m, m) -= x y, and a little above it. */
static void subtract(const struct sweep *s, double *a, const double *x,
		     const double *y)
{
	for (size_t i = 0; i < s->m; i += HIGH) {
		size_t high = s->m - i < HIGH ? s->m - i : HIGH;

		for (size_t j = 0; j < i + high; j += WIDE) {
			size_t wide = s->m - j < WIDE ? s->m - j : WIDE;
			double c[HIGH][WIDE] = {{0}};

			for (size_t r = 0; r < high; r++)
				memcpy(c[r], a + (i + r) * s->m + j,
				       wide * sizeof(**c));
			subtract_tile(x + i * BLOCK, y + j, s->padded, c);
			for (size_t r = 0; r < high; r++)
				memcpy(a + (i + r) * s->m + j, c[r],
				       wide * sizeof(**c));
		}
	}
}

/* p <- its inverse, q <- -p^-1 q p^-1; (n, n) in rows of BLOCK, positive
 * definite. */
static void invert_block(int n, double *p, double *q)
{
	for (int k = 0; k < n; k++) {
		double d = p[k * BLOCK + k], e = q[k * BLOCK + k];
		double inv = 1 / d, slope = -e / (d * d);

		assert(d > 0);
		for (int i = 0; i < n; i++) {
			double f = p[i * BLOCK + k] * inv;
			double g = q[i * BLOCK + k] * inv +
				   p[i * BLOCK + k] * slope;

			if (i == k)
				continue;
			for (int j = 0; j < n; j++) {
				if (j == k)
					continue;
				p[i * BLOCK + j] -= f * p[k * BLOCK + j];
				q[i * BLOCK + j] -= f * q[k * BLOCK + j] +
						    g * p[k * BLOCK + j];
			}
			p[i * BLOCK + k] = -f;
			q[i * BLOCK + k] = -g;
		}
		for (int j = 0; j < n; j++) {
			if (j == k)
				continue;
			q[k * BLOCK + j] = q[k * BLOCK + j] * inv +
					   p[k * BLOCK + j] * slope;
			p[k * BLOCK + j] *= inv;
		}
		p[k * BLOCK + k] = inv;
		q[k * BLOCK + k] = slope;
	}
}

/* Entry (i, j) of a symmetric matrix of which there is the lower triangle. */
static double *entry(const struct sweep *s, double *a, size_t i, size_t j)
{
	return a + (i > j ? i * s->m + j : j * s->m + i);
}

/* Columns from..from+n of `a` into x; rest of the BLOCK is 0. */
static void take_columns(const struct sweep *s, double *a, size_t from,
			 size_t n, double *x)
{
	memset(x, 0, s->padded * BLOCK * sizeof(*x));
	for (size_t i = 0; i < s->m; i++)
		for (size_t k = 0; k < n; k++)
			x[i * BLOCK + k] = *entry(s, a, i, from + k);
}

/* y <- turned x p; the slope's share is added for the second of two. */
static void multiply(const struct sweep *s, const double *x, const double *p,
		     size_t n, bool add, double *y)
{
	if (!add)
		memset(y, 0, s->padded * BLOCK * sizeof(*y));
	for (size_t i = 0; i < s->m; i++) {
		double row[BLOCK] = {0};

		for (size_t k = 0; k < n; k++)
			for (size_t c = 0; c < BLOCK; c++)
				row[c] += x[i * BLOCK + k] * p[k * BLOCK + c];
		for (size_t c = 0; c < n; c++)
			y[c * s->padded + i] += row[c];
	}
}

/* What stands for the block itself is not subtracted from. */
static void clear_rows(double *x, size_t from, size_t n)
{
	memset(x + from * BLOCK, 0, n * BLOCK * sizeof(*x));
}

static void put_columns(const struct sweep *s, double *a, size_t from, size_t n,
			const double *y, const double *p)
{
	for (size_t i = 0; i < s->m; i++) {
		bool own = i >= from && i < from + n;

		for (size_t k = 0; k < n; k++)
			*entry(s, a, i, from + k) =
				own ? -p[(i - from) * BLOCK + k]
				    : y[k * s->padded + i];
	}
}

static void sweep_block(struct sweep *s, double *a[2], size_t from, bool flat)
{
	size_t n = s->m - from < BLOCK ? s->m - from : BLOCK;
	int parts = flat ? 1 : 2;

	memset(s->p, 0, sizeof(s->p));
	for (int t = 0; t < parts; t++) {
		take_columns(s, a[t], from, n, s->x[t]);
		memcpy(s->p[t], s->x[t] + from * BLOCK,
		       n * BLOCK * sizeof(**s->p));
		clear_rows(s->x[t], from, n);
	}
	invert_block((int)n, s->p[0], s->p[1]);
	multiply(s, s->x[0], s->p[0], n, false, s->y[0]);
	subtract(s, a[0], s->x[0], s->y[0]);
	if (!flat) {
		multiply(s, s->x[0], s->p[1], n, false, s->y[1]);
		multiply(s, s->x[1], s->p[0], n, true, s->y[1]);
		subtract(s, a[1], s->x[0], s->y[1]);
		subtract(s, a[1], s->x[1], s->y[0]);
	}
	for (int t = 0; t < 2 - flat; t++)
		put_columns(s, a[t], from, n, s->y[t], s->p[t]);
}

bool inverse_sweep(int m, double *a, double *slope, bool flat,
		   bool (*goes_on)(void *ctx), void *ctx)
{
	struct sweep s = {.m = (size_t)m};
	double *both[2] = {a, slope};
	bool going = true;

	s.padded = (s.m + HIGH - 1) / HIGH * HIGH;
	for (int t = 0; t < 2; t++) {
		s.x[t] = mem_zalloc(s.padded * BLOCK, sizeof(double));
		s.y[t] = mem_zalloc(s.padded * BLOCK, sizeof(double));
	}
	for (size_t from = 0; from < s.m && going; from += BLOCK) {
		going = !goes_on || goes_on(ctx);
		if (going)
			sweep_block(&s, both, from, flat);
	}
	for (int t = 0; t < 2; t++) {
		free(s.x[t]);
		free(s.y[t]);
	}
	return going;
}
