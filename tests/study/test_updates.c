/* SPDX-License-Identifier: MIT */
/* The judge of the study `updates` on planted tables, and the study itself at a
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
#include "core/base/err.h"
#include "core/study/bench.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "tests/study/planted.h"

/* --- planted tables ------------------------------------------------------ */

struct truth {
	double end, student, imitate, reinforce, mixed, two_sets; /* Elo */
	double kl_none, kl_imitate, kl_reinforce, kl_mixed, kl_two_sets;
};
/* Two sets of weights are as strong, and nearer. */
static const struct truth both = {
	.end = 280,
	.student = -150,
	.imitate = -60,
	.reinforce = 0,
	.mixed = -100,
	.two_sets = -5,
	.kl_none = 0.30,
	.kl_imitate = 0.10,
	.kl_reinforce = 0.40,
	.kl_mixed = 0.20,
	.kl_two_sets = 0.30,
};

/* Seeds of an arm differ by 20 Elo and those of the student and reinforcement
 * by 10, so that differences differ by 10: +-19.6; KL by 0.002 and 0.001:
 * +-0.002. */
static void plant_all(struct planted *t, const struct truth *w)
{
	static const char *const mixed[] = {"mixed-25", "mixed-50", "mixed-75"};

	plant_plan(t, &study_updates);
	plant(t, "continued", "elo", 0, w->end, 10);
	plant(t, "student", "elo", 0, w->student, 10);
	plant(t, "imitate", "elo", 4096, w->imitate, 20);
	plant(t, "reinforce", "elo", 4096, w->reinforce, 10);
	plant(t, "two-sets", "elo", 4096, w->two_sets, 20);
	plant(t, "none", "kl", 0, w->kl_none, 0.001);
	plant(t, "imitate", "kl", 0, w->kl_imitate, 0.002);
	plant(t, "reinforce", "kl", 0, w->kl_reinforce, 0.001);
	plant(t, "two-sets", "kl", 0, w->kl_two_sets, 0.002);
	for (size_t i = 0; i < ARRAY_LEN(mixed); i++) {
		plant(t, mixed[i], "elo", 4096, w->mixed, 20);
		plant(t, mixed[i], "kl", 0, w->kl_mixed, 0.002);
	}
}

static void test_supported(void **state)
{
	struct truth w = both;
	struct planted t;

	(void)state;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_SUPPORTED, "two sets of weights are -5");
	w.two_sets = -10; /* -29.6 at least */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_SUPPORTED, "nearer to the teacher by 0.100");
}

static void test_partial(void **state)
{
	struct truth w = both;
	struct planted t;

	(void)state;
	w.two_sets = -100;
	w.mixed = 0;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "mixed-25 is as strong");
}

static void test_refuted(void **state)
{
	struct truth w = both;
	struct planted t;

	(void)state;
	w.two_sets = -20; /* -0.4 at most */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_REFUTED, "two sets of weights are -20");
	w.two_sets = 0; /* as strong, and no nearer */
	w.kl_two_sets = 0.41;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_REFUTED, "two sets");
}

static void test_too_wide(void **state)
{
	struct truth w = both;
	struct planted t;

	(void)state;
	w.two_sets = -15; /* -34.6 .. 4.6 */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "too wide");
	w = both;
	plant_all(&t, &w);
	plant_out(&t, "two-sets");
	plant_judged(&t, STUDY_UNINTERPRETABLE, "not measured");
}

static void test_gates(void **state)
{
	struct truth w = both;
	struct planted t;

	(void)state;
	w.end = w.student + 149;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "room");
	w = both;
	w.reinforce = w.student; /* a gain of 0, at every seed */
	plant_all(&t, &w);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "reinforces");
	w = both;
	w.kl_imitate = w.kl_none;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "imitates");
}

/* --- the study itself ---------------------------------------------------- */

static const struct study_figure *last(const struct study_bench *b,
				       const char *arm, const char *name)
{
	const struct study_figure *out = NULL;

	for (size_t i = 0; i < b->figure_count; i++)
		if (!strcmp(b->figures[i].arm, arm) &&
		    !strcmp(b->figures[i].name, name))
			out = &b->figures[i];
	if (!out)
		fail_msg("no %s was measured of %s", name, arm);
	return out;
}

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_updates,
		.size = "smoke",
		.settings = "games=120,cut=40,before=2,after=2,per_stage=4,"
			    "filters=4,blocks=1,zero_filters=4,zero_blocks=1,"
			    "zero_votes=0,zero_epochs=1,student_games=12,"
			    "tuned=16,round=8,steps=4,pairs=6,curve_pairs=4,"
			    "asked=4",
		.seeds = 1,
		.development = true,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* The same bits on any number of threads, and each update another network. */
static void test_at_a_size_that_says_nothing(void **state)
{
	static const char *const names[] = {"none",     "imitate",  "reinforce",
					    "mixed-25", "mixed-50", "mixed-75",
					    "two-sets", "shuffled"};
	struct study_bench a, b;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		double kl = last(&a, names[i], "kl")->value;

		assert_true(isfinite(kl) && kl > 0);
		assert_true(kl == last(&b, names[i], "kl")->value);
		for (size_t k = 0; k < i; k++)
			assert_true(kl != last(&a, names[k], "kl")->value);
	}
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_supported),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_refuted),
		cmocka_unit_test(test_too_wide),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
