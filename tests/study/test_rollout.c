/* SPDX-License-Identifier: MIT */
/* Models that act in lanes. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/mem.h"
#include "core/study/env.h"
#include "core/study/histories.h"
#include "core/study/rollout.h"
#include "core/study/source.h"
#include "tests/study/near.h"

enum { LIVES = 5 };

static struct histories *lives_of(const struct source *s, int episodes)
{
	struct histories *h = histories_new(s->env);
	struct env_step steps[64];

	for (int i = 0; i < LIVES; i++) {
		union env_bytes task;
		struct source_life l;

		s->env->task(i, &task);
		source_life_begin(&l, s, &task, 1, (uint64_t)i);
		histories_begin(h);
		for (int e = 0; e < episodes; e++) {
			int n = source_life_episode(&l, steps, NULL);

			histories_add(h, steps, n);
		}
	}
	return h;
}

/* A model that knows codes by heart, and counts what it is told. */
struct knows {
	const int64_t *codes;
	int *rows, resets;
};

static void reset(void *self, int lane)
{
	struct knows *k = self;

	k->rows[lane] = 0;
	k->resets++;
}

static void say(void *self, int n, const int *lane, const float *x,
		float *logits)
{
	struct knows *k = self;

	for (int i = 0; i < n; i++) {
		const float *row = x + i * env_ids(&env_code);
		int c = (int)row[0];
		int right = (int)(k->codes[lane[i]] >> 2 * c & 3);

		/* What was done before is shown from the second row on. */
		assert_int_equal(row[2] == 4, k->rows[lane[i]] == 0);
		k->rows[lane[i]]++;
		for (int a = 0; a < 4; a++)
			logits[4 * i + a] = a == right ? 1 : 0;
	}
}

static void test_lanes_act_by_themselves(void **state)
{
	int64_t codes[3] = {5, 60000, 777};
	int rows[3];
	struct knows k = {codes, rows, 0};
	struct rollout_mind mind = {reset, say, &k};
	struct rollout r = {.env = &env_code,
			    .lanes = 3,
			    .episodes = 400,
			    .tasks = codes,
			    .seed = 9};
	float *gain = mem_floats(3 * 400);
	struct histories *h = lives_of(&source_latch, 6);
	double sum = 0;

	(void)state;
	rollout_run(&r, &mind, gain);
	for (int i = 0; i < 3 * 400; i++)
		assert_near(gain[i], 1, 1e-6);
	assert_int_equal(rows[1], 400 * 8);

	/* At temperature 1 the right one has e in e + 3. */
	r.temperature = 1;
	rollout_run(&r, &mind, gain);
	for (int i = 0; i < 3 * 400; i++)
		sum += (double)gain[i] / 1200;
	assert_near(sum, 2.71828 / 5.71828, 0.025);

	/* Histories are read before. */
	r.lanes = LIVES;
	r.episodes = 2;
	free(gain);
	gain = mem_floats(LIVES * 2);
	{
		int64_t more[LIVES] = {0, 1, 2, 3, 4};
		int read[LIVES];
		struct knows lives = {more, read, 0};
		float part[2 * 2];

		mind.self = &lives;
		r.tasks = more;
		r.prime = h;
		r.prime_episodes = 4;
		rollout_run(&r, &mind, gain);
		for (int i = 0; i < LIVES; i++)
			assert_int_equal(read[i], (4 + 2) * 8);
		assert_int_equal(lives.resets, LIVES);

		/* A part by itself does the same. */
		lives.codes = more + 3;
		r.lanes = 2;
		r.first = 3;
		r.tasks = more + 3;
		rollout_run(&r, &mind, part);
		assert_memory_equal(part, gain + 3 * 2, sizeof(part));
	}
	free(gain);
	histories_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lanes_act_by_themselves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
