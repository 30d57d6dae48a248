/* SPDX-License-Identifier: MIT */
/* Optimisers against their formulas, worked by hand or in double. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/net/optim.h"

enum { N = 700 }; /* more than one block of the norm's sum */

static void fill(struct rng *r, float *p, float scale)
{
	for (int i = 0; i < N; i++)
		p[i] = scale * rng_normal(r);
}

static void assert_near(float got, double right)
{
	if (fabs((double)got - right) > 1e-5 * (1 + fabs(right)))
		fail_msg("%.9g, not %.9g", (double)got, right);
}

static void masks(float *decay, float *learn)
{
	for (int i = 0; i < N; i++) {
		decay[i] = i % 2 ? 1.0f : 0.0f;
		learn[i] = i % 5 ? 1.0f : 0.0f;
	}
}

/* v = 0.9 v + g + d w; w = w - rate v, two steps by hand on one number:
 * v1 = 0.5 + 0.1 * 2 = 0.7, w1 = 2 - 0.1 * 0.7 = 1.93,
 * v2 = 0.63 + 0.5 + 0.193 = 1.323, w2 = 1.93 - 0.1323 = 1.7977. */
static void test_sgd_by_hand(void **state)
{
	const struct optim_config c = {
		.kind = OPTIM_SGD, .momentum = 0.9f, .weight_decay = 0.1f};
	float w = 2, g = 0.5f, v = 0, one = 1;

	(void)state;
	assert_int_equal(optim_state_count(&c, 1), 1);
	assert_near((float)optim_step(&c, 1, &w, &g, &v, &one, &one, 0.1f, 1),
		    0.5);
	assert_near(w, 1.93);
	g = 0.5f;
	optim_step(&c, 1, &w, &g, &v, &one, &one, 0.1f, 2);
	assert_near(v, 1.323);
	assert_near(w, 1.7977);
}

/* First step: mhat = g, vhat = g^2, so w moves by rate (sign g + d w). */
static void test_adamw_by_hand(void **state)
{
	const struct optim_config c = {.kind = OPTIM_ADAMW,
				       .beta1 = 0.9f,
				       .beta2 = 0.999f,
				       .epsilon = 1e-8f,
				       .weight_decay = 0.01f};
	float w = 2, g = -0.25f, s[2] = {0}, one = 1;

	(void)state;
	assert_int_equal(optim_state_count(&c, 1), 2);
	optim_step(&c, 1, &w, &g, s, &one, &one, 0.1f, 1);
	assert_near(w, 2 - 0.1 * (-1 + 0.02));
	assert_near(s[0], -0.025);
	assert_near(s[1] * 1000, 0.0625);
}

static void test_many_steps(void **state)
{
	const struct optim_config all[] = {
		{.kind = OPTIM_SGD,
		 .momentum = 0.9f,
		 .weight_decay = 0.02f,
		 .clip = 3},
		{.kind = OPTIM_ADAMW,
		 .beta1 = 0.9f,
		 .beta2 = 0.99f,
		 .epsilon = 1e-6f,
		 .weight_decay = 0.02f,
		 .clip = 3},
	};

	(void)state;
	for (int k = 0; k < 2; k++) {
		const struct optim_config *c = &all[k];
		static float w[N], g[N], s[2 * N], decay[N], learn[N];
		static double dw[N], m[N], v[N];
		const double rate = 0.05;
		struct rng r;

		rng_init(&r, 2, RNG_TEST, 0, 0);
		memset(s, 0, sizeof(s));
		memset(m, 0, sizeof(m));
		memset(v, 0, sizeof(v));
		masks(decay, learn);
		fill(&r, w, 1);
		for (int i = 0; i < N; i++)
			dw[i] = (double)w[i];
		for (int step = 1; step <= 5; step++) {
			double norm = 0, got, scale;

			/* Small, then large enough to be clipped. */
			fill(&r, g, step < 3 ? 0.01f : 1);
			for (int i = 0; i < N; i++)
				norm += (double)(g[i] * g[i] * learn[i]);
			norm = sqrt(norm);
			scale = norm > 3 ? 3 / norm : 1;
			for (int i = 0; i < N; i++) {
				double d = (double)g[i] * scale;
				double b1 = (double)c->beta1;
				double b2 = (double)c->beta2;
				double pull = (double)c->weight_decay *
					      (double)decay[i] * dw[i];

				if (learn[i] == 0)
					continue;
				if (c->kind == OPTIM_SGD) {
					m[i] = (double)c->momentum * m[i] + d +
					       pull;
					dw[i] -= rate * m[i];
					continue;
				}
				m[i] = b1 * m[i] + (1 - b1) * d;
				v[i] = b2 * v[i] + (1 - b2) * d * d;
				dw[i] -= rate *
					 (m[i] / (1 - pow(b1, step)) /
						  (sqrt(v[i] /
							(1 - pow(b2, step))) +
						   (double)c->epsilon) +
					  pull);
			}
			got = optim_step(c, N, w, g, s, decay, learn,
					 (float)rate, step);
			assert_near((float)got, norm);
			for (int i = 0; i < N; i++)
				assert_near(w[i], dw[i]);
		}
	}
}

static void test_frozen_stay(void **state)
{
	const struct optim_config c = {
		.kind = OPTIM_SGD, .momentum = 0.9f, .weight_decay = 1};
	float w[2] = {3, 3}, g[2] = {1, 1}, s[2] = {0};
	const float decay[2] = {1, 1}, learn[2] = {0, 1};

	(void)state;
	optim_step(&c, 2, w, g, s, decay, learn, 0.1f, 1);
	assert_true(w[0] == 3 && s[0] == 0);
	assert_true(w[1] < 3);
}

static void test_average(void **state)
{
	float average[2] = {1, 2};
	const float params[2] = {3, 2};

	(void)state;
	optim_average(2, average, params, 0.25f);
	assert_near(average[0], 1.5);
	assert_near(average[1], 2);
	optim_average(2, average, params, 1);
	assert_near(average[0], 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sgd_by_hand),
		cmocka_unit_test(test_adamw_by_hand),
		cmocka_unit_test(test_many_steps),
		cmocka_unit_test(test_frozen_stay),
		cmocka_unit_test(test_average),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
