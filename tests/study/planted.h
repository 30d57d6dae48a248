/* SPDX-License-Identifier: MIT */
#ifndef TESTS_STUDY_PLANTED_H
#define TESTS_STUDY_PLANTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"
#include "tests/study/judged.h"

/*
 * A table of measures that a study's judge is given: the mean over seeds of
 * each arm, and by how much neighbouring seeds differ.  Six of them lie -2.5 ..
 * 2.5 times that from the mean, whose interval is then 2.5706 * 1.8708 /
 * sqrt(6) = 1.963 times that to either side (t of 5 degrees of freedom).
 */
enum { PLANTED_SEEDS = 6, PLANTED_MOST = 900 };

struct planted {
	struct study_plan plan;
	struct study_figure figures[PLANTED_MOST];
	size_t count;
};

static inline void plant_plan(struct planted *t, const struct study *s)
{
	struct study_request want = {.study = s, .size = "desk"};
	struct err e = ERR_INIT;

	t->count = 0;
	if (study_plan_make(&t->plan, &want, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(t->plan.seed_count, PLANTED_SEEDS);
}

static inline void plant(struct planted *t, const char *arm, const char *name,
			 double x, double mean, double spread)
{
	for (int i = 0; i < PLANTED_SEEDS; i++) {
		assert_true(t->count < PLANTED_MOST);
		t->figures[t->count++] = (struct study_figure){
			.arm = arm,
			.name = name,
			.seed = t->plan.seeds[i],
			.x = x,
			.value = mean + (i - 2.5) * spread,
			.low = mean - 50,
			.high = mean + 50,
			.n = 400,
		};
	}
}

/* Forget what an arm measured. */
static inline void plant_out(struct planted *t, const char *arm)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->figures[i].arm, arm))
			t->figures[kept++] = t->figures[i];
	t->count = kept;
}

/* Judged as this, with these words among the reasons. */
static inline void plant_judged(struct planted *t, enum study_badge badge,
				const char *why)
{
	expect_judged(&t->plan, t->figures, t->count, badge, why);
}

#endif
