/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/targets.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/net/optim.h"
#include "tests/learn/make_learner.h"
#include "tests/learn/one_row.h"

static void make_game(struct game *g, const char *spec)
{
	struct err e = ERR_INIT;

	assert_int_equal(game_init(g, spec, &e), ERR_OK);
}

static void test_targets_round_trip(void **state)
{
	static const float policy[] = {0.25f, 0.75f, 0};
	static const float wdl[] = {0.5f, 0.25f, 0.25f};
	struct targets_writer w;
	struct target t;
	struct reader r;

	(void)state;
	targets_begin(&w);
	targets_skip(&w);
	targets_ply(&w, 3, policy, wdl);
	targets_ply(&w, 3, policy, NULL);
	assert_int_equal(targets_open(&r, w.out.data, w.out.len, NULL), ERR_OK);
	targets_next(&r, &t);
	assert_int_equal(t.count, 0);
	targets_next(&r, &t);
	assert_int_equal(t.count, 3);
	assert_int_equal(t.policy[0] | t.policy[1] << 8, 16384);
	assert_int_equal(t.win, 32768);
	assert_int_equal(t.draw, 16384);
	assert_true(t.has_value);
	targets_next(&r, &t);
	assert_false(t.has_value);
	assert_false(r.failed);
	targets_next(&r, &t);
	assert_true(r.failed);
	buf_release(&w.out);
}

static void test_targets_of_another_version(void **state)
{
	struct err e = ERR_INIT;
	struct reader r;

	(void)state;
	assert_int_equal(targets_open(&r, "\x09", 1, &e), ERR_FORMAT);
	assert_non_null(strstr(e.msg, "version 9"));
	assert_int_equal(targets_open(&r, "", 0, &e), ERR_FORMAT);
}

/* Tic-tac-toe, X takes the left column: every stored value must be seen by the
 * player to act, and records that do not fit must add nothing. */
static void test_replay_values_and_bad_records(void **state)
{
	static const game_move moves[] = {0, 1, 3, 4, 6};
	float x[18], policy[9], wdl[3];
	const struct net_row row = {.x = x, .target = {policy, wdl}};
	struct targets_writer w;
	struct err e = ERR_INIT;
	struct replay *r;
	struct game g;

	(void)state;
	make_game(&g, "mnk:3,3,3");
	r = replay_new(&g, 100, 0);
	targets_begin(&w);
	for (int ply = 0; ply < 5; ply++) {
		static const float even[] = {0, 1, 0};
		float flat[9];

		for (int i = 0; i < 9 - ply; i++)
			flat[i] = 1.0f / (float)(9 - ply);
		targets_ply(&w, 9 - ply, flat, even);
	}
	assert_int_equal(
		replay_add(r, moves, 5, 1, w.out.data, w.out.len - 1, &e),
		ERR_FORMAT);
	assert_int_equal(replay_total(r), 0);
	assert_int_equal(replay_add(r, moves, 5, 1, w.out.data, w.out.len, &e),
			 ERR_OK);
	assert_int_equal(replay_total(r), 5);
	for (int ply = 0; ply < 5; ply++) {
		float sum = 0;

		one_row_get(r, ply, &row);
		/* the result alone: search_share is 0 */
		assert_true(wdl[0] == (ply % 2 ? 0.0f : 1.0f));
		assert_true(wdl[2] == (ply % 2 ? 1.0f : 0.0f));
		for (int m = 0; m < 9; m++)
			sum += fmaxf(policy[m], 0);
		assert_true(fabsf(sum - 1) < 1e-5f);
		/* an occupied cell is not a legal move */
		for (int k = 0; k < ply; k++)
			assert_true(policy[moves[k]] == NET_LEFT_OUT);
	}
	buf_release(&w.out);
	replay_free(r);
}

