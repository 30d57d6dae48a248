/* SPDX-License-Identifier: MIT */
/* Learning without a search: the loss against differences, returns against the
 * games that they are of, repeatability, what is frozen, and that it learns. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/net_eval.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/lanes.h"
#include "core/learn/learner.h"
#include "core/learn/method.h"
#include "core/learn/pg.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/self_play.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/search/evaluator.h"

enum { MOVES = 6 };

/* --- the loss ------------------------------------------------------------ */

static double loss_at(const struct method *m, const struct pg_move *moved,
		      const float *anchor, float *y, float *dy)
{
	static const float target[MOVES] = {0, 1, -1, 0, 0, -1};
	double figure[NET_FIGURES] = {0};
	float p[MOVES];

	pg_loss(m, moved, anchor,
		&(struct net_head_row){.size = MOVES,
				       .y = y,
				       .target = target,
				       .weight = 1,
				       .scale = 1,
				       .p = p,
				       .dy = dy,
				       .figure = figure});
	return figure[0];
}

static void check_loss(const char *settings, float log_chance, float advantage,
		       bool anchored, bool moves)
{
	static const float anchor[MOVES] = {0.2f, 0.5f, 0, 0.25f, 0.05f, 0};
	float y[MOVES] = {0.3f, -0.4f, 9, 0.8f, -1, 4}, dy[MOVES], spare[MOVES];
	struct pg_move moved = {1, log_chance, advantage};
	struct method m;
	double size = 0;

	assert_int_equal(method_read(settings, &m, NULL), ERR_OK);
	loss_at(&m, &moved, anchored ? anchor : NULL, y, dy);
	for (int i = 0; i < MOVES; i++) {
		float h = 1e-2f, was = y[i];
		double up, down, slope;

		y[i] = was + h;
		up = loss_at(&m, &moved, anchored ? anchor : NULL, y, spare);
		y[i] = was - h;
		down = loss_at(&m, &moved, anchored ? anchor : NULL, y, spare);
		y[i] = was;
		slope = (up - down) / (2 * (double)h);
		if (fabs(slope - (double)dy[i]) > 1e-3)
			fail_msg("%s: logit %d: %g where differences say %g",
				 settings, i, (double)dy[i], slope);
		size += fabs(slope);
	}
	assert_true((size > 1e-3) == moves);
	assert_true(dy[2] == 0 && dy[5] == 0);
}

/* log p(1) is -1.815 here. */
static void test_loss(void **state)
{
	const char *plain = "actor-critic:clip=0,entropy=0";
	const char *clipped = "actor-critic:clip=0.2,entropy=0";

	(void)state;
	check_loss(plain, -1, 0.7f, false, true);
	check_loss(plain, -1, -0.7f, false, true);
	check_loss(clipped, -1.8f, 0.7f, false, true);
	/* Far past the clip nothing moves, back to it everything does. */
	check_loss(clipped, -3, 0.7f, false, false);
	check_loss(clipped, -3, -0.7f, false, true);
	check_loss(clipped, -1, -0.7f, false, false);
	check_loss(clipped, -1, 0.7f, false, true);
	check_loss("actor-critic:entropy=0.5", -1.8f, 0, false, true);
	check_loss("actor-critic:entropy=0,anchor=0.5", -1.8f, 0, true, true);
	check_loss("actor-critic:entropy=0.1,anchor=0.5", -1.8f, -2, true,
		   true);
}

/* --- courses ------------------------------------------------------------- */

struct heard {
	struct buf records[64];
	int commits;
	uint64_t games; /* a hash of them */
};

static enum err_code hear_game(void *self, const struct self_play_game *g,
			       struct err *e)
{
	struct heard *h = self;

	(void)e;
	h->games = rng_mix(h->games, (uint64_t)g->number);
	for (int i = 0; i < g->count; i++)
		h->games = rng_mix(h->games, g->moves[i]);
	return ERR_OK;
}

