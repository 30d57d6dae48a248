/* SPDX-License-Identifier: MIT */
/* Owners of cells and the lead: from stored games to a trained network. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
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
#include "tests/learn/make_learner.h"
#include "tests/learn/one_row.h"

/* Tic-tac-toe where a cell belongs to whose piece stands on it at the end, and
 * the lead is in pieces; its states have a long tail that matters to no one. */
static struct game_rules rules;
static struct game owned, fat;

static void pieces(const struct game *g, const void *s, float *out)
{
	for (int i = 0; i < 9; i++) {
		int piece = g->rules->cell(g, s, i / 3, i % 3);

		out[i] = piece == 1 ? 1 : piece == 2 ? -1 : 0;
	}
}

static float more_pieces(const struct game *g, const void *s)
{
	float owner[9], sum = 0;

	pieces(g, s, owner);
	for (int i = 0; i < 9; i++)
		sum += owner[i];
	return sum;
}

static float four(const struct game *g)
{
	(void)g;
	return 4;
}

static int on_the_cell(const struct game *g, game_move m, int *cell)
{
	(void)g;
	*cell = m;
	return 0;
}

static int setup(void **state)
{
	(void)state;
	if (game_init(&owned, "mnk:3,3,3", NULL))
		return 1;
	rules = *owned.rules;
	rules.ownership = pieces;
	rules.lead = more_pieces;
	rules.lead_scale = four;
	rules.move_plane = on_the_cell;
	owned.rules = &rules;
	fat = owned;
	fat.state_size = 1000;
	return 0;
}

/* X wins in the left column: X has 3 pieces, O has 2. */
static const game_move won[] = {0, 1, 3, 4, 6};

static void add(struct replay *r, const game_move *moves, int count)
{
	struct targets_writer w;
	struct err e = ERR_INIT;

	targets_begin(&w);
	for (int ply = 0; ply < count; ply++) {
		float some[9] = {0.75f, 0.25f};

		targets_ply(&w, 9 - ply, some, NULL);
	}
	if (replay_add(r, moves, count, 1, w.out.data, w.out.len, &e))
		fail_msg("%s", e.msg);
	buf_release(&w.out);
}

/* Pieces stay, so whatever the symmetry and the player, the cells of the
 * player's own pieces are the player's in the end. */
static void test_targets_follow_the_position(void **state)
{
	struct replay *r = replay_new(&owned, 100, 0);
	float x[18], policy[9], wdl[3], owner[9], lead, known[2];
	const struct net_row row = {
		.x = x,
		.target = {policy, wdl, owner, &lead},
		.weight = {[NET_OWNERSHIP] = &known[0], [NET_LEAD] = &known[1]},
	};
	bool turned = false;

	(void)state;
	add(r, won, 5);
	for (int ply = 0; ply < 5; ply++) {
		one_row_get(r, ply, &row);
		assert_true(known[0] == 1 && known[1] == 1);
		assert_true(lead == (ply % 2 ? -0.25f : 0.25f));
		assert_true(owner[6] == (ply % 2 ? -1 : 1));
		assert_true(owner[8] == 0);
	}
	for (uint64_t i = 0; i < 200; i++) {
		int own = 0, other = 0, all = 0;

		one_row_draw(r, 100, i, &row);
		for (int c = 0; c < 9; c++) {
			own += x[c] > 0 && owner[c] == 1;
			other += x[9 + c] > 0 && owner[c] == -1;
			all += (x[c] > 0) + (x[9 + c] > 0);
		}
		assert_int_equal(own + other, all);
		turned |= lead < 0 && owner[6] != -1;
	}
	assert_true(turned);
	replay_free(r);
}