static void test_replay_mixes_the_search_value(void **state)
{
	static const game_move moves[] = {0, 1, 3, 4, 6};
	static const float wdl_search[] = {0, 1, 0};
	float x[18], policy[9], wdl[3];
	const struct net_row row = {.x = x, .target = {policy, wdl}};
	struct targets_writer w;
	struct replay *r;
	struct game g;

	(void)state;
	make_game(&g, "mnk:3,3,3");
	r = replay_new(&g, 100, 0.25f);
	targets_begin(&w);
	for (int ply = 0; ply < 5; ply++) {
		float one[9] = {1};

		targets_ply(&w, 9 - ply, one, ply ? wdl_search : NULL);
	}
	assert_int_equal(
		replay_add(r, moves, 5, 1, w.out.data, w.out.len, NULL),
		ERR_OK);
	one_row_get(r, 0, &row); /* no value: the result stands */
	assert_true(wdl[0] == 1.0f);
	one_row_get(r, 2, &row);
	assert_true(fabsf(wdl[0] - 0.75f) < 1e-4f);
	assert_true(fabsf(wdl[1] - 0.25f) < 1e-4f);
	buf_release(&w.out);
	replay_free(r);
}

static void test_replay_forgets_the_oldest(void **state)
{
	static const game_move long_game[] = {0, 1, 3, 4, 2, 6, 7, 5, 8};
	float x[18], policy[9], wdl[3];
	const struct net_row row = {.x = x, .target = {policy, wdl}};
	struct replay *r;
	struct game g;

	(void)state;
	make_game(&g, "mnk:3,3,3");
	r = replay_new(&g, 4, 0);
	replay_add_plain(r, long_game, 9, 0, 3, 0);
	assert_int_equal(replay_total(r), 9);
	assert_int_equal(replay_held(r), 4);
	for (int i = 0; i < 4; i++) {
		one_row_get(r, i, &row);
		assert_true(policy[long_game[5 + i]] == 1.0f);
	}
	/* one side only, and not the opening */
	replay_add_plain(r, long_game, 9, 2, 1, 0);
	assert_int_equal(replay_total(r), 9 + 4);
	replay_free(r);
}

/* Every sample drawn is some symmetry of a stored position. */
static void test_samples_are_symmetries(void **state)
{
	static const game_move moves[] = {0};
	float x[18], policy[9], wdl[3];
	const struct net_row row = {.x = x, .target = {policy, wdl}};
	bool seen[9] = {false};
	struct replay *r;
	struct game g;

	(void)state;
	make_game(&g, "mnk:3,3,3");
	r = replay_new(&g, 10, 0);
	replay_add_plain(r, moves, 1, 0, 3, 0);
	for (uint64_t i = 0; i < 200; i++) {
		one_row_draw(r, 10, i, &row);
		for (int m = 0; m < 9; m++)
			if (policy[m] > 0)
				seen[m] = true;
	}
	for (int m = 0; m < 9; m++)
		assert_int_equal(seen[m], m == 0 || m == 2 || m == 6 || m == 8);
	replay_free(r);
}

static void tiny_recipe(struct recipe *r)
{
	struct err e = ERR_INIT;

	conf_defaults(recipe_spec, r);
	assert_int_equal(conf_read_list(recipe_spec, r,
					"filters=8,blocks=1,batch=32,shard=8",
					"test", &e),
			 ERR_OK);
}

static void fill(struct replay *data)
{
	static const game_move a[] = {4, 0, 2, 6, 3, 5, 1, 7, 8};
	static const game_move b[] = {0, 4, 8, 2, 6, 3, 7};

	replay_add_plain(data, a, 9, 0, 3, 0);
	replay_add_plain(data, b, 7, 0, 3, 1);
}

static void test_threads_do_not_change_weights(void **state)
{
	struct learner *l[2];
	struct recipe recipe;
	struct replay *data;
	struct dataset set;
	struct game g;

	(void)state;
	make_game(&g, "mnk:3,3,3");
	tiny_recipe(&recipe);
	data = replay_new(&g, 100, 0);
	fill(data);
	set = replay_dataset(data);
	for (int i = 0; i < 2; i++) {
		struct pool *pool = pool_new(1 + 2 * i);

		l[i] = make_learner(&g, &recipe, 3);
		for (int step = 0; step < 5; step++)
			learner_step(l[i], &set, 100, 0.01f, pool);
		pool_free(pool);
	}
	assert_memory_equal(learner_average(l[0]), learner_average(l[1]),
			    learner_param_count(l[0]) * sizeof(float));
	learner_free(l[0]);
	learner_free(l[1]);
	replay_free(data);
}

/* Half precision is off by a part in 2,048 at most, and every bit is kept where
 * all are wanted. */
