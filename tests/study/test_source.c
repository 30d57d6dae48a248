/* SPDX-License-Identifier: MIT */
/* Learners gain what is known of them. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/study/env.h"
#include "core/study/source.h"
#include "tests/study/near.h"

enum { EPISODES = 220, STEPS = 64 };

/* Mean gain of each episode over lives at tasks 0, 1, ... */
static void curve(const struct source *s, int lives, int episodes, double *mean,
		  double *best)
{
	struct env_step steps[STEPS];

	memset(mean, 0, (size_t)episodes * sizeof(*mean));
	*best = 0;
	for (int i = 0; i < lives; i++) {
		struct source_life l;
		union env_bytes task;

		s->env->task(i % s->env->tasks, &task);
		*best += s->env->best(&task) / lives;
		source_life_begin(&l, s, &task, 11, (uint64_t)i);
		for (int e = 0; e < episodes; e++) {
			double gain;

			source_life_episode(&l, steps, &gain);
			mean[e] += gain / lives;
		}
	}
}

static double regret(const struct source *s)
{
	double mean[200], best, sum = 0;

	curve(s, 4000, 200, mean, &best);
	for (int e = 0; e < 200; e++)
		sum += best - mean[e];
	return sum;
}

/* Thompson sampling's regret over 200 pulls of five arms was measured before at
 * 10.7 +- 0.24 (another program, one seed); of uniform play it is 66.7. */
static void test_regret_at_bandits(void **state)
{
	double thompson = regret(&source_thompson), ucb = regret(&source_ucb);

	(void)state;
	if (fabs(thompson - 10.7) > 0.75)
		fail_msg("Thompson sampling regrets %g", thompson);
	if (ucb < thompson || ucb > 20)
		fail_msg("upper confidence bounds regret %g", ucb);
	assert_near(regret(&source_best_arm), 0, 1e-6);
}

static void test_rooms_are_learned(void **state)
{
	double mean[EPISODES], best;

	(void)state;
	curve(&source_room_q, 1600, EPISODES, mean, &best);
	assert_near(best, 16.5, 1e-9); /* distances average 4.5 */
	if (mean[0] > 0.05 * best || mean[EPISODES - 1] < 0.93 * best)
		fail_msg("Q gains %g, then %g of %g", mean[0],
			 mean[EPISODES - 1], best);
	curve(&source_room_expert, 80, 2, mean, &best);
	assert_near(mean[0], best, 1e-9);
	curve(&source_room_noisy, 1600, EPISODES, mean, &best);
	/* Half of its last actions are noise. */
	if (mean[0] > 0.05 * best || mean[EPISODES - 1] < 0.3 * best ||
	    mean[EPISODES - 1] > 0.5 * best)
		fail_msg("the noisy expert gains %g, then %g", mean[0],
			 mean[EPISODES - 1]);
	curve(&source_keydoor_q, 300, EPISODES, mean, &best);
	if (mean[0] > 0.4 || mean[EPISODES - 1] < 1.85)
		fail_msg("with key and door %g, then %g", mean[0],
			 mean[EPISODES - 1]);
}

/* A context is latched in an episode with chance 0.08 / 4 while it is not; then
 * it gains 0.9625. */
static void test_codes_are_latched(void **state)
{
	double mean[EPISODES], best;

	(void)state;
	curve(&source_latch, 2000, EPISODES, mean, &best);
	for (int e = 0; e < EPISODES; e += 30) {
		double held = 1 - pow(1 - 0.02, e);

		assert_near(mean[e], 0.25 + 0.7125 * held, 0.02);
	}
}

static void test_strength_is_what_a_snapshot_gains(void **state)
{
	union env_bytes task;
	struct source_life l;
	struct env_step steps[STEPS];
	double strength, sum = 0;

	(void)state;
	env_code.task(1234, &task);
	source_life_begin(&l, &source_latch, &task, 3, 0);
	for (int e = 0; e < 40; e++)
		source_life_episode(&l, steps, NULL);
	l.frozen = true;
	strength = source_latch.strength(&l.mind, &task);
	assert_true(strength > 0.4 && strength < 0.9);
	for (int e = 0; e < 4000; e++) {
		double gain;

		source_life_episode(&l, steps, &gain);
		sum += gain / 4000;
	}
	assert_near(sum, strength, 0.012); /* five deviations */
	assert_near(source_latch.strength(&l.mind, &task), strength, 0);
}

static void test_rules_are_learned(void **state)
{
	double mean[80], best, first = 0, last = 0;

	(void)state;
	curve(&source_credit, 2520, 80, mean, &best);
	for (int e = 0; e < 10; e++) {
		last += mean[70 + e] / 10;
		first += mean[e] / 10;
	}
	if (mean[0] > 0.42 || last < 0.8 || first > 0.6 || last > best)
		fail_msg("credit wins %g, in its first ten %g, at last %g of "
			 "%g",
			 mean[0], first, last, best);
}

/* Steps of rate 1/2 along inputs of length 1 leave 1 - (1 - 1/4) / 8 of the
 * squared error each, and something for noise and levels. */
static void test_functions_are_learned(void **state)
{
	double mean[64], best;

	(void)state;
	curve(&source_sgd, 4000, 64, mean, &best);
	for (int e = 0; e <= 24; e += 4)
		assert_near(-mean[e], pow(0.90625, e), 0.05);
	if (-mean[63] > 0.02)
		fail_msg("gradient descent is left with %g", -mean[63]);
	curve(&source_ridge, 4000, 64, mean, &best);
	/* Unknown weights: variance of noise times inputs over answers. */
	if (-mean[63] > 0.0133 * 8 / 63 + 0.2 * 0.2 / 12 + 0.003 ||
	    -mean[12] > 0.06)
		fail_msg("ridge is left with %g, %g", -mean[12], -mean[63]);
}

static void test_actions_can_be_taken(void **state)
{
	(void)state;
	for (const struct source *const *s = source_table; *s; s++) {
		struct env_step steps[STEPS];
		union env_bytes task;
		struct source_life one, two;

		(*s)->env->task(5, &task);
		source_life_begin(&one, *s, &task, 1, 7);
		source_life_begin(&two, *s, &task, 1, 7);
		for (int e = 0; e < 50; e++) {
			struct env_step again[STEPS];
			int n = source_life_episode(&one, steps, NULL);

			assert_int_equal(source_life_episode(&two, again, NULL),
					 n);
			for (int i = 0; i < n; i++) {
				assert_memory_equal(&again[i], &steps[i],
						    sizeof(*steps));
				assert_true(
					env_legal((*s)->env, steps[i].look) >>
						steps[i].action &
					1);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regret_at_bandits),
		cmocka_unit_test(test_rooms_are_learned),
		cmocka_unit_test(test_codes_are_latched),
		cmocka_unit_test(test_strength_is_what_a_snapshot_gains),
		cmocka_unit_test(test_rules_are_learned),
		cmocka_unit_test(test_functions_are_learned),
		cmocka_unit_test(test_actions_can_be_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
