/* SPDX-License-Identifier: MIT */
/* Courses without a lab: many at once, cut short, begun from given weights. */
#include "config.h"

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
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/net/net.h"

enum { COURSES = 8 };

/* What a course handed over, as far as it must repeat. */
struct heard {
	uint64_t games, figures, checkpoints; /* hashes of all, in order */
	int commits, count;
	int64_t steps[64]; /* of the checkpoints */
	int step_count;
	bool began_with;     /* the first checkpoint was `from` */
	const float *from;   /* borrowed */
	struct buf *records; /* owned; [commits] */
	struct buf played;   /* all games, as they are kept */
	int asked, patience; /* goes_on() says no after so many; 0: never */
};

static uint64_t hash(uint64_t h, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++)
		h = rng_mix(h, bytes[i]);
	return h;
}

static enum err_code hear_game(void *self, const struct self_play_game *g,
			       struct err *e)
{
	struct heard *h = self;

	(void)e;
	h->games = hash(h->games, g->moves, (size_t)g->count * 2);
	h->games = hash(h->games, g->targets, g->targets_len);
	buf_u32(&h->played, (uint32_t)g->count);
	buf_add(&h->played, g->moves, (size_t)g->count * 2);
	buf_f32(&h->played, g->result);
	buf_u32(&h->played, (uint32_t)g->targets_len);
	buf_add(&h->played, g->targets, g->targets_len);
	h->count++;
	return ERR_OK;
}

static enum err_code hear_figure(void *self, const struct course_mark *at,
				 const char *name, double value, struct err *e)
{
	struct heard *h = self;

	(void)e;
	/* All but those that depend on the time. */
	if (!strncmp(name, "loss.", 5) || !strncmp(name, "heldout.", 8) ||
	    !strcmp(name, "kl")) {
		h->figures = hash(h->figures, name, strlen(name));
		h->figures = hash(h->figures, &at->step, sizeof(at->step));
		h->figures = hash(h->figures, &value, sizeof(value));
	}
	return ERR_OK;
}

static enum err_code hear_checkpoint(void *self, const struct course_mark *at,
				     const struct net_config *net,
				     const float *weights, struct err *e)
{
	struct heard *h = self;
	size_t size = net_param_count(net) * sizeof(*weights);

	(void)e;
	assert_true(h->step_count < (int)ARRAY_LEN(h->steps));
	h->steps[h->step_count++] = at->step;
	if (at->step == 0)
		h->began_with = h->from && !memcmp(weights, h->from, size);
	h->checkpoints = hash(h->checkpoints, weights, size);
	return ERR_OK;
}

static enum err_code hear_commit(void *self, const struct course_mark *at,
				 const struct buf *resume, struct err *e)
{
	struct heard *h = self;
	struct buf *b;

	(void)at;
	(void)e;
	if (!resume)
		return ERR_OK;
	h->records = mem_realloc(h->records, (size_t)(h->commits + 1) *
						     sizeof(*h->records));
	b = &h->records[h->commits++];
	buf_init(b);
	buf_add(b, resume->data, resume->len);
	return ERR_OK;
}

static bool go_on(void *self)
{
	struct heard *h = self;

	h->asked++;
	return !h->patience || h->asked < h->patience;
}

static struct course_sink sink_of(struct heard *h)
{
	buf_init(&h->played);
	return (struct course_sink){
		.game = hear_game,
		.figure = hear_figure,
		.checkpoint = hear_checkpoint,
		.commit = hear_commit,
		.goes_on = go_on,
		.self = h,
	};
}

static void release(struct heard *h)
{
	for (int i = 0; i < h->commits; i++)
		buf_release(&h->records[i]);
	free(h->records);
	buf_release(&h->played);
}

static struct game game;
static struct recipe recipe;

static int setup(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	conf_defaults(recipe_spec, &recipe);
	if (game_init(&game, "tictactoe", &e) ||
	    conf_read_list(recipe_spec, &recipe,
			   "filters=4,blocks=1,groups=2,slots=4,plies=3,"
			   "simulations=4,gumbel_moves=4,start_positions=50,"
			   "batch=16,shard=8,rate_games=60,checkpoint_first=10,"
			   "epochs=100",
			   "test", &e))
		fail_msg("%s", e.msg);
	return 0;
}

static struct course *make(struct heard *h, uint64_t seed, const float *from,
			   const struct replay *data, const struct replay *held)
{
	struct dataset sets[2];
	/* Without `h` nobody wants to hear of it. */
	struct course_sink sink = h ? sink_of(h) : (struct course_sink){0};
	struct course_config config = {
		.name = "a course",
		.game = &game,
		.recipe = &recipe,
		.seed = seed,
		.from = from,
		.goal_games = 40,
		.data_games = 2,
	};

	if (data) {
		sets[0] = replay_dataset(data);
		sets[1] = replay_dataset(held);
		config.data = &sets[0];
		config.held_out = &sets[1];
	}
	if (h)
		h->from = from;
	return course_new(&config, &sink);
}