static void test_checkpoint_bits(void **state)
{
	struct game g;
	struct recipe recipe;
	struct learner *l;
	const float *full, *kept;
	bool differs = false;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", NULL), ERR_OK);
	conf_defaults(recipe_spec, &recipe);
	recipe.filters = 4;
	recipe.blocks = 1;
	l = make_learner(&g, &recipe, 3);
	assert_memory_equal(learner_checkpoint(l), learner_average(l),
			    learner_param_count(l) * sizeof(float));
	learner_free(l);
	recipe.checkpoint_bits = 10;
	l = make_learner(&g, &recipe, 3);
	full = learner_average(l);
	kept = learner_checkpoint(l);
	for (size_t i = 0; i < learner_param_count(l); i++) {
		uint32_t bits;

		memcpy(&bits, kept + i, sizeof(bits));
		assert_int_equal(bits & 0x1fff, 0);
		assert_true(fabsf(kept[i] - full[i]) <= fabsf(full[i]) / 2048);
		differs |= fabsf(kept[i] - full[i]) > 0;
	}
	assert_true(differs);
	learner_free(l);
}

static void test_saved_learner_goes_on_alike(void **state)
{
	struct pool *pool = pool_new(1);
	struct learner *a, *b;
	struct recipe recipe;
	struct replay *data;
	struct dataset set;
	struct reader r;
	struct game g;
	struct buf saved;

	(void)state;
	make_game(&g, "mnk:3,3,3");
	tiny_recipe(&recipe);
	data = replay_new(&g, 100, 0);
	fill(data);
	set = replay_dataset(data);
	a = make_learner(&g, &recipe, 3);
	b = make_learner(&g, &recipe, 3);
	for (int step = 0; step < 3; step++)
		learner_step(a, &set, 100, 0.01f, pool);
	buf_init(&saved);
	learner_save(a, &saved);
	reader_init(&r, saved.data, saved.len);
	assert_int_equal(learner_load(b, &r, NULL), ERR_OK);
	for (int step = 0; step < 3; step++) {
		learner_step(a, &set, 100, 0.01f, pool);
		learner_step(b, &set, 100, 0.01f, pool);
	}
	assert_memory_equal(learner_average(a), learner_average(b),
			    learner_param_count(a) * sizeof(float));
	reader_init(&r, saved.data, saved.len - 4);
	assert_int_equal(learner_load(b, &r, NULL), ERR_FORMAT);
	buf_release(&saved);
	learner_free(a);
	learner_free(b);
	replay_free(data);
	pool_free(pool);
}

/* It can learn sixteen positions by heart, and measuring agrees. */
static void test_learning_lowers_loss(void **state)
{
	struct pool *pool = pool_new(1);
	struct learner_held_out before, after;
	struct learner_figures f;
	struct recipe recipe;
	struct learner *l;
	struct replay *data;
	struct dataset set;
	struct game g;

	(void)state;
	make_game(&g, "mnk:3,3,3");
	tiny_recipe(&recipe);
	recipe.average = 0.1f;
	data = replay_new(&g, 100, 0);
	fill(data);
	set = replay_dataset(data);
	l = make_learner(&g, &recipe, 3);
	learner_measure(l, &set, pool, &before);
	for (int step = 0; step < 150; step++)
		learner_step(l, &set, 100, 0.02f, pool);
	learner_take_figures(l, &f);
	assert_int_equal(f.steps, 150);
	assert_int_equal(f.samples, 150 * 32);
	learner_measure(l, &set, pool, &after);
	assert_int_equal(after.positions, 16);
	assert_true(after.kl < 0.5 * before.kl);
	assert_true(after.agree > before.agree);
	assert_true(after.value < before.value);
	learner_free(l);
	replay_free(data);
	pool_free(pool);
}

