/* SPDX-License-Identifier: MIT */
/* What the stages of a life say of positions before its cut. */
#include "config.h"

#include "core/study/claim_views.h"

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
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/study/claim_filter.h"
#include "core/study/claim_int.h"
#include "core/study/views.h"

enum { ROW = 3 * 9 + 27, SAID = 12, BEFORE = 3 };

static struct game game;
static struct pool *pool;
static struct life *life;

static int setup(void **state)
{
	struct life_config c = {
		.game = &game,
		.grid = {.cut = 30,
			 .games = 60,
			 .before = BEFORE,
			 .after = 2,
			 .per_stage = 6,
			 .temperature = 1},
		.seed = 5,
	};
	struct buf before, after;
	struct recipe recipe;
	struct err e = ERR_INIT;

	(void)state;
	pool = pool_new(2);
	conf_defaults(recipe_spec, &recipe);
	c.recipe = &recipe;
	buf_init(&before);
	buf_init(&after);
	if (game_init(&game, "tictactoe", &e) ||
	    conf_read_list(recipe_spec, &recipe,
			   "filters=4,blocks=1,groups=2,slots=4,plies=3,"
			   "simulations=4,gumbel_moves=4,start_positions=20,"
			   "batch=16,shard=8,rate_games=80,average=0.1",
			   "test", &e) ||
	    life_make(&c, NULL, &before, &e) ||
	    life_continue(&c, before.data, before.len, 9, NULL, &after, &e) ||
	    life_read(&game, before.data, before.len, after.data, after.len,
		      &life, &e))
		fail_msg("%s", e.msg);
	buf_release(&before);
	buf_release(&after);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	life_free(life);
	pool_free(pool);
	return 0;
}

/* Whether a position's planes occur in a game. */
static bool occurs(const struct self_play_game *g, const float *x, size_t row)
{
	void *s = game_state_new(&game, 0);
	float at[ROW];
	bool found = false;

	for (int i = 0; i < g->count && !found; i++) {
		game.rules->encode(&game, s, at);
		found = !memcmp(at, x, row * sizeof(*x));
		game.rules->apply(&game, s, g->moves[i]);
	}
	free(s);
	return found;
}

static bool before_cut(const float *x, size_t row)
{
	for (int s = 0; s < BEFORE; s++)
		for (int i = 0; i < life_stage(life, s).game_count; i++) {
			struct self_play_game g = life_game(life, s, i);

			if (occurs(&g, x, row))
				return true;
		}
	for (int64_t i = 0; i < life_own_games(life); i++) {
		struct self_play_game g = life_own_game(life, i);

		if (occurs(&g, x, row))
			return true;
	}
	return false;
}

/* Positions of before the cut alone, each once; and each stage said what its
 * network says. */
static void test_views(void **state)
{
	struct views v, again;

	(void)state;
	views_init(&v, &game, BEFORE);
	assert_true(v.row <= ROW);
	claim_views_add(&v, &game, life, NULL, 40, 1, pool);
	assert_in_range(v.count, 15, 60);
	for (int64_t i = 0; i < v.count; i++) {
		assert_true(before_cut(v.x + (size_t)i * v.row, v.row));
		for (int64_t k = 0; k < i; k++)
			assert_memory_not_equal(v.x + (size_t)i * v.row,
						v.x + (size_t)k * v.row,
						v.row * sizeof(float));
	}
	for (int s = 0; s < BEFORE; s++) {
		struct net_plan *p = net_plan_new(life_net(life),
						  life_stage(life, s).weights);
		struct net_work *w = net_work_new(p, VIEWS_CALL);

		for (int64_t i = 0; i < v.count; i += 3) {
			float said[SAID], logs[SAID];

			views_read_said(&v, i, s, 0, said);
			memcpy(logs, said, sizeof(logs));
			views_ask(&game, p, w, 1, 1, v.x + (size_t)i * v.row,
				  logs, SAID);
			assert_memory_equal(said, logs, sizeof(said));
		}
		net_work_free(w);
		net_plan_free(p);
	}
	views_init(&again, &game, BEFORE);
	claim_views_add(&again, &game, life, NULL, 40, 1, pool);
	assert_int_equal(again.count, v.count);
	assert_memory_equal(again.x, v.x,
			    (size_t)v.count * v.row * sizeof(float));
	views_release(&again);
	views_release(&v);
}

/* Other rules, each once, in a set of its own, and known again. */
static void test_rules(void **state)
{
	struct claim_conf c;
	struct game plain;
	struct claim_run x = {.c = &c, .g = &plain};
	struct claim_rule *rules, *again;
	void *s;
	float at[60], as[60];

	(void)state;
	conf_defaults(claim_spec, &c);
	c.rows = 4;
	c.cols = 5;
	c.rules = 12;
	assert_int_equal(claim_game(&c, &plain, NULL), ERR_OK);
	assert_int_equal(claim_rules_of(&x, &rules, NULL), ERR_OK);
	assert_int_equal(claim_rules_of(&x, &again, NULL), ERR_OK);
	s = game_state_new(&plain, 0);
	plain.rules->encode(&plain, s, at);
	for (int i = 0; i < c.rules; i++) {
		assert_string_not_equal(rules[i].game.name, plain.name);
		assert_string_equal(rules[i].game.name, again[i].game.name);
		assert_ptr_equal(rules[i].run.g, &rules[i].game);
		assert_ptr_equal(rules[i].run.c, &rules[i].conf);
		for (int k = 0; k < i; k++) {
			assert_string_not_equal(rules[i].game.name,
						rules[k].game.name);
			assert_string_not_equal(rules[i].conf.lives,
						rules[k].conf.lives);
		}
		/* Nothing that a network sees tells them apart. */
		rules[i].game.rules->start(&rules[i].game, s, 0);
		rules[i].game.rules->encode(&rules[i].game, s, as);
		assert_memory_equal(at, as, 2 * 20 * sizeof(float));
	}
	free(s);
	free(rules);
	free(again);
}

/* What is costly is left out where settings say so, and nothing else ever. */
static void test_left_out(void **state)
{
	struct claim_conf c;
	int out = 0;

	(void)state;
	conf_defaults(claim_spec, &c);
	c.rules = 1;
	c.doubled = 2;
	for (const struct claim_part *p = claim_parts; p->name; p++)
		assert_false(claim_left_out(&c, p->name));
	c.rules = 0;
	assert_true(claim_left_out(&c, "rules"));
	assert_true(claim_left_out(&c, "net-transfer"));
	assert_true(claim_left_out(&c, "transfer"));
	c.doubled = 0;
	for (const struct claim_part *p = claim_parts; p->name; p++)
		out += claim_left_out(&c, p->name);
	assert_int_equal(out, 5);
}

/* Half of five is three; of equals the earlier. */
static void test_best(void **state)
{
	const double gain[] = {10, -3, 25, 10, 10};
	const bool want[] = {true, false, true, true, false};
	bool kept[5];

	(void)state;
	claim_filter_best(gain, 5, 3, kept);
	assert_memory_equal(kept, want, sizeof(want));
	claim_filter_best(gain, 5, 5, kept);
	for (int i = 0; i < 5; i++)
		assert_true(kept[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_best),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
