/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/claim.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/study/simulated.h"

enum { SEEDS = 12, MOST = 6 };

/* A planted table.  Strengths lie about their mean as `shape` says, whose mean
 * is 0: Student's interval of them is then mean +- 2.201 sd / sqrt(12), by the
 * table of t with 11 degrees of freedom, and the teacher's end is 400 Elo. */
struct planted {
	struct claim_table table;
	struct claim_arm arms[MOST];
	struct claim_gate gates[2];
	double top[SEEDS], elo[MOST][SEEDS];
	struct claim_figures f[MOST];
	struct claim said;
};

static const double shape[SEEDS] = {-1.53, -1.07, -0.82, -0.46, -0.31, -0.13,
				    0.08,  0.27,  0.52,  0.85,  1.09,  1.51};

static double half_width(double sd)
{
	double squares = 0;

	for (int i = 0; i < SEEDS; i++)
		squares += shape[i] * shape[i];
	return 2.200985160 * sd * sqrt(squares / (SEEDS - 1) / SEEDS);
}

static void begin(struct planted *p)
{
	memset(p, 0, sizeof(*p));
	p->gates[0] = (struct claim_gate){"headroom", true};
	p->gates[1] = (struct claim_gate){"capacity", true};
	for (int i = 0; i < SEEDS; i++)
		p->top[i] = 400;
	p->table = (struct claim_table){
		.seeds = SEEDS,
		.top = p->top,
		.arms = p->arms,
		.gates = p->gates,
		.gate_count = 2,
		.draws = {.level = 0.95, .count = 4000, .seed = 1},
	};
}

/* Neighbours differ by a turn of the shape, so that differences of two arms
 * have a spread too. */
static int plant(struct planted *p, enum claim_role role, double gamma,
		 double sd)
{
	int k = p->table.arm_count++;
	static const char *const names[] = {"a", "b", "c", "d", "e", "f"};

	for (int i = 0; i < SEEDS; i++)
		p->elo[k][i] = 400 * gamma + sd * shape[(5 * k + i) % SEEDS];
	p->arms[k] = (struct claim_arm){names[k], role, p->elo[k]};
	return k;
}

static enum study_badge judge(struct planted *p)
{
	claim_judge(&p->table, p->f, &p->said);
	return p->said.badge;
}

static void begin_usual(struct planted *p, double arm, double control,
			double shuffled)
{
	begin(p);
	plant(p, CLAIM_ARM, arm, 40);
	plant(p, CLAIM_CONTROL, control, 40);
	plant(p, CLAIM_SHUFFLED, shuffled, 40);
}

static void test_each_badge(void **state)
{
	struct planted p;

	(void)state;
	begin_usual(&p, 0.8, 0.1, 0);
	assert_int_equal(judge(&p), STUDY_SUPPORTED);
	assert_string_equal(p.said.arm, "a");
	assert_null(p.said.gate);
	begin_usual(&p, 0.1, 0.8, 0);
	assert_int_equal(judge(&p), STUDY_WITHOUT_LEARNER);
	assert_string_equal(p.said.arm, "b");
	begin_usual(&p, 0.3, 0.1, 0);
	assert_int_equal(judge(&p), STUDY_PARTIAL);
	assert_string_equal(p.said.arm, "a");
	begin_usual(&p, 0.05, 0.1, 0);
	assert_int_equal(judge(&p), STUDY_REFUTED);
	assert_null(p.said.arm);
	/* neither above 0 nor below a quarter */
	begin(&p);
	plant(&p, CLAIM_ARM, 0.2, 300);
	plant(&p, CLAIM_SHUFFLED, 0, 40);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	assert_string_equal(p.said.arm, "a");
	assert_null(p.said.gate);
	assert_non_null(strstr(p.said.reason, "no gate failed"));
}

/* Smoke and gates come before anything that the figures say. */
static void test_smoke_and_gates(void **state)
{
	static const double gammas[] = {0.8, 0.3, 0.05};
	struct planted p;

	(void)state;
	for (int i = 0; i < 3; i++) {
		begin_usual(&p, gammas[i], 0.1, 0);
		p.gates[1].passed = false;
		assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
		assert_string_equal(p.said.gate, "capacity");
		assert_non_null(strstr(p.said.reason, "capacity"));
		assert_int_equal(p.f[0].badge, STUDY_UNINTERPRETABLE);
		p.gates[0].passed = false;
		judge(&p);
		assert_string_equal(p.said.gate, "headroom");
		p.table.smoke = true;
		assert_int_equal(judge(&p), STUDY_NOT_EVIDENCE);
		assert_int_equal(p.f[0].badge, STUDY_NOT_EVIDENCE);
	}
}