static void test_recipe_schedules(void **state)
{
	struct recipe r;
	struct err e = ERR_INIT;

	(void)state;
	conf_defaults(recipe_spec, &r);
	assert_int_equal(recipe_check(&r, &e), ERR_OK);
	r.warmup = 10;
	r.rate_games = 100;
	assert_true(recipe_rate(&r, 0, 0) < 0.2f * r.rate);
	assert_true(fabsf(recipe_rate(&r, 50, 0) - r.rate) < 1e-7f);
	assert_true(fabsf(recipe_rate(&r, 50, 100) - r.rate_end) < 1e-7f);
	assert_true(fabsf(recipe_rate(&r, 50, 900) - r.rate_end) < 1e-7f);
	r.window_min = 10;
	r.window_max = 50;
	r.window_share = 0.5f;
	assert_int_equal(recipe_window(&r, 4), 4);
	assert_int_equal(recipe_window(&r, 16), 10);
	assert_int_equal(recipe_window(&r, 60), 30);
	assert_int_equal(recipe_window(&r, 1000), 50);
	r.shard = 7;
	assert_int_equal(recipe_check(&r, &e), ERR_USAGE);
}

static void test_recipe_says_what_is_wrong(void **state)
{
	struct recipe r;
	struct err e = ERR_INIT;

	(void)state;
	conf_defaults(recipe_spec, &r);
	assert_int_equal(conf_read(recipe_spec, &r,
				   "# a comment\nfilters = 8\nblokcs = 2\n",
				   "mine.conf", &e),
			 ERR_USAGE);
	assert_non_null(strstr(e.msg, "mine.conf:3"));
	assert_non_null(strstr(e.msg, "'blocks'"));
	assert_int_equal(conf_read(recipe_spec, &r, "filters = 1000000",
				   "mine.conf", &e),
			 ERR_USAGE);
	assert_non_null(strstr(e.msg, "from 1 to 512"));
}

/* A network of its own, which ends a list. */
static void test_recipe_network(void **state)
{
	struct net_config net;
	struct game g;
	struct recipe r;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", NULL), ERR_OK);
	conf_defaults(recipe_spec, &r);
	assert_int_equal(conf_read_list(recipe_spec, &r,
					"filters=9,network=tower:filters=5,"
					"blocks=2,policy=4",
					"here", &e),
			 ERR_OK);
	assert_int_equal(r.filters, 9);
	assert_int_equal(r.blocks, 4);
	assert_int_equal(recipe_check(&r, &e), ERR_OK);
	assert_int_equal(recipe_check_game(&r, &g, &e), ERR_OK);
	recipe_net(&r, &g, &net);
	assert_int_equal(net_config_int(&net, "filters"), 5);
	assert_int_equal(net_config_int(&net, "blocks"), 2);
	assert_int_equal(net_config_int(&net, "policy"), 4);
	strcpy(r.network, "towr:filters=5");
	assert_int_equal(recipe_check(&r, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "did you mean 'tower'"));
	/* Its moves have no places. */
	strcpy(r.network, "tower:head=planes");
	assert_int_equal(recipe_check(&r, &e), ERR_OK);
	assert_int_equal(recipe_check_game(&r, &g, &e), ERR_USAGE);
}

static void test_recipe_reads_back(void **state)
{
	struct recipe a, b;
	struct err e = ERR_INIT;
	struct buf text;

	(void)state;
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	conf_defaults(recipe_spec, &a);
	a.rate = 0.1f / 3;
	strcpy(a.network, "tower:filters=3,blocks=1");
	a.optimiser = OPTIM_SGD;
	buf_init(&text);
	conf_format(recipe_spec, &a, &text);
	assert_int_equal(conf_read(recipe_spec, &b, text.data, "test", &e),
			 ERR_OK);
	assert_memory_equal(&a, &b, sizeof(a));
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets_round_trip),
		cmocka_unit_test(test_targets_of_another_version),
		cmocka_unit_test(test_replay_values_and_bad_records),
		cmocka_unit_test(test_replay_mixes_the_search_value),
		cmocka_unit_test(test_replay_forgets_the_oldest),
		cmocka_unit_test(test_samples_are_symmetries),
		cmocka_unit_test(test_threads_do_not_change_weights),
		cmocka_unit_test(test_checkpoint_bits),
		cmocka_unit_test(test_saved_learner_goes_on_alike),
		cmocka_unit_test(test_learning_lowers_loss),
		cmocka_unit_test(test_recipe_schedules),
		cmocka_unit_test(test_recipe_says_what_is_wrong),
		cmocka_unit_test(test_recipe_network),
		cmocka_unit_test(test_recipe_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
