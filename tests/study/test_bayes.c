/* SPDX-License-Identifier: MIT */
/* The study `bayes`: its family, its judge on planted tables, and itself at a
 * size that says nothing. */
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
#include "core/base/rng.h"
#include "core/study/bayes_int.h"
#include "core/study/bench.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/tabular.h"
#include "core/study/verdict.h"
#include "tests/study/judged.h"

/* Teachers are members, or lie between two. */
static void test_teachers_are_of_the_family(void **state)
{
	struct bayes_conf c;
	struct tabular_learner *l, t;
	int count;

	(void)state;
	conf_defaults(bayes_spec, &c);
	l = bayes_family(&c, TABULAR_VALUE, false, &count);
	assert_in_range(count, 1000, 100000);
	for (uint64_t i = 0; i < 50; i++) {
		struct rng r;
		int number;

		rng_init(&r, i, RNG_TEST, 0, 0);
		number = bayes_teacher(&c, false, false, &r, &t);
		assert_in_range(number, 0, count - 1);
		assert_true(t.rate == l[number].rate &&
			    t.noise == l[number].noise &&
			    t.greedy == l[number].greedy);
		rng_init(&r, i, RNG_TEST, 0, 0);
		assert_int_equal(bayes_teacher(&c, false, true, &r, &t), -1);
		assert_true(t.rate > l[number].rate &&
			    t.noise > l[number].noise);
	}
	free(l);
}

/* --- planted tables ------------------------------------------------------ */

enum { SEEDS = 6, MOST = 200 };

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

/* Neighbouring seeds differ by `spread`, so that the interval is 1.963 of it to
 * either side (six seeds, as in test_tabula.c). */
struct truth {
	double bandit, board, cut, fixed, nats, headroom, spread;
};
static const struct truth usual = {
	.bandit = 0.9,
	.board = 0.95,
	.cut = -0.5,
	.fixed = -0.8,
	.nats = 0.01,
	.headroom = 100,
	.spread = 0.02,
};

static void put(struct table *t, const char *arm, const char *name, double x,
		double mean, double spread)
{
	for (int i = 0; i < SEEDS; i++)
		t->figures[t->count++] = (struct study_figure){
			.arm = arm,
			.name = name,
			.seed = t->plan.seeds[i],
			.x = x,
			.value = mean + (i - 2.5) * spread,
		};
}

static void plant(struct table *t, const struct truth *w)
{
	struct study_request want = {.study = &study_bayes, .size = "desk"};
	struct err e = ERR_INIT;
	const struct {
		const char *arm;
		double gamma;
	} gains[] = {
		{"bandit-exact", w->bandit}, {"bandit-cut", w->cut},
		{"bandit-static", w->fixed}, {"board-exact", w->board},
		{"board-cut", w->cut},       {"board-static", w->fixed},
	};

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(t->plan.seed_count, SEEDS);
	put(t, "bandit-teacher", "headroom", 0, w->headroom, 1);
	put(t, "board-teacher", "headroom", 0, w->headroom, 1);
	for (size_t i = 0; i < ARRAY_LEN(gains); i++) {
		/* What was so before the end does not count. */
		put(t, gains[i].arm, "gain", 0, 300, 0);
		put(t, gains[i].arm, "gain", 500, gains[i].gamma * 100,
		    w->spread * 100);
		put(t, gains[i].arm, "headroom", 0, 100, 0);
	}
	put(t, "bandit-exact", "nats", 0, w->nats, 0.001);
	put(t, "board-exact", "nats", 0, w->nats, 0.001);
}

static void expect(struct table *t, enum study_badge badge, const char *why)
{
	expect_judged(&t->plan, t->figures, t->count, badge, why);
}

static void test_judged(void **state)
{
	struct truth w = usual;
	struct table t;

	(void)state;
	plant(&t, &w);
	expect(&t, STUDY_PASSED, "0.90 [0.86, 0.94] of the way on bandits");
	w.board = 0.53; /* 0.491 at least */
	plant(&t, &w);
	expect(&t, STUDY_FAILED, "board: gamma is 0.53");
	w = usual;
	w.fixed = 0.87; /* both spread alike: paired, the same difference */
	plant(&t, &w);
	expect(&t, STUDY_PASSED, "0.90");
	w.fixed = 0.91;
	plant(&t, &w);
	expect(&t, STUDY_FAILED, "bandit: above static by -0.01");
	w = usual;
	w.cut = 0.95;
	plant(&t, &w);
	expect(&t, STUDY_FAILED, "bandit: above cut by -0.05");
	w = usual;
	w.nats = 0.019; /* 0.02096 at most */
	plant(&t, &w);
	expect(&t, STUDY_FAILED, "it needs 0.019");
}

static void test_gates(void **state)
{
	struct truth w = usual;
	struct table t;

	(void)state;
	w.headroom = 51.9; /* 49.94 at least */
	plant(&t, &w);
	expect(&t, STUDY_FAILED, "board-headroom");
	w.headroom = 1.9;
	plant(&t, &w);
	expect(&t, STUDY_FAILED, "bandit-headroom");
}

/* --- the study itself ---------------------------------------------------- */

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_bayes,
		.size = "smoke",
		.settings = "rates=3,noises=2,bandits=12,pulls=60,boards=1,"
			    "cut_games=40,games=200",
		.seeds = 1,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* The same bits on any number of threads; the ideal imitator foresees at least
 * as well as those whose hypotheses leave the teacher out. */
static void test_at_a_size_that_says_nothing(void **state)
{
	double exact = NAN, fixed = NAN;
	struct study_bench a, b;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	assert_int_equal(a.figure_count, b.figure_count);
	for (size_t i = 0; i < a.figure_count; i++) {
		const struct study_figure *f = &a.figures[i];

		assert_string_equal(f->name, b.figures[i].name);
		assert_true(f->value == b.figures[i].value);
		if (strcmp(f->name, "nats") != 0)
			continue;
		if (!strcmp(f->arm, "board-exact"))
			exact = f->value;
		if (!strcmp(f->arm, "board-static"))
			fixed = f->value;
	}
	assert_true(exact < fixed);
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_teachers_are_of_the_family),
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