/* The gamma at which the low, of both intervals, is `bound`. */
static double just_at(double bound, double sd, bool high)
{
	struct planted p;

	begin(&p);
	plant(&p, CLAIM_ARM, 0, sd);
	judge(&p);
	return bound - (high ? p.f[0].high : p.f[0].low);
}

static void test_edges(void **state)
{
	const double tiny = 1e-6;
	struct planted p;
	double at;

	(void)state;
	/* Student's is as the table of t says, and the badge turns exactly
	 * where the lower of both bounds does. */
	begin_usual(&p, 0.6, 0.1, 0);
	judge(&p);
	assert_true(fabs(p.f[0].t.high - 0.6 - half_width(40) / 400) < 1e-8);
	assert_true(p.f[0].low <= p.f[0].t.low);
	assert_true(p.f[0].low <= p.f[0].bca.low);
	at = just_at(CLAIM_MUCH, 40, false);
	begin_usual(&p, at + tiny, 0.1, 0);
	assert_int_equal(judge(&p), STUDY_SUPPORTED);
	begin_usual(&p, at - tiny, 0.1, 0);
	assert_int_equal(judge(&p), STUDY_PARTIAL);
	at = just_at(0, 40, false);
	begin_usual(&p, at + tiny, -0.3, -0.3);
	assert_int_equal(judge(&p), STUDY_PARTIAL);
	begin_usual(&p, at - tiny, -0.3, -0.3);
	assert_int_equal(judge(&p), STUDY_REFUTED);
	at = just_at(CLAIM_LITTLE, 400, true);
	begin(&p);
	plant(&p, CLAIM_ARM, at - tiny, 400);
	assert_int_equal(judge(&p), STUDY_REFUTED);
	begin(&p);
	plant(&p, CLAIM_ARM, at + tiny, 400);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	/* a control, first in the table or not */
	begin(&p);
	plant(&p, CLAIM_CONTROL, 0, 40);
	judge(&p);
	at = CLAIM_MUCH - p.f[0].low;
	begin(&p);
	plant(&p, CLAIM_CONTROL, at + tiny, 40);
	plant(&p, CLAIM_ARM, 0, 40);
	assert_int_equal(judge(&p), STUDY_WITHOUT_LEARNER);
	begin(&p);
	plant(&p, CLAIM_CONTROL, at - tiny, 40);
	plant(&p, CLAIM_ARM, 0, 40);
	assert_int_equal(judge(&p), STUDY_REFUTED);
}

/* One control that is as good is enough, whatever the others are. */
static void test_every_control_is_beaten(void **state)
{
	struct planted p;

	(void)state;
	begin(&p);
	plant(&p, CLAIM_ARM, 0.8, 40);
	plant(&p, CLAIM_CONTROL, -1, 40);
	plant(&p, CLAIM_CONTROL, 0.49, 10);
	plant(&p, CLAIM_SHUFFLED, 0, 40);
	assert_int_equal(judge(&p), STUDY_SUPPORTED);
	p.table.arm_count = 0;
	plant(&p, CLAIM_ARM, 0.8, 40);
	plant(&p, CLAIM_CONTROL, -1, 40);
	plant(&p, CLAIM_CONTROL, 0.79, 40);
	plant(&p, CLAIM_SHUFFLED, 0, 40);
	assert_int_equal(judge(&p), STUDY_WITHOUT_LEARNER);
	assert_true(p.f[0].controls > 0.05);
	/* wide and no better: not even that, and the arm is no more than it */
	p.table.arm_count = 0;
	plant(&p, CLAIM_ARM, 0.8, 40);
	plant(&p, CLAIM_CONTROL, 0.75, 400);
	plant(&p, CLAIM_SHUFFLED, 0, 40);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	/* A little, and no more than a control gives without going on. */
	begin_usual(&p, 0.12, 0.1, 0);
	assert_int_equal(judge(&p), STUDY_REFUTED);
	begin_usual(&p, 0.2, 0.05, 0);
	assert_int_equal(judge(&p), STUDY_PARTIAL);
	/* What knows more is no control. */
	begin_usual(&p, 0.8, 0.1, 0);
	plant(&p, CLAIM_SHOWN, 0.95, 40);
	assert_int_equal(judge(&p), STUDY_SUPPORTED);
	assert_int_equal(p.f[3].badge, STUDY_NOT_EVIDENCE);
	/* Without a control nothing is supported, without a shuffled one
	 * nothing is partial. */
	begin(&p);
	plant(&p, CLAIM_ARM, 0.8, 40);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	begin(&p);
	plant(&p, CLAIM_ARM, 0.4, 40);
	plant(&p, CLAIM_CONTROL, 0, 40);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	/* A shuffled control that is as good. */
	begin_usual(&p, 0.35, 0, 0.34);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
}

