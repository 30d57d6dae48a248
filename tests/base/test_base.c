/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/base/stat.h"

static void test_arena_has_a_cap(void **state)
{
	struct arena a;
	unsigned char *p;

	(void)state;
	arena_init(&a, 64);
	p = arena_alloc(&a, 20);
	assert_non_null(p);
	assert_int_equal((uintptr_t)p % 16, 0);
	assert_non_null(arena_alloc(&a, 32));
	assert_null(arena_alloc(&a, 1));
	assert_null(arena_alloc(&a, SIZE_MAX));
	p[0] = 7;
	arena_reset(&a);
	p = arena_alloc(&a, 20);
	assert_int_equal(p[0], 0);
	arena_release(&a);
}

static void test_records_read_back(void **state)
{
	struct reader r;
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_u8(&b, 200);
	buf_u16(&b, 60000);
	buf_u32(&b, 0xdeadbeef);
	buf_u64(&b, 0x0123456789abcdefULL);
	buf_f32(&b, -1.5f);
	/* little-endian, whatever the machine */
	assert_int_equal((unsigned char)b.data[1], 60000 & 255);
	reader_init(&r, b.data, b.len);
	assert_int_equal(reader_u8(&r), 200);
	assert_int_equal(reader_u16(&r), 60000);
	assert_true(reader_u32(&r) == 0xdeadbeef);
	assert_true(reader_u64(&r) == 0x0123456789abcdefULL);
	assert_true(reader_f32(&r) == -1.5f);
	assert_false(r.failed);
	assert_int_equal(reader_u8(&r), 0);
	assert_true(r.failed);
	buf_release(&b);
}

static void test_long_text_grows(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i);
	assert_int_equal(strlen(b.data), b.len);
	assert_string_equal(b.data + b.len - 8, "998,999,");
	buf_release(&b);
}

static void test_json_escapes(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b);
	json_init(&j, &b);
	json_open(&j, '{');
	json_key(&j, "a\"b");
	json_string(&j, "x\n\\\xff\xe2\x97\x8f");
	json_key(&j, "list");
	json_open(&j, '[');
	json_int(&j, -3);
	json_double(&j, 0.25);
	json_double(&j, INFINITY);
	json_bool(&j, true);
	json_string(&j, NULL);
	json_close(&j, ']');
	json_close(&j, '}');
	assert_string_equal(b.data,
			    "{\"a\\\"b\":\"x\\n\\\\\xef\xbf\xbd"
			    "\xe2\x97\x8f\",\"list\":[-3,0.25,null,true,"
			    "null]}");
	buf_release(&b);
}

struct settings {
	int count;
	float share;
	bool on;
	int kind;
	char name[8];
	char rest[12];
};

static const struct conf_spec settings_spec[] = {
	{"count", CONF_INT, offsetof(struct settings, count), 1, 9, "3", NULL,
	 ""},
	{"share", CONF_FLOAT, offsetof(struct settings, share), 0, 0.1, "0.1",
	 NULL, ""},
	{"on", CONF_BOOL, offsetof(struct settings, on), 0, 0, "yes", NULL, ""},
	{"kind", CONF_CHOICE, offsetof(struct settings, kind), 0, 0, "b",
	 "a|b|cc", ""},
	{"name", CONF_TEXT, offsetof(struct settings, name), 0, 8, "x", NULL,
	 ""},
	{"rest", CONF_REST, offsetof(struct settings, rest), 0, 12, "", NULL,
	 ""},
	{NULL, CONF_INT, 0, 0, 0, NULL, NULL, NULL},
};

static void test_settings(void **state)
{
	struct settings s;
	struct err e = ERR_INIT;
	struct buf b;

	(void)state;
	memset(&s, 0, sizeof(s));
	conf_defaults(settings_spec, &s);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.kind, 1);
	assert_true(s.on);
	assert_int_equal(conf_read_list(settings_spec, &s,
					"count=9, kind=cc,on=off,name=abc",
					"here", &e),
			 ERR_OK);
	buf_init(&b);
	conf_format(settings_spec, &s, &b);
	assert_string_equal(b.data, "count = 9\nshare = 0.1\non = no\n"
				    "kind = cc\nname = abc\nrest = \n");
	/* It ends the list, and no other key is taken for it. */
	assert_int_equal(conf_read_list(settings_spec, &s,
					"count=2,rest=a:b=1,on=y", "here", &e),
			 ERR_OK);
	assert_string_equal(s.rest, "a:b=1,on=y");
	buf_release(&b);
}

