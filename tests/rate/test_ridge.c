/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/ridge.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/rng.h"

enum { SAMPLES = 400, FEATURES = 6 };

static float x[SAMPLES * FEATURES];
static double y[SAMPLES];

/* What is linear is found; a feature that says nothing is not, and one that is
 * constant does no harm. */
static void test_finds(void **state)
{
	static const double truth[FEATURES] = {2, -1, 0.5, 0, 0, 0};
	struct ridge r;
	struct rng rng;

	(void)state;
	rng_init(&rng, 1, RNG_TEST, 0, 0);
	for (int s = 0; s < SAMPLES; s++) {
		y[s] = 3;
		for (int f = 0; f < FEATURES; f++) {
			float v = 5 * (float)f +
				  (float)(f + 1) * rng_normal(&rng);

			x[s * FEATURES + f] = f == 5 ? 7 : v;
			y[s] += truth[f] * (double)x[s * FEATURES + f];
		}
	}
	ridge_fit(&r, SAMPLES, FEATURES, x, y, 1e-9);
	for (int f = 0; f < FEATURES; f++)
		assert_true(fabs(r.weight[f] - truth[f]) < 1e-6);
	assert_true(fabs(r.constant - 3) < 1e-4);
	assert_true(fabs(ridge_say(&r, x) - y[0]) < 1e-4);
	ridge_release(&r);
}

/* With scaled features that do not correlate, a ridge of 1 halves them. */
static void test_shrinks(void **state)
{
	struct ridge r;

	(void)state;
	for (int s = 0; s < 4; s++) {
		x[s * 2] = s & 1 ? 1 : -1;
		x[s * 2 + 1] = s & 2 ? 1 : -1;
		y[s] = 4 * (double)x[s * 2] + 10;
	}
	ridge_fit(&r, 4, 2, x, y, 1);
	assert_true(fabs(r.weight[0] - 2) < 1e-9);
	assert_true(fabs(r.weight[1]) < 1e-9);
	assert_true(fabs(r.constant - 10) < 1e-9);
	ridge_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds),
		cmocka_unit_test(test_shrinks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
