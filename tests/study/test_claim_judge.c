/* SPDX-License-Identifier: MIT */
/* The judge of the claim on planted measures: all badges, and all gates. */
#include "config.h"

#include "core/study/claim_int.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/study/claim.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"

enum { SEEDS = 12, MOST = 1000, TOP = 400 };

/* With a mean of 0. */
static const double shape[SEEDS] = {-1.53, -1.07, -0.82, -0.46, -0.31, -0.13,
				    0.08,  0.27,  0.52,  0.85,  1.09,  1.51};

/* --- a study whose arms do nothing --------------------------------------- */

static const struct claim_part parts[] = {
	{"ladder", NULL, CLAIM_ONCE, CLAIM_SHOWN, CLAIM_AT_ALL},
	{"legible", NULL, CLAIM_ONCE, CLAIM_SHOWN, CLAIM_AT_ALL},
	{"teacher", NULL, CLAIM_EACH, CLAIM_SHOWN, CLAIM_AT_ALL},
	{"continued", NULL, CLAIM_EACH, CLAIM_SHOWN, CLAIM_AT_ALL},
	{"strict", NULL, CLAIM_SCORED, CLAIM_ARM, CLAIM_AT_DREAMED},
	{"stage", NULL, CLAIM_SCORED, CLAIM_ARM, CLAIM_AT_ASKED},
	{"sim", NULL, CLAIM_SCORED, CLAIM_OWN, CLAIM_AT_PLAYED},
	{"clone", NULL, CLAIM_SCORED, CLAIM_CONTROL, CLAIM_AT_ALL},
	{"shuffled", NULL, CLAIM_SCORED, CLAIM_SHUFFLED, CLAIM_AT_DREAMED},
	{"capacity", NULL, CLAIM_SCORED, CLAIM_SHOWN, CLAIM_AT_WHOLE},
	{"family", NULL, CLAIM_SCORED, CLAIM_OWN, CLAIM_AT_ALL},
	{.name = NULL},
};
static const struct study_arm arms[] = {
	{"ladder", "gate", "-"},      {"legible", "gate", "-"},
	{"teacher", "teacher", "-"},  {"continued", "teacher", "-"},
	{"strict", "arm", "-"},       {"stage", "arm", "-"},
	{"sim", "arm", "-"},          {"clone", "control", "-"},
	{"shuffled", "control", "-"}, {"capacity", "control", "-"},
	{"family", "arm", "-"},       {.name = NULL},
};

static void judge_planted(const struct study_measures *m,
			  struct study_judgement *out)
{
	claim_judge_parts(m, parts, out);
}

/* --- measures ------------------------------------------------------------ */

struct planted {
	struct study study;
	struct study_plan plan;
	struct study_figure figures[MOST];
	size_t count;
	struct study_judgement said;
};

static void put(struct planted *p, const char *arm, const char *name,
		uint64_t seed, double x, double value)
{
	assert_true(p->count < MOST);
	p->figures[p->count++] = (struct study_figure){
		.arm = arm,
		.name = name,
		.seed = seed,
		.x = x,
		.value = value,
		.low = (double)NAN,
		.high = (double)NAN,
	};
}

/* Strengths about gamma * TOP; arms differ by a turn of the shape, so that
 * differences have a spread too. */
static void plant_at(struct planted *p, const char *arm, double x, double gamma,
		     double sd)
{
	int turn = (int)strlen(arm) * 5;

	for (int i = 0; i < p->plan.seed_count; i++)
		put(p, arm, "elo", p->plan.seeds[i], x,
		    gamma * TOP + sd * shape[(i + turn) % SEEDS]);
}

/* Where the arm is judged. */
static void plant(struct planted *p, const char *arm, double gamma, double sd)
{
	const struct claim_part *k = parts;

	while (strcmp(k->name, arm) != 0)
		k++;
	plant_at(p, arm, claim_judged_at(p->plan.conf, k->point), gamma, sd);
}

/* 100 Elo with each doubling of the games at the cut, from the cut on. */
static void plant_curve(struct planted *p, uint64_t seed)
{
	const struct claim_conf *c = p->plan.conf;

	for (int k = 0; k <= 4; k++)
		put(p, "continued", "curve", seed, c->cut << k, 100 * k);
}

