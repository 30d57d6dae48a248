/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/session/made_study.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "store/run.h"
#include "store/study.h"
#include "store/trial.h"

enum { ARMS = 3, SEEDS = 3, EPISODES = 20, TASKS = 14 };

static const char *const arms[ARMS] = {"teacher", "student", "shuffled"};
static const char *const roles[ARMS] = {"teacher", "arm", "control"};
static const char *const whats[ARMS] = {
	"Q-learning, from nothing in each room",
	"reads the teacher's histories, weights frozen",
	"the same, episodes of its histories out of order"};

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void measure(struct store *s, int64_t arm, const char *name,
		    uint64_t seed, double x, double value)
{
	struct store_measure m = {.arm_id = arm,
				  .name = name,
				  .seed = seed,
				  .x = x,
				  .value = value,
				  .low = value - 0.1,
				  .high = value + 0.1,
				  .n = 64};

	assert_int_equal(store_measure_add(s, &m), STORE_OK);
}

/* Both learn, the control does not; tasks differ. */
static double score(int arm, int seed, int episode, int task)
{
	double rate = arm == 0 ? 6.0 + task % 5 : 3.0 + task % 3;
	double learned = 1 - exp(-episode / rate);

	return (arm == 2 ? 0.2 : 0.2 + 0.7 * learned) + 0.03 * (seed - 2) -
	       0.01 * task;
}

static void measures(struct store *s, int64_t id, int arm, int seed)
{
	char name[24];

	for (int i = 0; i < EPISODES; i++)
		measure(s, id, "score", (uint64_t)seed, i,
			score(arm, seed, i, 0));
	for (int t = 1; t <= TASKS; t++)
		for (int i = 0; i < EPISODES; i += 4) {
			snprintf(name, sizeof(name), "task/%d", t);
			measure(s, id, name, (uint64_t)seed, i,
				score(arm, seed, i, t));
		}
	if (arm > 0)
		measure(s, id, "gap", (uint64_t)seed, 0,
			score(0, seed, 19, 0) - score(arm, seed, 19, 0));
}

static void finish(struct store *s, int64_t arm_id, int64_t trial, int arm,
		   int seed)
{
	struct store_trial t = {.id = trial,
				.processor = "AVX-512, Haswell BLAS",
				.seconds = 41.5 + 10 * arm,
				.games = arm ? 2000 : 20,
				.state_bytes = arm ? 98304 : 2048,
				.flops_per_move = arm ? 1.31e6 : 40,
				.scored = 1200,
				.trained_on = arm,
				.weights_before = arm ? HASH : NULL,
				.weights_after = arm ? HASH : NULL};
	struct store_ledger moved = {"transformer", "policy", 3.25};
	struct store_kept kept = {.trial_id = trial, .name = "weights"};

	measures(s, arm_id, arm, seed);
	if (arm) {
		assert_int_equal(store_ledger_add(s, trial, 0, &moved),
				 STORE_OK);
		kept.bytes = 12;
		assert_int_equal(store_kept_add(s, &kept, "twelve bytes"),
				 STORE_OK);
	}
	assert_int_equal(store_trial_finish(s, &t), STORE_OK);
}

static int64_t plan(struct store *s, const char *name, const char *size)
{
	struct store_study p = {
		.name = name,
		.kind = "rooms",
		.size = size,
		.question = "Does a sequence model that has read how a learner "
			    "finds its way in dark rooms go on learning in a "
			    "room that it has never seen?",
		.metric = "share of an episode's steps at the goal, 0 to 1",
		.thresholds =
			"supported: the student's score in its last "
			"episodes, less its first, is at least 0.3 with "
			"the low of its 95 % interval above 0.2; refuted: "
			"below 0.1",
		.frozen = "the student's weights, once it is scored",
		.plan = "study rooms\nsize desk\n\nseeds 1, 2, 3\nepisodes 20\n"
			"rooms 64, held out\n",
	};
	int64_t id;

	assert_int_equal(store_study_plan(s, &p, &id), STORE_OK);
	return id;
}

static void trials(struct store *s, int64_t study, int seeds, int done)
{
	struct store_bag bag = {0};
	struct store_run run;
	int64_t arm_id[ARMS];

	assert_int_equal(store_run_find(s, &bag, "c4", &run), STORE_OK);
	for (int a = 0; a < ARMS; a++) {
		struct store_arm arm = {.study_id = study,
					.name = arms[a],
					.role = roles[a],
					.config = whats[a],
					.run_id = a == 1 ? run.id : 0,
					.flops_per_move = (double)NAN};

		assert_int_equal(store_arm_add(s, &arm, &arm_id[a]), STORE_OK);
	}
	for (int i = 0; i < seeds * ARMS; i++) {
		int a = i % ARMS, seed = i / ARMS + 1;
		struct store_trial t = {.arm_id = arm_id[a],
					.seed = (uint64_t)seed,
					.plan_sha256 = HASH};

		assert_int_equal(store_trial_add(s, &t, &t.id), STORE_OK);
		if (i > done)
			continue;
		assert_int_equal(
			store_trial_start(s, t.id, "AVX-512, Haswell BLAS"),
			STORE_OK);
		if (i < done)
			finish(s, arm_id[a], t.id, a, seed);
		else
			assert_int_equal(
				store_trial_fail(s, t.id, "the disk is full"),
				STORE_OK);
	}
	store_bag_release(&bag);
}

static void judge(struct store *s, int64_t study)
{
	struct store_gate gates[] = {
		{"learns", "the teacher's last episodes score 0.5 or more", 1,
		 0.87, 0.5, "the teacher ends at 0.87"},
		{"order", "the shuffled control gains less than 0.1", 0, 0.14,
		 0.1, "the control gains 0.14"},
	};
	struct store_estimate x[] = {
		{"gain", "student's last episodes less its first", 0.62, 0.55,
		 0.69, 3},
		{"shuffled", "the control's", 0.14, 0.02, 0.26, 3},
	};

	for (int i = 0; i < 2; i++) {
		assert_int_equal(store_gate_set(s, study, i, &gates[i]),
				 STORE_OK);
		assert_int_equal(store_estimate_set(s, study, i, &x[i]),
				 STORE_OK);
	}
	assert_int_equal(store_study_decide(s, study, "uninterpretable",
					    "gate order failed: the control "
					    "gains 0.14, 0.1 are allowed",
					    0),
			 STORE_OK);
}

void made_study(struct store *s)
{
	struct store_gate open[] = {
		{"learns", "the teacher's last episodes score 0.5 or more", -1,
		 (double)NAN, (double)NAN, NULL},
		{"order", "the shuffled control gains less than 0.1", -1,
		 (double)NAN, (double)NAN, NULL},
	};
	int64_t id;

	assert_int_equal(store_begin(s), STORE_OK);
	id = plan(s, "rooms/desk", "desk");
	trials(s, id, SEEDS, SEEDS * ARMS);
	judge(s, id);
	id = plan(s, "rooms/smoke", "smoke");
	trials(s, id, 2, 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(store_gate_set(s, id, i, &open[i]), STORE_OK);
	assert_int_equal(store_commit(s), STORE_OK);
}
