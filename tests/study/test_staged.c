/* SPDX-License-Identifier: MIT */
/* Models that are told a stage. */
#include "config.h"

#include "core/study/staged.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/lessons.h"
#include "core/learn/recipe.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/study/views.h"

enum { MOVES = 5, SAID = MOVES + 3, STAGES = 12, CUT = 6, POSITIONS = 200 };

static struct game drop;
static struct pool *pool;
static const char network[] = "tower:filters=8,blocks=1";

static int setup(void **state)
{
	(void)state;
	pool = pool_new(2);
	return game_init(&drop, "drop:rows=4,cols=5,line=4", NULL);
}

static int teardown(void **state)
{
	(void)state;
	pool_free(pool);
	return 0;
}

/* A learner whose love of the middle columns grows from stage to stage. */
static void plant(struct views *v)
{
	views_init(v, &drop, STAGES);
	for (int i = 0; i < POSITIONS; i++) {
		void *s = game_state_new(&drop, 0);
		game_move moves[64];
		struct rng r;
		int count;

		rng_init(&r, 3, RNG_TEST, (uint64_t)i, 0);
		game_opening(&drop, s, (int)rng_below(&r, 10), &r, moves,
			     &count);
		views_add(v, s);
		free(s);
		for (int t = 0; t < STAGES; t++) {
			float *logs = v->logs +
				      ((size_t)i * STAGES + (size_t)t) * SAID;

			for (int m = 0; m < MOVES; m++)
				if (logs[m] > VIEWS_ILLEGAL)
					logs[m] = -0.1f * (float)t *
						  (float)abs(m - 2);
			views_normalise(&drop, logs);
		}
	}
}

static struct net_plan *learn(const struct views *v)
{
	struct staged_data d = {.views = v, .stages = CUT};
	struct dataset data = staged_dataset(&d);
	struct net_config c;
	struct net_plan *p;
	struct learner *l;
	struct recipe r;

	conf_defaults(recipe_spec, &r);
	r.batch = 128;
	r.shard = 64;
	r.average = 0.02f;
	assert_int_equal(staged_net(&drop, network, &c, NULL), ERR_OK);
	l = learner_new(&c, &r, 3);
	for (int i = 0; i < 500; i++)
		learner_step(l, &data, 0, 5e-3f, pool);
	p = net_plan_new(&c, learner_average(l));
	learner_free(l);
	return p;
}

/* How much it prefers the middle to the edge, on the empty board. */
static float prefers(const struct net_plan *p, const char *settings)
{
	static const struct agent_kind *const kinds[] = {&staged_kind, NULL};
	struct agent_source more = {.kinds = kinds}, source;
	struct duel_net net = {"m", p};
	struct duel d = {.nets = &net, .net_count = 1, .source = &more};
	void *s = game_state_new(&drop, 0);
	struct thought t;
	struct agent *a;
	char spec[80] = "stage:m/0,";
	float log;

	source = duel_source(&d);
	strcat(spec, settings);
	assert_int_equal(agent_open(&a, spec, &drop, &source, NULL), ERR_OK);
	agent_think(a, s, 1, 1, 0, NULL, &t);
	log = logf(t.moves[2].prior / t.moves[0].prior);
	assert_int_equal(t.move, 2);
	thought_release(&t);
	agent_close(a);
	free(s);
	return log;
}

static void test_asked(void **state)
{
	struct net_plan *p;
	struct views v;
	float last, between, beyond, steered;

	(void)state;
	plant(&v);
	p = learn(&v);
	last = prefers(p, "stage=1");
	between = prefers(p, "stage=0.6");
	beyond = prefers(p, "stage=2");
	steered = prefers(p, "stage=1,steer=1");
	print_message(
		"middle before edge: %.2f at 0.6, %.2f at the last stage, "
		"%.2f twice as far, %.2f steered\n",
		(double)between, (double)last, (double)beyond, (double)steered);
	/* 0.2 a stage, of which the last shown is number 5. */
	assert_true(fabsf(last - 1) < 0.15f);
	assert_true(fabsf(between - 0.6f) < 0.15f);
	assert_true(beyond > last + 0.3f);
	assert_true(fabsf(steered - 2) < 0.4f);
	net_plan_free(p);
	views_release(&v);
}

