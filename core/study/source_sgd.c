/* SPDX-License-Identifier: MIT */
/* Learners of the hidden linear function: a step of gradient descent after each
 * answer (Widrow and Hoff 1960), and ridge regression on all answers so far. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_regression.h"
#include "core/study/source.h"

enum { N = REGRESSION_INPUTS };
static const float RATE = 0.5f;
/* Variance of the noise over that of a weight, and of the levels'. */
static const double RIDGE = 0.0134;

struct mind {
	float w[N];
};

static void begin(void *mind, const void *task)
{
	(void)task;
	memset(mind, 0, sizeof(struct mind));
}

static float expects(const float *w, const uint8_t *look)
{
	float y = 0;

	for (int i = 0; i < N; i++)
		y += w[i] * regression_input(look, i);
	return y;
}

static int act(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct mind *m = mind;

	(void)r;
	return regression_level(expects(m->w, look));
}

static void told(void *mind, const struct env_step *seen, bool done,
		 struct rng *r)
{
	struct mind *m = mind;
	float miss = regression_value(seen->reward) - expects(m->w, seen->look);

	(void)done, (void)r;
	for (int i = 0; i < N; i++)
		m->w[i] += RATE * miss * regression_input(seen->look, i);
}

const struct source source_sgd = {
	.name = "sgd",
	.what = "one step of gradient descent an answer, rate 0.5",
	.env = &env_regression,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = act,
	.told = told,
};

/* --- ridge regression ------------------------------------------------------
 */

/* Normal equations A w = b, and their solution. */
struct ridge {
	double a[N][N], b[N];
	float w[N];
};

static void begin_ridge(void *mind, const void *task)
{
	struct ridge *m = mind;

	(void)task;
	memset(m, 0, sizeof(*m));
	for (int i = 0; i < N; i++)
		m->a[i][i] = RIDGE;
}

/* Elimination without pivots: A is positive definite. */
static void solve(struct ridge *m)
{
	double a[N][N], b[N];

	memcpy(a, m->a, sizeof(a));
	memcpy(b, m->b, sizeof(b));
	for (int k = 0; k < N; k++)
		for (int i = k + 1; i < N; i++) {
			double f = a[i][k] / a[k][k];

			for (int j = k; j < N; j++)
				a[i][j] -= f * a[k][j];
			b[i] -= f * b[k];
		}
	for (int i = N - 1; i >= 0; i--) {
		for (int j = i + 1; j < N; j++)
			b[i] -= a[i][j] * b[j];
		b[i] /= a[i][i];
		m->w[i] = (float)b[i];
	}
}

static int act_ridge(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct ridge *m = mind;

	(void)r;
	return regression_level(expects(m->w, look));
}

static void told_ridge(void *mind, const struct env_step *seen, bool done,
		       struct rng *r)
{
	struct ridge *m = mind;
	double y = (double)regression_value(seen->reward);

	(void)done, (void)r;
	for (int i = 0; i < N; i++) {
		double x = (double)regression_input(seen->look, i);

		for (int j = 0; j < N; j++)
			m->a[i][j] +=
				x * (double)regression_input(seen->look, j);
		m->b[i] += x * y;
	}
	solve(m);
}

const struct source source_ridge = {
	.name = "ridge",
	.what = "ridge regression on all answers so far",
	.env = &env_regression,
	.mind_size = sizeof(struct ridge),
	.begin = begin_ridge,
	.act = act_ridge,
	.told = told_ridge,
};
