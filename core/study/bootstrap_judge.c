/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/rate/estimate.h"
#include "core/study/bootstrap_int.h"
#include "core/study/gained.h"
#include "core/study/study.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double RISES = 30, RESTS = 30, STOPS = 15;

static const char *const deletions[] = {"no-search", "no-self-play",
					"no-values"};
enum { DELETIONS = ARRAY_LEN(deletions) };

static void judge_gates(const struct study_measures *m,
			struct study_judgement *out)
{
	struct estimate whole =
		gained_say(m, out, "gain", "whole", NULL,
			   "Elo over D_c, of which nothing was taken away");
	struct estimate rests = gained_say(m, out, "gain", "no-gradients", NULL,
					   "Elo over D_c, mean over seeds");

	study_gate_say(out, "rises", whole.value >= RISES && whole.low > 0,
		       whole.value, RISES, "%+.0f [%.0f, %.0f] Elo",
		       whole.value, whole.low, whole.high);
	study_gate_say(out, "rests", fabs(rests.value) <= RESTS, rests.value,
		       RESTS, "%+.0f [%.0f, %.0f] Elo", rests.value, rests.low,
		       rests.high);
}

/* ", no-search" */
static void name(char *list, size_t size, const char *arm)
{
	size_t n = strlen(list);

	snprintf(list + n, size - n, "%s%s", n ? ", " : "", arm);
}

void bootstrap_judge(const struct study_measures *m,
		     struct study_judgement *out)
{
	char on[80] = "", off[80] = "";
	int goes_on = 0, stops = 0;

	judge_gates(m, out);
	for (int i = 0; i < DELETIONS; i++) {
		struct estimate e =
			gained_say(m, out, "gain", deletions[i], NULL,
				   "Elo over D_c, mean over seeds");

		if (e.low > 0) {
			goes_on++;
			name(on, sizeof(on), deletions[i]);
		} else if (e.high < STOPS) {
			stops++;
			name(off, sizeof(off), deletions[i]);
		}
	}
	if (goes_on == DELETIONS)
		study_badge_say(out, STUDY_SUPPORTED,
				"it goes on without any of search, self-play "
				"and values; surprising");
	else if (goes_on)
		study_badge_say(out, STUDY_PARTIAL, "it goes on under %s%s%s%s",
				on, stops ? ", and stops under " : "", off,
				goes_on + stops < DELETIONS
					? "; the rest is not certain"
					: "");
	else if (stops == DELETIONS)
		study_badge_say(out, STUDY_REFUTED,
				"without search, without self-play and without "
				"values it stops, each");
	else
		study_badge_say(out, STUDY_UNINTERPRETABLE,
				"under no deletion it certainly goes on, and "
				"not under all of them it certainly stops, or "
				"one was not measured at every seed");
}
