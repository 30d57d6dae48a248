/* SPDX-License-Identifier: MIT */
/* Rows of studies: plans and verdicts that stay, trials, what they made. */
#include "config.h"

#include "tests/store/lab.h"

#include <math.h>
#include <string.h>

#include "store/store.h"
#include "store/store_int.h"
#include "store/study.h"
#include "store/trial.h"

static void test_study(void **state)
{
	struct lab *lab = *state;
	struct store_study p = {
		.name = "claim",
		.question = "Does an imitator of a learner go on learning?",
		.metric = "share of the teacher's gain",
		.thresholds = "supported: lower bound >= 0.5",
		.plan = "5 teachers x 3 imitators, seeds 1 .. 15",
	};
	struct store_arm a = {.name = "B-sim",
			      .role = "arm",
			      .state_bytes = 1600000,
			      .flops_per_move = 5e6};
	struct store_measure *ms;
	struct store_study out, *rows;
	struct store_arm *arms;
	size_t count;

	assert_store(lab, store_study_plan(lab->s, &p, &p.id));
	a.study_id = p.id;
	assert_store(lab, store_arm_add(lab->s, &a, &a.id));
	a.status = "done";
	a.weights_before = a.weights_after = "ab";
	assert_store(lab, store_arm_update(lab->s, &a));
	for (int n = 4096; n; n /= 8) {
		struct store_measure m = {a.id, "elo", 1,    n, 10,
					  5,    15,    1000, 0};

		assert_store(lab, store_measure_add(lab->s, &m));
	}
	assert_store(lab,
		     store_arm_list(lab->s, &lab->bag, p.id, &arms, &count));
	assert_int_equal(count, 1);
	assert_string_equal(arms[0].status, "done");
	assert_string_equal(arms[0].weights_after, "ab");
	assert_true(arms[0].flops_per_move == 5e6);
	assert_store(lab,
		     store_measure_list(lab->s, &lab->bag, a.id, &ms, &count));
	assert_int_equal(count, 5);
	assert_true(ms[0].x == 1 && ms[4].x == 4096);

	assert_store(lab,
		     store_study_decide(lab->s, p.id, "refuted", "flat", 0));
	assert_int_equal(
		store_study_decide(lab->s, p.id, "supported", "again", 0),
		STORE_REFUSED);
	assert_store(lab, store_study_find(lab->s, &lab->bag, "claim", &out));
	assert_string_equal(out.verdict, "refuted");
	assert_string_equal(out.plan, p.plan);
	assert_int_equal(strlen(out.plan_sha256), 64);
	assert_true(out.planned_ms > 0 && out.decided_ms >= out.planned_ms);
	assert_store(lab, store_study_list(lab->s, &lab->bag, &rows, &count));
	assert_int_equal(count, 1);
	/* The plan stays, even from outside. */
	assert_int_equal(store_study_plan(lab->s, &p, NULL), STORE_EXISTS);
}

/* A study of one arm and one trial. */
static int64_t add_trial(struct lab *lab, struct store_arm *a)
{
	struct store_study p = {
		.name = "ladder/desk",
		.kind = "ladder",
		.size = "desk",
		.question = "?",
		.metric = "-",
		.thresholds = "-",
		.plan = "-",
	};
	struct store_trial t = {.seed = UINT64_MAX, .plan_sha256 = "ab"};

	assert_store(lab, store_study_plan(lab->s, &p, &a->study_id));
	a->name = "P0";
	a->role = "arm";
	assert_store(lab, store_arm_add(lab->s, a, &a->id));
	t.arm_id = a->id;
	assert_store(lab, store_trial_add(lab->s, &t, &t.id));
	return t.id;
}

