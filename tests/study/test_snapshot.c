/* SPDX-License-Identifier: MIT */
/* The judge of the study `snapshot` on planted tables, and the study itself at
 * a size that says nothing. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"
#include "core/study/bench.h"
#include "core/study/plan.h"
#include "core/study/kept_net.h"
#include "core/study/snapshot_int.h"
#include "core/study/study.h"
#include "core/study/verdict.h"

/* --- planted tables ------------------------------------------------------ */

enum { MOST = 2000 };

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

static void put(struct table *t, const char *arm, const char *name,
		uint64_t seed, double x, double value, double half, int64_t n)
{
	assert_true(t->count < MOST);
	t->figures[t->count++] = (struct study_figure){
		.arm = arm,
		.name = name,
		.seed = seed,
		.x = x,
		.value = value,
		.low = value - half,
		.high = value + half,
		.n = n,
	};
}

/* What is planted: the gap of each arm at the most data, of the best arm that
 * is not the primary one, and how seeds differ. */
struct truth {
	double dagger, others, spread;
	double gain, shuffled, distinct;
	int pairs;
	double tflop; /* at the most data */
};
static const struct truth easy = {
	.dagger = -10,
	.others = -40,
	.spread = 8,
	.gain = 600,
	.shuffled = -400,
	.distinct = 0.8,
	.pairs = 500,
	.tflop = 2,
};

static void plant(struct table *t, const struct truth *w)
{
	struct study_request want = {.study = &study_snapshot, .size = "desk"};
	struct err e = ERR_INIT;
	const struct snapshot_conf *c;

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	c = t->plan.conf;
	for (int i = 0; i < t->plan.seed_count; i++) {
		uint64_t seed = t->plan.seeds[i];
		double off = (i - (t->plan.seed_count - 1) / 2.0) * w->spread;

		put(t, "teacher", "gain", seed, 0, w->gain, 50, 500);
		for (const struct study_arm *a = study_snapshot.arms; a->name;
		     a++) {
			const struct snapshot_arm *s =
				snapshot_arm_find(a->name);
			double gap = !s                           ? 0
				     : s->shuffled                ? w->shuffled
				     : !strcmp(a->name, "dagger") ? w->dagger
								  : w->others;

			for (int k = 0; s && k < c->curve; k++) {
				int x = snapshot_positions(c, k);
				/* Less data, less strength; less work. */
				int less = c->curve - 1 - k;

				put(t, a->name, "gap", seed, x,
				    gap + off - 40 * less, 25, w->pairs);
				put(t, a->name, "tflop", seed, x,
				    w->tflop / pow(2, less), 0, 0);
				put(t, a->name, "distinct", seed, x,
				    w->distinct, 0, x);
			}
		}
	}
	study_figures_sort(t->figures, t->count);
}

static void expect(struct table *t, enum study_badge badge, const char *why)
{
	struct study_conduct conduct = {.trials = 33, .processors = 1};
	struct study_judgement j;

	study_judge(&t->plan, t->figures, t->count, &conduct, &j);
	if (j.badge != badge || !strstr(j.reason.data, why))
		fail_msg("%s: %s (wanted %s: %s)", study_badge_name(j.badge),
			 j.reason.data, study_badge_name(badge), why);
	study_judgement_release(&j);
	study_plan_release(&t->plan);
}

static void test_supported(void **state)
{
	struct table t;
	struct truth w = easy;

	(void)state;
	plant(&t, &w);
	expect(&t, STUDY_SUPPORTED,
	       "with 100000 positions the student of dagger is -10");
	/* Seeds 14 apart: t(2) = 4.30, so +-4.30 * 14 / sqrt(3) = 34.8. */
	w.spread = 14;
	w.dagger = -25;
	plant(&t, &w);
	expect(&t, STUDY_SUPPORTED, "-25 [-60, +10]");
	/* More than the budget at the most data, half of it before. */
	w = easy;
	w.tflop = 40;
	w.dagger = 30;
	plant(&t, &w);
	expect(&t, STUDY_SUPPORTED,
	       "with 31623 positions the student of dagger is -10");
}

static void test_partial(void **state)
{
	struct table t;
	struct truth w = easy;

	(void)state;
	/* Seeds too far apart. */
	w.dagger = -25;
	w.spread = 16;
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "neither easy nor out of reach");
	/* Too far, but another arm is not. */
	w = easy;
	w.dagger = -90;
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "-90 [");
	/* All within the budget is too little. */
	w = easy;
	w.tflop = 10000;
	plant(&t, &w);
	expect(&t, STUDY_PARTIAL, "no student of dagger is within the budget");
}

static void test_refuted(void **state)
{
	struct table t;
	struct truth w = easy;

	(void)state;
	w.dagger = -120;
	w.others = -130;
	plant(&t, &w);
	expect(&t, STUDY_REFUTED, "the best upper end of any arm is -100");
	/* A smaller student that came near would not save it, a missing arm
	 * would. */
	plant(&t, &w);
	for (size_t i = 0; i < t.count; i++)
		if (!strcmp(t.figures[i].arm, "half"))
			t.figures[i].value = t.figures[i].high = 0;
	expect(&t, STUDY_REFUTED, "no arm comes near");
	plant(&t, &w);
	for (size_t i = 0; i < t.count; i++)
		if (!strcmp(t.figures[i].arm, "move") &&
		    t.figures[i].seed == 2 && !strcmp(t.figures[i].name, "gap"))
			t.figures[i].value = (double)NAN;
	expect(&t, STUDY_PARTIAL, "neither easy nor out of reach");
}

