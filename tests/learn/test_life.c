/* SPDX-License-Identifier: MIT */
/* Lives: the same bytes however they are made, and nothing else is read. */
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
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/net/net.h"

enum { LIVES = 3 };

static struct game game;
static struct recipe recipe;
static const struct life_grid grid = {.cut = 30,
				      .games = 80,
				      .before = 3,
				      .after = 2,
				      .per_stage = 6,
				      .temperature = 1};

static int setup(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	conf_defaults(recipe_spec, &recipe);
	if (game_init(&game, "tictactoe", &e) ||
	    conf_read_list(recipe_spec, &recipe,
			   "filters=4,blocks=1,groups=2,slots=4,plies=3,"
			   "simulations=4,gumbel_moves=4,start_positions=20,"
			   "batch=16,shard=8,rate_games=80,average=0.1,"
			   "opening_share=0.5,opening_plies=3,"
			   "checkpoint_bits=10",
			   "test", &e))
		fail_msg("%s", e.msg);
	return 0;
}

static struct life_config config_of(uint64_t seed)
{
	return (struct life_config){&game, &recipe, grid, seed};
}

static void make(uint64_t seed, struct buf *out)
{
	struct life_config c = config_of(seed);
	struct err e = ERR_INIT;

	buf_init(out);
	if (life_make(&c, NULL, out, &e))
		fail_msg("%s", e.msg);
}

static void go_on(uint64_t seed, const struct buf *before, uint64_t after_seed,
		  struct buf *out)
{
	struct life_config c = config_of(seed);
	struct err e = ERR_INIT;

	buf_init(out);
	if (life_continue(&c, before->data, before->len, after_seed, NULL, out,
			  &e))
		fail_msg("%s", e.msg);
}

static void assert_same(const struct buf *a, const struct buf *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->data, b->data, a->len);
}

static struct life *read_life(const struct buf *before, const struct buf *after)
{
	struct life *l;
	struct err e = ERR_INIT;

	if (life_read(&game, before->data, before->len,
		      after ? after->data : NULL, after ? after->len : 0, &l,
		      &e))
		fail_msg("%s", e.msg);
	return l;
}

/* First 31 by a factor of 1.221 each, the cut at 500, the end at 10,000: the
 * ratio is 20^(1/15). */
