/* SPDX-License-Identifier: MIT */
/* The judge of the study `tabula` on planted tables, and the study itself at a
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
#include "core/study/study.h"
#include "core/study/tabula_int.h"
#include "core/study/verdict.h"
#include "tests/study/judged.h"

/* --- planted tables ------------------------------------------------------ */

enum { SEEDS = 6, MOST = 60 };

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

/* The mean over seeds of each arm, and by how much neighbouring seeds differ:
 * six of them lie -2.5 .. 2.5 times that from the mean, whose interval is then
 * 2.5706 * 1.8708 / sqrt(6) = 1.963 times that to either side (t of 5 degrees
 * of freedom). */
struct truth {
	double selfplay, random, untrained, empty, fresh, spread;
};
static const struct truth nothing = {
	.selfplay = 700,
	.random = 20,
	.untrained = -10,
	.empty = 0,
	.fresh = 5,
	.spread = 10,
};

static void put(struct table *t, const char *arm, double mean, double spread)
{
	for (int i = 0; i < t->plan.seed_count; i++)
		t->figures[t->count++] = (struct study_figure){
			.arm = arm,
			.name = "elo",
			.seed = t->plan.seeds[i],
			.value = mean + (i - 2.5) * spread,
			.low = mean - 50,
			.high = mean + 50,
			.n = 400,
		};
}

static void plant(struct table *t, const struct truth *w)
{
	struct study_request want = {.study = &study_tabula, .size = "desk"};
	struct err e = ERR_INIT;

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(t->plan.seed_count, SEEDS);
	put(t, "selfplay", w->selfplay, w->spread);
	put(t, "random", w->random, w->spread);
	put(t, "untrained", w->untrained, w->spread);
	put(t, "empty", w->empty, w->spread);
	put(t, "fresh", w->fresh, w->spread);
}

static void expect(struct table *t, enum study_badge badge, const char *why)
{
	expect_judged(&t->plan, t->figures, t->count, badge, why);
}

static void test_supported(void **state)
{
	struct truth w = nothing;
	struct table t;

	(void)state;
	plant(&t, &w);
	/* 20 + 19.63 */
	expect(&t, STUDY_SUPPORTED, "comes to +40 Elo");
	w.random = 40; /* 59.6 */
	plant(&t, &w);
	expect(&t, STUDY_SUPPORTED, "+60 Elo");
}

static void test_partial(void **state)
{
	struct truth w = nothing;
	struct table t;

	(void)state;
	w.untrained = 41; /* 60.6 */
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "the upper end of untrained is +61");
	w.untrained = 79; /* 59.4 at least */
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "no lower end");
}

static void test_refuted(void **state)
{
	struct truth w = nothing;
	struct table t;

	(void)state;
	w.empty = 80; /* 60.4 at least */
	plant(&t, &w);
	expect(&t, STUDY_REFUTED, "+60 Elo above a fresh network at least");
}

/* Where a learner by self-play comes to nothing either, or untaught networks
 * are not alike, nothing is said. */
static void test_gates(void **state)
{
	struct truth w = nothing;
	struct table t;

	(void)state;
	w.selfplay = 419; /* 399.4 at least */
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "learns");
	w = nothing;
	w.fresh = -61;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "null");
}

static void test_an_arm_is_missing(void **state)
{
	struct table t;

	(void)state;
	plant(&t, &nothing);
	for (size_t i = 0; i < t.count; i++)
		if (!strcmp(t.figures[i].arm, "empty"))
			t.figures[i].arm = "emptied";
	expect(&t, STUDY_PARTIAL, "the upper end");
	plant(&t, &nothing);
	for (size_t i = 0; i < t.count; i++)
		if (!strcmp(t.figures[i].arm, "selfplay"))
			t.figures[i].arm = "elsewhere";
	expect(&t, STUDY_UNINTERPRETABLE, "learns");
}

/* --- the study itself ---------------------------------------------------- */

static const struct study_figure *find(const struct study_bench *b,
				       const char *arm)
{
	for (size_t i = 0; i < b->figure_count; i++)
		if (!strcmp(b->figures[i].arm, arm) &&
		    !strcmp(b->figures[i].name, "elo"))
			return &b->figures[i];
	fail_msg("nothing was measured of %s", arm);
	return NULL;
}

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_tabula,
		.size = "smoke",
		.settings = "life_games=300,games=60,pairs=8,fresh=2",
		.seeds = 1,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* All arms are measured, to the same bits on any number of threads; and what is
 * scored is what the arms learned: three different things. */
static void test_at_a_size_that_says_nothing(void **state)
{
	static const char *const names[] = {"selfplay", "random", "untrained",
					    "empty", "fresh"};
	struct study_bench a, b;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct study_figure *x = find(&a, names[i]);

		assert_true(isfinite(x->value) && x->low < x->value &&
			    x->value < x->high);
		assert_true(x->value == find(&b, names[i])->value);
		assert_int_equal(x->n, 8);
	}
	assert_true(find(&a, "selfplay")->value > find(&a, "fresh")->value);
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_supported),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_refuted),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_an_arm_is_missing),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
