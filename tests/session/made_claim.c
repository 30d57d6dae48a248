/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/session/made_claim.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/attr.h"
#include "store/study.h"
#include "store/trial.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

enum { SEEDS = 3 };
enum arm {
	HISTORIES,
	TEACHER,
	LEGIBLE,
	COMMIT,
	CONTINUED,
	SNAPSHOT,
	COVERAGE,
	POOLED,
	STRICT,
	SHUFFLED,
	HINDCAST,
	SIM,
	ARMS
};

/* Seed 2 is 24 Elo above that, seed 3 below. */
static const struct {
	const char *name, *role, *what;
	bool once;
	double elo;
} arms[ARMS] = {
	{"histories", "teacher", "whole lives", true, 0},
	{"teacher", "teacher", "a life up to the cut", false, 0},
	{"legible", "gate", "which of two stages is later", true, 0},
	{"commit", "gate", "SHA-256 of plan and weights", true, 0},
	{"continued", "teacher", "the life past the cut", false, 240},
	{"snapshot", "control", "the teacher at the cut", false, -100},
	{"coverage", "control", "the snapshot's labels everywhere", false, 12},
	{"pooled", "control", "the games of many lives", false, 48},
	{"strict", "arm", "reads, and dreams on", false, -12},
	{"shuffled", "control", "the same, stages in any order", false, -24},
	{"hindcast", "gate", "asked at earlier cuts", false, 0},
	{"sim", "arm", "as strict, by the rules", false, 24},
};

static void measure_within(struct store *s, int64_t arm, const char *name,
			   int seed, double x, double value, double half)
{
	struct store_measure m = {.arm_id = arm,
				  .name = name,
				  .seed = (uint64_t)seed,
				  .x = x,
				  .value = value,
				  .low = value - half,
				  .high = value + half,
				  .n = 500};

	assert_int_equal(store_measure_add(s, &m), STORE_OK);
}

/* A twelfth more at seed 2, and less at seed 3. */
static double of_seed(double v, int seed)
{
	return v * (seed == 1 ? 12 : seed == 2 ? 13 : 11) / 12;
}

static void measure(struct store *s, int64_t arm, const char *name, int seed,
		    double x, double value)
{
	measure_within(s, arm, name, seed, x, value, 30);
}

/* Against D_c: 0 at 1,000 games. */
static double strength(double games)
{
	return 240 * log10(games / 1000);
}

static void curves(struct store *s, int64_t id, int seed)
{
	static const double games[] = {31,   62,   125,  250,  500,
				       1000, 2000, 5000, 10000};

	for (size_t i = 0; i < ARRAY_LEN(games); i++)
		measure(s, id, "curve", seed, games[i],
			of_seed(strength(games[i]), seed));
}

static void hindcasts(struct store *s, int64_t id, int seed)
{
	measure(s, id, "hind/250/imitator", seed, 64, of_seed(20, seed));
	measure(s, id, "hind/250/teacher", seed, 500, of_seed(50, seed));
	measure(s, id, "hind/250/teacher", seed, 1000, of_seed(100, seed));
	measure(s, id, "hind/500/imitator", seed, 64, of_seed(-12, seed));
	measure(s, id, "hind/500/teacher", seed, 1000, of_seed(120, seed));
	measure(s, id, "hind/500/teacher", seed, 10000, of_seed(240, seed));
}

static void probes(struct store *s, int64_t id)
{
	measure_within(s, id, "told", 0, 0, 0.8, 0.03);
	for (int i = 0; i <= 8; i++)
		measure_within(s, id, "probe/same", 0, i, 0.9 - 0.05 * i, 0.03);
	measure_within(s, id, "probe/order", 0, 0, 0.5, 0.03);
	measure_within(s, id, "probe/mixed", 0, 0, 0.55, 0.03);
}

static double arm_elo(enum arm arm, int seed)
{
	return arms[arm].elo + (seed == 2 ? 24 : seed == 3 ? -24 : 0);
}

