/* SPDX-License-Identifier: MIT */
/* The judge of the study `bootstrap` on planted tables, and the study itself at
 * a size that says nothing. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/study/bench.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "tests/study/planted.h"

/* --- planted tables ------------------------------------------------------ */

/* Seeds differ by 10: intervals are +-19.6. */
static void plant_all(struct planted *t, double whole, double search,
		      double self_play, double values)
{
	plant_plan(t, &study_bootstrap);
	plant(t, "whole", "elo", 4096, whole, 10);
	plant(t, "no-search", "elo", 4096, search, 10);
	plant(t, "no-self-play", "elo", 4096, self_play, 10);
	plant(t, "no-values", "elo", 4096, values, 10);
	plant(t, "no-gradients", "elo", 4096, 5, 10);
}

static void test_badges(void **state)
{
	struct planted t;

	(void)state;
	plant_all(&t, 100, 20, 30, 40);
	plant_judged(&t, STUDY_SUPPORTED, "surprising");
	plant_all(&t, 100, 20, 30, -10); /* 9.6 at most */
	plant_judged(
		&t, STUDY_PARTIAL,
		"under no-search, no-self-play, and stops under no-values");
	plant_all(&t, 100, 20, 0, -10); /* -19.6 .. 19.6 */
	plant_judged(&t, STUDY_PARTIAL, "the rest is not certain");
	plant_all(&t, 100, -5, -20, -10);
	plant_judged(&t, STUDY_REFUTED, "it stops, each");
	plant_all(&t, 100, -4, -20, -10); /* 15.6 at most */
	plant_judged(&t, STUDY_UNINTERPRETABLE, "certainly");
}

static void test_gates_and_what_is_missing(void **state)
{
	struct planted t;

	(void)state;
	plant_all(&t, 29, 20, 30, 40);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "rises");
	plant_all(&t, 100, 20, 30, 40);
	plant_out(&t, "no-gradients");
	plant(&t, "no-gradients", "elo", 4096, -31, 10);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "rests");
	plant_all(&t, 100, -5, -20, -10);
	plant_out(&t, "no-values");
	plant_judged(&t, STUDY_UNINTERPRETABLE, "certainly");
}

/* --- the study itself ---------------------------------------------------- */

/* Is anything that both arms measured at one place not the same? */
static bool differ(const struct study_bench *b, const char *one,
		   const char *other)
{
	bool found = false, same = true;

	for (size_t i = 0; i < b->figure_count; i++)
		for (size_t k = 0; k < b->figure_count; k++) {
			const struct study_figure *f = &b->figures[i];
			const struct study_figure *g = &b->figures[k];

			if (strcmp(f->arm, one) || strcmp(g->arm, other) ||
			    strcmp(f->name, g->name) || f->x != g->x)
				continue;
			found = true;
			same = same && f->value == g->value;
		}
	if (!found)
		fail_msg("%s and %s measured nothing alike", one, other);
	return !same;
}

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_bootstrap,
		.size = "smoke",
		.settings = "games=120,cut=40,before=2,after=2,per_stage=4,"
			    "filters=4,blocks=1,zero_filters=4,zero_blocks=1,"
			    "zero_votes=0,zero_epochs=1,student_games=12,"
			    "tuned=64,round=32,steps=6,tune_rate=0.02,pairs=6,"
			    "curve_pairs=4,"
			    "searched=8",
		.seeds = 1,
		.development = true,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* The same bits on any number of threads; and each deletion takes something
 * away. */
static void test_at_a_size_that_says_nothing(void **state)
{
	struct study_bench a, b;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	assert_int_equal(a.figure_count, b.figure_count);
	for (size_t i = 0; i < a.figure_count; i++)
		assert_true(a.figures[i].value == b.figures[i].value);
	assert_true(differ(&a, "whole", "no-search"));
	assert_true(differ(&a, "whole", "no-values"));
	assert_true(differ(&a, "whole", "no-gradients"));
	assert_true(differ(&a, "no-self-play", "no-gradients"));
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_badges),
		cmocka_unit_test(test_gates_and_what_is_missing),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
