/* SPDX-License-Identifier: MIT */
/* The ladder: its lives and tasks, its judge on planted tables, and a trial
 * that is the same on any number of threads. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/net/net.h"
#include "core/study/env.h"
#include "core/study/histories.h"
#include "core/study/ladder.h"
#include "core/study/plan.h"
#include "core/study/result.h"
#include "core/study/source.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "tests/study/near.h"

/* --- tasks and lives --------------------------------------------------------
 */

static void test_no_task_is_both(void **state)
{
	(void)state;
	for (const struct ladder_arm *a = ladder_arms; a->name; a++) {
		struct ladder_tasks one, other;
		bool same = true;

		ladder_tasks_init(&one, a->rung, a->source->env, 3);
		ladder_tasks_init(&other, a->rung, a->source->env, 4);
		for (int i = 0; i < one.test_count; i++) {
			same &= one.test[i] == other.test[i];
			for (int k = 0; k < one.train_count; k++)
				assert_int_not_equal(one.test[i], one.train[k]);
		}
		assert_false(same);
		ladder_tasks_release(&one);
		ladder_tasks_release(&other);
	}
}

static void test_arms_are_those_of_the_study(void **state)
{
	int n = 0;

	(void)state;
	for (const struct study_arm *s = study_ladder.arms; s->name; s++, n++) {
		const struct ladder_arm *a = ladder_arm_find(s->name);
		struct net_config net;
		struct err e = ERR_INIT;

		assert_non_null(a);
		assert_int_equal(ladder_net(a, &net, &e), ERR_OK);
		/* What it is compared with has run before. */
		for (int i = 0; i < LADDER_AGAINST && a->against[i]; i++) {
			const struct study_arm *before = study_ladder.arms;

			while (before != s &&
			       strcmp(before->name, a->against[i]) != 0)
				before++;
			assert_true(before != s);
			assert_ptr_equal(ladder_arm_find(a->against[i])->rung,
					 a->rung);
		}
	}
	for (const struct ladder_arm *a = ladder_arms; a->name; a++)
		n--;
	assert_int_equal(n, 0);
}

/* Strength of the learner of codes, without chance: lives end with the episode
 * after which its mean over ten is a half. */
static void test_lives_are_cut_by_strength(void **state)
{
	const struct ladder_arm *a = ladder_arm_find("p4-cut");
	struct ladder_tasks t;
	struct histories *h;

	(void)state;
	ladder_tasks_init(&t, a->rung, a->source->env, 1);
	h = ladder_lives(a, &t, 0.002f, 1);
	assert_true(histories_count(h) >= 60);
	for (int i = 0; i < 60; i++) {
		struct source_life l;
		struct env_step steps[8];
		union env_bytes task;
		double after[220], mean = 0;
		int n = 0;

		a->source->env->task(t.train[i], &task);
		source_life_begin(&l, a->source, &task, 1, (uint64_t)i);
		while (n < 220 && mean < 0.5) {
			source_life_episode(&l, steps, NULL);
			after[n++] = a->source->strength(&l.mind, &task);
			mean = 0;
			for (int k = n - 10; n >= 10 && k < n; k++)
				mean += after[k] / 10;
		}
		assert_int_equal(histories_episodes(h, i), n);
	}
	histories_free(h);
	ladder_tasks_release(&t);
}

/* A snapshot does not learn: over many episodes, its second half gains what its
 * first did, where lives that go on gain more. */
static double growth(enum ladder_shown shown)
{
	struct ladder_arm a = *ladder_arm_find("p4-frozen");
	struct ladder_rung g = *a.rung;
	struct ladder_tasks t;
	struct histories *h;
	double half[2] = {0};

	g.rows = 8 * 64;
	a.rung = &g;
	a.shown = shown;
	ladder_tasks_init(&t, a.rung, a.source->env, 1);
	h = ladder_lives(&a, &t, 0.02f, 1);
	for (int64_t i = 0; i < histories_count(h); i++)
		for (int e = 0; e < 64; e++) {
			struct env_step steps[8];
			int n = histories_episode(h, i, e, steps);

			for (int k = 0; k < n; k++)
				half[e / 32] += steps[k].reward;
		}
	ladder_tasks_release(&t);
	half[0] /= 8 * 32 * (double)histories_count(h);
	half[1] /= 8 * 32 * (double)histories_count(h);
	histories_free(h);
	return half[1] - half[0];
}