static enum err_code hear_commit(void *self, const struct course_mark *at,
				 const struct buf *resume, struct err *e)
{
	struct heard *h = self;

	(void)at;
	(void)e;
	if (!resume)
		return ERR_OK;
	assert_true(h->commits < (int)ARRAY_LEN(h->records));
	buf_init(&h->records[h->commits]);
	buf_add(&h->records[h->commits++], resume->data, resume->len);
	return ERR_OK;
}

static void forget(struct heard *h)
{
	for (int i = 0; i < h->commits; i++)
		buf_release(&h->records[i]);
}

struct fixture {
	struct game g;
	struct recipe r;
};

static void make(struct fixture *f, const char *game, const char *method)
{
	assert_int_equal(game_init(&f->g, game, NULL), ERR_OK);
	conf_defaults(recipe_spec, &f->r);
	assert_int_equal(
		conf_read_list(recipe_spec, &f->r,
			       "filters=8,blocks=1,groups=3,slots=8,plies=6,"
			       "batch=48,shard=24,reuse=2,opening_share=0.2,"
			       "weight_decay=0,average=0.1,warmup=0",
			       "test", NULL),
		ERR_OK);
	snprintf(f->r.method, sizeof(f->r.method), "%s", method);
	assert_int_equal(recipe_check_game(&f->r, &f->g, NULL), ERR_OK);
}

static struct course *course_of(const struct fixture *f, struct heard *h,
				int64_t games, const struct dataset *shown)
{
	struct course_sink sink = {
		.game = hear_game, .commit = hear_commit, .self = h};
	struct course_config config = {
		.name = "test",
		.game = &f->g,
		.recipe = &f->r,
		.seed = 7,
		.goal_games = games,
		.demonstrations = shown,
	};

	return course_new(&config, &sink);
}

static uint64_t hash_of(struct course *c)
{
	const float *w = course_weights(c);
	uint64_t h = 1;

	for (size_t i = 0; i < net_param_count(course_net(c)); i++) {
		uint32_t bits;

		memcpy(&bits, &w[i], sizeof(bits));
		h = rng_mix(h, bits);
	}
	return h;
}

static uint64_t run(const struct fixture *f, int threads, struct heard *h,
		    int from)
{
	struct pool *pool = pool_new(threads);
	struct heard more = {0};
	struct course *c = course_of(f, from < 0 ? h : &more, 60, NULL);
	uint64_t out;

	if (from >= 0)
		assert_int_equal(course_load(c, h->records[from].data,
					     h->records[from].len, NULL),
				 ERR_OK);
	assert_int_equal(course_run(c, pool, NULL), ERR_OK);
	out = hash_of(c);
	course_free(c);
	forget(&more);
	pool_free(pool);
	return out;
}

/* The same weights on 1, 2 and 3 threads, and from every other record. */
static void check_repeats(const char *game, const char *method)
{
	struct heard one = {0}, two = {0}, three = {0};
	struct fixture f;
	uint64_t is;

	make(&f, game, method);
	is = run(&f, 1, &one, -1);
	assert_true(run(&f, 2, &two, -1) == is);
	assert_true(run(&f, 3, &three, -1) == is);
	assert_true(one.games && one.games == two.games &&
		    one.games == three.games);
	assert_true(one.commits > 2);
	for (int i = 1; i < one.commits; i += 2)
		assert_true(run(&f, 1 + i % 2, &one, i) == is);
	forget(&one);
	forget(&two);
	forget(&three);
}

static void test_repeats(void **state)
{
	(void)state;
	check_repeats("drop:rows=4,cols=5,line=4",
		      "actor-critic:anchor=0.1,keep=2");
	check_repeats("tictactoe", "td:keep=3");
	check_repeats("pacman:maze=tiny,ticks=24", "actor-critic:keep=1");
}

