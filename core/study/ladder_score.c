/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/ladder_score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/study/study.h"

enum { SHOWN_TASKS = 16, BINS = 12 };

static double mean_of(const float *x, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += (double)x[i];
	return n ? sum / n : (double)NAN;
}

void ladder_score_init(struct ladder_score *s, const struct ladder_rung *g,
		       const struct env *e, const struct ladder_teachers *t,
		       int tasks, const float *gain)
{
	size_t n = (size_t)tasks;

	*s = (struct ladder_score){.rung = g, .tasks = tasks};
	s->curve = mem_floats(n * (size_t)g->roll);
	s->early = mem_zalloc(n, sizeof(double));
	s->late = mem_zalloc(n, sizeof(double));
	s->lost = mem_zalloc(n, sizeof(double));
	for (int k = 0; k < tasks; k++) {
		float *curve = s->curve + (size_t)k * (size_t)g->roll;
		double best = e->best(&t->tasks[k]);
		int lanes = 0;

		for (int i = k; i < t->lanes; i += tasks, lanes++)
			for (int ep = 0; ep < g->roll; ep++)
				curve[ep] += gain[i * g->roll + ep];
		for (int ep = 0; ep < g->roll; ep++)
			curve[ep] /=
				(float)lanes * (g->relative ? (float)best : 1);
		s->early[k] = mean_of(curve, g->early);
		s->late[k] = mean_of(curve + g->roll - g->late, g->late);
		s->lost[k] = g->roll * ((g->relative ? 1 : best) -
					mean_of(curve, g->roll));
	}
}

void ladder_score_release(struct ladder_score *s)
{
	free(s->curve);
	free(s->early);
	free(s->late);
	free(s->lost);
}

void ladder_score_counted(const struct ladder_score *s, double *out)
{
	for (int k = 0; k < s->tasks; k++)
		out[k] = s->rung->counted == LADDER_LOST ? s->lost[k]
			 : s->rung->counted == LADDER_GAINED
				 ? s->late[k] - s->early[k]
				 : s->late[k];
}

static void say(struct study_run *r, const char *prefix, const char *what,
		double x, const double *value, int n)
{
	struct estimate m = estimate_t(value, n, 0.95);
	char *name = mem_printf("%s%s", prefix, what);

	study_measure(r, name, x, m.value, m.low, m.high, n);
	free(name);
}

void ladder_score_measure(struct study_run *r, const struct ladder_score *s,
			  const char *prefix, double temperature)
{
	double *gained = mem_zalloc((size_t)s->tasks, sizeof(*gained));

	for (int k = 0; k < s->tasks; k++)
		gained[k] = s->late[k] - s->early[k];
	say(r, prefix, "early", temperature, s->early, s->tasks);
	say(r, prefix, "late", temperature, s->late, s->tasks);
	say(r, prefix, "gained", temperature, gained, s->tasks);
	say(r, prefix, "lost", temperature, s->lost, s->tasks);
	free(gained);
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void say_deciles(struct study_run *r, const struct ladder_score *s,
			const char *prefix)
{
	double *sorted = mem_zalloc((size_t)s->tasks, sizeof(*sorted));
	char *name = mem_printf("%sdecile", prefix);

	ladder_score_counted(s, sorted);
	qsort(sorted, (size_t)s->tasks, sizeof(*sorted), ascending);
	for (int d = 0; d <= 10; d++)
		study_measure(r, name, 10 * d, sorted[d * (s->tasks - 1) / 10],
			      (double)NAN, (double)NAN, s->tasks);
	free(sorted);
	free(name);
}

/* Each episode's mean over tasks, and its interval. */
static void say_curve(struct study_run *r, const struct ladder_score *s,
		      const char *prefix)
{
	double *at = mem_zalloc((size_t)s->tasks, sizeof(*at));

	for (int ep = 0; ep < s->rung->roll; ep++) {
		for (int k = 0; k < s->tasks; k++)
			at[k] = (double)s->curve[k * s->rung->roll + ep];
		say(r, prefix, "curve", ep + 1, at, s->tasks);
	}
	free(at);
}

/* A few tasks by themselves, in a dozen means each: failures are of single
 * tasks and vanish in the mean of all. */
static void say_tasks(struct study_run *r, const struct ladder_score *s,
		      const char *prefix)
{
	int roll = s->rung->roll;

	for (int k = 0; k < s->tasks && k < SHOWN_TASKS; k++) {
		char *name = mem_printf("%stask/%d", prefix, k + 1);

		for (int b = 0; b < BINS; b++) {
			int from = b * roll / BINS, to = (b + 1) * roll / BINS;

			study_measure(
				r, name, to,
				mean_of(s->curve + k * roll + from, to - from),
				(double)NAN, (double)NAN, to - from);
		}
		free(name);
	}
}

void ladder_score_details(struct study_run *r, const struct ladder_score *s,
			  const char *prefix)
{
	int improved = 0;

	for (int k = 0; k < s->tasks; k++)
		improved += s->late[k] > s->early[k];
	say_curve(r, s, prefix);
	say_deciles(r, s, prefix);
	say_tasks(r, s, prefix);
	{
		char *name = mem_printf("%simproved", prefix);

		study_measure(r, name, 0, (double)improved / s->tasks,
			      (double)NAN, (double)NAN, s->tasks);
		free(name);
	}
}