static void test_snapshots_do_not_learn(void **state)
{
	(void)state;
	assert_near(growth(LADDER_FROZEN), 0, 0.01);
	assert_true(growth(LADDER_WHOLE) > 0.15);
}

static void test_teachers_go_on(void **state)
{
	const struct ladder_arm *a = ladder_arm_find("p4-cut");
	struct ladder_tasks t;
	struct ladder_teachers w;
	enum { LANES = 256, ROLL = 60 };
	float *gain = malloc(sizeof(*gain) * LANES * ROLL);
	double late[2] = {0};

	(void)state;
	ladder_tasks_init(&t, a->rung, a->source->env, 1);
	ladder_teachers_init(&w, a, &t, LANES, 1);
	/* The third latch is at 0.25 + 0.7125 * 3 / 8 = 0.517, the fourth at
	 * 0.606; and some come while the mean rises. */
	assert_true(w.strength > 0.53 && w.strength < 0.606);
	for (int frozen = 0; frozen < 2; frozen++) {
		ladder_teachers_go_on(&w, ROLL, frozen, gain);
		for (int i = 0; i < LANES; i++)
			for (int e = ROLL - 11; e < ROLL; e++)
				late[frozen] +=
					(double)gain[i * ROLL + e] / LANES / 11;
	}
	assert_near(late[1], w.strength, 0.02);
	/* Contexts that are left are latched with 0.02 an episode. */
	assert_near(late[0], 0.9625 - (0.9625 - w.strength) * pow(0.98, 54),
		    0.02);
	free(gain);
	ladder_teachers_release(&w);
	ladder_tasks_release(&t);
}

/* --- the judge --------------------------------------------------------------
 */

enum { SEEDS = 3, MOST = 600 };

static struct study_figure table[MOST];
static size_t count;

static void plant(const char *arm, const char *name, uint64_t seed, double x,
		  double value, double half)
{
	assert_true(count < MOST);
	table[count++] = (struct study_figure){
		.arm = arm,
		.name = name,
		.seed = seed,
		.x = x,
		.value = value,
		.low = value - half,
		.high = value + half,
		.n = 100,
	};
}

/* A prototype's figures: all gates hold. */
static void plant_all(void)
{
	count = 0;
	for (uint64_t s = 1; s <= SEEDS; s++) {
		plant("p0-full", "teacher-lost", s, 0, 10.7, 0.24);
		plant("p0-full", "lost", s, 1, 11.3, 0.27);
		plant("p0-shuffled", "lost", s, 1, 41.7, 1);
		plant("p0-expert", "lost", s, 1, 64, 1);
		plant("p0-last", "lost", s, 1, 29, 1);
		plant("p1-full", "late", s, 1, 0.87, 0.05);
		plant("p1-shuffled", "late", s, 1, 0.23, 0.05);
		plant("p1-expert", "late", s, 1, 0.1, 0.05);
		plant("p3-full", "over-p3-shuffled", s, 1, 0.14, 0.05);
		plant("p3-full", "over-p3-last", s, 1, 0.141, 0.05);
		plant("p4-whole", "late", s, 1, 0.88, 0.01);
		plant("p4-frozen", "cut-strength", s, 0, 0.5, 0);
		for (int i = 0; i < LADDER_TEMPERATURES; i++) {
			double t = (double)ladder_code.temperature[i];

			plant("p4-frozen", "late", s, t, 0.43, 0.01);
			plant("p4-shuffled", "late", s, t, 0.36 + 0.01 * i,
			      0.01);
			plant("p4-cut", "over-p4-frozen", s, t, 0.34, 0.02);
			plant("p4-cut", "over-p4-shuffled", s, t, 0.41, 0.02);
		}
	}
}

static struct study_figure *planted(const char *arm, const char *name,
				    uint64_t seed, double x)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(table[i].arm, arm) &&
		    !strcmp(table[i].name, name) && table[i].seed == seed &&
		    table[i].x >= x && table[i].x <= x)
			return &table[i];
	fail_msg("nothing planted as %s of %s", name, arm);
	return NULL;
}