/* Holm: what one arm passes with p of 0.04 alone it does not among two, unless
 * the other one passes too. */
static void test_many_arms(void **state)
{
	double at, p_alone;
	struct planted p;

	(void)state;
	at = just_at(CLAIM_MUCH, 40, false) + 0.002;
	begin_usual(&p, at, 0.1, 0);
	assert_int_equal(judge(&p), STUDY_SUPPORTED);
	p_alone = p.f[0].adjusted;
	assert_true(p_alone > 0.025 && p_alone < 0.05);
	plant(&p, CLAIM_ARM, 0, 40);
	assert_int_equal(judge(&p), STUDY_PARTIAL);
	assert_true(fabs(p.f[0].adjusted - 2 * p_alone) < 1e-12);
	p.table.arm_count--;
	plant(&p, CLAIM_ARM, 0.9, 40);
	assert_int_equal(judge(&p), STUDY_SUPPORTED);
	assert_int_equal(p.f[0].badge, STUDY_SUPPORTED);
	/* One open arm keeps the claim from being refuted ... */
	begin_usual(&p, 0, 0.1, 0);
	plant(&p, CLAIM_ARM, 0.2, 400);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	assert_string_equal(p.said.arm, "d");
	assert_int_equal(p.f[0].badge, STUDY_REFUTED);
	/* ... but not one that is judged for itself, nor does its success
	 * support the claim, and it is not corrected for others. */
	p.arms[3].role = CLAIM_OWN;
	assert_int_equal(judge(&p), STUDY_REFUTED);
	p.table.arm_count--;
	plant(&p, CLAIM_OWN, at, 40);
	assert_int_equal(judge(&p), STUDY_REFUTED);
	assert_int_equal(p.f[3].badge, STUDY_SUPPORTED);
}

static void test_what_is_missing(void **state)
{
	struct planted p;

	(void)state;
	begin(&p);
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	assert_non_null(strstr(p.said.reason, "no arm"));
	begin_usual(&p, 0.8, 0.1, 0);
	p.elo[0][7] = (double)NAN;
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	assert_non_null(strstr(p.said.reason, "not measured"));
	begin_usual(&p, 0.05, 0.1, 0);
	p.top[2] = 0;
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	/* a control of which a seed is missing is not beaten */
	begin_usual(&p, 0.8, 0.1, 0);
	p.elo[1][0] = (double)NAN;
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	begin_usual(&p, 0.8, 0.1, 0);
	p.table.seeds = 1;
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
	begin_usual(&p, 0.8, 0.1, 0);
	p.table.seeds = 0;
	assert_int_equal(judge(&p), STUDY_UNINTERPRETABLE);
}

/* Studies whose truth is known; tests/bench/study_errors.c runs many more. */
static void test_simulated(void **state)
{
	const struct simulated none = {.seeds = 12,
				       .pairs = 100,
				       .sd = 40,
				       .top = 280,
				       .top_sd = 40,
				       .arms = 2,
				       .controls = 2,
				       .draws = 500};
	struct simulated edge = none;
	struct simulated_sum sum;

	(void)state;
	simulated_run(&none, 1, 150, &sum);
	assert_int_equal(sum.badges[STUDY_SUPPORTED], 0);
	/* of 150 at 95 %, 142.5 give or take 2.7: 3.5 of those */
	assert_in_range(sum.covered_t, 133, 150);
	assert_in_range(sum.covered_bca, 133, 150);
	assert_true(sum.badges[STUDY_REFUTED] > 130);
	/* at the edge of much, one arm errs in 2.5 % of them */
	edge.arms = 1;
	edge.arm = CLAIM_MUCH;
	simulated_run(&edge, 1, 150, &sum);
	assert_true(sum.badges[STUDY_SUPPORTED] <= 12);
	edge.arm = 0.8;
	simulated_run(&edge, 1, 50, &sum);
	assert_int_equal(sum.badges[STUDY_SUPPORTED], 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_badge),
		cmocka_unit_test(test_smoke_and_gates),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_every_control_is_beaten),
		cmocka_unit_test(test_many_arms),
		cmocka_unit_test(test_what_is_missing),
		cmocka_unit_test(test_simulated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