static void begin(struct planted *p, const char *size, bool development)
{
	static const char *const rungs[] = {"p0", "p1", "p4-whole", "p4"};
	struct study_request want = {.study = &p->study,
				     .size = size,
				     .seeds = SEEDS,
				     .development = development};
	struct err e = ERR_INIT;

	memset(p, 0, sizeof(*p));
	p->study = study_claim;
	p->study.arms = arms;
	p->study.judge = judge_planted;
	p->study.once = NULL;
	assert_int_equal(study_plan_make(&p->plan, &want, &e), ERR_OK);
	for (int i = 0; i < 4; i++)
		put(p, "ladder", rungs[i], 0, 0, 1);
	put(p, "legible", "told", 0, 0, 0.8);
	for (int i = 0; i < SEEDS; i++) {
		uint64_t seed = p->plan.seeds[i];

		put(p, "teacher", "follows", seed, 0, 1);
		put(p, "continued", "chained", seed, 0, 1);
		put(p, "continued", "elo", seed, 0, TOP);
		plant_curve(p, seed);
	}
	plant(p, "capacity", 0.9, 20);
	plant(p, "family", 0.95, 20);
	plant(p, "clone", 0.05, 40);
	plant(p, "shuffled", 0, 40);
	plant(p, "sim", 0.12, 20);
}

/* The first figure of this name; what was planted changes. */
static struct study_figure *find(struct planted *p, const char *arm,
				 const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->figures[i].arm, arm) &&
		    !strcmp(p->figures[i].name, name))
			return &p->figures[i];
	fail_msg("no %s of %s", name, arm);
	return NULL;
}

static void scale(struct planted *p, const char *arm, const char *name,
		  double by)
{
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->figures[i].arm, arm) &&
		    !strcmp(p->figures[i].name, name))
			p->figures[i].value *= by;
}

static enum study_badge judge(struct planted *p)
{
	const struct study_conduct c = {.trials = 1, .processors = 1};

	study_figures_sort(p->figures, p->count);
	study_judge(&p->plan, p->figures, p->count, &c, &p->said);
	return p->said.badge;
}

static void end(struct planted *p)
{
	study_judgement_release(&p->said);
	study_plan_release(&p->plan);
}

static const struct study_estimated *estimate(const struct planted *p,
					      const char *name)
{
	for (size_t i = 0; i < p->said.estimate_count; i++)
		if (!strcmp(p->said.estimates[i].name, name))
			return &p->said.estimates[i];
	return NULL;
}

static void expect_in(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in '%s'", part, text);
}

/* --- badges -------------------------------------------------------------- */

static void expect(double strict, double stage, double control, double shuffled,
		   enum study_badge badge, const char *reason,
		   const char *nearest)
{
	struct planted p;

	begin(&p, "desk", false);
	for (size_t i = 0; i < p.count; i++) {
		if (!strcmp(p.figures[i].arm, "clone"))
			p.figures[i].value += (control - 0.05) * TOP;
		if (!strcmp(p.figures[i].arm, "shuffled"))
			p.figures[i].value += shuffled * TOP;
	}
	plant(&p, "strict", strict, 40);
	plant(&p, "stage", stage, 40);
	assert_string_equal(study_badge_name(judge(&p)),
			    study_badge_name(badge));
	expect_in(p.said.reason.data, reason);
	expect_in(estimate(&p, "nearest")->what, nearest);
	end(&p);
}

static void test_badges(void **state)
{
	(void)state;
	expect(0.8, 0, 0.05, 0, STUDY_SUPPORTED, "gamma of strict is 0.80",
	       "gate");
	expect(0.05, 0, 0.8, 0, STUDY_WITHOUT_LEARNER, "gamma of clone is 0.80",
	       "gate");
	expect(0.35, 0, 0.05, 0, STUDY_PARTIAL, "gamma of strict is 0.35",
	       "gate G4 holds");
	expect(0.05, 0.1, 0.05, 0.1, STUDY_REFUTED,
	       "gamma of every arm is below", "gate G4 holds: told in 80.0 %");
	expect(0.05, 0.165, 0.05, 0.15, STUDY_REFUTED, "below 0.25",
	       "gamma of stage: upper bound 0.22, and 0.25 decides");
	/* An arm that is neither little nor more than nothing. */
	expect(0.05, 0.22, 0.2, 0.2, STUDY_UNINTERPRETABLE, "no gate failed",
	       "gate G4");
}

