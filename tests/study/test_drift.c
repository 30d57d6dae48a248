/* SPDX-License-Identifier: MIT */
/* Models of how weights move. */
#include "config.h"

#include "core/study/drift.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"

enum { LIVES = 4, STAGES = 16, CUT = 8 };

static struct game game;
static struct net_config subject;
static size_t n;
static float *w[LIVES][STAGES];

/* Learners whose weights go nine tenths of a step further at each stage, each
 * in a direction of its own. */
static int setup(void **state)
{
	(void)state;
	if (game_init(&game, "tictactoe", NULL))
		return 1;
	net_config_game(&subject, &game);
	if (net_config_parse(&subject, "tower:filters=8,blocks=1,hidden=16",
			     NULL))
		return 1;
	n = net_param_count(&subject);
	for (int l = 0; l < LIVES; l++) {
		struct rng r;
		float *step = mem_floats(n);

		rng_init(&r, 7, RNG_TEST, (uint64_t)l, 0);
		for (size_t i = 0; i < n; i++)
			step[i] = 0.1f * rng_normal(&r);
		for (int s = 0; s < STAGES; s++) {
			w[l][s] = mem_floats(n);
			if (!s)
				net_init(&subject, (uint64_t)l, w[l][s]);
			for (size_t i = 0; i < n && s; i++) {
				w[l][s][i] = w[l][s - 1][i] + step[i];
				step[i] *= 0.9f;
			}
		}
		free(step);
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int l = 0; l < LIVES; l++)
		for (int s = 0; s < STAGES; s++)
			free(w[l][s]);
	return 0;
}

static struct drift_path path_of(int life, int stages)
{
	return (struct drift_path){
		.net = &subject,
		.w = (const float *const *)w[life],
		.stages = stages,
	};
}

/* Every weight that is learned stands in one chunk, and a token says where it
 * is and how it came there. */
static void test_tokens(void **state)
{
	struct drift_path path = path_of(1, CUT);
	struct drift *d = drift_new(&path, 1);
	struct dataset data = drift_dataset(d);
	struct dataset_room room;
	struct net_config c;
	float *decay = mem_floats(n), *learn = mem_floats(n);
	double learned = 0, told = 0;

	(void)state;
	assert_int_equal(drift_net("gru:width=16,layers=1", &c, NULL), ERR_OK);
	dataset_room_init(&room, &c, CUT);
	net_masks(&subject, decay, learn);
	for (size_t i = 0; i < n; i++)
		learned += (double)learn[i];
	for (int64_t item = 0; item < dataset_held(&data); item++) {
		dataset_room_clear(&room);
		data.get(data.self, item, &room);
		assert_int_equal(net_batch_rows(&room.batch), CUT - 2);
		for (int k = 0; k < DRIFT_CHUNK; k++) {
			struct net_row a = net_rows_at(&room.rows, 0);
			struct net_row b = net_rows_at(&room.rows, 1);
			float step = a.x[DRIFT_CHUNK + k];

			/* The planted law, and what is next is what then was.
			 */
			told += step != 0;
			if (fabsf(step) > 7)
				continue; /* cut */
			assert_true(fabsf(b.x[DRIFT_CHUNK + k] - 0.9f * step) <
				    1e-3f);
			assert_true(fabsf(a.target[NET_NUMBERS][k] -
					  b.x[DRIFT_CHUNK + k]) < 1e-6f);
		}
	}
	assert_true(told == learned);
	dataset_room_release(&room);
	drift_free(d);
	free(decay);
	free(learn);
}

static double away(const float *a, const float *b, const float *learn)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)(learn[i] * (a[i] - b[i]) * (a[i] - b[i]));
	return sqrt(sum);
}

static void test_goes_on(void **state)
{
	struct drift_path paths[LIVES - 1], test = path_of(LIVES - 1, CUT);
	struct pool *pool = pool_new(2);
	struct drift *d;
	struct dataset data;
	struct net_config c;
	struct net_plan *p;
	struct learner *l;
	struct recipe r;
	float *out = mem_floats(n), *decay = mem_floats(n),
	      *learn = mem_floats(n);
	double still, rolled;

	(void)state;
	for (int i = 0; i < LIVES - 1; i++)
		paths[i] = path_of(i, CUT);
	d = drift_new(paths, LIVES - 1);
	data = drift_dataset(d);
	conf_defaults(recipe_spec, &r);
	r.batch = 512;
	r.shard = 256;
	r.average = 0.05f;
	r.weight_decay = 0;
	assert_int_equal(drift_net("gru:width=64,layers=1", &c, NULL), ERR_OK);
	l = learner_new(&c, &r, 3);
	for (int i = 0; i < 600; i++)
		learner_step(l, &data, 0, 3e-3f * (1 - (float)i / 600), pool);
	p = net_plan_new(&c, learner_average(l));
	drift_roll(p, &test, 0, out);
	assert_memory_equal(out, w[LIVES - 1][CUT - 1], n * sizeof(*out));
	drift_roll(p, &test, STAGES - CUT, out);
	net_masks(&subject, decay, learn);
	still = away(w[LIVES - 1][CUT - 1], w[LIVES - 1][STAGES - 1], learn);
	rolled = away(out, w[LIVES - 1][STAGES - 1], learn);
	print_message("from the end: %.3f at the cut, %.3f rolled\n", still,
		      rolled);
	assert_true(rolled < still / 2);
	/* Running statistics stay where they were. */
	for (size_t i = 0; i < n; i++)
		assert_true(learn[i] > 0 || out[i] == w[LIVES - 1][CUT - 1][i]);
	net_plan_free(p);
	learner_free(l);
	drift_free(d);
	pool_free(pool);
	free(out);
	free(decay);
	free(learn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_goes_on),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
