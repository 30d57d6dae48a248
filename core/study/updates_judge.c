/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/rate/estimate.h"
#include "core/study/gained.h"
#include "core/study/study.h"
#include "core/study/updates_int.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double ROOM = 150, ROOM_LOW = 100, AS_STRONG = -30;

static const char *const candidates[] = {"two-sets", "mixed-25", "mixed-50",
					 "mixed-75"};

static void say_gates(const struct study_measures *m,
		      struct study_judgement *out)
{
	struct estimate room = gained_elo(m, "continued", "student");
	struct estimate rises = gained_elo(m, "reinforce", "student");
	struct estimate nearer = gained_in(m, "kl", "imitate", "none");

	study_gate_say(out, "room", room.value >= ROOM && room.low >= ROOM_LOW,
		       room.value, ROOM,
		       "the teacher's end is %+.0f [%.0f, %.0f] Elo above the "
		       "student",
		       room.value, room.low, room.high);
	study_gate_say(out, "reinforces", rises.low > 0, rises.low, 0,
		       "reinforcement: %+.0f [%.0f, %.0f] Elo", rises.value,
		       rises.low, rises.high);
	study_gate_say(out, "imitates", nearer.high < 0, nearer.high, 0,
		       "imitation: KL %+.3f [%.3f, %.3f] of that of no update",
		       nearer.value, nearer.low, nearer.high);
}

static void say_all(const struct study_measures *m, struct study_judgement *out)
{
	for (const struct study_arm *a = m->study->arms; a->name; a++) {
		bool tuned = strcmp(a->role, "teacher") &&
			     strcmp(a->name, "offline") &&
			     strcmp(a->name, "student") &&
			     strcmp(a->name, "none");

		if (tuned)
			gained_say(m, out, "gain", a->name, "student",
				   "Elo over the student, mean over seeds");
		if (tuned || !strcmp(a->name, "none"))
			gained_say_in(m, out, "kl", a->name, NULL,
				      "nats a position from the later teacher");
	}
}

struct verdict {
	bool both, neither; /* surely */
};

static struct verdict weigh(const struct study_measures *m, const char *arm)
{
	struct estimate gain = gained_elo(m, arm, "student");
	struct estimate below = gained_elo(m, arm, "reinforce");
	struct estimate kl = gained_in(m, "kl", arm, "reinforce");

	return (struct verdict){
		.both = gain.low > 0 && below.low > AS_STRONG && kl.high < 0,
		.neither = below.high < 0 || kl.low > 0,
	};
}

void updates_judge(const struct study_measures *m, struct study_judgement *out)
{
	struct estimate two = gained_elo(m, "two-sets", "reinforce");
	struct estimate kl = gained_in(m, "kl", "two-sets", "reinforce");
	const char *mixed = NULL;
	bool all_fail = true, two_sets = false;

	say_gates(m, out);
	say_all(m, out);
	for (size_t i = 0; i < ARRAY_LEN(candidates); i++) {
		struct verdict v = weigh(m, candidates[i]);

		all_fail = all_fail && v.neither;
		if (i == 0)
			two_sets = v.both;
		else if (v.both && !mixed)
			mixed = candidates[i];
	}
	if (two_sets)
		study_badge_say(out, STUDY_SUPPORTED,
				"two sets of weights are %+.0f [%.0f, %.0f] "
				"Elo from reinforcement, and nearer to the "
				"teacher by %.3f nats",
				two.value, two.low, two.high, -kl.value);
	else if (mixed)
		study_badge_say(out, STUDY_PARTIAL,
				"%s is as strong as reinforcement and nearer "
				"to the teacher; two sets of weights are "
				"%+.0f [%.0f, %.0f] Elo from it",
				mixed, two.value, two.low, two.high);
	else if (all_fail)
		study_badge_say(out, STUDY_REFUTED,
				"no update is as strong as reinforcement and "
				"nearer to the teacher: two sets of weights "
				"are %+.0f [%.0f, %.0f] Elo from it",
				two.value, two.low, two.high);
	else
		study_badge_say(out, STUDY_UNINTERPRETABLE,
				"an interval is too wide, or an arm was not "
				"measured at every seed");
}
