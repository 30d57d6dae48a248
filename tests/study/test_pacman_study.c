/* SPDX-License-Identifier: MIT */
/* The judge of the study `pacman` on planted tables, what is seen in games, and
 * the study itself at a size that says nothing. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/study/bench.h"
#include "core/study/chooser.h"
#include "core/study/pacman_int.h"
#include "core/study/pacman_watch.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"

/* --- planted tables ------------------------------------------------------ */

enum { SEEDS = 6, MOST = 1200 };

struct table {
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
};

/* Means over seeds, and by how much neighbouring seeds differ; six of them have
 * an interval of 1.963 times that to either side. */
struct truth {
	double kind_score, imitator_score, scratch_score, points_score;
	double imitator, greedy, scratch, points, nothing; /* eaten */
	double opportunities, spread;
};
static const struct truth usual = {
	.kind_score = 900,
	.imitator_score = 800,
	.scratch_score = 1300,
	.points_score = 1300,
	.imitator = 0.02,
	.greedy = 0.6,
	.scratch = 0.5,
	.points = 0.45,
	.nothing = 0.1,
	.opportunities = 3,
	.spread = 0.01,
};

static void put(struct table *t, const char *arm, const char *name, double x,
		double mean, double spread)
{
	for (int i = 0; i < t->plan.seed_count; i++)
		t->figures[t->count++] = (struct study_figure){
			.arm = arm,
			.name = name,
			.seed = t->plan.seeds[i],
			.x = x,
			.value = mean + (i - 2.5) * spread,
			.low = (double)NAN,
			.high = (double)NAN,
			.n = 96,
		};
}

static void put_arm(struct table *t, const char *arm, double x, double eaten,
		    double score, const struct truth *w)
{
	put(t, arm, PACMAN_EATEN, x, eaten, w->spread);
	put(t, arm, PACMAN_SCORE, x, score, 10);
	put(t, arm, PACMAN_OPPORTUNITIES, x, w->opportunities, 0);
	put(t, arm, PACMAN_UNVISITED, x, 0.3, 0.01);
}

static void plant(struct table *t, const struct truth *w)
{
	static const char *const others[] = {
		"costs",  "kl-weak", "kl-middle", "kl-strong",
		"frozen", "replay",  "orchestra"};
	struct study_request want = {.study = &study_pacman, .size = "desk"};
	struct err e = ERR_INIT;

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(t->plan.seed_count, SEEDS);
	put_arm(t, "kind", 0, 0, w->kind_score, w);
	put_arm(t, "greedy", 0, w->greedy, 1400, w);
	put_arm(t, "imitator", 0, w->imitator, w->imitator_score, w);
	put_arm(t, "scratch", 1000, w->scratch, w->scratch_score, w);
	put_arm(t, "points", 0, 0.05, w->imitator_score, w);
	put_arm(t, "points", 1000, w->points, w->points_score, w);
	put_arm(t, "nothing", 1000, w->nothing, 900, w);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		put_arm(t, others[i], 1000, 0.3, 1000, w);
}

static void judge(struct table *t, struct study_judgement *j)
{
	struct study_conduct conduct = {.trials = 60, .processors = 1};

	assert_true(t->count <= MOST);
	study_figures_sort(t->figures, t->count);
	study_judge(&t->plan, t->figures, t->count, &conduct, j);
}

static void expect(const struct truth *w, enum study_badge badge,
		   const char *why)
{
	struct study_judgement j;
	struct table t;

	plant(&t, w);
	judge(&t, &j);
	if (j.badge != badge || !strstr(j.reason.data, why))
		fail_msg("%s: %s (wanted %s: %s)", study_badge_name(j.badge),
			 j.reason.data, study_badge_name(badge), why);
	study_judgement_release(&j);
	study_plan_release(&t.plan);
}

