/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/rate/estimate.h"
#include "core/study/gained.h"
#include "core/study/own_outputs_int.h"
#include "core/study/study.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double ROOM = 150, ROOM_LOW = 100, GAIN = 60, ONE_SIDED = 0.05;

static const char *const improved[] = {"wins", "one-ply", "search"};
static const char *const controls[] = {"vote", "anyhow", "again"};

static struct estimate gain(const struct study_measures *m,
			    struct study_judgement *out, const char *arm)
{
	return gained_say(m, out, "gain", arm, "student",
			  "Elo that the student gained, mean over seeds");
}

static void say_gates(const struct study_measures *m,
		      struct study_judgement *out)
{
	struct estimate room = gained_elo(m, "continued", "student");
	struct estimate null = gained_elo(m, "anyhow", "student");

	study_gate_say(out, "room", room.value >= ROOM && room.low >= ROOM_LOW,
		       room.value, ROOM,
		       "the teacher's end is %+.0f [%.0f, %.0f] Elo above the "
		       "student",
		       room.value, room.low, room.high);
	study_gate_say(out, "null", null.low <= 0, null.low, 0,
		       "labels that know nothing: %+.0f [%.0f, %.0f] Elo",
		       null.value, null.low, null.high);
}

/* What would surprise, beside the verdict. */
static const char *surprise(const struct study_measures *m,
			    struct study_judgement *out)
{
	struct estimate all = gained_say(m, out, "elo", "all", NULL,
					 "Elo above D_c, mean over seeds");
	struct estimate vote = gained_say(m, out, "elo", "vote", NULL,
					  "Elo above D_c, mean over seeds");

	if (all.low > 0 && vote.low > 0)
		return "; surprising: all and vote are above D_c";
	if (all.low > 0)
		return "; surprising: all is above D_c";
	return vote.low > 0 ? "; surprising: vote is above D_c" : "";
}

struct best {
	const char *arm; /* of those that improve: with the highest low */
	struct estimate e;
	bool all_low; /* every upper bound is below the threshold */
};

static struct best best_of(const struct study_measures *m,
			   struct study_judgement *out)
{
	struct best b = {.all_low = true};

	b.e.low = -INFINITY;
	for (size_t i = 0; i < ARRAY_LEN(improved); i++) {
		struct estimate e = gain(m, out, improved[i]);

		b.all_low = b.all_low && e.high < GAIN;
		if (e.low > b.e.low) {
			b.e = e;
			b.arm = improved[i];
		}
	}
	return b;
}

void own_outputs_judge(const struct study_measures *m,
		       struct study_judgement *out)
{
	struct best b = best_of(m, out);
	struct estimate all = gain(m, out, "all");
	const char *beside = surprise(m, out);

	say_gates(m, out);
	for (size_t i = 0; i < ARRAY_LEN(controls); i++)
		gain(m, out, controls[i]);
	if (b.arm && b.e.value >= GAIN && b.e.low > 0 && all.high < b.e.value &&
	    gained_p_all(m, b.arm, controls, ARRAY_LEN(controls)) <= ONE_SIDED)
		study_badge_say(out, STUDY_SUPPORTED,
				"%s makes the student %+.0f [%.0f, %.0f] Elo "
				"better, all its moves %+.0f [%.0f, %.0f]: "
				"what teaches is the improvement%s",
				b.arm, b.e.value, b.e.low, b.e.high, all.value,
				all.low, all.high, beside);
	else if (b.arm && b.e.low > 0)
		study_badge_say(out, STUDY_PARTIAL,
				"%s makes the student %+.0f [%.0f, %.0f] Elo "
				"better, all its moves %+.0f [%.0f, %.0f]%s",
				b.arm, b.e.value, b.e.low, b.e.high, all.value,
				all.low, all.high, beside);
	else if (b.all_low)
		study_badge_say(out, STUDY_REFUTED,
				"no move of its own, however improved, makes "
				"the student %.0f Elo better%s",
				GAIN, beside);
	else
		study_badge_say(out, STUDY_UNINTERPRETABLE,
				"an interval is too wide, or an arm was not "
				"measured at every seed%s",
				beside);
}
