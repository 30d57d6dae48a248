/* SPDX-License-Identifier: MIT */
/* The judge of the study `horizon` on planted tables, and the study itself at a
 * size that says nothing. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
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

/* Seeds of one differ by 20 and those of the rest by 10: differences by 10,
 * +-19.6. */
static void plant_all(struct planted *t, double one, double many)
{
	plant_plan(t, &study_horizon);
	plant(t, "student", "elo", 0, -150, 10);
	plant(t, "copies-1", "elo", 4096, one, 20);
	plant(t, "copies-64", "elo", 4096, many, 10);
}

static void test_badges(void **state)
{
	struct planted t;

	(void)state;
	plant_all(&t, 0, -50);
	plant_judged(&t, STUDY_SUPPORTED, "worth +50 [30, 70]");
	plant_all(&t, 0, -49);
	plant_judged(&t, STUDY_PARTIAL, "less than 50");
	plant_all(&t, 0, -20);
	plant_judged(&t, STUDY_PARTIAL, "worth +20 [0, 40]");
	plant_all(&t, 0, -19);
	plant_judged(&t, STUDY_REFUTED, "worth +19 [-1, 39]");
	plant_all(&t, -50, 20);
	plant_judged(&t, STUDY_REFUTED, "the copies are better");
	plant_all(&t, -50, 19); /* -49.4 at most */
	plant_judged(&t, STUDY_REFUTED, "worth -69 [-89, -49]");
}

static void test_gate_and_what_is_missing(void **state)
{
	struct planted t;

	(void)state;
	plant_all(&t, -121, -200); /* 29 above the student */
	plant_judged(&t, STUDY_UNINTERPRETABLE, "rises");
	plant_all(&t, 0, -50);
	plant_out(&t, "copies-64");
	plant_judged(&t, STUDY_UNINTERPRETABLE, "too wide");
}

/* --- the study itself ---------------------------------------------------- */

static double value(const struct study_bench *b, const char *arm,
		    const char *name)
{
	const struct study_figure *out = NULL;

	for (size_t i = 0; i < b->figure_count; i++)
		if (!strcmp(b->figures[i].arm, arm) &&
		    !strcmp(b->figures[i].name, name))
			out = &b->figures[i];
	if (!out)
		fail_msg("no %s was measured of %s", name, arm);
	assert_true(isfinite(out->value));
	return out->value;
}

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_horizon,
		.size = "smoke",
		.settings = "games=120,cut=40,before=2,after=2,per_stage=4,"
			    "filters=4,blocks=1,zero_filters=4,zero_blocks=1,"
			    "zero_votes=0,zero_epochs=1,student_games=12,"
			    "tuned=64,round=32,steps=2,pairs=6,curve_pairs=4,"
			    "searched=2,asked=4",
		.seeds = 1,
		.development = true,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* The same bits on any number of threads; and copies of the same games say the
 * same, so that their vote is what one of them says. */
static void test_at_a_size_that_says_nothing(void **state)
{
	struct study_bench a, b;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	assert_int_equal(a.figure_count, b.figure_count);
	for (size_t i = 0; i < a.figure_count; i++)
		assert_true(a.figures[i].value == b.figures[i].value);
	value(&a, "copies-1", "elo");
	value(&a, "copies-64", "vote");
	/* The first of 16 copies is the same alone. */
	assert_true(value(&a, "copies-16", "kl") == value(&a, "same-16", "kl"));
	assert_true(value(&a, "copies-16", "kl") !=
		    value(&a, "copies-4", "kl"));
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_badges),
		cmocka_unit_test(test_gate_and_what_is_missing),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