/* The same at every seed. */
static void plant_at(const char *arm, const char *name, double x, double value,
		     double half)
{
	for (uint64_t s = 1; s <= SEEDS; s++) {
		struct study_figure *f = planted(arm, name, s, x);

		f->value = value;
		f->low = value - half;
		f->high = value + half;
	}
}

/* What the judge says of the table under a plan of these rungs. */
static void judge(struct study_request *want, struct study_judgement *j)
{
	struct study_conduct good = {.trials = 66, .processors = 1};
	struct study_plan p;
	struct err e = ERR_INIT;
	struct study_figure sorted[MOST];

	want->study = &study_ladder;
	want->size = "desk";
	if (study_plan_make(&p, want, &e))
		fail_msg("%s", e.msg);
	memcpy(sorted, table, sizeof(sorted));
	study_figures_sort(sorted, count);
	study_judge(&p, sorted, count, &good, j);
	study_plan_release(&p);
}

/* At desk size; `gate` is the one that must fail, NULL: none. */
static void expect(enum study_badge badge, const char *gate)
{
	struct study_request want = {0};
	struct study_judgement j;

	judge(&want, &j);
	if (j.badge != badge)
		fail_msg("%s: %s", study_badge_name(j.badge), j.reason.data);
	for (size_t i = 0; i < j.gate_count; i++) {
		bool fails = gate && !strcmp(j.gates[i].name, gate);

		if (j.gates[i].passed == fails)
			fail_msg("gate %s: %s", j.gates[i].name,
				 j.gates[i].text);
	}
	study_judgement_release(&j);
}

static void test_passed(void **state)
{
	(void)state;
	plant_all();
	expect(STUDY_PASSED, NULL);
	/* Just within, by the mean of the seeds. */
	plant_at("p0-full", "lost", 1, 1.149 * 10.7, 0.2);
	plant_at("p1-expert", "late", 1, 0.299, 0.05);
	plant_at("p1-full", "late", 1, 0.801, 0.08);
	plant_at("p3-full", "over-p3-last", 1, 0.0801, 0.1);
	plant_at("p4-cut", "over-p4-frozen", 1, 0.18, 0.02);
	expect(STUDY_PASSED, NULL);
	/* One seed alone does not decide. */
	planted("p1-full", "late", 2, 1)->value = 0.77;
	planted("p1-full", "late", 3, 1)->value = 0.85;
	expect(STUDY_PASSED, NULL);
}

struct change {
	const char *gate, *arm, *name;
	double x, value, half;
};

static void test_failed(void **state)
{
	static const struct change changes[] = {
		{"p0", "p0-full", "lost", 1, 1.151 * 10.7, 0.2},
		{"p0", "p0-last", "lost", 1, 21, 1},
		{"p1", "p1-full", "late", 1, 0.79, 0.01},
		/* Half of an interval over three seeds is 0.58 of one's. */
		{"p1", "p1-full", "late", 1, 0.81, 0.12},
		{"p1", "p1-shuffled", "late", 1, 0.31, 0.01},
		{"p3", "p3-full", "over-p3-shuffled", 1, 0.079, 0.01},
		{"p3", "p3-full", "over-p3-last", 1, 0.09, 0.17},
		{"p4", "p4-cut", "over-p4-frozen", 1, 0.16, 0.03},
		{"p4", "p4-cut", "over-p4-shuffled", 1, 0.19, 0.03},
		/* The control's best temperature. */
		{"p4", "p4-cut", "over-p4-shuffled", (double)0.4f, 0.01, 0.03},
		{"p4", "p4-frozen", "late", 1, 0.56, 0.01},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		const struct change *c = &changes[i];

		plant_all();
		plant_at(c->arm, c->name, c->x, c->value, c->half);
		expect(STUDY_FAILED, c->gate);
	}
}

static void test_uninterpretable(void **state)
{
	struct study_figure *f;

	(void)state;
	plant_all();
	plant_at("p4-whole", "late", 1, 0.76, 0.01); /* 0.8 * 0.9625 = 0.77 */
	expect(STUDY_UNINTERPRETABLE, "p4-whole");
	/* A trial that is missing. */
	plant_all();
	f = planted("p1-expert", "late", 3, 1);
	*f = table[--count];
	expect(STUDY_UNINTERPRETABLE, "p1");
}

