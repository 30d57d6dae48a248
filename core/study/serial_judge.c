/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/study/serial_int.h"
#include "core/study/study.h"

/* What the study `serial` comes to. */

struct judging {
	const struct study_measures *m;
	struct study_judgement *out;
	double *a, *b; /* owned; [seed_count] */
};

/* An arm's measure over another's, seed by seed; `other` NULL: alone. */
static struct estimate over(struct judging *j, const char *arm,
			    const char *other, const char *measure)
{
	int n = j->m->seed_count;

	study_values(j->m, arm, measure, 0, j->a);
	if (other)
		study_values(j->m, other, measure, 0, j->b);
	for (int i = 0; i < n && other; i++)
		j->a[i] -= j->b[i];
	return estimate_t(j->a, n, 0.95);
}

static struct estimate say(struct judging *j, const char *name, const char *arm,
			   const char *other, const char *measure,
			   const char *what)
{
	struct estimate e = over(j, arm, other, measure);

	study_estimate(j->out, name, e.value, e.low, e.high, e.count, what);
	return e;
}

static void say_gates(struct judging *j)
{
	struct estimate boards = over(j, "drilled", NULL, "written.boards");
	struct estimate values = over(j, "drilled", NULL, "written.values");
	struct estimate room = over(j, "search", NULL, "elo");
	struct estimate off = over(j, "off", NULL, "elo");
	double form = fmin(boards.value, values.value);

	study_gate_say(j->out, "form", form >= SERIAL_FORM, form, SERIAL_FORM,
		       "%.1f %% of boards and %.1f %% of better values are "
		       "written right after the drills",
		       100 * boards.value, 100 * values.value);
	study_gate_say(j->out, "room",
		       room.value >= SERIAL_ROOM && room.low > 0, room.value,
		       SERIAL_ROOM,
		       "self-play with a search comes to %+.0f [%.0f, %.0f] "
		       "from as many boards",
		       room.value, room.low, room.high);
	study_gate_say(j->out, "null", fabs(off.value) <= SERIAL_ALIKE,
		       off.value, SERIAL_ALIKE,
		       "networks with the weights of the drills are %+.0f Elo "
		       "apart",
		       off.value);
}

/* Written backups gain that share of what arithmetic gains: the mean over seeds
 * of one less a share of the other is above 0. */
static struct estimate say_written(struct judging *j)
{
	int n = j->m->seed_count;
	struct estimate e, share;

	study_values(j->m, "on", "elo", 0, j->b);
	study_values(j->m, "written", "elo", 0, j->a);
	for (int i = 0; i < n; i++)
		j->a[i] -= SERIAL_SHARE * j->b[i];
	e = estimate_t(j->a, n, 0.95);
	study_values(j->m, "written", "elo", 0, j->a);
	for (int i = 0; i < n; i++)
		j->a[i] = j->b[i] > 0 ? j->a[i] / j->b[i] : (double)NAN;
	share = estimate_t(j->a, n, 0.95);
	study_estimate(j->out, "share/written", share.value, share.low,
		       share.high, share.count,
		       "of the gain with arithmetic, where it writes its "
		       "backups itself");
	study_estimate(j->out, "margin/written", e.value, e.low, e.high,
		       e.count, "Elo above four fifths of that gain");
	return e;
}

/* Above an arm by one-sided 5 %? */
static double above(struct judging *j, const char *other)
{
	int n = j->m->seed_count;

	study_values(j->m, "on", "elo", 0, j->a);
	study_values(j->m, other, "elo", 0, j->b);
	for (int i = 0; i < n; i++)
		j->a[i] -= j->b[i];
	return estimate_t_above(j->a, n, 0);
}

static const char *of_written(const struct estimate *e)
{
	if (isnan(e->low))
		return "one seed does not say what written backups gain";
	return e->low > 0    ? "written backups gain four fifths of that"
	       : e->high < 0 ? "written backups gain less than four fifths of "
			       "that"
			     : "whether written backups gain four fifths of "
			       "that is open";
}

static void say_badge(struct judging *j, const struct estimate *rise,
		      const struct estimate *written)
{
	double p[] = {above(j, "placebo"), above(j, "permuted")};
	bool beats = estimate_all(p, ARRAY_LEN(p)) <= 0.05;

	if (rise->value >= SERIAL_RISES && rise->low > 0 && beats)
		study_badge_say(j->out, STUDY_SUPPORTED,
				"with updates it rises by %+.0f Elo [%.0f, "
				"%.0f] over without, above both placebos: the "
				"update of the weights is the crux; %s",
				rise->value, rise->low, rise->high,
				of_written(written));
	else if (rise->high < SERIAL_RISES)
		study_badge_say(j->out, STUDY_REFUTED,
				"updates are worth %+.0f Elo at most",
				rise->high);
	else if (rise->low > 0)
		study_badge_say(
			j->out, STUDY_PARTIAL,
			"with updates it is %+.0f Elo [%.0f, %.0f] over "
			"without, %s",
			rise->value, rise->low, rise->high,
			beats ? "less than was asked"
			      : "and not above a step on other "
				"values");
	else
		study_badge_say(j->out, STUDY_UNINTERPRETABLE,
				"the interval of what updates are worth is "
				"too wide, or it was not measured at every "
				"seed");
}

void serial_judge(const struct study_measures *m, struct study_judgement *out)
{
	size_t n = (size_t)m->seed_count;
	struct judging j = {
		.m = m,
		.out = out,
		.a = mem_zalloc(n, sizeof(double)),
		.b = mem_zalloc(n, sizeof(double)),
	};
	struct estimate rise, written;

	say_gates(&j);
	rise = say(&j, "gain/on", "on", "off", "elo",
		   "Elo with updates over without, backups by arithmetic");
	say(&j, "gain/written", "written", "written-off", "elo",
	    "the same, backups that it writes itself");
	say(&j, "gain/imagined", "imagined", "off", "elo",
	    "the same, boards after moves that it writes itself");
	say(&j, "gain/rollouts", "rollouts", "off", "elo",
	    "the same, half of the searches games to the end");
	say(&j, "gain/single", "single", "off", "elo",
	    "one lane and a step for each page, fewer boards");
	say(&j, "gain/placebo", "placebo", "off", "elo",
	    "a step on its own first estimates");
	say(&j, "gain/permuted", "permuted", "off", "elo",
	    "a step on better estimates in a drawn order");
	say(&j, "gain/search", "search", NULL, "elo",
	    "self-play with a search, from as many boards");
	say(&j, "context/off", "off", NULL, "place",
	    "how much less surprised the second board of a page is than the "
	    "first, without updates");
	say(&j, "looked/on", "on", NULL, "looked",
	    "Elo of on over the drilled network, both looking ahead");
	written = say_written(&j);
	say_badge(&j, &rise, &written);
	free(j.a);
	free(j.b);
}