/* A trial on its way: planned, running, done, and nothing of it changes. */
static void test_trial(void **state)
{
	struct lab *lab = *state;
	struct store_arm a = {0};
	int64_t id = add_trial(lab, &a), problems;
	struct store_measure m = {a.id, "regret", UINT64_MAX, 3, 10,
				  5,    15,       1000,       0};
	struct store_kept k = {.trial_id = id, .name = "net", .bytes = 7};
	struct store_trial t = {.id = id,
				.processor = "x86-64",
				.started_ms = 5,
				.seconds = 1.5,
				.scored = 10,
				.trained_on = 2,
				.flops_per_move = (double)NAN};
	struct store_trial *rows;
	const void *data;
	size_t count, len;

	assert_store(lab, store_trial_start(lab->s, id, "x86-64"));
	assert_store(lab, store_trial_save(lab->s, id, "half way", 8));
	assert_store(lab,
		     store_trial_saved(lab->s, &lab->bag, id, &data, &len));
	assert_int_equal(len, 8);
	assert_memory_equal(data, "half way", 8);
	assert_store(lab, store_measure_add(lab->s, &m));
	assert_store(lab, store_kept_add(lab->s, &k, "weights"));
	/* What is not done has kept nothing for others. */
	assert_int_equal(store_kept_load(lab->s, &lab->bag, a.id, UINT64_MAX,
					 "net", &data, &len),
			 STORE_NOTFOUND);
	assert_store(lab, store_trial_finish(lab->s, &t));
	assert_store(lab, store_kept_load(lab->s, &lab->bag, a.id, UINT64_MAX,
					  "net", &data, &len));
	assert_memory_equal(data, "weights", 7);
	assert_store(lab, store_trial_list(lab->s, &lab->bag, a.study_id, &rows,
					   &count));
	assert_int_equal(count, 1);
	assert_true(rows[0].seed == UINT64_MAX && rows[0].seconds == 1.5);
	assert_string_equal(rows[0].status, "done");
	assert_int_equal(rows[0].trained_on, 2);
	assert_store(lab,
		     store_trial_saved(lab->s, &lab->bag, id, &data, &len));
	assert_int_equal(len, 0);

	assert_int_equal(store_trial_finish(lab->s, &t), STORE_REFUSED);
	assert_int_equal(store_trial_fail(lab->s, id, "why"), STORE_REFUSED);
	m.value = 11;
	assert_int_equal(store_measure_add(lab->s, &m), STORE_REFUSED);
	m.x = 4;
	assert_int_equal(store_measure_add(lab->s, &m), STORE_REFUSED);
	m.seed = 1; /* of another trial */
	assert_store(lab, store_measure_add(lab->s, &m));
	assert_int_equal(store_trial_start(lab->s, 99, "x"), STORE_NOTFOUND);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
}

/* What a trial kept is known by its hash, here or not. */
static void test_kept(void **state)
{
	struct lab *lab = *state;
	struct store_arm a = {0};
	int64_t id = add_trial(lab, &a), problems;
	struct store_kept k = {.trial_id = id, .name = "net", .bytes = 7};
	struct store_trial t = {.id = id};
	struct store_kept *rows;
	const void *data;
	size_t count, len;
	struct sql q;

	assert_store(lab, store_kept_add(lab->s, &k, "weights"));
	assert_store(lab,
		     store_kept_list(lab->s, &lab->bag, id, &rows, &count));
	k.name = "far";
	k.sha256 = rows[0].sha256;
	assert_store(lab, store_kept_add(lab->s, &k, NULL));
	assert_store(lab, store_trial_finish(lab->s, &t));
	assert_store(lab,
		     store_kept_list(lab->s, &lab->bag, id, &rows, &count));
	assert_int_equal(count, 2);
	assert_true(rows[0].here && !rows[1].here);
	assert_int_equal(rows[1].bytes, 7);
	assert_int_equal(store_kept_load(lab->s, &lab->bag, a.id, UINT64_MAX,
					 "far", &data, &len),
			 STORE_NOTFOUND);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	sql_write(&q, lab->s, "test",
		  "update kept set sha256 = replace(sha256, 'a', 'b')"
		  " where data is not null");
	assert_int_equal(sql_run(&q), STORE_OK);
	assert_int_equal(store_kept_load(lab->s, &lab->bag, a.id, UINT64_MAX,
					 "net", &data, &len),
			 STORE_DAMAGED);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 1);
}

