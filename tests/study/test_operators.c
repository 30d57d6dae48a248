/* SPDX-License-Identifier: MIT */
/* The judge of the study `operators` on planted tables, and the study itself at
 * a size that says nothing. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/study/bench.h"
#include "core/study/operators_int.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"

enum { SEEDS = 6, MOST = 600 };

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

/* Mean Elo above gumbel-16 at the first look and at the last, straight between
 * them; neighbouring seeds differ by 10, so intervals are 19.6 to either side.
 */
struct truth {
	double gumbel[2], actor[2], td[2];
	double above_fresh;
};
static const struct truth usual = {
	.gumbel = {0, 0},
	.actor = {100, -100},
	.td = {50, -60},
	.above_fresh = 500,
};

static void put(struct table *t, const char *arm, const char *name, int look,
		double mean)
{
	for (int i = 0; i < t->plan.seed_count; i++)
		t->figures[t->count++] = (struct study_figure){
			.arm = arm,
			.name = name,
			.seed = t->plan.seeds[i],
			.x = operators_shares[look] * 2,
			.value = mean + (i - 2.5) * 10,
			.low = (double)NAN,
			.high = (double)NAN,
			.n = 150,
		};
}

static double between(const double ends[2], int look)
{
	return ends[0] + (ends[1] - ends[0]) * look / (OPERATORS_LOOKS - 1);
}

static void plant(struct table *t, const struct truth *w)
{
	struct study_request want = {.study = &study_operators, .size = "desk"};
	struct err e = ERR_INIT;

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(t->plan.seed_count, SEEDS);
	for (int k = 0; k < OPERATORS_LOOKS; k++) {
		put(t, "gumbel-16", OPERATORS_FRESH, k, w->above_fresh);
		put(t, "gumbel-2", OPERATORS_FRESH, k, 500);
		put(t, "actor", OPERATORS_FRESH, k, 500);
		put(t, "td", OPERATORS_FRESH, k, 500);
		put(t, "gumbel-2", OPERATORS_ELO, k, between(w->gumbel, k));
		put(t, "actor", OPERATORS_ELO, k, between(w->actor, k));
		put(t, "td", OPERATORS_ELO, k, between(w->td, k));
	}
}

static double expect(const struct truth *w, enum study_badge badge,
		     const char *why, const char *estimate)
{
	struct study_conduct conduct = {.trials = 24, .processors = 1};
	struct study_judgement j;
	struct table t;
	double value = (double)NAN;

	plant(&t, w);
	assert_true(t.count <= MOST);
	study_figures_sort(t.figures, t.count);
	study_judge(&t.plan, t.figures, t.count, &conduct, &j);
	if (j.badge != badge || !strstr(j.reason.data, why))
		fail_msg("%s: %s (wanted %s: %s)", study_badge_name(j.badge),
			 j.reason.data, study_badge_name(badge), why);
	for (size_t i = 0; i < j.estimate_count; i++)
		if (!strcmp(j.estimates[i].name, estimate))
			value = j.estimates[i].value;
	study_judgement_release(&j);
	study_plan_release(&t.plan);
	return value;
}

static void test_badges(void **state)
{
	struct truth w = usual;

	(void)state;
	/* Searches are ahead at the end; the actor led at first. */
	assert_true(expect(&w, STUDY_SUPPORTED, "gumbel-16",
			   "crossings/actor") == 1);
	w.actor[1] = w.td[1] = 200;
	w.actor[0] = 100;
	w.gumbel[0] = -100;
	w.gumbel[1] = -300;
	assert_true(expect(&w, STUDY_REFUTED, "actor", "crossings/actor") == 0);
	assert_true(fabs(expect(&w, STUDY_REFUTED, "actor", "elo/actor/5") -
			 200) < 1e-6);
	/* Behind at one look is not ahead at every look. */
	w.actor[0] = w.td[0] = -30;
	expect(&w, STUDY_PARTIAL, "actor +200", "");
	/* One of two is not enough. */
	w = usual;
	w.td[1] = 0;
	expect(&w, STUDY_PARTIAL, "td +0", "");
}

static void test_gate(void **state)
{
	struct truth w = usual;

	(void)state;
	w.above_fresh = 99;
	expect(&w, STUDY_UNINTERPRETABLE, "learns", "");
}

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_operators,
		.size = "smoke",
		.settings = "filters=4,work=0.0008,pairs=4",
		.seeds = 1,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* All arms at all looks, to the same bits on any number of threads. */
static void test_at_a_size_that_says_nothing(void **state)
{
	struct study_bench a, b;
	int fresh = 0, elo = 0;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	assert_true(a.figure_count == b.figure_count);
	for (size_t i = 0; i < a.figure_count; i++) {
		fresh += !strcmp(a.figures[i].name, OPERATORS_FRESH);
		elo += !strcmp(a.figures[i].name, OPERATORS_ELO);
		assert_true(a.figures[i].value == b.figures[i].value);
	}
	assert_int_equal(fresh, 4 * OPERATORS_LOOKS);
	assert_int_equal(elo, 3 * OPERATORS_LOOKS);
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_badges),
		cmocka_unit_test(test_gate),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