static void test_games_without_an_end(void **state)
{
	struct replay *r = replay_new(&owned, 100, 0);
	float x[18], policy[9], wdl[3], owner[9], lead, known[2];
	const struct net_row row = {
		.x = x,
		.target = {policy, wdl, owner, &lead},
		.weight = {[NET_OWNERSHIP] = &known[0], [NET_LEAD] = &known[1]},
	};

	(void)state;
	add(r, won, 4);
	replay_add_plain(r, won, 5, 0, 3, 1);
	assert_int_equal(replay_held(r), 9);
	for (int i = 0; i < 9; i++) {
		known[0] = known[1] = lead = owner[3] = 7;
		one_row_get(r, i, &row);
		assert_true(known[0] == 0 && known[1] == 0);
		assert_true(lead == 0);
		assert_true(owner[3] == 0);
	}
	replay_free(r);
}

/* A full board without a line: nine plies, and one piece more for X, a quarter
 * of the scale.  Only a draw at the cap takes the lead for its value. */
static void test_caps_can_be_scored(void **state)
{
	static const game_move drawn[] = {4, 0, 2, 6, 3, 5, 1, 7, 8};
	static const float shares[] = {0, 1, 0.5f};
	float x[18], policy[9], wdl[3];
	const struct net_row row = {.x = x, .target = {policy, wdl}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shares); i++) {
		struct replay *r = replay_new(&owned, 100, 0);
		struct targets_writer w;
		float worth = shares[i] * 0.25f;

		replay_score_caps(r, shares[i]);
		targets_begin(&w);
		for (int ply = 0; ply < 9; ply++) {
			float some[9] = {1};

			targets_ply(&w, 9 - ply, some, NULL);
		}
		assert_int_equal(
			replay_add(r, drawn, 9, 0, w.out.data, w.out.len, NULL),
			ERR_OK);
		buf_release(&w.out);
		one_row_get(r, 0, &row);
		assert_true(wdl[0] == worth && wdl[2] == 0);
		one_row_get(r, 1, &row);
		assert_true(wdl[2] == worth && wdl[0] == 0);
		add(r, won, 5);
		one_row_get(r, 9, &row);
		assert_true(wdl[0] == 1);
		replay_free(r);
	}
}

/* States that are kept every few plies and played on give what states that
 * are kept at every ply give. */
static void test_large_states(void **state)
{
	static const game_move full[] = {4, 0, 2, 6, 3, 5, 1, 7, 8};
	struct replay *thin = replay_new(&owned, 17, 0.5f);
	struct replay *thick = replay_new(&fat, 17, 0.5f);

	(void)state;
	for (int i = 0; i < 5; i++) {
		add(thin, full, 9);
		add(thick, full, 9);
		add(thin, won, 5);
		add(thick, won, 5);
	}
	assert_int_equal(replay_total(thick), 70);
	assert_int_equal(replay_held(thick), 17);
	for (uint64_t i = 0; i < 300; i++) {
		float x[2][18], policy[2][9], wdl[2][3], owner[2][9], lead[2];

		for (int k = 0; k < 2; k++) {
			const struct net_row row = {
				.x = x[k],
				.target = {policy[k], wdl[k], owner[k],
					   &lead[k]},
			};

			one_row_draw(k ? thick : thin, 17, i, &row);
		}
		assert_memory_equal(x[0], x[1], sizeof(x[0]));
		assert_memory_equal(policy[0], policy[1], sizeof(policy[0]));
		assert_memory_equal(wdl[0], wdl[1], sizeof(wdl[0]));
		assert_memory_equal(owner[0], owner[1], sizeof(owner[0]));
		assert_true(lead[0] == lead[1]);
	}
	replay_free(thin);
	replay_free(thick);
}

static void tiny_recipe(struct recipe *r)
{
	struct err e = ERR_INIT;

	conf_defaults(recipe_spec, r);
	if (conf_read_list(recipe_spec, r,
			   "filters=8,blocks=1,batch=32,shard=8,average=0.1",
			   "test", &e))
		fail_msg("%s", e.msg);
}

static struct replay *some_games(void)
{
	static const game_move full[] = {4, 0, 2, 6, 3, 5, 1, 7, 8};
	struct replay *r = replay_new(&fat, 100, 0);

	add(r, full, 9);
	add(r, won, 5);
	replay_add_plain(r, won, 5, 0, 3, 1);
	return r;
}