static void test_grid(void **state)
{
	static const struct life_grid desk = {500, 10000, 15, 15, 64, 1, 0};
	static const struct life_grid bad[] = {
		{500, 500, 15, 15, 64, 1, 0}, {0, 10, 1, 1, 1, 1, 0},
		{5, 10, 0, 1, 1, 1, 0},       {5, 10, 1, 0, 1, 1, 0},
		{5, 10, 1, 1, -1, 1, 0},      {5, 10, 1024, 1, 1, 1, 0},
		{5, 10, 1, 1, -1, 0, 0},
	};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(life_grid_check(&desk, &e), ERR_OK);
	assert_int_equal(life_grid_games(&desk, 0), 31);
	assert_int_equal(life_grid_games(&desk, 13), 409);
	assert_int_equal(life_grid_games(&desk, 14), 500);
	assert_int_equal(life_grid_games(&desk, 15), 611);
	assert_int_equal(life_grid_games(&desk, 29), 10000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(life_grid_check(&bad[i], &e), ERR_USAGE);
}

/* --- what a life is ------------------------------------------------------ */

/* A course that never stops and is never looked at comes to the same: stages
 * are moments of one training.  With the seed of before, so does what goes on
 * past the cut. */
static void test_stages_are_of_one_training(void **state)
{
	struct pool *pool = pool_new(2);
	struct course_config config = {
		.name = "whole", .game = &game, .recipe = &recipe, .seed = 5};
	struct course_sink sink = {0};
	struct course *c = course_new(&config, &sink);
	struct buf before, after;
	struct err e = ERR_INIT;
	struct life *l;
	size_t n;

	(void)state;
	make(5, &before);
	go_on(5, &before, 5, &after);
	l = read_life(&before, &after);
	n = net_param_count(life_net(l));
	assert_int_equal(life_stages(l), 5);
	assert_int_equal(course_begin(c, pool, &e), ERR_OK);
	for (int i = 0; i < 5; i++) {
		struct life_stage s = life_stage(l, i);

		while (course_at(c)->games < life_grid_games(&grid, i))
			assert_int_equal(course_advance(c, pool, &e), ERR_OK);
		assert_int_equal(s.games, course_at(c)->games);
		assert_int_equal(s.step, course_at(c)->step);
		assert_memory_equal(s.weights, course_weights(c),
				    n * sizeof(float));
		assert_int_equal(s.game_count, 6);
	}
	assert_true(life_stage(l, 4).step > life_stage(l, 2).step);
	assert_int_equal(life_own_games(l), life_stage(l, 2).games);
	assert_int_equal(life_seed(l, LIFE_BEFORE), 5);
	life_free(l);
	course_free(c);
	buf_release(&before);
	buf_release(&after);
	pool_free(pool);
}

/* A snapshot's games are drawn from what it says, and say it. */
static void test_games_of_a_stage(void **state)
{
	struct buf before;
	struct life *l;
	int differ = 0, opened = 0;

	(void)state;
	make(5, &before);
	l = read_life(&before, NULL);
	assert_int_equal(life_stages(l), grid.before);
	for (int i = 0; i < grid.before; i++) {
		struct self_play_game first = life_game(l, i, 0);

		for (int k = 0; k < grid.per_stage; k++) {
			struct self_play_game g = life_game(l, i, k);
			struct reader r;
			struct target t;
			struct err e = ERR_INIT;
			uint32_t sum = 0;
			int legal = 9 - g.opening;

			assert_int_equal(g.number, k);
			opened += g.opening > 0;
			assert_in_range(g.opening, 0, 3);
			assert_true(g.count >= 5 && g.count <= 9);
			differ += g.count != first.count ||
				  memcmp(g.moves, first.moves,
					 (size_t)g.count * sizeof(*g.moves));
			assert_int_equal(
				targets_open(&r, g.targets, g.targets_len, &e),
				ERR_OK);
			for (int m = 0; m < g.opening; m++) {
				targets_next(&r, &t);
				assert_int_equal(t.count, 0);
			}
			targets_next(&r, &t);
			assert_int_equal(t.count, legal);
			assert_true(t.has_value);
			for (int m = 0; m < legal; m++)
				sum += t.policy[2 * m] +
				       256u * t.policy[2 * m + 1];
			assert_in_range(sum, 65535 - 9, 65535 + 9);
		}
	}
	assert_true(differ > 10);
	assert_in_range(opened, 4, 14);
	life_free(l);
	buf_release(&before);
}

/* Policies of the first position, as a game of the last stage before the cut
 * teaches them: of the first game that begins there. */
static void first_policy(float temperature, double out[9])
{
	struct life_config c = config_of(5);
	struct buf before;
	struct err e = ERR_INIT;
	struct life *l;
	int k = 0;

	buf_init(&before);
	c.grid.temperature = temperature;
	if (life_make(&c, NULL, &before, &e))
		fail_msg("%s", e.msg);
	l = read_life(&before, NULL);
	while (life_game(l, 2, k).opening)
		k++;
	{
		struct self_play_game g = life_game(l, 2, k);
		struct reader r;
		struct target t;

		assert_int_equal(targets_open(&r, g.targets, g.targets_len, &e),
				 ERR_OK);
		targets_next(&r, &t);
		assert_int_equal(t.count, 9);
		for (int m = 0; m < 9; m++)
			out[m] = (t.policy[2 * m] + 256 * t.policy[2 * m + 1]) /
				 65535.0;
	}
	life_free(l);
	buf_release(&before);
}

/* What is taught is what is played: the network's policy to a power. */
static void test_temperature(void **state)
{
	double plain[9], sharp[9], sum = 0;

	(void)state;
	first_policy(1, plain);
	first_policy(0.25f, sharp);
	for (int m = 0; m < 9; m++)
		sum += pow(plain[m], 4);
	for (int m = 0; m < 9; m++)
		assert_true(fabs(sharp[m] - pow(plain[m], 4) / sum) < 1e-3);
	assert_true(fabs(sharp[0] - plain[0]) > 1e-3 ||
		    fabs(sharp[4] - plain[4]) > 1e-3);
}

/* Games that begin by themselves alone change nothing else; they are read back
 * from either part, and a life without them is of the older form. */
static void test_openings(void **state)
{
	struct life_config c = config_of(5);
	struct buf plain, before, after;
	struct err e = ERR_INIT;
	struct life_head head;
	struct life *l, *old;
	int opened = 0;

	(void)state;
	buf_init(&plain);
	buf_init(&before);
	buf_init(&after);
	if (life_make(&c, NULL, &plain, &e))
		fail_msg("%s", e.msg);
	c.grid.opening_share = 1;
	if (life_make(&c, NULL, &before, &e) ||
	    life_continue(&c, before.data, before.len, 7, NULL, &after, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(plain.data[8], 1);
	assert_int_equal(before.data[8], 2);
	l = read_life(&before, &after);
	old = read_life(&plain, NULL);
	assert_true(life_grid(l)->opening_share == 1);
	assert_int_equal(life_head_read(after.data, after.len, &head, &e),
			 ERR_OK);
	assert_true(head.grid.opening_share == 1);
	assert_int_equal(head.own_seed, 7);
	life_head_release(&head);
	for (int s = 0; s < life_stages(l); s++)
		for (int i = 0; i < 6; i++)
			opened += life_game(l, s, i).opening;
	/* 30 games of 0 to 3: 45 +- 6 */
	assert_in_range(opened, 30, 60);
	assert_memory_equal(life_stage(l, 2).weights,
			    life_stage(old, 2).weights,
			    net_param_count(life_net(l)) * sizeof(float));
	c.grid.opening_share = 1.5f;
	assert_int_equal(life_grid_check(&c.grid, &e), ERR_USAGE);
	life_free(l);
	life_free(old);
	buf_release(&plain);
	buf_release(&before);
	buf_release(&after);
}

/* --- the same bytes ------------------------------------------------------ */

struct keeper {
	struct life_task *tasks;
	struct buf kept[LIVES];
	int count, stop_after; /* kept; 0: never */
	int64_t games;
};

static enum err_code keep(void *ctx, int task, struct err *e)
{
	struct keeper *k = ctx;

	(void)e;
	buf_add(&k->kept[task], k->tasks[task].out.data,
		k->tasks[task].out.len);
	k->count++;
	return ERR_OK;
}

static bool keep_going(void *ctx, int64_t games)
{
	struct keeper *k = ctx;

	k->games = games;
	return !k->stop_after || k->count < k->stop_after;
}

static enum err_code make_all(struct keeper *k, enum life_part part,
			      const struct buf *before, int threads,
			      struct err *e)
{
	struct life_task tasks[LIVES];
	struct pool *pool = pool_new(threads);
	enum err_code rc;
	int count = 0, which[LIVES];

	/* Those that are there are not made again. */
	for (int i = 0; i < LIVES; i++) {
		if (k->kept[i].len)
			continue;
		which[count] = i;
		tasks[count++] = (struct life_task){
			.config = config_of(7 + (uint64_t)i),
			.part = part,
			.before = before ? before[i].data : NULL,
			.before_len = before ? before[i].len : 0,
			.seed = 90 + (uint64_t)i,
		};
	}
	k->tasks = tasks;
	if (count == LIVES) {
		rc = lives_run(tasks, count, pool, keep, keep_going, k, e);
	} else {
		rc = lives_run(tasks, count, pool, NULL, NULL, NULL, e);
		for (int i = 0; i < count; i++)
			buf_add(&k->kept[which[i]], tasks[i].out.data,
				tasks[i].out.len);
	}
	for (int i = 0; i < count; i++)
		buf_release(&tasks[i].out);
	pool_free(pool);
	return rc;
}

static void keeper_init(struct keeper *k)
{
	*k = (struct keeper){0};
	for (int i = 0; i < LIVES; i++)
		buf_init(&k->kept[i]);
}

static void keeper_release(struct keeper *k)
{
	for (int i = 0; i < LIVES; i++)
		buf_release(&k->kept[i]);
}

/* On 1, 2 and 3 threads, alone and in company. */
static void test_on_any_number_of_threads(void **state)
{
	struct buf before[LIVES], after[LIVES];

	(void)state;
	for (int i = 0; i < LIVES; i++) {
		make(7 + (uint64_t)i, &before[i]);
		go_on(7 + (uint64_t)i, &before[i], 90 + (uint64_t)i, &after[i]);
	}
	assert_memory_not_equal(before[0].data + before[0].len - 64,
				before[1].data + before[1].len - 64, 64);
	for (int threads = 1; threads <= 3; threads++) {
		struct keeper a, b;
		struct err e = ERR_INIT;

		keeper_init(&a);
		keeper_init(&b);
		assert_int_equal(make_all(&a, LIFE_BEFORE, NULL, threads, &e),
				 ERR_OK);
		assert_int_equal(make_all(&b, LIFE_AFTER, a.kept, threads, &e),
				 ERR_OK);
		assert_int_equal(a.count, LIVES);
		assert_int_equal(b.count, LIVES);
		for (int i = 0; i < LIVES; i++) {
			assert_same(&a.kept[i], &before[i]);
			assert_same(&b.kept[i], &after[i]);
		}
		keeper_release(&a);
		keeper_release(&b);
	}
	for (int i = 0; i < LIVES; i++) {
		buf_release(&before[i]);
		buf_release(&after[i]);
	}
}

/* Stopped when one is made; the rest is made later, to the same bytes. */
static void test_stopped_and_gone_on(void **state)
{
	struct keeper whole, parts;
	struct err e = ERR_INIT;

	(void)state;
	keeper_init(&whole);
	keeper_init(&parts);
	parts.stop_after = 1;
	assert_int_equal(make_all(&whole, LIFE_BEFORE, NULL, 2, &e), ERR_OK);
	assert_int_equal(make_all(&parts, LIFE_BEFORE, NULL, 1, &e),
			 ERR_CANCELLED);
	assert_in_range(parts.count, 1, LIVES - 1);
	parts.stop_after = 0;
	assert_int_equal(make_all(&parts, LIFE_BEFORE, NULL, 2, &e), ERR_OK);
	for (int i = 0; i < LIVES; i++)
		assert_same(&whole.kept[i], &parts.kept[i]);
	keeper_release(&whole);
	keeper_release(&parts);
}

static enum err_code refuse(void *ctx, int task, struct err *e)
{
	(void)ctx;
	(void)task;
	return err_set(e, ERR_IO, "the disk is full");
}

static void test_nobody_keeps_it(void **state)
{
	struct life_task tasks[2] = {
		{.config = config_of(1), .part = LIFE_BEFORE},
		{.config = config_of(2), .part = LIFE_BEFORE},
	};
	struct pool *pool = pool_new(1);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(lives_run(tasks, 2, pool, refuse, NULL, NULL, &e),
			 ERR_IO);
	assert_string_equal(e.msg, "the disk is full");
	buf_release(&tasks[0].out);
	buf_release(&tasks[1].out);
	pool_free(pool);
}

/* Two continuations of one life part at the cut, with all their chances. */
static void test_a_seed_of_its_own(void **state)
{
	char hash[DIGEST_SIZE];
	struct life_head head;
	struct buf before, a, b;
	struct err e = ERR_INIT;
	struct life *x, *y;

	(void)state;
	make(5, &before);
	go_on(5, &before, 11, &a);
	go_on(5, &before, 12, &b);
	x = read_life(&before, &a);
	y = read_life(&before, &b);
	assert_int_equal(life_seed(x, LIFE_AFTER), 11);
	assert_int_equal(life_seed(y, LIFE_AFTER), 12);
	for (int i = grid.before; i < grid.before + grid.after; i++) {
		size_t size = net_param_count(life_net(x)) * sizeof(float);

		assert_memory_not_equal(life_stage(x, i).weights,
					life_stage(y, i).weights, size);
	}
	assert_string_not_equal(life_hash(x, LIFE_AFTER),
				life_hash(y, LIFE_AFTER));
	digest_hex(before.data, before.len, hash);
	assert_string_equal(life_hash(x, LIFE_BEFORE), hash);
	assert_string_equal(life_hash(y, LIFE_BEFORE), hash);
	assert_int_equal(life_head_read(b.data, b.len, &head, &e), ERR_OK);
	assert_int_equal(head.part, LIFE_AFTER);
	assert_int_equal(head.seed, 5);
	assert_int_equal(head.own_seed, 12);
	assert_int_equal(head.grid.cut, grid.cut);
	assert_string_equal(head.game, game.name);
	life_head_release(&head);
	assert_int_equal(life_head_read(b.data, 40, &head, &e), ERR_FORMAT);
	life_free(x);
	life_free(y);
	buf_release(&before);
	buf_release(&a);
	buf_release(&b);
}

/* --- what is no life ----------------------------------------------------- */

static void refuse_life(const struct game *g, const struct buf *before,
			const struct buf *after, enum err_code code,
			const char *why)
{
	struct err e = ERR_INIT;
	struct life *l = NULL;

	assert_int_equal(life_read(g, before->data, before->len,
				   after ? after->data : NULL,
				   after ? after->len : 0, &l, &e),
			 code);
	assert_null(l);
	assert_string_equal(e.msg, why);
}

/* Cut short at any length. */
static void check_cut_short(const struct buf *before)
{
	struct buf some;

	buf_init(&some);
	for (size_t len = 0; len < before->len; len += 1 + len / 5) {
		struct err e = ERR_INIT;
		struct life *l;
		enum err_code rc;

		buf_clear(&some);
		buf_add(&some, before->data, len);
		rc = life_read(&game, some.data, some.len, NULL, 0, &l, &e);
		assert_true(rc == ERR_FORMAT || rc == ERR_VERSION);
		assert_non_null(strstr(e.msg, "the life before its cut"));
	}
	buf_release(&some);
}

/* The hash may be right and what it is of be none. */
static void rehash(struct buf *b)
{
	char hash[DIGEST_SIZE];

	digest_hex(b->data, b->len - 64, hash);
	memcpy(b->data + b->len - 64, hash, 64);
}

static void test_what_is_no_life(void **state)
{
	struct game c4;
	struct buf before, other, after, bad;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_init(&c4, "connect4", &e), ERR_OK);
	make(5, &before);
	make(6, &other);
	go_on(5, &before, 11, &after);
	check_cut_short(&before);
	refuse_life(&game, &after, NULL, ERR_FORMAT,
		    "the life before its cut is the other part of one");
	refuse_life(&c4, &before, NULL, ERR_FORMAT,
		    "the life before its cut is of mnk:rows=3,cols=3,line=3 "
		    "and not of drop:rows=6,cols=7,line=4");
	refuse_life(&game, &other, &after, ERR_FORMAT,
		    "the life after its cut was made with other settings than "
		    "the life before its cut");
	buf_init(&bad);
	buf_add(&bad, before.data, before.len);
	bad.data[before.len / 2] ^= 1;
	refuse_life(&game, &bad, NULL, ERR_FORMAT,
		    "the life before its cut is damaged: its SHA-256 is not "
		    "what it ends with");
	bad.data[before.len / 2] ^= 1;
	bad.data[8] = 7;
	refuse_life(&game, &bad, NULL, ERR_VERSION,
		    "the life before its cut was written in format 7 and this "
		    "program reads formats up to 2");
	bad.data[8] = 1;
	/* The last byte of the resume record: another life, of the same
	 * settings. */
	bad.data[before.len - 65] ^= 1;
	rehash(&bad);
	assert_int_equal(life_read(&game, bad.data, bad.len, after.data,
				   after.len, &(struct life *){NULL}, &e),
			 ERR_FORMAT);
	assert_non_null(strstr(e.msg, "goes on from another life: from "));
	buf_release(&bad);
	buf_release(&before);
	buf_release(&other);
	buf_release(&after);
}

/* A life of a version that knew one key less: `cap_lead`, whose default is what
 * it did.  It goes on, and both parts are one life. */
static void test_a_key_less(void **state)
{
	static const char line[] = "cap_lead = 0\n";
	size_t at = 8 + 4 + 1, cut = sizeof(line) - 1;
	struct buf before, old, after, text;
	struct life *l;
	uint32_t len;
	char *found;

	(void)state;
	make(5, &before);
	buf_init(&old);
	buf_init(&text);
	at += 4 + strlen(game.name); /* of the recipe's length */
	found = memmem(before.data, before.len, line, cut);
	assert_non_null(found);
	memcpy(&len, before.data + at, 4);
	buf_add(&old, before.data, at);
	buf_u32(&old, len - (uint32_t)cut);
	buf_add(&old, before.data + at + 4,
		(size_t)(found - before.data) - at - 4);
	buf_add(&old, found + cut,
		before.len - (size_t)(found - before.data) - cut);
	rehash(&old);
	go_on(5, &old, 11, &after);
	l = read_life(&old, &after);
	assert_int_equal(life_stages(l), 5);
	life_settings(&recipe, &grid, &text);
	assert_true(life_settings_say(text.data, &recipe, &grid));
	found = strstr(text.data, line);
	memmove(found, found + cut, strlen(found + cut) + 1);
	assert_true(life_settings_say(text.data, &recipe, &grid));
	found = strstr(text.data, "filters = 4");
	found[10] = '5';
	assert_false(life_settings_say(text.data, &recipe, &grid));
	life_free(l);
	buf_release(&before);
	buf_release(&old);
	buf_release(&after);
	buf_release(&text);
}

static void test_other_settings(void **state)
{
	struct life_config c = config_of(5);
	struct recipe other = recipe;
	struct buf before, out;
	struct err e = ERR_INIT;

	(void)state;
	make(5, &before);
	buf_init(&out);
	other.rate *= 2;
	c.recipe = &other;
	assert_int_equal(
		life_continue(&c, before.data, before.len, 1, NULL, &out, &e),
		ERR_USAGE);
	assert_non_null(strstr(e.msg, "was made with other settings"));
	c = config_of(6);
	assert_int_equal(
		life_continue(&c, before.data, before.len, 1, NULL, &out, &e),
		ERR_USAGE);
	assert_int_equal(out.len, 0);
	buf_release(&before);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_stages_are_of_one_training),
		cmocka_unit_test(test_games_of_a_stage),
		cmocka_unit_test(test_temperature),
		cmocka_unit_test(test_openings),
		cmocka_unit_test(test_on_any_number_of_threads),
		cmocka_unit_test(test_stopped_and_gone_on),
		cmocka_unit_test(test_nobody_keeps_it),
		cmocka_unit_test(test_a_seed_of_its_own),
		cmocka_unit_test(test_what_is_no_life),
		cmocka_unit_test(test_a_key_less),
		cmocka_unit_test(test_other_settings),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