/* Rows are a position, its stage and what was said there, and never one from
 * the cut on. */
static void test_rows(void **state)
{
	struct staged_data d = {.stages = CUT};
	struct dataset data;
	struct dataset_room room;
	struct net_config c;
	struct views v;
	float x[160];

	(void)state;
	plant(&v);
	d.views = &v;
	data = staged_dataset(&d);
	assert_int_equal(staged_net(&drop, network, &c, NULL), ERR_OK);
	dataset_room_init(&room, &c, 64);
	assert_int_equal(dataset_held(&data), POSITIONS * CUT);
	for (int64_t item = 0; item < 60; item++) {
		struct net_row row;
		float logs[SAID];

		dataset_room_clear(&room);
		data.get(data.self, item, &room);
		row = net_rows_at(&room.rows, 0);
		views_read(&v, item / CUT, 0, x);
		views_read_said(&v, item / CUT, (int)(item % CUT), 0, logs);
		assert_memory_equal(row.x, x, v.row * sizeof(float));
		for (size_t i = v.row; i < v.row + 20; i++)
			assert_true(row.x[i] == (float)(item % CUT) / 5);
		for (int m = 0; m < MOVES; m++)
			assert_true(row.target[NET_POLICY][m] ==
				    (logs[m] > VIEWS_ILLEGAL ? expf(logs[m])
							     : NET_LEFT_OUT));
	}
	for (uint64_t step = 0; step < 20; step++) {
		struct dataset_chance chance = {1, step, 0};

		dataset_room_clear(&room);
		data.draw(data.self, 0, &chance, &room);
		assert_int_equal(room.batch.sequences, 64);
		for (int i = 0; i < 64; i++)
			assert_in_range(room.stage[i], 0, CUT - 1);
	}
	dataset_room_release(&room);
	views_release(&v);
}

/* Rows of games that a search labelled are their positions, at their stage. */
static void test_searched(void **state)
{
	static const game_move moves[] = {2, 2, 1, 3, 0};
	struct staged_game game = {.stage = 0.375f};
	struct staged_data d = {
		.stages = CUT, .searched = 1, .games = &game, .game_count = 1};
	struct lessons_maker *maker = lessons_maker_new(&drop, 0);
	struct dataset_chance chance = {1, 0, 0};
	struct dataset data;
	struct dataset_room room;
	struct net_config c;
	struct views v;

	(void)state;
	plant(&v);
	v.symmetries = 1;
	d.views = &v;
	game.lessons = lessons_make_plain(maker, moves, 5, 0, 3, 1);
	data = staged_dataset(&d);
	assert_int_equal(staged_net(&drop, network, &c, NULL), ERR_OK);
	dataset_room_init(&room, &c, 64);
	data.draw(data.self, 0, &chance, &room);
	assert_int_equal(room.batch.sequences, 64);
	for (int i = 0; i < 64; i++) {
		struct net_row row = net_rows_at(&room.rows, i);
		void *s = game_state_new(&drop, 0);
		float x[160];
		int ply = 0;

		for (;; ply++) {
			drop.rules->encode(&drop, s, x);
			if (!memcmp(x, row.x, v.row * sizeof(*x)))
				break;
			assert_in_range(ply, 0, 3);
			drop.rules->apply(&drop, s, moves[ply]);
		}
		for (size_t k = v.row; k < v.row + 20; k++)
			assert_true(row.x[k] == 0.375f);
		assert_true(row.target[NET_POLICY][moves[ply]] == 1);
		assert_true(row.target[NET_VALUE][ply % 2 ? 2 : 0] == 1);
		free(s);
	}
	dataset_room_release(&room);
	lessons_free(game.lessons);
	lessons_maker_free(maker);
	views_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_searched),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
