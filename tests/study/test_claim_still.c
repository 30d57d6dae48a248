/* SPDX-License-Identifier: MIT */
/* Extrapolators of the claim that take no step come to the snapshot. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/study/bench.h"
#include "core/study/claim_int.h"
#include "core/study/plan.h"
#include "core/study/study.h"

static const struct study_arm few[] = {
	{"histories", "teacher", "-"},
	{"teacher", "teacher", "-"},
	{"offline", "control", "-"},
	{"commit", "gate", "-"},
	{"continued", "teacher", "-"},
	{"snapshot", "control", "-"},
	{"small", "control", "-"},
	{"fresh", "control", "-"},
	{"warm", "control", "-"},
	{"norms", "control", "-"},
	{"linear", "control", "-"},
	{"expo", "control", "-"},
	{"swa", "control", "-"},
	{"rank1", "control", "-"},
	{"vote", "control", "-"},
	{"contrast", "control", "-"},
	{.name = NULL},
};

static const char settings[] =
	"rows=4,cols=4,line=3,lives=tiny,filters=6,blocks=1,simulations=8,"
	"rate=0.01,games=600,cut=300,before=8,after=3,per_stage=8,train=1,"
	"opening_plies=2,pairs=24,panel_pairs=4,curve_pairs=8,rollouts=8,"
	"regret_moves=0,zero_filters=8,zero_blocks=1,zero_votes=1,"
	"linear_strength=0,expo_strength=0,swa_last=1,rank1_ahead=0,"
	"vote_members=1,contrast_strength=0";

static double of(const struct study_bench *b, const char *arm, const char *name)
{
	struct study_measures m = {.figures = b->figures,
				   .count = b->figure_count};
	const struct study_figure *f = study_figure(&m, arm, name, 1, 0);

	assert_non_null(f);
	return f->value;
}

static void test_still(void **state)
{
	static const char *const moved[] = {"linear", "expo", "swa", "rank1"};
	static const char *const said[] = {"vote", "contrast"};
	static const char *const figures[] = {"elo", "top", "panel/tactical",
					      "panel/rollout"};
	struct study study = study_claim;
	struct study_request want = {.study = &study,
				     .size = "smoke",
				     .settings = settings,
				     .seeds = 1};
	struct study_bench b;
	struct err e = ERR_INIT;

	(void)state;
	study.arms = few;
	study.pictures = NULL;
	if (study_bench_run(&b, &want, 2, &e))
		fail_msg("%s", e.msg);
	for (size_t k = 0; k < 4; k++) {
		for (size_t i = 0; i < 4; i++)
			assert_true(of(&b, moved[i], figures[k]) ==
				    of(&b, "norms", figures[k]));
		for (size_t i = 0; i < 2; i++)
			assert_true(of(&b, said[i], figures[k]) ==
				    of(&b, "snapshot", figures[k]));
	}
	/* And these are others: it is no accident of a small board. */
	assert_true(of(&b, "fresh", "top") != of(&b, "snapshot", "top"));
	assert_true(of(&b, "warm", "top") != of(&b, "snapshot", "top"));
	assert_true(of(&b, "small", "kl") > 0);
	study_bench_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_still),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