static void fill(struct replay *data, int first)
{
	static const game_move games[2][9] = {{4, 0, 2, 6, 3, 5, 1, 7, 8},
					      {0, 4, 8, 2, 6, 3, 7}};

	replay_add_plain(data, games[first], first ? 7 : 9, 0, 3, (float)first);
}

/* The courses of the crowd: six that play, two that imitate. */
static void make_crowd(struct course **courses, struct heard *heard,
		       const struct replay *data, const struct replay *held)
{
	memset(heard, 0, COURSES * sizeof(*heard));
	for (int i = 0; i < COURSES; i++)
		courses[i] = make(&heard[i], 1 + (uint64_t)i, NULL,
				  i < 6 ? NULL : data, i < 6 ? NULL : held);
}

static void assert_alike(struct course *a, struct course *b)
{
	size_t n = net_param_count(course_net(a));

	assert_int_equal(course_at(a)->step, course_at(b)->step);
	assert_memory_equal(course_weights(a), course_weights(b),
			    n * sizeof(float));
}

static void assert_heard_alike(const struct heard *a, const struct heard *b)
{
	assert_true(a->commits > 3 && a->figures && a->checkpoints);
	assert_int_equal(a->commits, b->commits);
	assert_true(a->games == b->games);
	assert_true(a->figures == b->figures);
	assert_true(a->checkpoints == b->checkpoints);
}

/* Eight courses in one pool come to what each comes to alone, with one thread
 * or two. */
static void test_many_in_one_pool(void **state)
{
	struct replay *data = replay_new(&game, 99, 0);
	struct replay *held = replay_new(&game, 99, 0);

	(void)state;
	fill(data, 0);
	fill(held, 1);
	for (int threads = 1; threads <= 2; threads++) {
		struct pool *pool = pool_new(threads);
		struct pool *other = pool_new(3 - threads);
		struct course *alone[COURSES], *crowd[COURSES];
		struct heard heard[COURSES], among[COURSES];
		struct err e = ERR_INIT, errs[COURSES];

		make_crowd(alone, heard, data, held);
		make_crowd(crowd, among, data, held);
		courses_run(crowd, COURSES, pool, errs);
		for (int i = 0; i < COURSES; i++) {
			assert_int_equal(errs[i].code, ERR_OK);
			assert_int_equal(course_run(alone[i], other, &e),
					 ERR_OK);
			assert_true(course_done(crowd[i]));
			assert_alike(alone[i], crowd[i]);
			assert_heard_alike(&heard[i], &among[i]);
		}
		/* They do differ. */
		assert_memory_not_equal(
			course_weights(alone[0]), course_weights(alone[1]),
			net_param_count(course_net(alone[0])) * sizeof(float));
		for (int i = 0; i < COURSES; i++) {
			course_free(alone[i]);
			course_free(crowd[i]);
			release(&heard[i]);
			release(&among[i]);
		}
		pool_free(pool);
		pool_free(other);
	}
	replay_free(data);
	replay_free(held);
}

/* All that a lab does on resuming: the last record, and the games again. */
static void load(struct course *c, const struct heard *h)
{
	const struct buf *last = &h->records[h->commits - 1];
	struct err e = ERR_INIT;
	struct reader r;

	if (course_load(c, last->data, last->len, &e))
		fail_msg("%s", e.msg);
	reader_init(&r, h->played.data, h->played.len);
	for (int i = 0; i < h->count; i++) {
		uint32_t count = reader_u32(&r), len;
		const void *moves = reader_bytes(&r, (size_t)count * 2);
		float result = reader_f32(&r);
		game_move line[9];
		const void *targets;

		len = reader_u32(&r);
		targets = reader_bytes(&r, len);
		assert_false(r.failed);
		memcpy(line, moves, (size_t)count * 2);
		if (course_load_game(c, line, (int)count, result, targets, len,
				     &e))
			fail_msg("%s", e.msg);
	}
}

/* The checkpoints of both parts are those of the whole. */
static void assert_parts(const struct heard *whole, const struct heard *a,
			 const struct heard *b)
{
	assert_int_equal(a->commits + b->commits, whole->commits);
	assert_int_equal(a->count + b->count, whole->count);
	assert_int_equal(a->step_count + b->step_count, whole->step_count);
	for (int i = 0; i < whole->step_count; i++)
		assert_int_equal(i < a->step_count
					 ? a->steps[i]
					 : b->steps[i - a->step_count],
				 whole->steps[i]);
}