static void test_settings_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"count=0", "from 1 to 9"},
		{"count=4x", "from 1 to 9"},
		{"count=", "from 1 to 9"},
		{"share=0.2", "from 0 to 0.1"},
		{"share=nan", "from 0 to 0.1"},
		{"on=maybe", "yes or no"},
		{"kind=c", "a|b|cc"},
		{"name=12345678", "longer than 7"},
		{"rest=1,count=2,a=3", "longer than 11"},
		{"cuont=1", "did you mean 'count'"},
		{"zzzzzzzzzzzz=1", "unknown key"},
		{"count", "not key = value"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct settings s, before;
		struct err e = ERR_INIT;

		memset(&s, 0, sizeof(s));
		conf_defaults(settings_spec, &s);
		before = s;
		assert_int_equal(conf_read_list(settings_spec, &s, bad[i].text,
						"here", &e),
				 ERR_USAGE);
		assert_non_null(strstr(e.msg, bad[i].says));
		assert_non_null(strstr(e.msg, "here"));
		/* nobody need ask for the sentence */
		assert_int_equal(conf_read_list(settings_spec, &s, bad[i].text,
						"here", NULL),
				 ERR_USAGE);
		assert_int_equal(
			conf_read(settings_spec, &s, bad[i].text, "here", NULL),
			ERR_USAGE);
		assert_memory_equal(&s, &before, sizeof(s));
	}
}

static void test_dates(void **state)
{
	char text[CLOCK_DATE_SIZE];

	(void)state;
	setenv("TZ", "UTC", 1);
	assert_true(clock_date(1700000000000, text));
	assert_string_equal(text, "2023-11-14 22:13");
	setenv("TZ", "XYZ-2", 1);
	assert_true(clock_date(1700000000000, text));
	assert_string_equal(text, "2023-11-15 00:13");
	assert_false(clock_date(0, text));
	assert_string_equal(text, "-");
}

static void add_task(void *ctx, int i, int worker)
{
	(void)worker;
	atomic_fetch_add(&((atomic_int *)ctx)[i], 1);
}

static void test_pool_runs_each_task_once(void **state)
{
	atomic_int done[500];

	(void)state;
	for (int threads = 1; threads <= 4; threads++) {
		struct pool *p = pool_new(threads);

		memset(done, 0, sizeof(done));
		for (int round = 0; round < 20; round++)
			pool_run(p, 500, add_task, done);
		for (int i = 0; i < 500; i++)
			assert_int_equal(done[i], 20);
		pool_run(p, 0, add_task, done);
		pool_free(p);
	}
}

struct watched {
	atomic_int done[500], looks;
};

static void look(void *ctx)
{
	struct watched *w = ctx;

	atomic_fetch_add(&w->looks, 1);
}

/* The first task ends after it was looked at twice. */
static void slow_task(void *ctx, int i, int worker)
{
	struct watched *w = ctx;

	while (i == 0 && atomic_load(&w->looks) < 3)
		;
	add_task(w->done, i, worker);
}

/* An engine that a task starts ends with the task's thread: so the threads stay
 * from run to run, that of the first worker too. */
static void note_thread(void *ctx, int i, int worker)
{
	pthread_t *threads = ctx;

	(void)i;
	threads[worker] = pthread_self();
}

static void look_nowhere(void *ctx)
{
	(void)ctx;
}