static void expect_words(struct study_request *want, const char *verdict,
			 const char *reason)
{
	struct study_judgement j;

	judge(want, &j);
	assert_string_equal(j.verdict, verdict);
	assert_string_equal(j.reason.data, reason);
	study_judgement_release(&j);
}

/* The reason names the rungs; a plan of an earlier edition keeps its words. */
static void test_rungs_are_named(void **state)
{
	struct study_request want = {0};

	(void)state;
	plant_all();
	plant_at("p3-full", "over-p3-last", 1, 0.079, 0.01);
	expect_words(&want, "failed", "rung p3 of the ladder does not hold");
	want.stored = "study: ladder\nsize: desk\ntest seeds: 1 2 3\n";
	expect_words(&want, "failed", "a rung of the ladder does not hold");
	plant_at("p0-last", "lost", 1, 21, 1);
	want.stored = NULL;
	expect_words(&want, "failed", "rungs p0, p3 of the ladder do not hold");
}

/* Of some rungs alone: only their gates are asked, and the verdict says so. */
static void test_rungs_alone(void **state)
{
	struct study_request want = {.name = "alone", .rungs = "p3"};
	struct study_judgement j;

	(void)state;
	plant_all();
	plant_at("p0-last", "lost", 1, 21, 1);
	expect_words(&want, "passed on rung p3",
		     "adaptation in context holds on rung p3");
	judge(&want, &j);
	assert_int_equal(j.gate_count, 2);
	assert_string_equal(j.gates[0].name, "p3");
	assert_string_equal(j.gates[1].name, "custody");
	study_judgement_release(&j);
	plant_at("p3-full", "over-p3-last", 1, 0.079, 0.01);
	expect_words(&want, "failed on rung p3",
		     "rung p3 of the ladder does not hold");
	want.rungs = "p4,p0";
	expect_words(&want, "failed on rungs p4,p0",
		     "rung p0 of the ladder does not hold");
	want.rungs = "p4a";
	expect_words(&want, "uninterpretable on rung p4a",
		     "no gate is asked of rung p4a: its figures are reported "
		     "and decide nothing");
}

/* Key and door runs at one seed, and does nothing at others only where a plan
 * has trials for it there. */
static void test_seed_of_key_and_door(void **state)
{
	struct study_request want = {.study = &study_ladder, .size = "desk"};
	struct study_plan p;
	struct err e = ERR_INIT;
	uint64_t seed;

	(void)state;
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_OK);
	assert_int_equal(study_plan_trials(&p), 67);
	assert_string_equal(study_plan_trial(&p, 66, &seed)->name, "p2-full");
	assert_int_equal(seed, 3);
	study_plan_release(&p);
	want.first_seed = 4;
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "p2-full is tried at none of the seeds 4 "
				      "to 6"));
	study_plan_release(&p);
	want = (struct study_request){.study = &study_ladder,
				      .size = "desk",
				      .stored = "study: ladder\n"};
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_OK);
	assert_int_equal(study_plan_trials(&p), 69);
	study_plan_release(&p);
}

/* --- a trial ----------------------------------------------------------------
 */

static int number_of(const struct study_plan *p, const char *arm)
{
	uint64_t seed;

	for (int i = 0; i < study_plan_trials(p); i++)
		if (!strcmp(study_plan_trial(p, i, &seed)->name, arm))
			return i;
	fail_msg("no arm %s", arm);
	return -1;
}

static void try(const struct study_plan *p, int trial, int threads,
		struct study_result *out)
{
	struct pool *pool = pool_new(threads);
	struct study_sink sink = {0};
	struct err e = ERR_INIT;

	if (study_try(p, trial, pool, NULL, &sink, out, &e))
		fail_msg("%s", e.msg);
	pool_free(pool);
}

