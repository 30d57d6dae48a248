/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/rate/curve.h"
#include "core/rate/estimate.h"
#include "core/study/gained.h"
#include "core/study/study.h"
#include "core/study/tax_int.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double COPY = -60, RISES = 40, TAX = 2, SOME = 1.25;

/* A copy that is there at once needed games all the same: so small a share. */
static const double LEAST = 1.0 / 16;

enum { POINTS = 64 };

/* --- curves -------------------------------------------------------------- */

struct line {
	struct curve_point points[POINTS];
	int count;
};

static int by_games(const void *a, const void *b)
{
	double x = ((const struct curve_point *)a)->games;
	double y = ((const struct curve_point *)b)->games;

	return (x > y) - (x < y);
}

/* "elo" of an arm at a seed, its x moved by `since`. */
static void add_line(const struct study_measures *m, const char *arm,
		     uint64_t seed, double since, struct line *out)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct study_figure *f = &m->figures[i];

		if (strcmp(f->arm, arm) || strcmp(f->name, "elo") ||
		    f->seed != seed)
			continue;
		assert(out->count < POINTS);
		out->points[out->count++] = (struct curve_point){
			.games = f->x + since, .elo = f->value, .weight = 1};
	}
	qsort(out->points, (size_t)out->count, sizeof(*out->points), by_games);
}

/* The risen curve at so many games; NAN where it does not reach. */
static double strength_at(const struct line *l, double games)
{
	double elo[POINTS];

	if (!l->count || games < l->points[0].games ||
	    games > l->points[l->count - 1].games)
		return (double)NAN;
	curve_rise(l->points, l->count, elo);
	for (int i = 1; i < l->count; i++) {
		const struct curve_point *p = &l->points[i];
		double part;

		if (games > p->games)
			continue;
		part = log(games / p[-1].games) / log(p->games / p[-1].games);
		return elo[i - 1] + part * (elo[i] - elo[i - 1]);
	}
	return elo[0];
}

static int cut_of(const struct study_measures *m)
{
	const struct tax_conf *c = m->conf;

	return c->life.cut;
}

/* Games that an arm plays from `begin` on until it is what the teacher is
 * after twice the cut, as a multiple of the cut. */
static double multiple(const struct study_measures *m, const char *arm,
		       const char *begin, uint64_t seed, int *late)
{
	double cut = cut_of(m), wanted, games;
	struct line teacher = {.count = 0}, copy = {.count = 0};
	enum curve_side side;

	add_line(m, "curve", seed, 0, &teacher);
	wanted = strength_at(&teacher, 2 * cut);
	add_line(m, arm, seed, cut, &copy);
	if (!copy.count || isnan(wanted))
		return (double)NAN;
	if (!strcmp(begin, "student"))
		add_line(m, begin, seed, cut, &copy);
	else
		copy.points[copy.count++] = (struct curve_point){
			.games = cut,
			.elo = strength_at(&teacher, cut),
			.weight = 1,
		};
	qsort(copy.points, (size_t)copy.count, sizeof(*copy.points), by_games);
	games = curve_games(copy.points, copy.count, wanted, &side);
	*late += side == CURVE_ABOVE;
	return fmax((games - cut) / cut, LEAST);
}

/* Geometric mean over seeds. */
static struct estimate multiple_of(const struct study_measures *m,
				   struct study_judgement *out, const char *arm,
				   const char *begin, int *late)
{
	double *logs = mem_zalloc((size_t)m->seed_count, sizeof(*logs));
	struct estimate e;
	char *name = mem_printf("multiple/%s", arm);

	*late = 0;
	for (int i = 0; i < m->seed_count; i++)
		logs[i] = log(multiple(m, arm, begin, m->seeds[i], late));
	e = estimate_t(logs, m->seed_count, 0.95);
	e.value = exp(e.value);
	e.low = exp(e.low);
	e.high = exp(e.high);
	study_estimate(out, name, e.value, e.low, e.high, e.count,
		       "times the teacher's games for what it had after twice "
		       "those of the cut");
	free(name);
	free(logs);
	return e;
}

/* --- gates --------------------------------------------------------------- */

/* The teacher's strength at games / cut by seed, into out[seed_count]. */
static void teacher_at(const struct study_measures *m, double times,
		       double *out)
{
	for (int i = 0; i < m->seed_count; i++) {
		struct line l = {.count = 0};

		add_line(m, "curve", m->seeds[i], 0, &l);
		/* A stage's mark is a little past its games. */
		out[i] = times <= 1 && l.count
				 ? l.points[0].elo
				 : strength_at(&l, times * cut_of(m));
	}
}

static void say_gates(const struct study_measures *m,
		      struct study_judgement *out)
{
	size_t n = (size_t)m->seed_count;
	double *cut = mem_zalloc(n, sizeof(*cut));
	double *twice = mem_zalloc(n, sizeof(*twice));
	double *copy = mem_zalloc(n, sizeof(*copy));
	struct estimate e;

	teacher_at(m, 1, cut);
	teacher_at(m, 2, twice);
	gained_last(m, "student", "elo", copy);
	for (size_t i = 0; i < n; i++) {
		copy[i] -= cut[i];
		twice[i] -= cut[i];
	}
	e = estimate_t(copy, (int)n, 0.95);
	study_gate_say(out, "copy", e.value >= COPY, e.value, COPY,
		       "%+.0f [%.0f, %.0f] Elo", e.value, e.low, e.high);
	e = estimate_t(twice, (int)n, 0.95);
	study_gate_say(out, "rises", e.value >= RISES && e.low > 0, e.value,
		       RISES, "%+.0f [%.0f, %.0f] Elo", e.value, e.low, e.high);
	free(cut);
	free(twice);
	free(copy);
}

void tax_judge(const struct study_measures *m, struct study_judgement *out)
{
	int late, forgot;
	struct estimate e = multiple_of(m, out, "learner", "student", &late);

	multiple_of(m, out, "amnesia", "teacher", &forgot);
	gained_say(m, out, "lost", "chain", "student",
		   "Elo of the last copy of copies over the first");
	gained_say(m, out, "lost", "chain-played", "student",
		   "Elo of the last copy of copies over the first, each "
		   "learning between");
	say_gates(m, out);
	if (e.low > TAX)
		study_badge_say(out, STUDY_SUPPORTED,
				"the copy needs %.2f [%.2f, %.2f] times the "
				"teacher's games; at %d seeds it did not get "
				"there",
				e.value, e.low, e.high, late);
	else if (e.low > SOME)
		study_badge_say(out, STUDY_PARTIAL,
				"the copy needs %.2f [%.2f, %.2f] times the "
				"teacher's games: more, and perhaps not twice "
				"as many",
				e.value, e.low, e.high);
	else if (e.high < SOME)
		study_badge_say(out, STUDY_REFUTED,
				"the copy needs %.2f [%.2f, %.2f] times the "
				"teacher's games%s",
				e.value, e.low, e.high,
				e.high < 1 ? "; surprising: fewer" : "");
	else
		study_badge_say(out, STUDY_UNINTERPRETABLE,
				"the copy needs %.2f [%.2f, %.2f] times the "
				"teacher's games: too wide to tell",
				e.value, e.low, e.high);
}
