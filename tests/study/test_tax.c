/* SPDX-License-Identifier: MIT */
/* The judge of the study `tax` on planted curves, and the study itself at a
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

/* The teacher gains 100 Elo each time that its games double, from -100 at the
 * cut of 400 games; it is at 0 at 800. */
static double teacher_at(double games)
{
	return -100 + 100 * log2(games / 400);
}

/* Who gets to what the teacher has at 800 games after `needs` times 400 of its
 * own, on a line over the logarithm of all games, from `begins` Elo. */
static void plant_learner(struct planted *t, const char *arm, double begins,
			  double needs, double spread)
{
	double slope = -begins / log2(1 + needs);

	for (int games = 100; games <= 1600; games *= 2)
		plant(t, arm, "elo", games,
		      begins + slope * log2(1 + games / 400.0), spread);
}

struct truth {
	double copy;  /* Elo of the student */
	double needs; /* times the teacher's games */
	double spread;
};

static void plant_all(struct planted *t, const struct truth *w)
{
	plant_plan(t, &study_tax);
	for (double games = 400; games <= 1600; games *= sqrt(2))
		plant(t, "curve", "elo", games, teacher_at(games), 0);
	plant(t, "student", "elo", 0, w->copy, 0);
	plant_learner(t, "learner", w->copy, w->needs, w->spread);
	plant_learner(t, "amnesia", -100, 1, 0);
	plant(t, "chain", "elo", 8, -300, 0);
	plant(t, "chain-played", "elo", 8, -50, 0);
}

static void test_tax(void **state)
{
	struct truth w = {.copy = -120, .needs = 3};
	struct planted t;

	(void)state;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_SUPPORTED, "needs 3.00 [3.00, 3.00] times");
	/* Exactly twice is not more. */
	w.needs = 1.99;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "needs 1.99");
	w.needs = 1.26;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_PARTIAL, "needs 1.26");
}

static void test_no_tax(void **state)
{
	struct truth w = {.copy = -120, .needs = 1.2};
	struct planted t;

	(void)state;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_REFUTED, "needs 1.20 [1.20, 1.20]");
	w.needs = 0.5;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_REFUTED, "surprising: fewer");
}

/* One that is not there after its last game counts as there at it. */
static void test_never(void **state)
{
	struct truth w = {.copy = -120, .needs = 8};
	struct planted t;

	(void)state;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_SUPPORTED,
		     "needs 4.00 [4.00, 4.00] times the "
		     "teacher's games; at 6 seeds");
}

static void test_too_wide(void **state)
{
	struct truth w = {.copy = -120, .needs = 1.2, .spread = 30};
	struct planted t;

	(void)state;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "too wide");
	w.spread = 0;
	plant_all(&t, &w);
	plant_out(&t, "learner");
	plant_judged(&t, STUDY_UNINTERPRETABLE, "nan");
}

static void test_gates(void **state)
{
	struct truth w = {.copy = -161, .needs = 1};
	struct planted t;

	(void)state;
	plant_all(&t, &w);
	plant_judged(&t, STUDY_UNINTERPRETABLE, "copy");
	w.copy = -100;
	plant_all(&t, &w);
	plant_out(&t, "curve");
	plant_judged(&t, STUDY_UNINTERPRETABLE, "too wide");
}

/* --- the study itself ---------------------------------------------------- */

static int count(const struct study_bench *b, const char *arm)
{
	int n = 0;

	for (size_t i = 0; i < b->figure_count; i++)
		n += !strcmp(b->figures[i].arm, arm) &&
		     !strcmp(b->figures[i].name, "elo") &&
		     isfinite(b->figures[i].value);
	return n;
}

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_tax,
		.size = "smoke",
		.settings = "games=320,cut=40,before=2,after=6,per_stage=4,"
			    "filters=4,blocks=1,zero_filters=4,zero_blocks=1,"
			    "zero_votes=0,zero_epochs=1,student_games=12,"
			    "simulations=4,played=120,growth=2,generations=3,"
			    "between=40,pairs=6,curve_pairs=4",
		.seeds = 1,
		.development = true,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* Every arm has its points, the same on any number of threads. */
static void test_at_a_size_that_says_nothing(void **state)
{
	struct study_bench a, b;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	assert_int_equal(count(&a, "student"), 1);
	assert_true(count(&a, "curve") >= 3);
	assert_true(count(&a, "learner") >= 2);
	assert_int_equal(count(&a, "learner"), count(&a, "amnesia"));
	assert_int_equal(count(&a, "chain"), 2);
	assert_int_equal(count(&a, "chain-played"), 2);
	assert_int_equal(a.figure_count, b.figure_count);
	for (size_t i = 0; i < a.figure_count; i++) {
		const struct study_figure *f = &a.figures[i];

		assert_true(f->value == b.figures[i].value);
		/* Where it begins is the student's point of the curve. */
		assert_false(!strcmp(f->arm, "learner") &&
			     !strcmp(f->name, "elo") && f->x < 1);
	}
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tax),
		cmocka_unit_test(test_no_tax),
		cmocka_unit_test(test_never),
		cmocka_unit_test(test_too_wide),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
