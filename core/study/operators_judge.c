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
#include "core/study/operators_int.h"
#include "core/study/study.h"

/* The threshold is that of the study's text. */
static const double LEARNS = 100;

static const char *const with[] = {"gumbel-16", "gumbel-2"};
static const char *const without[] = {"actor", "td"};

/* The work at a look, as it was measured. */
static double work_at(const struct study_measures *m, int look)
{
	double most = 0;

	for (size_t i = 0; i < m->count; i++)
		most = fmax(most, m->figures[i].x);
	return operators_shares[look] * most;
}

/* A measure of an arm at a look, by seed. */
static void elo_at(const struct study_measures *m, const char *arm,
		   const char *name, int look, double *out)
{
	double x = work_at(m, look);

	for (int s = 0; s < m->seed_count; s++) {
		double near = (double)NAN;

		/* Sums of floats: the x may differ in its last bit. */
		for (size_t i = 0; i < m->count; i++) {
			const struct study_figure *f = &m->figures[i];

			if (f->seed == m->seeds[s] && !strcmp(f->arm, arm) &&
			    !strcmp(f->name, name) && fabs(f->x - x) < 1e-6 * x)
				near = f->value;
		}
		out[s] = near;
	}
}

/* Elo over the first arm, whose own is 0. */
static void lead_at(const struct study_measures *m, const char *arm, int look,
		    double *out)
{
	if (strcmp(arm, with[0]))
		elo_at(m, arm, OPERATORS_ELO, look, out);
	else
		memset(out, 0, (size_t)m->seed_count * sizeof(*out));
}

/* One arm above another at a look, paired by seed. */
static struct estimate above(const struct study_measures *m, const char *a,
			     const char *b, int look)
{
	size_t n = (size_t)m->seed_count;
	double *x = mem_zalloc(2 * n, sizeof(*x)), *y = x + n;
	struct estimate e;

	lead_at(m, a, look, x);
	lead_at(m, b, look, y);
	for (size_t s = 0; s < n; s++)
		x[s] -= y[s];
	e = estimate_t(x, m->seed_count, 0.95);
	free(x);
	return e;
}

/* Is the arm ahead of both of those, lower ends? */
static bool ahead(const struct study_measures *m, const char *arm,
		  const char *const of[2], int look)
{
	return above(m, arm, of[0], look).low > 0 &&
	       above(m, arm, of[1], look).low > 0;
}

static bool ahead_always(const struct study_measures *m, const char *arm)
{
	for (int k = 0; k < OPERATORS_LOOKS; k++)
		if (!ahead(m, arm, with, k))
			return false;
	return true;
}

static void say_gate(const struct study_measures *m,
		     struct study_judgement *out)
{
	const char *const names[] = {with[0], with[1], without[0], without[1]};
	double least = INFINITY;
	double *elo = mem_zalloc((size_t)m->seed_count, sizeof(*elo));
	const char *worst = names[0];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		double mean;

		study_values(m, names[i], OPERATORS_FRESH,
			     work_at(m, OPERATORS_LOOKS - 1), elo);
		mean = estimate_t(elo, m->seed_count, 0.95).value;
		if (!(mean >= least)) {
			least = mean;
			worst = names[i];
		}
	}
	study_gate_say(out, "learns", least >= LEARNS, least, LEARNS,
		       "the least, %s, ends %+.0f Elo above a fresh network",
		       worst, least);
	free(elo);
}

/* Looks between which the sign of one above the other changes, both lower or
 * upper ends beyond 0: a crossing. */
static void say_curve(const struct study_measures *m, const char *arm,
		      struct study_judgement *out)
{
	char name[64];
	int sign = 0, crossings = 0;

	for (int k = 0; k < OPERATORS_LOOKS; k++) {
		struct estimate e = above(m, arm, with[0], k);
		int now = e.low > 0 ? 1 : e.high < 0 ? -1 : 0;

		snprintf(name, sizeof(name), "elo/%s/%d", arm, k);
		study_estimate(out, name, e.value, e.low, e.high, e.count,
			       "Elo above gumbel-16 with as much work");
		crossings += now && sign && now != sign;
		sign = now ? now : sign;
	}
	snprintf(name, sizeof(name), "crossings/%s", arm);
	study_estimate(out, name, crossings, (double)NAN, (double)NAN,
		       m->seed_count, "times that its lead changes for sure");
}

/* Elo above a fresh network, of the second half of the work. */
static void say_growth(const struct study_measures *m, const char *arm,
		       struct study_judgement *out)
{
	size_t n = (size_t)m->seed_count;
	double *x = mem_zalloc(2 * n, sizeof(*x)), *y = x + n;
	struct estimate e;
	char name[64];

	elo_at(m, arm, OPERATORS_FRESH, OPERATORS_LOOKS - 1, x);
	elo_at(m, arm, OPERATORS_FRESH, OPERATORS_LOOKS - 2, y);
	for (size_t s = 0; s < n; s++)
		x[s] -= y[s];
	e = estimate_t(x, m->seed_count, 0.95);
	snprintf(name, sizeof(name), "growth/%s", arm);
	study_estimate(out, name, e.value, e.low, e.high, e.count,
		       "Elo that the second half of the work gained");
	free(x);
}

void operators_judge(const struct study_measures *m,
		     struct study_judgement *out)
{
	int last = OPERATORS_LOOKS - 1;

	say_gate(m, out);
	say_curve(m, with[1], out);
	for (int i = 0; i < 2; i++)
		say_curve(m, without[i], out);
	for (int i = 0; i < 2; i++) {
		say_growth(m, with[i], out);
		say_growth(m, without[i], out);
	}
	for (int i = 0; i < 2; i++)
		if (ahead_always(m, without[i])) {
			study_badge_say(out, STUDY_REFUTED,
					"%s, without searches, is ahead of "
					"both with searches at every look",
					without[i]);
			return;
		}
	for (int i = 0; i < 2; i++)
		if (ahead(m, with[i], without, last)) {
			study_badge_say(out, STUDY_SUPPORTED,
					"with all the work %s is ahead of "
					"both learners without searches",
					with[i]);
			return;
		}
	study_badge_say(out, STUDY_PARTIAL,
			"with all the work, actor %+.0f and td %+.0f Elo "
			"against gumbel-16, and no lower end settles it",
			above(m, without[0], with[0], last).value,
			above(m, without[1], with[0], last).value);
}
