/* SPDX-License-Identifier: MIT */
/* The judge of the study `serial` on planted tables, and the study itself at a
 * size that says nothing. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/study/bench.h"
#include "core/study/plan.h"
#include "core/study/serial_int.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "tests/study/judged.h"

/* --- planted tables ------------------------------------------------------ */

enum { SEEDS = 3, MOST = 60 };

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

/* Means over seeds; neighbouring seeds differ by `spread`, so that the interval
 * is 4.3027 / sqrt(3) = 2.484 times that to either side (t of 2 degrees of
 * freedom).  Differences between arms are of pairs: those of off are all
 * alike. */
struct truth {
	double on, off, written, placebo, permuted, search;
	double boards, values, spread;
};
static const struct truth rises = {
	.on = 300,
	.off = 0,
	.written = 280,
	.placebo = -10,
	.permuted = 20,
	.search = 400,
	.boards = 0.95,
	.values = 0.9,
	.spread = 10,
};

static void put(struct table *t, const char *arm, const char *name, double mean,
		double spread)
{
	for (int i = 0; i < t->plan.seed_count; i++)
		t->figures[t->count++] = (struct study_figure){
			.arm = arm,
			.name = name,
			.seed = t->plan.seeds[i],
			.value = mean + (i - 1) * spread,
			.low = mean - 50,
			.high = mean + 50,
			.n = 400,
		};
}

static void plant(struct table *t, const struct truth *w)
{
	struct study_request want = {.study = &study_serial, .size = "desk"};
	struct err e = ERR_INIT;

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(t->plan.seed_count, SEEDS);
	put(t, "drilled", "written.boards", w->boards, 0);
	put(t, "drilled", "written.values", w->values, 0);
	put(t, "on", "elo", w->on, w->spread);
	put(t, "off", "elo", w->off, 0);
	put(t, "written", "elo", w->written, w->spread);
	put(t, "placebo", "elo", w->placebo, 0);
	put(t, "permuted", "elo", w->permuted, 0);
	put(t, "search", "elo", w->search, w->spread);
}

static void expect(struct table *t, enum study_badge badge, const char *why)
{
	expect_judged(&t->plan, t->figures, t->count, badge, why);
}

static void test_supported(void **state)
{
	struct truth w = rises;
	struct table t;

	(void)state;
	plant(&t, &w);
	/* 300 +- 24.8; 280 - 0.8 300 = 40 +- 0.2 24.8 */
	expect(&t, STUDY_SUPPORTED, "+300 Elo [275, 325]");
	plant(&t, &w);
	expect(&t, STUDY_SUPPORTED, "written backups gain four fifths");
	w.written = 200; /* -40 */
	plant(&t, &w);
	expect(&t, STUDY_SUPPORTED, "less than four fifths");
	w.written = 241;
	plant(&t, &w);
	expect(&t, STUDY_SUPPORTED, "is open");
}

static void test_partial(void **state)
{
	struct truth w = rises;
	struct table t;

	(void)state;
	w.on = 90; /* 65 .. 115 */
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "less than was asked");
	/* A step on other values does as well. */
	w = rises;
	w.permuted = 290;
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "a step on other values");
}

static void test_refuted(void **state)
{
	struct truth w = rises;
	struct table t;

	(void)state;
	w.on = 60; /* 84.8 at most */
	plant(&t, &w);
	expect(&t, STUDY_REFUTED, "+85 Elo at most");
}

static void test_open(void **state)
{
	struct truth w = rises;
	struct table t;

	(void)state;
	w.on = 110;
	w.spread = 60; /* -39 .. 259 */
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "too wide");
}

static void test_gates(void **state)
{
	struct truth w = rises;
	struct table t;

	(void)state;
	w.values = 0.79;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "form");
	w = rises;
	w.boards = 0.5;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "form");
	w = rises;
	w.search = 99;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "room");
	w = rises;
	w.off = 31;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "null");
}

/* --- the study itself ---------------------------------------------------- */

static const struct study_figure *find(const struct study_bench *b,
				       const char *arm, const char *name)
{
	for (size_t i = 0; i < b->figure_count; i++)
		if (!strcmp(b->figures[i].arm, arm) &&
		    !strcmp(b->figures[i].name, name))
			return &b->figures[i];
	fail_msg("%s was not measured of %s", name, arm);
	return NULL;
}

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_serial,
		.size = "smoke",
		.settings = "drills=2,boards=48,single=4,graded=8,pairs=4,"
			    "channels=8,simulations=2",
		.seeds = 1,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* All arms are measured, to the same bits on any number of threads. */
static void test_at_a_size_that_says_nothing(void **state)
{
	struct study_bench a, b;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	for (const struct study_arm *arm = study_serial.arms; arm->name;
	     arm++) {
		const struct study_figure *x = find(&a, arm->name, "elo");

		assert_true(isfinite(x->value));
		assert_true(x->value == find(&b, arm->name, "elo")->value);
	}
	/* Nothing moves without updates. */
	assert_true(find(&a, "off", "elo")->value == 0);
	assert_true(find(&a, "on", "surprise.left")->value > 0);
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_supported),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_refuted),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
