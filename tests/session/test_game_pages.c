/* SPDX-License-Identifier: MIT */
/* A list of games that is held a window at a time shows what the whole list
 * would, whichever way it is walked and whoever looks for the rows. */
#include "config.h"

#include "core/session/game_pages.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/store.h"
#include "tests/session/made_lab.h"

enum { GAMES = 200, WINDOW = 12 };

static void wake(void *ctx)
{
	(void)ctx;
}

static struct store *store(void)
{
	return lab_store(made_lab.lab);
}

static void add_games(int from, int count)
{
	static const char *const agents[] = {"random", "policy:c4/100",
					     "policy:c4/200"};
	int64_t run = made_lab_run(&made_lab, "c4");

	assert_int_equal(store_begin(store()), STORE_OK);
	for (int i = from; i < from + count; i++) {
		struct store_game g = {
			.run_id = i % 3 ? run : 0,
			.number = i % 3 ? 1000 + i : 0,
			.game = MADE_LAB_C4,
			.first = agents[i % 3],
			.second = agents[i / 3 % 3],
			.moves = "4453",
			.plies = 4,
			.result = i % 7 ? i % 3 - 1 : (double)NAN,
			.score = (double)NAN,
			.ended = i % 7 ? "end" : NULL,
			.purpose = i % 5 ? "selfplay" : "match",
			.step = i,
			.created_ms = 1,
		};

		assert_int_equal(store_game_add(store(), &g, NULL), STORE_OK);
	}
	assert_int_equal(store_commit(store()), STORE_OK);
}

static int set_up(void **state)
{
	int rc = made_lab_set_up(state);

	add_games(0, GAMES);
	return rc;
}

/* Until no worker looks any more. */
static void settle(struct game_pages *p)
{
	while (game_pages_busy(p)) {
		struct err e = ERR_INIT;
		bool changed;

		assert_int_equal(game_pages_take(p, &changed, &e), ERR_OK);
		nanosleep(&(struct timespec){0, 1000000}, NULL);
	}
}

/* The whole list at once. */
struct all {
	struct store_bag bag;
	struct store_game *rows;
	size_t count;
};

static void read_all(struct all *a, const struct game_filter *f)
{
	struct store_game_filter all;

	game_filter_store(f, *f->run ? made_lab_run(&made_lab, f->run) : 0,
			  &all);
	store_bag_release(&a->bag);
	assert_int_equal(
		store_game_list(store(), &a->bag, &all, &a->rows, &a->count),
		STORE_OK);
}

static void assert_same(struct game_pages *p, const struct all *a)
{
	settle(p);
	if (!a->count) {
		assert_int_equal(p->total, 0);
		return;
	}
	assert_true(p->at < (int64_t)a->count);
	assert_non_null(game_pages_row(p, p->at));
	/* All that is held, and no more than was asked for. */
	assert_true(p->held.count <= WINDOW);
	for (int64_t i = 0; i < p->total; i++) {
		const struct store_game *row = game_pages_row(p, i);

		if (row)
			assert_int_equal(row->id, a->rows[i].id);
	}
}

static void seek(struct game_pages *p, const struct all *a, int64_t row)
{
	struct err e = ERR_INIT;

	assert_int_equal(game_pages_seek(p, row, &e), ERR_OK);
	assert_same(p, a);
}

static void walk(struct game_pages *p, const struct all *a)
{
	int64_t last = (int64_t)a->count - 1;
	struct err e = ERR_INIT;

	for (int64_t i = 0; i <= last; i++) {
		seek(p, a, i);
		assert_int_equal(p->at, i);
	}
	for (int64_t i = last; i > 0; i -= 5)
		seek(p, a, i);
	seek(p, a, 0);
	assert_int_equal(game_pages_last(p, &e), ERR_OK);
	assert_same(p, a);
	assert_true(p->counted);
	assert_int_equal(p->total, a->count);
	assert_int_equal(p->at, last < 0 ? 0 : last);
	for (int64_t i = last; i > 0; i--) {
		seek(p, a, i);
		assert_int_equal(p->at, i);
	}
	/* Into the middle, where nothing is held. */
	seek(p, a, last / 2);
	assert_int_equal(p->at, last < 0 ? 0 : last / 2);
}