static void test_watched_threads_stay(void **state)
{
	struct pool *p = pool_new(1);
	pthread_t before[1], after[1];

	(void)state;
	pool_run_watched(p, 1, note_thread, look_nowhere, before);
	assert_false(pthread_equal(before[0], pthread_self()));
	pool_run(p, 1, note_thread, after);
	assert_true(pthread_equal(after[0], pthread_self()));
	pool_run_watched(p, 1, note_thread, look_nowhere, after);
	assert_true(pthread_equal(before[0], after[0]));
	pool_free(p);
}

static void test_pool_is_watched(void **state)
{
	(void)state;
	for (int threads = 1; threads <= 3; threads++) {
		struct watched w = {0};
		struct pool *p = pool_new(threads);
		struct pool_times t;

		pool_run_watched(p, 500, slow_task, look, &w);
		for (int i = 0; i < 500; i++)
			assert_int_equal(w.done[i], 1);
		pool_take_times(p, &t);
		assert_true(t.own <= 0 && t.busy > 0);
		pool_run_watched(p, 0, slow_task, look, &w);
		pool_run(p, 500, add_task, w.done);
		for (int i = 0; i < 500; i++)
			assert_int_equal(w.done[i], 2);
		pool_free(p);
	}
}

static void spin_task(void *ctx, int i, int worker)
{
	double from = clock_thread_seconds();

	(void)worker;
	while (clock_thread_seconds() - from < 1e-3 * (i % 3))
		;
	add_task(ctx, i, worker);
}

/* Nobody works longer than the busiest. */
static void test_pool_knows_its_times(void **state)
{
	atomic_int done[8] = {0};

	(void)state;
	for (int threads = 1; threads <= 3; threads++) {
		struct pool *p = pool_new(threads);
		struct pool_times t;

		for (int round = 0; round < 3; round++)
			pool_run(p, 8, spin_task, done);
		pool_take_times(p, &t);
		/* 0 + 1 + 2 + 0 + 1 + 2 + 0 + 1 ms */
		assert_true(t.busy >= 3 * 7e-3);
		assert_true(t.own <= t.busiest && t.busiest <= t.busy);
		assert_true(threads * t.busiest >= t.busy * (1 - 1e-9));
		if (threads == 1)
			assert_true(t.own >= t.busy && t.busiest >= t.busy);
		pool_take_times(p, &t);
		assert_true(t.busy <= 0 && t.own <= 0 && t.busiest <= 0);
		pool_free(p);
	}
}

static void test_elo_of_results(void **state)
{
	struct stat_elo e;

	(void)state;
	e = stat_elo_of(50, 0, 50);
	assert_true(fabs(e.elo) < 1e-9);
	assert_true(fabs(e.low + e.high) < 1e-9);
	/* 76 of 100 is 200.24 Elo */
	e = stat_elo_of(76, 0, 24);
	assert_true(fabs(e.elo - 200.24) < 0.01);
	/* without draws, Wilson's interval */
	assert_true(fabs(e.low - 121.20) < 0.01 &&
		    fabs(e.high - 279.28) < 0.01);
	/* draws say more than a coin does */
	assert_true(stat_elo_of(10, 80, 10).high < stat_elo_of(50, 0, 50).high);
	/* as do draws alone */
	e = stat_elo_of(0, 10, 0);
	assert_true(e.elo >= 0 && !signbit(e.elo));
	assert_true(e.high < stat_elo_of(1, 8, 1).high);
	assert_true(e.high > stat_elo_of(0, 100, 0).high);
	e = stat_elo_of(100, 0, 0);
	assert_true(isfinite(e.elo) && isfinite(e.low) && isfinite(e.high));
	assert_true(e.low > 400 && e.low <= e.elo && e.elo <= e.high);
}

/* The 95% interval covers the truth in about 95% of simulated matches. */
static void test_elo_interval_covers(void **state)
{
	enum { TRIALS = 2000, GAMES = 200 };
	static const double elos[] = {0, 100, -300};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(elos); k++) {
		double score = stat_score_from_elo(elos[k]);
		int covered = 0;

		for (int t = 0; t < TRIALS; t++) {
			int wins = 0, draws = 0;
			struct stat_elo e;
			struct rng r;

			rng_init(&r, k, RNG_TEST, (uint64_t)t, 0);
			for (int g = 0; g < GAMES; g++) {
				double x = rng_double(&r);

				if (x < score - 0.1)
					wins++;
				else if (x < score + 0.1)
					draws++;
			}
			e = stat_elo_of(wins, draws, GAMES - wins - draws);
			covered += e.low <= elos[k] && elos[k] <= e.high;
		}
		assert_in_range(covered, TRIALS * 93 / 100, TRIALS * 97 / 100);
	}
}

