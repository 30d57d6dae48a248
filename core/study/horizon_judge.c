/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "core/base/attr.h"
#include "core/rate/estimate.h"
#include "core/study/gained.h"
#include "core/study/horizon_int.h"
#include "core/study/study.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double RISES = 30, WORTH = 50;

static const char *const copies[] = {"copies-1", "copies-4", "copies-16",
				     "copies-64", "same-16"};

static void say_all(const struct study_measures *m, struct study_judgement *out)
{
	for (size_t i = 0; i < ARRAY_LEN(copies); i++) {
		gained_say(m, out, "gain", copies[i], "student",
			   "Elo over the student, mean over seeds");
		gained_say_in(m, out, "kl", copies[i], NULL,
			      "nats a position of its first copy from the "
			      "teacher after as many games");
		if (i > 0)
			gained_say_in(m, out, "vote", copies[i], NULL,
				      "Elo of the copies' vote above D_c");
	}
}

void horizon_judge(const struct study_measures *m, struct study_judgement *out)
{
	struct estimate rises = gained_elo(m, "copies-1", "student");
	struct estimate e = gained_elo(m, "copies-1", "copies-64");

	study_gate_say(out, "rises", rises.value >= RISES && rises.low > 0,
		       rises.value, RISES, "%+.0f [%.0f, %.0f] Elo",
		       rises.value, rises.low, rises.high);
	study_estimate(out, "worth", e.value, e.low, e.high, e.count,
		       "Elo of one long life over 64 short ones");
	say_all(m, out);
	if (e.value >= WORTH && e.low > 0)
		study_badge_say(out, STUDY_SUPPORTED,
				"one long life is worth %+.0f [%.0f, %.0f] Elo "
				"over 64 short ones",
				e.value, e.low, e.high);
	else if (e.low > 0)
		study_badge_say(out, STUDY_PARTIAL,
				"one long life is worth %+.0f [%.0f, %.0f] Elo "
				"over 64 short ones: less than %.0f",
				e.value, e.low, e.high, WORTH);
	else if (e.high < WORTH)
		study_badge_say(out, STUDY_REFUTED,
				"one long life is worth %+.0f [%.0f, %.0f] Elo "
				"over 64 short ones%s",
				e.value, e.low, e.high,
				e.high < -WORTH ? "; surprising: the copies "
						  "are better"
						: "");
	else
		study_badge_say(out, STUDY_UNINTERPRETABLE,
				"the interval of one long life over 64 short "
				"ones is too wide, or an arm was not measured "
				"at every seed");
}