/* Weights and measures, bit for bit. */
static void test_threads_change_nothing(void **state)
{
	struct study_request want = {
		.study = &study_ladder,
		.size = "smoke",
		.settings = "code=0.01,lives=0.02,lanes=16",
	};
	struct study_plan p;
	struct study_result one = {0}, two = {0};
	struct err e = ERR_INIT;
	int trial;

	(void)state;
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_OK);
	trial = number_of(&p, "p4-whole");
	try(&p, trial, 1, &one);
	try(&p, trial, 2, &two);
	assert_true(*one.before);
	assert_string_equal(one.before, one.after);
	assert_string_equal(one.before, two.before);
	assert_int_equal(one.scored, 256);
	assert_int_equal(one.trained_on, 0);
	assert_int_equal(one.measure_count, two.measure_count);
	for (size_t i = 0; i < one.measure_count; i++) {
		assert_string_equal(one.measures[i].name, two.measures[i].name);
		assert_memory_equal(&one.measures[i].value,
				    &two.measures[i].value, sizeof(double));
	}
	study_result_release(&one);
	study_result_release(&two);
	study_plan_release(&p);
}

/* --- killed, and begun again -------------------------------------------- */

struct pauses {
	struct buf saved;
	int saves, killed_at; /* after so many of them; 0: never */
};

static enum err_code pause_save(void *self, const struct buf *state,
				struct err *e)
{
	struct pauses *p = self;

	(void)e;
	buf_clear(&p->saved);
	buf_add(&p->saved, state->data, state->len);
	p->saves++;
	return ERR_OK;
}

static enum err_code pause_saved(void *self, struct buf *out, struct err *e)
{
	struct pauses *p = self;

	(void)e;
	buf_add(out, p->saved.data, p->saved.len);
	return ERR_OK;
}

static bool pause_goes_on(void *self)
{
	struct pauses *p = self;

	return !p->killed_at || p->saves < p->killed_at;
}

static enum err_code try_paused(const struct study_plan *plan, int trial,
				struct pauses *p, struct study_result *out)
{
	struct study_sink sink = {.goes_on = pause_goes_on,
				  .save = pause_save,
				  .saved = pause_saved,
				  .self = p};
	struct pool *pool = pool_new(1);
	enum err_code rc = study_try(plan, trial, pool, NULL, &sink, out, NULL);

	pool_free(pool);
	return rc;
}

/* A trial that was killed in its training ends in the same bytes. */
static void test_goes_on(void **state)
{
	struct study_request want = {
		.study = &study_ladder,
		.size = "smoke",
		.name = "x",
		.rungs = "p4",
		.settings = "code=0.1,lives=0.01,lanes=16",
	};
	struct pauses whole = {.killed_at = 0}, killed = {.killed_at = 2};
	struct study_result one, two;
	struct study_plan p;
	struct buf a, b;
	struct err e = ERR_INIT;
	int trial;

	(void)state;
	buf_init(&whole.saved);
	buf_init(&killed.saved);
	buf_init(&a);
	buf_init(&b);
	assert_int_equal(study_plan_make(&p, &want, &e), ERR_OK);
	trial = number_of(&p, "p4-whole");
	assert_int_equal(try_paused(&p, trial, &whole, &one), ERR_OK);
	assert_true(whole.saves > 3);
	assert_int_equal(try_paused(&p, trial, &killed, &two), ERR_CANCELLED);
	study_result_release(&two);
	killed.killed_at = 0;
	assert_int_equal(try_paused(&p, trial, &killed, &two), ERR_OK);
	assert_int_equal(killed.saves, whole.saves);
	study_result_write(&one, &a);
	study_result_write(&two, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	study_result_release(&one);
	study_result_release(&two);
	study_plan_release(&p);
	buf_release(&whole.saved);
	buf_release(&killed.saved);
	buf_release(&a);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_task_is_both),
		cmocka_unit_test(test_arms_are_those_of_the_study),
		cmocka_unit_test(test_lives_are_cut_by_strength),
		cmocka_unit_test(test_snapshots_do_not_learn),
		cmocka_unit_test(test_teachers_go_on),
		cmocka_unit_test(test_passed),
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_uninterpretable),
		cmocka_unit_test(test_rungs_are_named),
		cmocka_unit_test(test_rungs_alone),
		cmocka_unit_test(test_seed_of_key_and_door),
		cmocka_unit_test(test_threads_change_nothing),
		cmocka_unit_test(test_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