static void test_streams(void **state)
{
	FILE *f = tmpfile();
	struct buf b;

	(void)state;
	assert_non_null(f);
	for (int i = 0; i < 5000; i++)
		assert_true(fputs("0123456789", f) >= 0);
	rewind(f);
	buf_init(&b);
	buf_puts(&b, "so: ");
	assert_true(buf_add_stream(&b, f, 10000));
	assert_in_range(b.len, 10004, 20000);
	assert_true(buf_add_stream(&b, f, SIZE_MAX));
	assert_int_equal(b.len, 50004);
	assert_string_equal(b.data + 49999, "56789");
	fclose(f);
	f = fopen("/", "r"); /* opens, and cannot be read */
	assert_non_null(f);
	assert_false(buf_add_stream(&b, f, SIZE_MAX));
	assert_int_equal(b.len, 50004);
	fclose(f);
	buf_release(&b);
}

/* A message is one line without control characters, and ends between two
 * characters where it was too long. */
static void test_messages_can_be_shown(void **state)
{
	struct err e = ERR_INIT;
	char text[1000] = "";

	(void)state;
	err_set(&e, ERR_USAGE, "'%s'", "a\nb\033[2Jc\177");
	assert_string_equal(e.msg, "'a?b?[2Jc?'");
	err_prefix(&e, "x\ty");
	assert_string_equal(e.msg, "x?y: 'a?b?[2Jc?'");
	for (int shift = 0; shift < 3; shift++) {
		memset(text, 'z', 3);
		text[shift] = '\0';
		while (strlen(text) < sizeof(e.msg) + 8)
			memcpy(text + strlen(text), "\xe2\x97\x8f", 4);
		err_set(&e, ERR_USAGE, "%s", text);
		assert_int_equal(strlen(e.msg) % 3, (size_t)shift);
		assert_true(strlen(e.msg) > sizeof(e.msg) - 4);
	}
}

/* By hand: squares about the mean over those of a coin, one whole coin's
 * variance of four counted besides. */
static void test_dispersion(void **state)
{
	const int coins[] = {25, 0, 25}, pairs[] = {25, 0, 50, 0, 25};
	const int drawn[] = {0, 0, 9, 0, 0}, won[] = {0, 0, 0, 0, 30};

	(void)state;
	assert_true(fabs(stat_dispersion(stat_shares_of(coins, 3), 1) -
			 (50 * 0.25 + 1) / (49 * 0.25 + 1)) < 1e-12);
	assert_true(fabs(stat_dispersion(stat_shares_of(pairs, 5), 0.5) -
			 (100 * 0.125 + 0.5) / (99 * 0.25 + 1)) < 1e-12);
	assert_true(fabs(stat_dispersion(stat_shares_of(drawn, 5), 0.5) -
			 0.5 / (8 * 0.25 + 1)) < 1e-12);
	/* nothing is known of those that were all won */
	assert_true(fabs(stat_dispersion(stat_shares_of(won, 5), 0.5) - 0.5) <
		    1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_can_be_shown),
		cmocka_unit_test(test_arena_has_a_cap),
		cmocka_unit_test(test_records_read_back),
		cmocka_unit_test(test_long_text_grows),
		cmocka_unit_test(test_json_escapes),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_settings_refused),
		cmocka_unit_test(test_pool_runs_each_task_once),
		cmocka_unit_test(test_pool_is_watched),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_watched_threads_stay),
		cmocka_unit_test(test_pool_knows_its_times),
		cmocka_unit_test(test_elo_of_results),
		cmocka_unit_test(test_elo_interval_covers),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_dispersion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