static void test_badges(void **state)
{
	struct truth w = usual;

	(void)state;
	expect(&w, STUDY_SUPPORTED, "+0.35");
	/* The same seeds: a difference has no spread here. */
	w.points = 0.29;
	expect(&w, STUDY_REFUTED, "+0.19");
	w = usual;
	w.points = w.nothing = 0.4;
	expect(&w, STUDY_REFUTED, "+0.00");
}

/* Below what is wanted in the mean, and perhaps above. */
static void test_partial(void **state)
{
	struct study_judgement j;
	struct truth w = usual;
	struct table t;

	(void)state;
	w.points = 0.29;
	plant(&t, &w);
	for (size_t i = 0; i < t.count; i++)
		if (!strcmp(t.figures[i].arm, "nothing") &&
		    !strcmp(t.figures[i].name, PACMAN_EATEN))
			t.figures[i].value = 0.1 + (i % 2 ? 0.05 : -0.05);
	judge(&t, &j);
	assert_int_equal(j.badge, STUDY_PARTIAL);
	study_judgement_release(&j);
	study_plan_release(&t.plan);
}

static void test_gates(void **state)
{
	struct truth w = usual;

	(void)state;
	w.imitator = 0.06;
	expect(&w, STUDY_UNINTERPRETABLE, "imitates");
	w = usual;
	w.imitator_score = 700; /* of 900 */
	expect(&w, STUDY_UNINTERPRETABLE, "imitates");
	w = usual;
	w.opportunities = 0.9;
	expect(&w, STUDY_UNINTERPRETABLE, "chances");
	w = usual;
	w.greedy = 0.29;
	expect(&w, STUDY_UNINTERPRETABLE, "chances");
	w = usual;
	w.scratch_score = w.imitator_score;
	expect(&w, STUDY_UNINTERPRETABLE, "learns");
}

/* Half of 0.5 is between 0.05 at 0 and 0.45 at 1000. */
static void test_half_life(void **state)
{
	static const double x[] = {0, 10, 20, 40}, y[] = {0, 0.1, 0.3, 0.2};
	struct study_judgement j;
	struct table t;
	bool found = false;

	(void)state;
	assert_true(fabs(pacman_crossing(x, y, 4, 0.2) - 15) < 1e-9);
	assert_true(pacman_crossing(x, y, 4, 0) == 0);
	assert_true(isnan(pacman_crossing(x, y, 4, 0.4)));
	plant(&t, &usual);
	judge(&t, &j);
	for (size_t i = 0; i < j.estimate_count; i++)
		if (!strcmp(j.estimates[i].name, "half-life/points")) {
			assert_true(fabs(j.estimates[i].value - 500) < 1);
			found = true;
		}
	assert_true(found);
	study_judgement_release(&j);
	study_plan_release(&t.plan);
}

/* --- who chooses --------------------------------------------------------- */

/* The first is worth what is seen second, the other what is seen third. */
static void test_chooser(void **state)
{
	struct chooser c;
	struct rng r;
	int right = 0;

	(void)state;
	chooser_init(&c, 0.3);
	rng_init(&r, 1, RNG_TEST, 0, 0);
	for (int i = 0; i < 1500; i++) {
		double seen[CHOOSER_SEES] = {1}, worth[CHOOSER_ARMS];
		int arm;

		for (int k = 1; k < CHOOSER_SEES; k++)
			seen[k] = rng_double(&r);
		worth[0] = seen[1];
		worth[1] = seen[2];
		if (i == 1000)
			c.spread = 0;
		arm = chooser_pick(&c, seen, &r);
		if (i >= 1000)
			right += arm == (worth[1] > worth[0]);
		else
			chooser_learn(&c, seen, arm,
				      worth[arm] +
					      0.2 * (double)rng_normal(&r));
	}
	print_message("the better one %d times of 500\n", right);
	assert_true(right >= 450);
}

/* --- what is seen -------------------------------------------------------- */

static bool always(void *ctx)
{
	(void)ctx;
	return true;
}