static void assert_text(const struct net_config *n, const char *end)
{
	struct buf text;

	buf_init(&text);
	net_config_format(n, &text);
	assert_true(text.len > strlen(end));
	assert_string_equal(text.data + text.len - strlen(end), end);
	buf_release(&text);
}

/* What the recipe and the game make of it. */
static void test_heads_follow_the_game(void **state)
{
	struct net_config n;
	struct recipe r;
	struct game plain;

	(void)state;
	tiny_recipe(&r);
	recipe_net(&r, &owned, &n);
	assert_text(&n, "head=planes,ownership=yes,lead=yes");
	assert_int_equal(n.place_planes, 1);
	r.ownership_weight = 0;
	recipe_net(&r, &owned, &n);
	assert_text(&n, "head=planes,lead=yes");
	assert_int_equal(game_init(&plain, "connect4", NULL), ERR_OK);
	tiny_recipe(&r);
	recipe_net(&r, &plain, &n);
	assert_text(&n, "hidden=64");
}

/* Any number of threads, or a stop in between: the same weights. */
static void test_weights_repeat(void **state)
{
	struct replay *data = some_games();
	struct dataset set = replay_dataset(data);
	struct pool *one = pool_new(1), *three = pool_new(3);
	struct learner *l[3];
	struct recipe recipe;
	struct reader in;
	struct buf saved;
	size_t bytes;

	(void)state;
	tiny_recipe(&recipe);
	for (int i = 0; i < 3; i++)
		l[i] = make_learner(&fat, &recipe, 3);
	bytes = learner_param_count(l[0]) * sizeof(float);
	for (int step = 0; step < 4; step++) {
		learner_step(l[0], &set, 100, 0.01f, one);
		learner_step(l[1], &set, 100, 0.01f, three);
	}
	assert_memory_equal(learner_average(l[0]), learner_average(l[1]),
			    bytes);
	buf_init(&saved);
	learner_save(l[0], &saved);
	reader_init(&in, saved.data, saved.len);
	assert_int_equal(learner_load(l[2], &in, NULL), ERR_OK);
	buf_release(&saved);
	for (int step = 0; step < 3; step++) {
		learner_step(l[0], &set, 100, 0.01f, one);
		learner_step(l[2], &set, 100, 0.01f, three);
	}
	assert_memory_equal(learner_average(l[0]), learner_average(l[2]),
			    bytes);
	for (int i = 0; i < 3; i++)
		learner_free(l[i]);
	replay_free(data);
	pool_free(one);
	pool_free(three);
}

static void test_extra_losses_fall(void **state)
{
	struct replay *data = some_games();
	struct dataset set = replay_dataset(data);
	struct pool *pool = pool_new(1);
	struct learner_figures first, last;
	struct recipe recipe;
	struct learner *l;

	(void)state;
	tiny_recipe(&recipe);
	l = make_learner(&fat, &recipe, 3);
	learner_step(l, &set, 100, 0.01f, pool);
	learner_take_figures(l, &first);
	for (int step = 0; step < 150; step++)
		learner_step(l, &set, 100, 0.02f, pool);
	learner_take_figures(l, &last);
	/* 14 of 19 positions have such targets. */
	assert_true(first.loss.head[NET_LEAD].weight > 0 &&
		    first.loss.head[NET_LEAD].weight < 32);
	assert_true(net_loss_mean(&last.loss, "loss.ownership") <
		    0.7 * net_loss_mean(&first.loss, "loss.ownership"));
	assert_true(net_loss_mean(&last.loss, "loss.lead") <
		    0.5 * net_loss_mean(&first.loss, "loss.lead"));
	learner_free(l);
	replay_free(data);
	pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets_follow_the_position),
		cmocka_unit_test(test_games_without_an_end),
		cmocka_unit_test(test_caps_can_be_scored),
		cmocka_unit_test(test_large_states),
		cmocka_unit_test(test_heads_follow_the_game),
		cmocka_unit_test(test_weights_repeat),
		cmocka_unit_test(test_extra_losses_fall),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