static void test_never_evidence(void **state)
{
	struct planted p;

	(void)state;
	begin(&p, "smoke", false);
	plant(&p, "strict", 0.8, 40);
	plant(&p, "stage", 0, 40);
	assert_int_equal(judge(&p), STUDY_NOT_EVIDENCE);
	expect_in(p.said.reason.data, "smoke size say nothing of the question; "
				      "by the rules it would read supported");
	expect_in(estimate(&p, "badge/sim")->what, "not evidence");
	assert_null(estimate(&p, "power/strict"));
	end(&p);
	begin(&p, "desk", true);
	plant(&p, "strict", 0.8, 40);
	plant(&p, "stage", 0, 40);
	scale(&p, "continued", "chained", 0);
	assert_int_equal(judge(&p), STUDY_NOT_EVIDENCE);
	expect_in(p.said.reason.data, "by the rules it would read supported");
	/* 0.0906 is the SD of the shape, 0.906, times 40 over 400; the quantile
	 * of t with 11 degrees of freedom is 2.201 (NIST). */
	expect_in(estimate(&p, "power/strict")->what,
		  "12 seeds would give: its SD over these 12 is 0.091");
	assert_true(fabs(estimate(&p, "power/strict")->value -
			 2.201 * 0.0906 / sqrt(12)) < 2e-4);
	end(&p);
}

static void test_own_badges(void **state)
{
	struct planted p;

	(void)state;
	begin(&p, "desk", false);
	plant(&p, "strict", 0.05, 40);
	plant(&p, "stage", 0, 40);
	judge(&p);
	expect_in(estimate(&p, "badge/sim")->what, "partial; p of gamma");
	expect_in(estimate(&p, "badge/family")->what, "supported; p of gamma");
	assert_null(estimate(&p, "badge/strict"));
	expect_in(estimate(&p, "arm/strict")->what, "refuted at this scale");
	assert_null(estimate(&p, "badge/clone"));
	end(&p);
}

/* --- gates --------------------------------------------------------------- */

/* A table that would be refuted, were it not for one gate. */
static void begin_refuted(struct planted *p)
{
	begin(p, "desk", false);
	plant(p, "strict", 0.05, 40);
	plant(p, "stage", 0.04, 40);
}

static void expect_gate(struct planted *p, const char *gate, const char *text)
{
	char reason[32];

	assert_int_equal(judge(p), STUDY_UNINTERPRETABLE);
	snprintf(reason, sizeof(reason), "gate %s failed", gate);
	expect_in(p->said.reason.data, reason);
	for (size_t i = 0; i < p->said.gate_count; i++)
		if (!strcmp(p->said.gates[i].name, gate))
			expect_in(p->said.gates[i].text, text);
		else
			assert_true(p->said.gates[i].passed);
	snprintf(reason, sizeof(reason), "gate %s fails: ", gate);
	expect_in(estimate(p, "nearest")->what, reason);
	end(p);
}

static void scale_all(struct planted *p, double by)
{
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->figures[i].name, "elo"))
			p->figures[i].value *= by;
}

static void test_headroom(void **state)
{
	struct planted p;

	(void)state;
	begin_refuted(&p);
	scale_all(&p, 0.49);
	expect_gate(&p, "G1", "+196 [196, 196] Elo above D_c");
	/* the mean suffices, and the lower bound does not */
	begin_refuted(&p);
	for (int i = 0, k = 0; i < (int)p.count; i++)
		if (!strcmp(p.figures[i].arm, "continued") &&
		    !strcmp(p.figures[i].name, "elo"))
			p.figures[i].value += 300 * shape[k++];
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	assert_true(p.said.gates[0].passed);
	end(&p);
	begin_refuted(&p);
	for (int i = 0, k = 0; i < (int)p.count; i++)
		if (!strcmp(p.figures[i].arm, "continued") &&
		    !strcmp(p.figures[i].name, "elo"))
			p.figures[i].value += 450 * shape[k++];
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	assert_false(p.said.gates[0].passed);
	expect_in(p.said.gates[0].text, "+400 [");
	end(&p);
}