static void walks(int few)
{
	static const char *const filters[] = {
		"",
		"run=c4",
		"purpose=match",
		"result=draw",
		"agent=c4/1",
		"run=c4 result=second",
		"step=20..90",
		"agent=nobody",
		"result=unfinished",
		"order=oldest",
		"game=connect4",
		"run=c4 purpose=match",
		"traces=yes",
		"result=first order=oldest",
	};

	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		struct game_filter f;
		struct game_pages p = {0};
		struct all a = {0};
		struct err e = ERR_INIT;

		assert_int_equal(game_filter_parse(filters[i], &f, &e), ERR_OK);
		game_pages_init(&p, store(), WINDOW, few, wake, NULL);
		read_all(&a, &f);
		assert_int_equal(game_pages_filter(&p, &f, &e), ERR_OK);
		assert_same(&p, &a);
		walk(&p, &a);
		game_pages_release(&p);
		store_bag_release(&a.bag);
	}
}

/* New games come above; the one that is looked at stays. */
static void grows(int few)
{
	static const char *const filters[] = {"", "run=c4", "result=draw",
					      "agent=c4", "order=oldest"};
	static int next = GAMES;

	for (int i = 0; i < (int)ARRAY_LEN(filters) * 4; i++) {
		static const int places[] = {0, 3, 40, -1};
		int place = places[i % 4];
		struct game_filter f;
		struct game_pages p = {0};
		struct all a = {0};
		struct err e = ERR_INIT;
		int64_t id;

		assert_int_equal(game_filter_parse(filters[i / 4], &f, &e),
				 ERR_OK);
		game_pages_init(&p, store(), WINDOW, few, wake, NULL);
		read_all(&a, &f);
		assert_int_equal(game_pages_filter(&p, &f, &e), ERR_OK);
		assert_same(&p, &a);
		seek(&p, &a, place < 0 ? (int64_t)a.count - 1 : place);
		assert_true(p.counted);
		id = game_pages_row(&p, p.at)->id;
		add_games(next, 30);
		next += 30;
		read_all(&a, &f);
		assert_int_equal(game_pages_refresh(&p, &e), ERR_OK);
		assert_same(&p, &a);
		assert_int_equal(p.total, a.count);
		if (p.at > 0)
			assert_int_equal(game_pages_row(&p, p.at)->id, id);
		else
			assert_int_equal(place, 0);
		walk(&p, &a);
		game_pages_release(&p);
		store_bag_release(&a.bag);
	}
}

/* Looked for by a worker, and at once. */
static void test_walks(void **state)
{
	(void)state;
	walks(0);
	walks(100000);
}

static void test_grows(void **state)
{
	(void)state;
	grows(0);
	grows(100000);
}

/* Another filter, or the end, while a worker still looks; and a filter that
 * cannot be, which changes nothing. */
static void test_dropped(void **state)
{
	struct game_filter slow, quick, none;
	struct game_pages p = {0};
	struct all a = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_filter_parse("agent=c4", &slow, &e), ERR_OK);
	assert_int_equal(game_filter_parse("run=c4", &quick, &e), ERR_OK);
	assert_int_equal(game_filter_parse("run=c5", &none, &e), ERR_OK);
	game_pages_init(&p, store(), WINDOW, 0, wake, NULL);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(game_pages_filter(&p, &slow, &e), ERR_OK);
		assert_int_equal(game_pages_filter(&p, &quick, &e), ERR_OK);
	}
	read_all(&a, &quick);
	assert_same(&p, &a);
	assert_int_equal(game_pages_filter(&p, &none, &e), ERR_NOTFOUND);
	assert_string_equal(p.filter.run, "c4");
	assert_same(&p, &a);
	assert_int_equal(game_pages_filter(&p, &slow, &e), ERR_OK);
	game_pages_release(&p);
	store_bag_release(&a.bag);
}

#define lab_test(f) \
	cmocka_unit_test_setup_teardown(f, set_up, made_lab_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_walks),
		lab_test(test_grows),
		lab_test(test_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