static void scores(struct store *s, int64_t id, enum arm arm, int seed)
{
	double end = of_seed(arms[CONTINUED].elo, seed);
	double elo = arm == CONTINUED ? end : arm_elo(arm, seed);

	if (arm == STRICT)
		measure(s, id, "elo", seed, 0, elo - 5);
	measure(s, id, "elo", seed, arm >= STRICT ? 64 : 0, elo);
	if (arm != CONTINUED)
		measure(s, id, "top", seed, arm >= STRICT ? 64 : 0, elo - end);
	measure(s, id, "panel/tactical", seed, arm >= STRICT ? 64 : 0,
		elo + 200 + (arm == STRICT ? 30 : 0));
}

static void measures(struct store *s, int64_t id, enum arm arm, int seed)
{
	if (arm == LEGIBLE)
		probes(s, id);
	else if (arm == HINDCAST)
		hindcasts(s, id, seed);
	else if (arm >= CONTINUED)
		scores(s, id, arm, seed);
	if (arm == CONTINUED)
		curves(s, id, seed);
}

static void chain(struct store *s, int64_t trial, enum arm arm, int seed)
{
	struct store_kept kept = {.trial_id = trial, .name = "chain"};
	char text[400];

	if (arm == HISTORIES)
		snprintf(text, sizeof(text), "life 2001 %s %s\n", HASH, OTHER);
	else if (arm == TEACHER)
		snprintf(text, sizeof(text), "life %d %s\n", seed, HASH);
	else if (arm == COMMIT)
		snprintf(text, sizeof(text), "plan %s\nnet-strict %s\n", HASH,
			 OTHER);
	else if (arm == CONTINUED)
		snprintf(text, sizeof(text), "continued %d by %.16s to %s\n",
			 seed, OTHER, HASH);
	else
		return;
	kept.bytes = (int64_t)strlen(text);
	assert_int_equal(store_kept_add(s, &kept, text), STORE_OK);
}

/* M and D_c agree at the start, and are far apart after 4. */
static void positions(struct store *s, int64_t trial)
{
	static const char text[] = "game connect4\n"
				   "players M D_c T_c T_max solver\n"
				   "position \n"
				   "0: 0.1 0.1 0.1 0.4 0.1 0.1 0.1\n"
				   "0.1: 0.1 0.1 0.1 0.4 0.1 0.1 0.1\n"
				   "-0.2: 0.14 0.14 0.14 0.16 0.14 0.14 0.14\n"
				   "0.3: 0 0 0.1 0.8 0.1 0 0\n"
				   "-: - - - - - - -\n"
				   "position 4\n"
				   "0.25: 0.7 0.05 0.05 0.05 0.05 0.05 0.05\n"
				   "-0.25: 0.05 0.05 0.05 0.7 0.05 0.05 0.05\n"
				   "-0.1: 0.14 0.14 0.14 0.16 0.14 0.14 0.14\n"
				   "-0.5: 0 0 0.1 0.8 0.1 0 0\n"
				   "-1: -1 -1 -1 -1 -1 -1 -1\n"
				   "position 444444\n"
				   "0: 0.25 0.25 0.1 0.2 0.1 0.1\n"
				   "0: 0.2 0.2 0.2 0.2 0.1 0.1\n"
				   "0: 0.2 0.2 0.2 0.2 0.1 0.1\n"
				   "0: 0.2 0.2 0.2 0.2 0.1 0.1\n"
				   "1: 0 -1 1 1 -1 0\n";
	struct store_kept kept = {.trial_id = trial,
				  .name = "positions",
				  .bytes = sizeof(text) - 1};

	assert_int_equal(store_kept_add(s, &kept, text), STORE_OK);
}

