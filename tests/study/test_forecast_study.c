/* SPDX-License-Identifier: MIT */
/* The study `forecast`: its judge on planted tables, and itself at a size that
 * says nothing. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/study/bench.h"
#include "core/study/forecast_int.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "tests/study/judged.h"

/* --- planted tables ------------------------------------------------------ */

enum { SEEDS = 6, MOST = 400 };

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

static void add(struct table *t, const char *arm, const char *name,
		uint64_t seed, double x, double value, double half)
{
	t->figures[t->count++] = (struct study_figure){
		.arm = arm,
		.name = name,
		.seed = seed,
		.x = x,
		.value = value,
		.low = value - half,
		.high = value + half,
	};
}

/* Of 18 intervals of an arm, a life a seed, so many miss: the first ones, from
 * below. */
static void forecasts(struct table *t, const char *arm, int misses, double half)
{
	for (int i = 0; i < SEEDS; i++)
		for (int h = 0; h < FORECAST_HORIZONS; h++) {
			bool miss = i * FORECAST_HORIZONS + h < misses;
			double x = forecast_horizons[h].times;

			add(t, arm, "said/1", t->plan.seeds[i], x, 100, half);
			add(t, arm, "came/1", t->plan.seeds[i], x,
			    miss ? 100 + 2 * half : 100 + half / 2, 0);
		}
}

static void plant(struct table *t, int in_family, int at_rules, double half,
		  double headroom)
{
	struct study_request want = {.study = &study_forecast, .size = "desk"};
	static const char *const curves[] = {"same-curve", "setting-curve",
					     "rule-curve"};
	struct err e = ERR_INIT;

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(t->plan.seed_count, SEEDS);
	for (int k = 0; k < 3; k++)
		for (int i = 0; i < SEEDS; i++)
			add(t, curves[k], "headroom", t->plan.seeds[i], 0,
			    headroom + (i - 2.5), 0);
	forecasts(t, "same-kin", in_family, half);
	forecasts(t, "rule-kin", at_rules, half);
}

static void expect(struct table *t, enum study_badge badge, const char *why)
{
	expect_judged(&t->plan, t->figures, t->count, badge, why);
}

static void test_judged(void **state)
{
	struct table t;

	(void)state;
	plant(&t, 4, 4, 45, 200); /* 14 of 18 */
	expect(&t, STUDY_SUPPORTED, "78 % of what came lies in intervals 90");
	plant(&t, 4, 4, 51, 200);
	expect(&t, STUDY_PARTIAL, "78 [55, 91] %");
	plant(&t, 4, 5, 45, 200);
	expect(&t, STUDY_PARTIAL, "72 [49, 88] %");
	plant(&t, 4, 12, 45, 200); /* 6 of 18: 16 to 56 % */
	expect(&t, STUDY_REFUTED, "only 33 [16, 56] %");
}

static void test_gates(void **state)
{
	struct table t;

	(void)state;
	plant(&t, 4, 4, 45, 51.9); /* 49.94 at least */
	expect(&t, STUDY_UNINTERPRETABLE, "learns");
	plant(&t, 7, 4, 45, 200); /* 61 % */
	expect(&t, STUDY_UNINTERPRETABLE, "in-family");
	plant(&t, 0, 4, 45, 200);
	expect(&t, STUDY_UNINTERPRETABLE, "in-family");
}

/* What is missing is not left out. */
static void test_a_truth_is_missing(void **state)
{
	struct table t;

	(void)state;
	plant(&t, 4, 4, 45, 200);
	for (size_t i = 0; i < t.count; i++)
		if (!strcmp(t.figures[i].arm, "rule-kin") &&
		    !strcmp(t.figures[i].name, "came/1") &&
		    t.figures[i].seed == t.plan.seeds[3])
			t.figures[i].name = "gone/1";
	expect(&t, STUDY_PARTIAL, "nan");
}

/* --- the study itself ---------------------------------------------------- */

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_forecast,
		.size = "smoke",
		.settings = "games=100,cut=32,before=4,siblings=3,filters=2,"
			    "blocks=1,simulations=4,pairs=6",
		.seeds = 1,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* The same bits on any number of threads; every way speaks of every kind. */
static void test_at_a_size_that_says_nothing(void **state)
{
	struct study_bench a, b;
	int said = 0, came = 0;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	assert_int_equal(a.figure_count, b.figure_count);
	for (size_t i = 0; i < a.figure_count; i++) {
		assert_string_equal(a.figures[i].name, b.figures[i].name);
		assert_true(a.figures[i].value == b.figures[i].value);
		said += !strncmp(a.figures[i].name, "said/", 5);
		came += !strncmp(a.figures[i].name, "came/", 5);
	}
	assert_int_equal(said, 3 * 4 * FORECAST_HORIZONS);
	assert_int_equal(came, said);
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_a_truth_is_missing),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