static void test_gates(void **state)
{
	struct table t;
	struct truth w = easy;

	(void)state;
	w.gain = 199;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "gate teacher failed");
	w = easy;
	w.distinct = 0.49;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "gate distinct failed");
	w = easy;
	w.pairs = 449;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "gate distinct failed");
	w = easy;
	w.shuffled = -116;
	plant(&t, &w);
	expect(&t, STUDY_UNINTERPRETABLE, "gate shuffled failed");
	/* One seed is missing. */
	plant(&t, &easy);
	for (size_t i = 0; i < t.count; i++)
		if (!strcmp(t.figures[i].arm, "teacher") &&
		    t.figures[i].seed == 3)
			t.figures[i].low = (double)NAN;
	expect(&t, STUDY_UNINTERPRETABLE, "gate teacher failed");
}

/* --- networks ------------------------------------------------------------ */

static void test_kept_network(void **state)
{
	struct snapshot_conf conf;
	struct kept_net a = {0}, b;
	struct recipe r;
	struct game g;
	struct buf bytes;
	struct err e = ERR_INIT;
	size_t n;

	(void)state;
	conf_defaults(snapshot_spec, &conf);
	conf_defaults(recipe_spec, &r);
	r.filters = 6;
	r.blocks = 1;
	assert_int_equal(snapshot_game(&conf, &g, &e), ERR_OK);
	recipe_net(&r, &g, &a.config);
	n = net_param_count(&a.config);
	a.weights = calloc(n, sizeof(float));
	net_init(&a.config, 5, a.weights);
	buf_init(&bytes);
	kept_net_save(&a, &bytes);
	assert_int_equal(kept_net_load(&b, &g, bytes.data, bytes.len, &e),
			 ERR_OK);
	assert_int_equal(net_param_count(&b.config), n);
	assert_memory_equal(a.weights, b.weights, n * sizeof(float));
	kept_net_release(&b);
	for (size_t cut = 1; cut < 9; cut++)
		assert_int_equal(kept_net_load(&b, &g, bytes.data,
					       bytes.len * cut / 9, &e),
				 ERR_FORMAT);
	buf_putc(&bytes, 0);
	assert_int_equal(kept_net_load(&b, &g, bytes.data, bytes.len, &e),
			 ERR_FORMAT);
	buf_release(&bytes);
	kept_net_release(&a);
}

/* --- the study ----------------------------------------------------------- */

static const struct study_figure *
figure(const struct study_bench *b, const char *arm, const char *name, double x)
{
	struct study_measures m = {.figures = b->figures,
				   .count = b->figure_count};
	const struct study_figure *f = study_figure(&m, arm, name, 1, x);

	assert_non_null(f);
	return f;
}

/* Tiny, with every arm: the same bits on any number of threads, and what must
 * hold of any size. */
static void test_tiny(void **state)
{
	struct study_request want = {
		.study = &study_snapshot,
		.size = "smoke",
		.settings = "rows=4,cols=4,filters=4,teacher_games=60,"
			    "simulations=4,positions=600,samples=1200,visits=4,"
			    "opening_plies=8,pairs=8,scored_plies=3,"
			    "set_positions=60",
	};
	struct study_bench one, two;
	struct err e = ERR_INIT;

	(void)state;
	if (study_bench_run(&one, &want, 1, &e) ||
	    study_bench_run(&two, &want, 2, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(one.figure_count, two.figure_count);
	for (size_t i = 0; i < one.figure_count; i++) {
		assert_string_equal(one.figures[i].name, two.figures[i].name);
		assert_memory_equal(&one.figures[i].value,
				    &two.figures[i].value, sizeof(double));
	}
	/* Twice the channels take about four times the work. */
	assert_true(figure(&one, "double", "tflop", 600)->value >
		    2 * figure(&one, "dagger", "tflop", 600)->value);
	/* Whatever labels them, the same positions. */
	assert_true(figure(&one, "move", "distinct", 600)->value ==
		    figure(&one, "random", "distinct", 600)->value);
	assert_true(figure(&one, "values", "distinct", 600)->value ==
		    figure(&one, "random", "distinct", 600)->value);
	/* More are seen from random starts. */
	assert_true(figure(&one, "random", "distinct", 600)->value >
		    figure(&one, "own", "distinct", 600)->value);
	/* Labels differ, students differ. */
	assert_true(figure(&one, "move", "kl.random", 600)->value !=
		    figure(&one, "random", "kl.random", 600)->value);
	assert_true(figure(&one, "shuffled", "kl.random", 600)->value !=
		    figure(&one, "random", "kl.random", 600)->value);
	study_bench_release(&one);
	study_bench_release(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_supported),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_refuted),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_kept_network),
		cmocka_unit_test(test_tiny),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