static enum err_code load(const struct fixture *f, const struct buf *b,
			  size_t len)
{
	struct heard h = {0};
	struct course *c = course_of(f, &h, 60, NULL);
	enum err_code rc = course_load(c, b->data, len, NULL);

	course_free(c);
	return rc;
}

/* A record that is cut anywhere is refused. */
static void test_cut_records(void **state)
{
	struct heard h = {0};
	struct fixture f;

	(void)state;
	make(&f, "tictactoe", "actor-critic:anchor=0.1");
	run(&f, 1, &h, -1);
	assert_int_equal(load(&f, &h.records[1], h.records[1].len), ERR_OK);
	for (size_t len = 0; len < h.records[1].len; len += 97)
		assert_int_not_equal(load(&f, &h.records[1], len), ERR_OK);
	forget(&h);
}

/* --- returns ------------------------------------------------------------- */

/* The first of the rows that a network would learn, by items. */
static void get_value(const struct lanes *l, const struct net_config *net,
		      int64_t item, float wdl[3])
{
	struct dataset d = lanes_dataset(l);
	struct dataset_room room;
	struct net_row row;

	dataset_room_init(&room, net, 1);
	d.get(d.self, item, &room);
	row = net_rows_at(&room.rows, 0);
	memcpy(wdl, row.target[NET_VALUE], 3 * sizeof(*wdl));
	dataset_room_release(&room);
}

struct outcome {
	const struct game *g;
	float result[64]; /* of player 0, by number of the game */
	int count[64];
};

static void note_outcome(void *ctx, const struct self_play_game *g)
{
	struct outcome *o = ctx;

	assert_true(g->number < (int64_t)ARRAY_LEN(o->result));
	o->result[g->number] = g->result;
	o->count[g->number] = g->count;
}

static void note_nothing(void *ctx, const struct self_play_game *g)
{
	(void)ctx;
	(void)g;
}

/* With lambda 1 what each move of a finished game teaches is how it ended. */
static void test_returns_are_results(void **state)
{
	enum { PLIES = 9 };
	struct outcome o = {0};
	struct pool *pool = pool_new(1);
	struct net_config net;
	struct net_plan *plan;
	struct fixture f;
	struct method m;
	struct lanes *l;
	float *params;

	(void)state;
	make(&f, "tictactoe", "td:lambda=1,keep=1");
	f.r.plies = PLIES;
	f.r.groups = 1;
	f.r.opening_share = 0;
	assert_int_equal(method_read(f.r.method, &m, NULL), ERR_OK);
	recipe_net(&f.r, &f.g, &net);
	params = mem_floats(net_param_count(&net));
	net_init(&net, 3, params);
	plan = net_plan_new(&net, params);
	l = lanes_new(&f.g, &f.r, &m, &net, NULL, NULL, 5);
	assert_int_equal(lanes_advance(l, plan, pool, note_outcome, NULL, &o),
			 ERR_OK);
	for (int lane = 0; lane < f.r.slots; lane++)
		for (int ply = 0; ply < o.count[lane]; ply++) {
			float wdl[3], sign = ply % 2 ? -1 : 1;

			get_value(l, &net, lane * PLIES + ply, wdl);
			assert_true(wdl[0] - wdl[2] == sign * o.result[lane]);
			assert_true(wdl[1] == (o.result[lane] == 0));
		}
	lanes_free(l);
	net_plan_free(plan);
	free(params);
	pool_free(pool);
}

