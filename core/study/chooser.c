/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/chooser.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"

enum { N = CHOOSER_SEES };

void chooser_init(struct chooser *c, double spread)
{
	memset(c, 0, sizeof(*c));
	c->spread = spread;
	for (int a = 0; a < CHOOSER_ARMS; a++)
		for (int i = 0; i < N; i++)
			c->precision[a][i][i] = 1;
}

/* The lower triangle l of a = l l^T. */
static void factor(const double a[N][N], double l[N][N])
{
	for (int i = 0; i < N; i++)
		for (int k = 0; k <= i; k++) {
			double sum = a[i][k];

			for (int j = 0; j < k; j++)
				sum -= l[i][j] * l[k][j];
			l[i][k] = i == k ? sqrt(sum) : sum / l[k][k];
		}
}

/* x <- l^-1 x */
static void forward(const double l[N][N], double *x)
{
	for (int i = 0; i < N; i++) {
		for (int k = 0; k < i; k++)
			x[i] -= l[i][k] * x[k];
		x[i] /= l[i][i];
	}
}

/* x <- l^-T x */
static void backward(const double l[N][N], double *x)
{
	for (int i = N - 1; i >= 0; i--) {
		for (int k = i + 1; k < N; k++)
			x[i] -= l[k][i] * x[k];
		x[i] /= l[i][i];
	}
}

/* Weights drawn from N(A^-1 b, spread^2 A^-1): the mean by both halves of A =
 * l l^T, the noise by one. */
static void draw(const struct chooser *c, int arm, struct rng *r, double *w)
{
	double l[N][N] = {{0}}, noise[N];

	factor(c->precision[arm], l);
	memcpy(w, c->sum[arm], sizeof(c->sum[arm]));
	forward(l, w);
	backward(l, w);
	if (c->spread <= 0)
		return;
	for (int i = 0; i < N; i++)
		noise[i] = c->spread * (double)rng_normal(r);
	backward(l, noise);
	for (int i = 0; i < N; i++)
		w[i] += noise[i];
}

int chooser_pick(const struct chooser *c, const double *seen, struct rng *r)
{
	double worth[CHOOSER_ARMS] = {0};

	for (int a = 0; a < CHOOSER_ARMS; a++) {
		double w[N];

		draw(c, a, r, w);
		for (int i = 0; i < N; i++)
			worth[a] += w[i] * seen[i];
	}
	return worth[1] > worth[0];
}

void chooser_learn(struct chooser *c, const double *seen, int arm,
		   double reward)
{
	for (int i = 0; i < N; i++) {
		for (int k = 0; k < N; k++)
			c->precision[arm][i][k] += seen[i] * seen[k];
		c->sum[arm][i] += reward * seen[i];
	}
}