/* The kind player eats none where it could, and the greedy one does. */
static void test_seen(void **state)
{
	struct pool *pool = pool_new(1);
	struct pacman_seen kind, greedy;
	struct game g;
	struct pacman_watch w = {
		.game = &g,
		.agent = "kind",
		.games = 6,
		.seed = 3,
		.goes_on = always,
	};

	(void)state;
	assert_int_equal(game_init(&g, "pacman:maze=tiny,ticks=80", NULL),
			 ERR_OK);
	pacman_seen_init(&kind);
	pacman_seen_init(&greedy);
	assert_int_equal(pacman_watch(&w, pool, &kind, NULL), ERR_OK);
	w.agent = "greedy";
	assert_int_equal(pacman_watch(&w, pool, &greedy, NULL), ERR_OK);
	assert_int_equal(kind.games, 6);
	assert_int_equal(kind.ticks, 480);
	assert_int_equal(kind.eaten, 0);
	assert_true(kind.opportunities >= 6);
	assert_true(greedy.eaten > 0 && greedy.eaten <= greedy.opportunities);
	assert_true(greedy.score > kind.score);
	assert_true(kind.place_count > 20);
	assert_true(pacman_was_at(&kind, kind.places[7]));
	assert_false(pacman_was_at(&kind, kind.places[7] + 1));
	assert_true(strlen(kind.line.data) > 80);
	pacman_seen_release(&kind);
	pacman_seen_release(&greedy);
	pool_free(pool);
}

/* --- the study itself ---------------------------------------------------- */

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_pacman,
		.size = "smoke",
		.settings = "ticks=24,filters=4,shown=8,epochs=1,iterations=2,"
			    "groups=2,slots=4,plies=16,games=6,held=2",
		.seeds = 1,
	};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* Where only the heads learn nothing moves the trunk; elsewhere something does.
 */
static void check_ledger(const struct study_bench *b)
{
	int trunk = 0, heads = 0;

	for (int i = 0; i < b->done; i++) {
		const char *arm = b->plan.trials[i].arm->name;
		const struct study_result *r = &b->results[i];

		for (size_t k = 0; k < r->ledger_count; k++) {
			bool is = !strcmp(r->ledger[k].block, "stem");

			if (!strcmp(arm, "frozen"))
				assert_false(is);
			if (!strcmp(arm, "points"))
				trunk += is && r->ledger[k].norm > 0;
			if (!strcmp(arm, "frozen"))
				heads += r->ledger[k].norm > 0;
		}
	}
	assert_int_equal(trunk, 1);
	assert_true(heads > 0);
}

/* All arms are measured, to the same bits on any number of threads. */
static void test_at_a_size_that_says_nothing(void **state)
{
	struct study_bench a, b;
	bool seen[32] = {false};

	(void)state;
	run(&a, 1);
	run(&b, 2);
	assert_true(a.figure_count == b.figure_count);
	for (size_t i = 0; i < a.figure_count; i++) {
		const struct study_figure *x = &a.figures[i];

		assert_string_equal(x->arm, b.figures[i].arm);
		assert_string_equal(x->name, b.figures[i].name);
		assert_true(x->value == b.figures[i].value);
		for (int k = 0; study_pacman.arms[k].name; k++)
			if (!strcmp(x->name, PACMAN_SCORE) &&
			    !strcmp(x->arm, study_pacman.arms[k].name))
				seen[k] = true;
	}
	check_ledger(&a);
	for (int k = 0; study_pacman.arms[k].name; k++)
		if (!seen[k])
			fail_msg("nothing was measured of %s",
				 study_pacman.arms[k].name);
	study_bench_release(&a);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_badges),
		cmocka_unit_test(test_partial),
		cmocka_unit_test(test_gates),
		cmocka_unit_test(test_half_life),
		cmocka_unit_test(test_chooser),
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_at_a_size_that_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