/* Gates, estimates, the ledger, and a verdict that stays. */
static void test_judged(void **state)
{
	struct lab *lab = *state;
	struct store_arm a = {0};
	int64_t id = add_trial(lab, &a);
	struct store_gate g = {.name = "G1",
			       .rule = "one is two",
			       .passed = -1,
			       .value = (double)NAN,
			       .bound = (double)NAN};
	struct store_estimate x = {"gamma", "share", 0.5, 0.4, 0.6, 12};
	struct store_ledger l = {"head", "policy", 0.25};
	struct store_estimate *estimates;
	struct store_ledger *ledger;
	struct store_gate *gates;
	size_t count;
	struct sql q;

	assert_store(lab, store_gate_set(lab->s, a.study_id, 0, &g));
	assert_store(lab, store_gate_list(lab->s, &lab->bag, a.study_id, &gates,
					  &count));
	assert_int_equal(gates[0].passed, -1);
	assert_null(gates[0].said);
	g.passed = 1;
	g.value = 3;
	g.said = "3 of 2";
	assert_store(lab, store_gate_set(lab->s, a.study_id, 0, &g));
	assert_store(lab, store_estimate_set(lab->s, a.study_id, 0, &x));
	assert_store(lab, store_ledger_add(lab->s, id, 0, &l));
	assert_store(lab, store_gate_list(lab->s, &lab->bag, a.study_id, &gates,
					  &count));
	assert_int_equal(count, 1);
	assert_int_equal(gates[0].passed, 1);
	assert_true(gates[0].value == 3 && isnan(gates[0].bound));
	assert_store(lab, store_estimate_list(lab->s, &lab->bag, a.study_id,
					      &estimates, &count));
	assert_int_equal(count, 1);
	assert_true(estimates[0].high == 0.6 && estimates[0].n == 12);
	assert_store(lab,
		     store_ledger_list(lab->s, &lab->bag, id, &ledger, &count));
	assert_int_equal(count, 1);
	assert_true(ledger[0].norm == 0.25);
	assert_store(lab,
		     store_study_decide(lab->s, a.study_id, "passed", "-", 0));
	sql_write(&q, lab->s, "test", "update study set verdict = 'x'");
	assert_int_equal(sql_run(&q), STORE_REFUSED);
	sql_write(&q, lab->s, "test", "update study set size = 'x'");
	assert_int_equal(sql_run(&q), STORE_REFUSED);
}

/* Values that somebody wrote past the program are named by the check. */
static void test_hostile(void **state)
{
	static const char *const bad[] = {
		"update trial set state_bytes = -1",
		"update trial set games = 1 << 60",
		"update trial set scored = -5",
		"update estimate set n = -1",
		"update kept set bytes = -3",
	};
	struct lab *lab = *state;
	struct store_arm a = {0};
	struct store_kept k = {.name = "net", .bytes = 7};
	struct store_estimate x = {"gamma", "share", 0.5, 0.4, 0.6, 12};
	int64_t problems;
	struct sql q;

	k.trial_id = add_trial(lab, &a);
	assert_store(lab, store_kept_add(lab->s, &k, "weights"));
	assert_store(lab, store_estimate_set(lab->s, a.study_id, 0, &x));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_store(lab, store_begin(lab->s));
		sql_write(&q, lab->s, "test", bad[i]);
		assert_int_equal(sql_run(&q), STORE_OK);
		assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
		if (!problems)
			fail_msg("%s goes unseen", bad[i]);
		store_rollback(lab->s);
	}
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)

/* A plan that somebody changed is read by nobody. */
static void test_altered_plan(void **state)
{
	struct lab *lab = *state;
	struct store_study_state *states;
	struct store_arm a = {0};
	struct store_study out, *rows;
	int64_t problems;
	size_t count;

	add_trial(lab, &a);
	lab_sql(lab->path, "drop trigger study_plan_stays;"
			   " update study set plan = 'another'");
	assert_int_equal(
		store_study_find(lab->s, &lab->bag, "ladder/desk", &out),
		STORE_DAMAGED);
	assert_non_null(strstr(store_message(lab->s), "not that of its plan"));
	assert_int_equal(store_study_list(lab->s, &lab->bag, &rows, &count),
			 STORE_DAMAGED);
	assert_int_equal(store_study_states(lab->s, &lab->bag, &states, &count),
			 STORE_DAMAGED);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_true(problems > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_study),   lab_test(test_trial),
		lab_test(test_kept),    lab_test(test_judged),
		lab_test(test_hostile), lab_test(test_altered_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
