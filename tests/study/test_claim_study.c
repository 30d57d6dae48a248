/* SPDX-License-Identifier: MIT */
/* The study of the claim from end to end, as small as it can be. */
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
#include "core/study/bench.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"

static const char tiny[] =
	"rows=4,cols=4,line=3,lives=tiny,filters=4,blocks=1,"
	"simulations=4,games=80,cut=20,before=3,after=3,per_stage=8,"
	"train=2,rules=2,doubled=2,doubled_epochs=1,opening_plies=2,pairs=8,"
	"pooled_votes=1,panel_pairs=2,curve_pairs=4,"
	"rollouts=4,regret_moves=10,regret_ply=4,zero_epochs=1,"
	"watch_width=8,watch_layers=1,watch_heads=1,watch_context=160,"
	"watch_tokens=0.001,dreamed=8,simulated=8,dream_lanes=2,"
	"dream_tail=20,traj_width=8,views_positions=20,"
	"traj_tokens=0.001,stage_filters=4,stage_samples=0.001,"
	"weights_width=8,weights_layers=1,weights_tokens=0.001";

static void run(struct study_bench *b, int threads)
{
	struct study_request want = {
		.study = &study_claim, .size = "smoke", .settings = tiny};
	struct err e = ERR_INIT;

	if (study_bench_run(b, &want, threads, &e))
		fail_msg("%s", e.msg);
}

/* Of the two lives that are trained on, net-filtered sees the one that improved
 * most: half of the positions that net-stage sees. */
static void expect_half(const struct study_bench *b)
{
	struct study_measures m = {.figures = b->figures,
				   .count = b->figure_count};
	const struct study_figure *all =
		study_figure(&m, "net-stage", "positions", 0, 0);
	const struct study_figure *half =
		study_figure(&m, "net-filtered", "positions", 0, 0);

	assert_non_null(study_figure(&m, "net-filtered", "improved", 0, 2001));
	assert_non_null(study_figure(&m, "net-filtered", "improved", 0, 2002));
	assert_true(half->value > 0.2 * all->value);
	assert_true(half->value < 0.8 * all->value);
}

static void test_whole(void **state)
{
	struct study_bench one, two;
	struct study_judgement j;

	(void)state;
	run(&one, 1);
	run(&two, 3);
	assert_non_null(strstr(one.plan.text.data,
			       "\nshuffled is judged as a shuffled control, "
			       "at 8 games dreamed\n"));
	assert_int_equal(one.figure_count, two.figure_count);
	for (size_t i = 0; i < one.figure_count; i++) {
		const struct study_figure *a = &one.figures[i],
					  *b = &two.figures[i];

		assert_string_equal(a->name, b->name);
		assert_true(a->value == b->value);
	}
	expect_half(&one);
	study_bench_judge(&one, &j);
	assert_int_equal(j.badge, STUDY_NOT_EVIDENCE);
	study_judgement_release(&j);
	study_bench_release(&one);
	study_bench_release(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