/* Stopped anywhere, and gone on with by another course from the last record: to
 * the same bits. */
static void check_cut_short(const struct replay *data,
			    const struct replay *held)
{
	struct pool *pool = pool_new(2);
	struct heard whole = {0};
	struct course *c = make(&whole, 5, NULL, data, held);
	struct err e = ERR_INIT;
	int stops = 0;

	assert_int_equal(course_run(c, pool, &e), ERR_OK);
	for (int i = 1; i < 8; i++) {
		struct heard cut = {.patience = 1 + whole.asked * i / 8};
		struct heard rest = {0};
		struct course *first = make(&cut, 5, NULL, data, held);
		struct course *second = make(&rest, 5, NULL, data, held);
		enum err_code rc = course_run(first, pool, &e);

		stops += rc == ERR_CANCELLED;
		course_free(first);
		load(second, &cut);
		assert_int_equal(course_run(second, pool, &e), ERR_OK);
		assert_alike(c, second);
		if (rc)
			assert_parts(&whole, &cut, &rest);
		course_free(second);
		release(&cut);
		release(&rest);
	}
	assert_true(stops >= 3);
	course_free(c);
	release(&whole);
	pool_free(pool);
}

static void test_cut_short(void **state)
{
	struct replay *data = replay_new(&game, 99, 0);
	struct replay *held = replay_new(&game, 99, 0);

	(void)state;
	check_cut_short(NULL, NULL);
	fill(data, 0);
	fill(held, 1);
	check_cut_short(data, held);
	replay_free(data);
	replay_free(held);
}

static void test_a_record_of_another_version(void **state)
{
	struct heard h = {0};
	struct course *c = make(&h, 1, NULL, NULL, NULL);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(course_load(c, "\x09\0\0\0", 4, &e), ERR_VERSION);
	assert_non_null(strstr(e.msg, "a course was saved in format 9"));
	course_free(c);
	release(&h);
}

/* Numbers that no run comes to: counts below 0, a schedule of checkpoints that
 * stands still, a game that began after its last move, more than was written.
 */
static void test_a_record_that_cannot_be(void **state)
{
	enum { ITERATION = 4, GAMES = 12, TIME = 28, NEXT = 36, STEP = 52 };
	static const struct {
		size_t at;
		uint64_t value;
	} bad[] = {
		{ITERATION, UINT64_MAX},   {GAMES, (uint64_t)1 << 63},
		{TIME, (uint64_t)1 << 62}, {NEXT, 0},
		{STEP, (uint64_t)1 << 60},
	};
	struct pool *pool = pool_new(1);
	struct heard h = {0};
	struct course *c = make(&h, 1, NULL, NULL, NULL);
	struct buf record;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(course_run(c, pool, &e), ERR_OK);
	buf_init(&record);
	for (size_t i = 0; i <= ARRAY_LEN(bad); i++) {
		struct course *again = make(NULL, 1, NULL, NULL, NULL);

		buf_clear(&record);
		buf_add(&record, h.records[1].data, h.records[1].len);
		if (i < ARRAY_LEN(bad))
			for (int k = 0; k < 8; k++)
				record.data[bad[i].at + (size_t)k] =
					(char)(bad[i].value >> 8 * k);
		else
			buf_u8(&record, 0);
		assert_int_equal(
			course_load(again, record.data, record.len, &e),
			ERR_FORMAT);
		course_free(again);
	}
	buf_release(&record);
	course_free(c);
	release(&h);
	pool_free(pool);
}

/* The first checkpoint is what was given, and what follows depends on it. */
static void test_from_given_weights(void **state)
{
	struct pool *pool = pool_new(1);
	struct heard child = {0}, orphan = {0};
	struct course *from = make(NULL, 1, NULL, NULL, NULL), *with, *without;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(course_run(from, pool, &e), ERR_OK);
	with = make(&child, 2, course_weights(from), NULL, NULL);
	without = make(&orphan, 2, NULL, NULL, NULL);
	assert_int_equal(course_run(with, pool, &e), ERR_OK);
	assert_int_equal(course_run(without, pool, &e), ERR_OK);
	assert_true(child.began_with);
	assert_false(orphan.began_with);
	assert_true(child.games != orphan.games);
	assert_true(child.checkpoints != orphan.checkpoints);
	course_free(from);
	course_free(with);
	course_free(without);
	release(&child);
	release(&orphan);
	pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_in_one_pool),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_a_record_of_another_version),
		cmocka_unit_test(test_a_record_that_cannot_be),
		cmocka_unit_test(test_from_given_weights),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