/* What a first call teaches, in the mean over moves. */
static double mean_value(const char *method)
{
	struct pool *pool = pool_new(1);
	struct net_config net;
	struct net_plan *plan;
	struct fixture f;
	struct method m;
	struct lanes *l;
	float *params;
	double sum = 0;
	int n;

	make(&f, "pacman:maze=tiny,ticks=64", method);
	assert_int_equal(method_read(f.r.method, &m, NULL), ERR_OK);
	recipe_net(&f.r, &f.g, &net);
	params = mem_floats(net_param_count(&net));
	net_init(&net, 3, params);
	plan = net_plan_new(&net, params);
	l = lanes_new(&f.g, &f.r, &m, &net, NULL, NULL, 5);
	assert_int_equal(lanes_advance(l, plan, pool, note_nothing, NULL, NULL),
			 ERR_OK);
	n = f.r.groups * f.r.slots * f.r.plies;
	for (int i = 0; i < n; i++) {
		float wdl[3];

		get_value(l, &net, i, wdl);
		sum += (double)(wdl[0] - wdl[2]) / n;
	}
	lanes_free(l);
	net_plan_free(plan);
	free(params);
	pool_free(pool);
	return sum;
}

/* Moves are drawn alike whatever is paid, in a first call: what a dot is worth
 * can be taken away, and given twice. */
static void test_bonus(void **state)
{
	double paid = mean_value("actor-critic:lambda=1");
	double none = mean_value("actor-critic:lambda=1,fact=dots,bonus=-10");
	double twice = mean_value("actor-critic:lambda=1,fact=dots,bonus=10");

	(void)state;
	assert_true(paid - none > 0.001);
	assert_true(fabs((twice - paid) - (paid - none)) < 1e-6);
	assert_true(mean_value("actor-critic:lambda=1,fact=dogs,bonus=-10") ==
		    paid);
}

/* A share of the rows are demonstrations, which say nothing of values. */
static void test_demonstrations(void **state)
{
	static const game_move game[] = {0, 3, 1, 4, 2};
	struct pool *pool = pool_new(1);
	struct dataset_chance chance = {1, 2, 3};
	struct dataset_room room;
	struct net_config net;
	struct net_plan *plan;
	struct replay *shown;
	struct dataset given, d;
	struct fixture f;
	struct method m;
	struct lanes *l;
	float *params;

	(void)state;
	make(&f, "tictactoe", "actor-critic:replay=0.25");
	assert_int_equal(method_read(f.r.method, &m, NULL), ERR_OK);
	recipe_net(&f.r, &f.g, &net);
	params = mem_floats(net_param_count(&net));
	net_init(&net, 3, params);
	plan = net_plan_new(&net, params);
	shown = replay_new(&f.g, 100, 1);
	replay_add_plain(shown, game, ARRAY_LEN(game), 0, 1, 1);
	given = replay_dataset(shown);
	l = lanes_new(&f.g, &f.r, &m, &net, NULL, &given, 5);
	assert_int_equal(lanes_advance(l, plan, pool, note_nothing, NULL, NULL),
			 ERR_OK);
	d = lanes_dataset(l);
	dataset_room_init(&room, &net, 16);
	d.draw(d.self, d.held(d.self), &chance, &room);
	assert_int_equal(room.batch.sequences, 16);
	for (int i = 0; i < 16; i++) {
		struct net_row row = net_rows_at(&room.rows, i);

		assert_true((room.item[i] < 0) == (i < 4));
		assert_true(*row.weight[NET_VALUE] == (i < 4 ? 0 : 1));
		assert_true(*row.weight[NET_POLICY] == 1);
	}
	dataset_room_release(&room);
	lanes_free(l);
	replay_free(shown);
	net_plan_free(plan);
	free(params);
	pool_free(pool);
}

/* --- learning ------------------------------------------------------------ */

