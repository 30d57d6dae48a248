/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/study/study.h"
#include "core/study/tabula_int.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double LEARNS = 400, COMES_TO_NOTHING = 60;

static const char *const imitators[] = {"random", "untrained", "empty"};

/* Elo above fresh networks, mean over seeds. */
static struct estimate above_fresh(const struct study_measures *m,
				   const char *arm)
{
	double *elo = mem_zalloc((size_t)m->seed_count, sizeof(*elo));
	struct estimate e;

	/* A seed that is missing makes all of it NAN. */
	study_values(m, arm, "elo", 0, elo);
	e = estimate_t(elo, m->seed_count, 0.95);
	free(elo);
	return e;
}

static void say(struct study_judgement *out, const char *arm,
		const struct estimate *e)
{
	study_estimate(out, arm, e->value, e->low, e->high, e->count,
		       "Elo above fresh networks, mean over seeds");
}

void tabula_judge(const struct study_measures *m, struct study_judgement *out)
{
	struct estimate end = above_fresh(m, "selfplay");
	struct estimate null = above_fresh(m, "fresh");
	double high = -INFINITY, low = -INFINITY;
	bool all = true;
	const char *best = imitators[0];

	study_gate_say(out, "learns", end.low >= LEARNS, end.low, LEARNS,
		       "self-play ends %+.0f [%.0f, %.0f] Elo above fresh "
		       "networks",
		       end.value, end.low, end.high);
	study_gate_say(out, "null", fabs(null.value) <= COMES_TO_NOTHING,
		       null.value, COMES_TO_NOTHING,
		       "networks that nobody taught: %+.0f [%.0f, %.0f]",
		       null.value, null.low, null.high);
	say(out, "selfplay", &end);
	say(out, "fresh", &null);
	for (size_t i = 0; i < ARRAY_LEN(imitators); i++) {
		struct estimate e = above_fresh(m, imitators[i]);

		say(out, imitators[i], &e);
		all = all && !isnan(e.high);
		if (e.high > high) {
			high = e.high;
			best = imitators[i];
		}
		low = fmax(low, e.low);
	}
	if (all && high <= COMES_TO_NOTHING)
		study_badge_say(out, STUDY_SUPPORTED,
				"who imitates those that cannot play comes to "
				"%+.0f Elo above a fresh network at most (%s), "
				"self-play to %+.0f [%.0f, %.0f]",
				high, best, end.value, end.low, end.high);
	else if (low > COMES_TO_NOTHING)
		study_badge_say(out, STUDY_REFUTED,
				"an imitator of those that cannot play is "
				"%+.0f Elo above a fresh network at least",
				low);
	else
		study_badge_say(out, STUDY_PARTIAL,
				"the upper end of %s is %+.0f Elo above a "
				"fresh network, and no lower end of an "
				"imitator is above %+.0f",
				best, high, low);
}
