/* SPDX-License-Identifier: MIT */
/* The small worlds against plain ones written another way. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_code.h"
#include "core/study/env_regression.h"
#include "tests/study/near.h"

static void ranges_hold(const struct env *e, const struct env_step *before,
			const struct env_step *seen)
{
	float ids[2 * ENV_FIELDS + 3];

	assert_true(seen->number < e->steps);
	env_row(e, before, seen->look, seen->number, ids);
	for (int i = 0; i < e->fields; i++) {
		assert_in_range((uint64_t)ids[i], 0, e->field_size[i] - 1);
		assert_in_range((uint64_t)ids[e->fields + i], 0,
				e->field_size[i]);
		if (before)
			assert_int_equal((int)ids[e->fields + i],
					 before->shown[i]);
	}
	assert_in_range((uint64_t)ids[2 * e->fields], 0, e->actions);
	assert_in_range((uint64_t)ids[2 * e->fields + 1], 0, e->rewards);
}

/* Uniform play for many episodes: what is seen stays in its ranges, episodes
 * end, and gains are on average what uniform() says. */
static double play_uniformly(const struct env *e, const void *task,
			     int episodes, double *spread)
{
	struct rng r;
	double sum = 0, squares = 0;

	rng_init(&r, 5, RNG_TEST, 0, 0);
	for (int i = 0; i < episodes; i++) {
		union env_bytes world;
		struct env_step seen, before, next;
		struct env_result got = {0};
		double gain = 0;

		env_begin(e, task, &world, &r, &seen);
		for (int n = 0; !got.done; n++) {
			uint32_t legal = env_legal(e, seen.look);
			int a;

			ranges_hold(e, n ? &before : NULL, &seen);
			do
				a = (int)rng_below(&r, (uint32_t)e->actions);
			while (!(legal >> a & 1));
			seen.action = (uint8_t)a;
			got = env_act(e, task, &world, &r, &seen, &next);
			gain += got.gain;
			before = seen;
			seen = next;
		}
		sum += gain;
		squares += gain * gain;
	}
	*spread = sqrt((squares - sum * sum / episodes) / episodes / episodes);
	return sum / episodes;
}

static void test_uniform_play_is_as_said(void **state)
{
	(void)state;
	for (const struct env *const *e = env_table; *e; e++)
		for (int64_t number = 3; number < 80; number += 37) {
			union env_bytes task;
			double spread, mean;

			(*e)->task(number, &task);
			mean = play_uniformly(*e, &task, 20000, &spread);
			if (fabs(mean - (*e)->uniform(&task)) >
			    5 * spread + 1e-3)
				fail_msg("%s %d: uniform play gains %g, not %g",
					 (*e)->name, (int)number, mean,
					 (*e)->uniform(&task));
			assert_true((*e)->best(&task) >= (*e)->uniform(&task));
		}
}

static void test_each_context_is_asked_once(void **state)
{
	struct rng r;
	union env_bytes task, world;
	int orders = 0;

	(void)state;
	rng_init(&r, 3, RNG_TEST, 0, 0);
	env_code.task(0x1b2d, &task);
	for (int i = 0; i < 200; i++) {
		struct env_step seen, next;
		struct env_result got = {0};
		int asked = 0, steps = 0;

		env_begin(&env_code, &task, &world, &r, &seen);
		orders += seen.look[0] != 0;
		for (; !got.done; steps++) {
			int c = seen.look[0];

			seen.action = (uint8_t)rng_below(&r, 4);
			got = env_act(&env_code, &task, &world, &r, &seen,
				      &next);
			assert_int_equal(got.reward,
					 seen.action == (0x1b2d >> 2 * c & 3));
			assert_int_equal(code_right(&task, c),
					 0x1b2d >> 2 * c & 3);
			asked |= 1 << c;
			seen = next;
		}
		assert_int_equal(asked, 255);
		assert_int_equal(steps, 8);
	}
	assert_in_range(orders, 150, 199); /* of 200; 7 of 8 are expected */
}

static void test_arms_pay_as_counted(void **state)
{
	union env_bytes task;
	struct rng r;
	double most = 0;

	(void)state;
	rng_init(&r, 4, RNG_TEST, 0, 0);
	env_bandit.task(12, &task);
	for (int a = 0; a < 5; a++) {
		double paid = 0, gain = 0;

		for (int i = 0; i < 20000; i++) {
			struct env_result got =
				env_bandit.step(&task, NULL, a, &r);

			paid += got.reward / 20000.0;
			gain = got.gain;
		}
		assert_near(paid, gain, 0.018); /* five deviations */
		most = gain > most ? gain : most;
	}
	assert_near(env_bandit.best(&task), most, 1e-9);
}

/* From the gains of two predictions, the answer without noise. */
static double answer(const void *task, int x)
{
	uint8_t world[ENV_BYTES] = {(uint8_t)x};
	struct rng r;
	double low, high, a = -3, b = 3;

	rng_init(&r, 6, RNG_TEST, 0, 0);
	low = -env_regression.step(task, world, 0, &r).gain;
	high = -env_regression.step(task, world, REGRESSION_LEVELS - 1, &r)
			.gain;
	return (low - high + b * b - a * a) / (2 * (b - a));
}

static void test_answers_are_linear(void **state)
{
	union env_bytes task;
	double w[8], noise = 0;

	(void)state;
	env_regression.task(9, &task);
	for (int i = 0; i < 8; i++)
		w[i] = (answer(&task, 1 << i) - answer(&task, 0)) / 2;
	for (int x = 0; x < 256; x++) {
		double sum = 0;

		for (int i = 0; i < 8; i++)
			sum += x >> i & 1 ? w[i] : -w[i];
		assert_near(answer(&task, x), sum, 1e-4);
	}
	for (int i = 0; i < 20000; i++) {
		uint8_t world[ENV_BYTES] = {77};
		struct rng r;
		double d;

		rng_init(&r, 7, RNG_TEST, (uint64_t)i, 0);
		d = (double)regression_value(
			    env_regression.step(&task, world, 3, &r).reward) -
		    answer(&task, 77);
		noise += d * d / 20000;
	}
	/* Of deviation 0.1, told to the nearest fifth. */
	if (fabs(noise - 0.1 * 0.1 - 0.2 * 0.2 / 12) > 0.004)
		fail_msg("noise of variance %g", noise);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uniform_play_is_as_said),
		cmocka_unit_test(test_each_context_is_asked_once),
		cmocka_unit_test(test_arms_pay_as_counted),
		cmocka_unit_test(test_answers_are_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