/* Share of points against uniform play, with the likeliest moves. */
static double against_random(const struct game *g, struct course *c)
{
	struct net_plan *plan = net_plan_new(course_net(c), course_weights(c));
	struct net_eval *ne = net_eval_new(plan, g, 1);
	struct evaluator ev = net_eval_evaluator(ne);
	float *logits = mem_floats((size_t)g->move_count), wdl[3], value[2];
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	double sum = 0;

	for (int i = 0; i < 200; i++) {
		void *s = game_state_new(g, 0);
		const void *at = s;
		struct rng r;

		rng_init(&r, 3, RNG_TEST, (uint64_t)i, 0);
		while (g->rules->to_act(g, s) != GAME_OVER) {
			int n = g->rules->legal(g, s, legal), best = 0;

			evaluator_run(&ev, g, 1, &at, logits, wdl);
			for (int k = 1; k < n; k++)
				if (logits[legal[k]] > logits[legal[best]])
					best = k;
			if (g->rules->to_act(g, s) != i % 2)
				best = (int)rng_below(&r, (uint32_t)n);
			g->rules->apply(g, s, legal[best]);
		}
		g->rules->score(g, s, value);
		sum += (1 + (double)value[i % 2]) / 2;
		free(s);
	}
	free(legal);
	free(logits);
	net_eval_free(ne);
	net_plan_free(plan);
	return sum / 200;
}

static void check_learns(const char *method, double least)
{
	struct pool *pool = pool_new(1);
	struct heard h = {0};
	struct fixture f;
	struct course *c;
	double share;

	make(&f, "tictactoe", method);
	f.r.slots = 32;
	f.r.rate = 0.005f;
	c = course_of(&f, &h, 1200, NULL);
	assert_int_equal(course_begin(c, pool, NULL), ERR_OK);
	while (!course_done(c)) {
		forget(&h);
		h.commits = 0;
		assert_int_equal(course_advance(c, pool, NULL), ERR_OK);
	}
	share = against_random(&f.g, c);
	print_message("%s: %.3f against random\n", method, share);
	assert_true(share >= least);
	forget(&h);
	course_free(c);
	pool_free(pool);
}

/* Uniform play against itself makes 0.5. */
static void test_learns(void **state)
{
	(void)state;
	check_learns("actor-critic", 0.7);
	check_learns("td", 0.7);
}

/* What is frozen keeps its bits, and the rest does not. */
static void test_frozen(void **state)
{
	struct net_block blocks[NET_MAX_BLOCKS];
	struct pool *pool = pool_new(1);
	struct heard h = {0};
	struct fixture f;
	struct course *c;
	float *before;
	int n, still = 0, moved = 0;

	(void)state;
	make(&f, "tictactoe", "actor-critic:frozen=stem+block 1");
	f.r.average = 1;
	c = course_of(&f, &h, 100, NULL);
	n = net_blocks(course_net(c), blocks);
	before = mem_floats(net_param_count(course_net(c)));
	memcpy(before, course_weights(c),
	       net_param_count(course_net(c)) * sizeof(float));
	assert_int_equal(course_run(c, pool, NULL), ERR_OK);
	for (int i = 0; i < n; i++) {
		bool same = !memcmp(before + blocks[i].from,
				    course_weights(c) + blocks[i].from,
				    blocks[i].count * sizeof(float));

		assert_true(same == (!strcmp(blocks[i].part, "stem") ||
				     !strcmp(blocks[i].part, "block 1")));
		still += same;
		moved += !same;
	}
	assert_true(still == 2 && moved >= 2);
	free(before);
	forget(&h);
	course_free(c);
	pool_free(pool);
}

static void test_refused(void **state)
{
	static const struct {
		const char *game, *method;
	} bad[] = {
		{"tictactoe", "actor"},
		{"tictactoe", "search:clip=1"},
		{"tictactoe", "actor-critic:clop=1"},
		{"tictactoe", "actor-critic:frozen=stam"},
		{"pacman", "td"},
	};
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		make(&f, bad[i].game, "search");
		snprintf(f.r.method, sizeof(f.r.method), "%s", bad[i].method);
		assert_int_equal(recipe_check_game(&f.r, &f.g, NULL),
				 ERR_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_cut_records),
		cmocka_unit_test(test_returns_are_results),
		cmocka_unit_test(test_bonus),
		cmocka_unit_test(test_demonstrations),
		cmocka_unit_test(test_learns),
		cmocka_unit_test(test_frozen),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
