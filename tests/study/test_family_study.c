/* SPDX-License-Identifier: MIT */
/* A space of learners, and the study `family`: its judge on planted tables. */
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
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/learn/recipe.h"
#include "core/rate/rank.h"
#include "core/study/bench.h"
#include "core/study/family_int.h"
#include "core/study/family_space.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "tests/study/near.h"
#include "tests/study/judged.h"

/* --- places -------------------------------------------------------------- */

/* Both ends of the axes are recipes, and so is what lies between. */
static void test_places_are_recipes(void **state)
{
	struct err e = ERR_INIT;
	struct family_place p;
	struct recipe r;
	struct rng rng;

	(void)state;
	rng_init(&rng, 1, RNG_TEST, 0, 0);
	for (int i = 0; i < 50; i++) {
		family_draw(&rng, &p);
		for (int a = 0; a < FAMILY_AXES && i < 2; a++)
			p.at[a] = i;
		conf_defaults(recipe_spec, &r);
		family_settle(&p, &r);
		if (recipe_check(&r, &e))
			fail_msg("%s", e.msg);
		assert_near(r.rate, family_setting(0, p.at[0]), 1e-6);
		assert_in_range(r.simulations, 4, 32);
	}
	assert_near(family_setting(0, 0.5), 0.004, 1e-9);
	assert_near(family_setting(4, 0.5), 0.45, 1e-9);
}

/* What is seen bends with the place and is noisy. */
enum { LIVES = 200, N = 12 };

static void live(const struct family_place *p, struct rng *r, double *out)
{
	for (int k = 0; k < N; k++)
		out[k] = p->at[k % FAMILY_AXES] +
			 0.5 * pow(p->at[(k + 1) % FAMILY_AXES], 2) +
			 0.02 * (double)rng_normal(r);
}

static void test_places_are_found(void **state)
{
	static struct family_place places[LIVES];
	static double seen[LIVES][N];
	double truth[FAMILY_AXES][40], said[FAMILY_AXES][40], off[3] = {0};
	struct family_map *m;
	struct rng r;

	(void)state;
	rng_init(&r, 2, RNG_TEST, 0, 0);
	for (int i = 0; i < LIVES; i++) {
		family_draw(&r, &places[i]);
		live(&places[i], &r, seen[i]);
	}
	m = family_map_new(&seen[0][0], places, LIVES, N);
	for (int i = 0; i < 40; i++) {
		struct family_place p, found[3];
		double x[N];

		family_draw(&r, &p);
		live(&p, &r, x);
		family_refine(m, x, 16, &found[0]);
		family_regress(m, x, &found[1]);
		family_nearest(m, x, &found[2]);
		for (int a = 0; a < FAMILY_AXES; a++) {
			truth[a][i] = p.at[a];
			said[a][i] = found[0].at[a];
			for (int w = 0; w < 3; w++)
				off[w] += fabs(found[w].at[a] - p.at[a]);
		}
	}
	for (int a = 0; a < FAMILY_AXES; a++)
		assert_true(rank_correlation(truth[a], said[a], 40) > 0.95);
	/* Near ones tell how it bends; one life alone is coarse. */
	assert_true(off[0] < off[1] && off[1] < off[2]);
	family_map_free(m);
}

/* By hand: ranks 1 2.5 2.5 4 against 4 1 2 3. */
static void test_rank_correlation(void **state)
{
	const double a[] = {1, 5, 5, 9}, b[] = {40, 10, 20, 30};
	const double c[] = {2, 3, 4, 100}, same[] = {7, 7, 7, 7};

	(void)state;
	assert_near(rank_correlation(c, c, 4), 1, 1e-12);
	assert_near(rank_correlation(a, b, 4), -1.5 / sqrt(4.5 * 5), 1e-12);
	assert_true(isnan(rank_correlation(a, same, 4)));
	assert_true(isnan(rank_correlation(a, b, 1)));
}

/* --- planted tables ------------------------------------------------------ */

enum { SEEDS = 6, MOST = 200 };

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

/* Neighbouring seeds differ by `spread`: the interval is 1.963 of it to either
 * side (six seeds, as in test_tabula.c). */
struct truth {
	double same, fitted, twice, random, headroom, rank, spread;
};
static const struct truth usual = {
	.same = 0.8,
	.fitted = 0.795,
	.twice = 0.8,
	.random = 0.7,
	.headroom = 120,
	.rank = 0.9,
	.spread = 0.002,
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
	struct study_request want = {.study = &study_family, .size = "desk"};
	static char names[FAMILY_AXES][48];
	struct err e = ERR_INIT;

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(t->plan.seed_count, SEEDS);
	put(t, "teacher", "headroom", 0, w->headroom, 1);
	put(t, "same", "agree", 2, 0.8, 0);
	put(t, "same", "agree", 5, w->same, 0);
	put(t, "fitted", "agree", 2, w->twice, w->spread);
	put(t, "fitted", "agree", 5, w->fitted, w->spread);
	put(t, "random", "agree", 5, w->random, 0.001);
	for (int a = 0; a < FAMILY_AXES; a++) {
		snprintf(names[a], sizeof(names[a]), "rank/%s", family_axis(a));
		/* The median is what counts. */
		t->figures[t->count++] = (struct study_figure){
			.arm = "sample",
			.name = names[a],
			.value = w->rank + 0.04 * (a - 2),
			.n = 64,
		};
	}
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
	expect(&t, STUDY_SUPPORTED, "-0.005 [-0.009, -0.001]");
	w.rank = 0.79;
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "median rank correlation 0.79");
	w = usual;
	w.fitted = 0.783; /* -0.0209 at least, -0.0131 at most */
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "-0.017 [-0.021, -0.013] at five");
	w.fitted = 0.775; /* -0.0211 at most */
	plant(&t, &w);
	expect(&t, STUDY_REFUTED, "-0.025 [-0.029, -0.021] at five");
	w = usual;
	w.twice = 0.775;
	plant(&t, &w);
	expect(&t, STUDY_REFUTED, "-0.025 [-0.029, -0.021] at twice");
}

static void test_gates(void **state)
{
	struct truth w = usual;
	struct table t;

	(void)state;
	w.headroom = 51.9; /* 49.94 at least */
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "learns");
	w = usual;
	w.random = 0.76;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "room");
}

/* --- the study itself ---------------------------------------------------- */

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_family,
		.size = "smoke",
		.settings = "games=96,cut=32,before=2,per_stage=4,sample=8,"
			    "held=3,nearest=3,filters=2,blocks=1,pairs=6",
		.seeds = 1,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* The same bits on any number of threads; and each learner that is run is held
 * against the teacher. */
static void test_at_a_size_that_says_nothing(void **state)
{
	struct study_bench a, b;
	int agreements = 0;

	(void)state;
	run(&a, 1);
	run(&b, 2);
	assert_int_equal(a.figure_count, b.figure_count);
	for (size_t i = 0; i < a.figure_count; i++) {
		const struct study_figure *f = &a.figures[i];

		assert_string_equal(f->name, b.figures[i].name);
		assert_true(f->value == b.figures[i].value);
		/* Four games of seven plies at least. */
		agreements += !strcmp(f->name, "agree") && f->value > 0 &&
			      f->value < 1 && f->n >= 28;
	}
	assert_int_equal(agreements, 8 * 2);
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places_are_recipes),
		cmocka_unit_test(test_places_are_found),
		cmocka_unit_test(test_rank_correlation),
		cmocka_unit_test(test_judged),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