static void test_other_gates(void **state)
{
	struct planted p;

	(void)state;
	begin_refuted(&p);
	scale(&p, "capacity", "elo", 0.75);
	expect_gate(&p, "G2", "gamma of capacity is 0.6");
	begin_refuted(&p);
	find(&p, "ladder", "p4")->value = 0;
	expect_gate(&p, "G3", "p4 did not hold");
	begin_refuted(&p);
	find(&p, "ladder", "p1")->name = "p9";
	expect_gate(&p, "G3", "p1 was not judged in this lab");
	begin_refuted(&p);
	find(&p, "legible", "told")->value = 0.74;
	expect_gate(&p, "G4", "told in 74.0 %");
	begin_refuted(&p);
	find(&p, "legible", "told")->name = "not";
	expect_gate(&p, "G4", "not measured");
	begin_refuted(&p);
	scale(&p, "family", "elo", 0.8);
	expect_gate(&p, "G5", "gamma of family is 0.7");
	begin_refuted(&p);
	find(&p, "teacher", "follows")->value = 0;
	expect_gate(&p, "G6", "of 12 lives 11 were begun after the plan");
	begin_refuted(&p);
	find(&p, "continued", "chained")->value = 0;
	expect_gate(&p, "G6", "11 went on by the commitment");
}

/* What is missing is never passed over. */
static void test_missing(void **state)
{
	struct planted p;

	(void)state;
	begin(&p, "desk", false);
	plant(&p, "strict", 0.05, 40);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	expect_in(p.said.reason.data, "stage was not measured at every seed");
	end(&p);
	begin_refuted(&p);
	find(&p, "family", "elo")->name = "other";
	expect_gate(&p, "G5", "family was not measured at every seed");
}

/* --- figures ------------------------------------------------------------- */

/* Who dreams is judged after as many games as the plan says, whatever it comes
 * to after others; and the text of the plan says so. */
static void test_dreamed(void **state)
{
	struct planted p;

	(void)state;
	begin(&p, "desk", false);
	plant(&p, "stage", 0, 40);
	plant_at(&p, "strict", 0, 0.8, 40);
	plant_at(&p, "strict", 64, 0.02, 40);
	plant_at(&p, "strict", 512, 0.6, 40);
	assert_int_equal(judge(&p), STUDY_REFUTED);
	assert_true(fabs(estimate(&p, "gamma/strict")->value - 0.02) < 1e-9);
	expect_in(p.plan.text.data, "strict is judged as an arm of the claim, "
				    "at 64 games dreamed\n");
	expect_in(p.plan.text.data, "stage is judged as an arm of the claim, "
				    "at 2 halves of the way");
	expect_in(p.plan.text.data, "family is judged as an arm by itself\n");
	expect_in(p.plan.text.data, "\ncounted = 64\n");
	/* 2.201 * 40 / sqrt(12) is 25.4 Elo of 243; what is left of 0.25 above
	 * 0.1 and that is 0.95 standard errors: 83 %. */
	expect_in(p.plan.text.data, "12 seeds give gamma +-0.105, and a true "
				    "gamma of 0.1 an upper end below 0.25 in "
				    "83 %\n");
	study_judgement_release(&p.said);
	((struct claim_conf *)p.plan.conf)->counted = 512;
	assert_int_not_equal(judge(&p), STUDY_REFUTED);
	assert_true(fabs(estimate(&p, "gamma/strict")->value - 0.6) < 1e-9);
	/* No strength there is no strength, whatever there is elsewhere. */
	study_judgement_release(&p.said);
	((struct claim_conf *)p.plan.conf)->counted = 8;
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	expect_in(p.said.reason.data, "strict was not measured at every seed");
	end(&p);
}

static void test_horizon_and_deltas(void **state)
{
	struct planted p;

	(void)state;
	begin(&p, "desk", false);
	plant(&p, "stage", 0, 40);
	plant(&p, "strict", 0.5, 0);
	judge(&p);
	/* 200 Elo are two doublings. */
	assert_true(fabs(estimate(&p, "h/strict")->value - 4) < 1e-9);
	assert_true(fabs(estimate(&p, "elo/strict")->value - 200) < 1e-9);
	assert_true(fabs(estimate(&p, "delta/strict/clone")->value - 180) <
		    1e-9);
	assert_true(estimate(&p, "delta/strict/clone")->low > 150);
	assert_non_null(estimate(&p, "delta/sim/shuffled"));
	assert_null(estimate(&p, "delta/strict/capacity"));
	assert_null(estimate(&p, "delta/clone/shuffled"));
	end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_badges),
		cmocka_unit_test(test_never_evidence),
		cmocka_unit_test(test_own_badges),
		cmocka_unit_test(test_headroom),
		cmocka_unit_test(test_other_gates),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_dreamed),
		cmocka_unit_test(test_horizon_and_deltas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
