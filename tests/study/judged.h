/* SPDX-License-Identifier: MIT */
#ifndef TESTS_STUDY_JUDGED_H
#define TESTS_STUDY_JUDGED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/study/plan.h"
#include "core/study/study.h"
#include "core/study/verdict.h"

/* Planted figures are judged as this, with these words among the reasons.
 * Sorts the figures and releases the plan: the next table has one of its own.
 */
static inline void expect_judged(struct study_plan *plan,
				 struct study_figure *figures, size_t count,
				 enum study_badge badge, const char *why)
{
	struct study_conduct conduct = {.trials = 30, .processors = 1};
	struct study_judgement j;

	study_figures_sort(figures, count);
	study_judge(plan, figures, count, &conduct, &j);
	if (j.badge != badge || !strstr(j.reason.data, why))
		fail_msg("%s: %s (wanted %s: %s)", study_badge_name(j.badge),
			 j.reason.data, study_badge_name(badge), why);
	study_judgement_release(&j);
	study_plan_release(plan);
}

#endif
