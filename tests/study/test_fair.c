/* SPDX-License-Identifier: MIT */
/* The judge of the study `fair` on planted measures, and the study itself as
 * small as it can be. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/study/bench.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"

enum { SEEDS = 12, MOST = 1000, TOP = 400 };

static const double shape[SEEDS] = {-1.53, -1.07, -0.82, -0.46, -0.31, -0.13,
				    0.08,  0.27,  0.52,  0.85,  1.09,  1.51};

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

static void put(struct table *t, const char *arm, uint64_t seed, double x,
		double value)
{
	assert_true(t->count < MOST);
	t->figures[t->count++] = (struct study_figure){
		.arm = arm,
		.name = "elo",
		.seed = seed,
		.x = x,
		.value = value,
	};
}

/* Where the arm ends, of the way to the top; and Elo for a doubling. */
static void plant(struct table *t, const char *arm, double gamma, double slope)
{
	int turn = (int)strlen(arm) * 5;

	for (int i = 0; i < SEEDS; i++) {
		double end = gamma * TOP + 30 * shape[(i + turn) % SEEDS];

		for (int x = 8; x <= 4096; x *= 8)
			put(t, arm, t->plan.seeds[i], x,
			    end - slope * log2(4096.0 / x));
		/* Before any game; no part of the slope. */
		put(t, arm, t->plan.seeds[i], 0, 1000);
	}
}

static void expect(double sim, double fast, double permuted, double top,
		   enum study_badge badge, const char *why)
{
	static struct table t;
	struct study_request want = {.study = &study_fair,
				     .size = "desk",
				     .settings = "simulated=4096,counted=512"};
	struct study_conduct conduct = {.trials = 100, .processors = 1};
	struct study_judgement j;
	struct err e = ERR_INIT;

	t.count = 0;
	assert_int_equal(study_plan_make(&t.plan, &want, &e), ERR_OK);
	for (int i = 0; i < SEEDS; i++)
		put(&t, "continued", t.plan.seeds[i], 0, top);
	plant(&t, "sim", sim, 3);
	plant(&t, "sim-gru", 0, 0);
	plant(&t, "sim-linear", 0, 0);
	plant(&t, "sim-fast", fast, 0);
	plant(&t, "sim-permuted", permuted, 0);
	plant(&t, "empty", 0, 0);
	plant(&t, "yoked", 0, 0);
	study_figures_sort(t.figures, t.count);
	study_judge(&t.plan, t.figures, t.count, &conduct, &j);
	if (j.badge != badge || !strstr(j.reason.data, why))
		fail_msg("%s: %s (wanted %s: %s)", study_badge_name(j.badge),
			 j.reason.data, study_badge_name(badge), why);
	for (size_t i = 0; i < j.estimate_count; i++)
		if (!strcmp(j.estimates[i].name, "slope/sim"))
			assert_true(fabs(j.estimates[i].value - 3) < 1e-9);
	study_judgement_release(&j);
	study_plan_release(&t.plan);
}

static void test_badges(void **state)
{
	(void)state;
	/* An SD of 30 over 12 seeds is +-19 Elo, a gamma of +-.05. */
	expect(0.35, 0, 0, TOP, STUDY_SUPPORTED, "sim, frozen");
	expect(0, 0.35, 0, TOP, STUDY_SUPPORTED, "sim-fast, frozen");
	expect(0.15, 0, 0, TOP, STUDY_PARTIAL, "sim, frozen");
	expect(0.1, 0.05, 0, TOP, STUDY_PARTIAL, "sim, frozen");
	expect(0.02, 0, 0, TOP, STUDY_REFUTED, "no kind of state");
	/* As much with the results of other games: it is no learning. */
	expect(0.35, 0, 0.35, TOP, STUDY_UNINTERPRETABLE, "too wide");
	expect(0.15, 0, 0.15, TOP, STUDY_REFUTED, "no kind of state");
	/* There is nowhere to go. */
	expect(0.35, 0, 0, 150, STUDY_UNINTERPRETABLE, "G1");
}

/* Every arm, twice: the same bits. */
static void test_tiny(void **state)
{
	struct study_request want = {
		.study = &study_fair,
		.size = "smoke",
		.settings =
			"rows=4,cols=4,line=3,lives=tiny,filters=4,blocks=1,"
			"simulations=4,games=160,cut=40,before=3,after=3,"
			"per_stage=8,train=2,opening_plies=2,pairs=20,"
			"curve_pairs=8,zero_epochs=1,zero_filters=4,"
			"watch_width=8,watch_layers=1,watch_heads=1,"
			"watch_context=160,watch_tokens=0.001,dreamed=8,"
			"simulated=8,dream_lanes=2,dream_tail=20",
	};
	struct study_bench one, two;
	struct err e = ERR_INIT;

	(void)state;
	if (study_bench_run(&one, &want, 1, &e) ||
	    study_bench_run(&two, &want, 2, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(one.figure_count, two.figure_count);
	for (size_t i = 0; i < one.figure_count; i++)
		assert_memory_equal(&one.figures[i].value,
				    &two.figures[i].value, sizeof(double));
	study_bench_release(&one);
	study_bench_release(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_badges),
		cmocka_unit_test(test_tiny),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
