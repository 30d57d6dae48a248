/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/study/family_int.h"
#include "core/study/family_space.h"
#include "core/study/study.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double POINTS = -0.02, RANK = 0.8, LEARNS = 50, ROOM = 0.05;

/* A measure less another arm's, over seeds; `less` may be NULL. */
static struct estimate over_seeds(const struct study_measures *m,
				  const char *arm, const char *less,
				  const char *name, double x)
{
	size_t n = (size_t)m->seed_count;
	double *a = mem_zalloc(n, sizeof(*a)), *b = mem_zalloc(n, sizeof(*b));
	struct estimate e;

	study_values(m, arm, name, x, a);
	if (less)
		study_values(m, less, name, x, b);
	for (size_t i = 0; i < n; i++)
		a[i] -= b[i];
	e = estimate_t(a, m->seed_count, 0.95);
	free(a);
	free(b);
	return e;
}

static void say(struct study_judgement *out, const char *kind, const char *arm,
		double x, const struct estimate *e, const char *what)
{
	char name[96];

	if (isnan(e->value))
		return;
	if (x > 0)
		snprintf(name, sizeof(name), "%s/%s at %gx", kind, arm, x);
	else
		snprintf(name, sizeof(name), "%s/%s", kind, arm);
	study_estimate(out, name, e->value, e->low, e->high, e->count, what);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* The median of the settings' rank correlations. */
static double say_ranks(const struct study_measures *m,
			struct study_judgement *out)
{
	double rank[FAMILY_AXES];

	for (int a = 0; a < FAMILY_AXES; a++) {
		const struct study_figure *f;
		char name[48];

		snprintf(name, sizeof(name), "rank/%s", family_axis(a));
		f = study_figure(m, "sample", name, 0, 0);
		rank[a] = f ? f->value : (double)NAN;
		if (f)
			study_estimate(out, name, f->value, (double)NAN,
				       (double)NAN, f->n,
				       "rank correlation of the setting and "
				       "what was read of it, lives held out");
		if (isnan(rank[a]))
			rank[a] = -1;
	}
	qsort(rank, FAMILY_AXES, sizeof(*rank), by_size);
	return rank[FAMILY_AXES / 2];
}

static void say_arms(const struct study_measures *m,
		     struct study_judgement *out)
{
	static const char *const names[] = {
		"same",   "fitted", "regressed",  "nearest",
		"random", "cut",    "other-same", "other-fitted"};
	static const double multiples[] = {2, 5};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *ceiling =
			strncmp(names[i], "other-", 6) ? "same" : "other-same";
		struct estimate e;

		for (size_t k = 0; k < ARRAY_LEN(multiples); k++) {
			e = over_seeds(m, names[i], NULL, "agree",
				       multiples[k]);
			say(out, "agree", names[i], multiples[k], &e,
			    "share of positions whose best move agrees, mean "
			    "over seeds");
		}
		e = over_seeds(m, names[i], NULL, "elo", 0);
		say(out, "elo", names[i], 0, &e,
		    "Elo above the teacher's end, mean over seeds");
		if (!strcmp(names[i], ceiling))
			continue;
		e = over_seeds(m, names[i], ceiling, "agree", 5);
		say(out, "ceiling", names[i], 0, &e,
		    "agreement at the end above that of the teacher's own "
		    "settings");
	}
}

static void judge_gates(const struct study_measures *m,
			struct study_judgement *out)
{
	struct estimate e = over_seeds(m, "teacher", NULL, "headroom", 0);

	study_gate_say(out, "learns", e.low >= LEARNS, e.low, LEARNS,
		       "teachers end %+.0f [%.0f, %.0f] Elo above their cut",
		       e.value, e.low, e.high);
	e = over_seeds(m, "same", "random", "agree", 5);
	study_gate_say(out, "room", e.value >= ROOM && e.low > 0, e.value, ROOM,
		       "the same place agrees %.3f [%.3f, %.3f] more than any "
		       "place",
		       e.value, e.low, e.high);
}

void family_judge(const struct study_measures *m, struct study_judgement *out)
{
	struct estimate twice = over_seeds(m, "fitted", "same", "agree", 2);
	struct estimate end = over_seeds(m, "fitted", "same", "agree", 5);
	double low = fmin(twice.low, end.low), rank;
	double high = fmin(twice.high, end.high);

	judge_gates(m, out);
	rank = say_ranks(m, out);
	say_arms(m, out);
	/* fmin() forgets what is not a number. */
	if (isnan(twice.low) || isnan(end.low))
		low = high = (double)NAN;
	if (low >= POINTS && rank >= RANK)
		study_badge_say(out, STUDY_SUPPORTED,
				"the learner that was found agrees with the "
				"teacher's end %+.3f [%.3f, %.3f] as its own "
				"settings do; median rank correlation %.2f",
				end.value, end.low, end.high, rank);
	else if (high < POINTS)
		study_badge_say(out, STUDY_REFUTED,
				"the learner that was found agrees less than "
				"the teacher's own settings: %+.3f [%.3f, "
				"%.3f] at twice, %+.3f [%.3f, %.3f] at five "
				"times the games",
				twice.value, twice.low, twice.high, end.value,
				end.low, end.high);
	else
		study_badge_say(out, STUDY_PARTIAL,
				"agreement %+.3f [%.3f, %.3f] at twice and "
				"%+.3f [%.3f, %.3f] at five times the games "
				"from the ceiling, median rank correlation "
				"%.2f",
				twice.value, twice.low, twice.high, end.value,
				end.low, end.high, rank);
}