static void trial(struct store *s, int64_t arm_id, enum arm arm, int seed)
{
	struct store_ledger moved = {"transformer", "policy", 3.25};
	struct store_trial t = {.arm_id = arm_id,
				.seed = (uint64_t)seed,
				.plan_sha256 = HASH,
				.processor = "AVX-512, Haswell BLAS",
				.seconds = 60,
				.games = 500,
				.state_bytes = arm >= STRICT ? 786432 : 0,
				.flops_per_move = arm < CONTINUED ? (double)NAN
						  : arm >= STRICT ? 1.23e6
								  : 4.56e5,
				.weights_before = arm > CONTINUED ? HASH : NULL,
				.weights_after = arm > CONTINUED ? HASH : NULL};

	assert_int_equal(store_trial_add(s, &t, &t.id), STORE_OK);
	assert_int_equal(store_trial_start(s, t.id, t.processor), STORE_OK);
	measures(s, arm_id, arm, seed);
	chain(s, t.id, arm, seed);
	if (arm == STRICT && seed == 1)
		positions(s, t.id);
	if (arm == POOLED)
		assert_int_equal(store_ledger_add(s, t.id, 0, &moved),
				 STORE_OK);
	assert_int_equal(store_trial_finish(s, &t), STORE_OK);
}

static void judge(struct store *s, int64_t id)
{
	static const struct store_gate gates[] = {
		{"G1", "headroom", 1, 240, 200, "+240 [190, 290] Elo"},
		{"G2", "capacity", 0, 0.4, 0.7, "gamma of capacity is 0.40"},
	};
	static const struct store_estimate x[] = {
		{"headroom", "Elo of the teacher's end above D_c", 240, 190,
		 290, 3},
		{"gamma/strict", "gamma", -0.05, -0.06, -0.04, 3},
		{"elo/strict", "Elo above D_c", -12, -14.5, -9.5, 3},
		{"h/strict", "times the games at the cut", 1.8, 1.5, 2.2, 3},
		{"delta/strict/coverage", "Elo above this control", -24, -30,
		 -18, 3},
		{"delta/strict/pooled", "Elo above this control", -60, -70, -50,
		 3},
		{"gamma/sim", "gamma", 0.1, 0.08, 0.12, 3},
		{"nearest", "gate G2 fails: gamma of capacity is 0.40", 0.3,
		 (double)NAN, (double)NAN, 0},
	};

	for (int i = 0; i < (int)ARRAY_LEN(gates); i++)
		assert_int_equal(store_gate_set(s, id, i, &gates[i]), STORE_OK);
	for (int i = 0; i < (int)ARRAY_LEN(x); i++)
		assert_int_equal(store_estimate_set(s, id, i, &x[i]), STORE_OK);
	assert_int_equal(store_study_decide(s, id, "uninterpretable",
					    "gate G2 failed: gamma of capacity "
					    "is 0.40",
					    0),
			 STORE_OK);
}

void made_claim(struct store *s)
{
	struct store_study p = {
		.name = "claim/desk",
		.kind = "claim",
		.size = "desk",
		.question = "Does it go on where they were cut?",
		.metric = "gamma: from D_c (0) to the teacher's end (1)",
		.thresholds = "supported: low at least 0.5; refuted: high "
			      "below 0.25",
		.frozen = "the weights of every imitator",
		.plan = "study: claim\nsettings:\ngames = 10000\ncut = 500\n"
			"before = 15\ndata:\n",
	};
	int64_t id, arm_id[ARMS];

	assert_int_equal(store_begin(s), STORE_OK);
	assert_int_equal(store_study_plan(s, &p, &id), STORE_OK);
	for (int a = 0; a < ARMS; a++) {
		struct store_arm arm = {.study_id = id,
					.name = arms[a].name,
					.role = arms[a].role,
					.config = arms[a].what,
					.flops_per_move = (double)NAN};

		assert_int_equal(store_arm_add(s, &arm, &arm_id[a]), STORE_OK);
	}
	for (int a = 0; a < ARMS; a++)
		for (int seed = arms[a].once ? 0 : 1;
		     seed <= (arms[a].once ? 0 : SEEDS); seed++)
			trial(s, arm_id[a], (enum arm)a, seed);
	judge(s, id);
	assert_int_equal(store_commit(s), STORE_OK);
}
