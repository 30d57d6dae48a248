/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/study/snapshot_int.h"
#include "core/study/study.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double EASY = -30, EASY_LOW = -60;
static const double TEACHER = 150, SHUFFLED = -100;
static const double DISTINCT = 0.5, PLAYED = 0.9;
static const char primary[] = "dagger";

/* --- gates --------------------------------------------------------------- */

/* The worst over seeds; NAN if one is missing. */
static double worst(const struct study_measures *m, const char *arm,
		    const char *name, double x,
		    double (*of)(const struct study_figure *f), bool least)
{
	double out = least ? INFINITY : -INFINITY;

	for (int i = 0; i < m->seed_count; i++) {
		const struct study_figure *f =
			study_figure(m, arm, name, m->seeds[i], x);
		double v = f ? of(f) : (double)NAN;

		if (isnan(v))
			return v;
		out = least ? fmin(out, v) : fmax(out, v);
	}
	return out;
}

static double value_of(const struct study_figure *f)
{
	return f->value;
}

static double low_of(const struct study_figure *f)
{
	return f->low;
}

static double high_of(const struct study_figure *f)
{
	return f->high;
}

static double count_of(const struct study_figure *f)
{
	return (double)f->n;
}

static void say_gates(const struct study_measures *m,
		      struct study_judgement *out)
{
	const struct snapshot_conf *c = m->conf;
	double gain = worst(m, "teacher", "gain", 0, low_of, true);
	double distinct =
		worst(m, "random", "distinct", c->positions, value_of, true);
	double pairs =
		fmin(worst(m, "random", "gap", c->positions, count_of, true),
		     worst(m, primary, "gap", c->positions, count_of, true));
	double shuffled =
		worst(m, "shuffled", "gap", c->positions, high_of, false);

	study_gate_say(out, "teacher", gain >= TEACHER, gain, TEACHER,
		       "the lowest bound over seeds is %+.0f Elo", gain);
	study_gate_say(out, "distinct",
		       distinct >= DISTINCT && pairs >= PLAYED * c->pairs,
		       distinct, DISTINCT,
		       "at least %.0f %% of the positions differ, %.0f of %d "
		       "pairs were played",
		       100 * distinct, pairs, c->pairs);
	study_gate_say(out, "shuffled", shuffled <= SHUFFLED, shuffled,
		       SHUFFLED, "the highest bound over seeds is %+.0f Elo",
		       shuffled);
}

/* --- the gap ------------------------------------------------------------- */

/* The most data whose labels and training are within the budget in every seed;
 * 0: none is. */
static int within_budget(const struct study_measures *m, const char *arm)
{
	const struct snapshot_conf *c = m->conf;

	for (int i = c->curve - 1; i >= 0; i--) {
		int x = snapshot_positions(c, i);
		double work = worst(m, arm, "tflop", x, value_of, false);

		if (work <= (double)c->budget)
			return x;
	}
	return 0;
}

static struct estimate gap_at(const struct study_measures *m, const char *arm,
			      double x)
{
	double *gap = mem_zalloc((size_t)m->seed_count, sizeof(*gap));
	struct estimate e;

	/* A seed that is missing makes all of it NAN. */
	study_values(m, arm, "gap", x, gap);
	e = estimate_t(gap, m->seed_count, 0.95);
	free(gap);
	return e;
}

static void say_estimate(struct study_judgement *out, const char *arm, int x,
			 const struct estimate *e)
{
	char *name = mem_printf("%s, %d positions", arm, x);

	study_estimate(out, name, e->value, e->low, e->high, e->count,
		       "Elo against the teacher, mean over seeds");
	free(name);
}

static void say_curve(const struct study_measures *m,
		      struct study_judgement *out)
{
	const struct snapshot_conf *c = m->conf;

	for (int i = 0; i < c->curve; i++) {
		int x = snapshot_positions(c, i);
		struct estimate e = gap_at(m, primary, x);

		say_estimate(out, primary, x, &e);
	}
}

/* Every other arm at its most; the best upper end of those that are as large as
 * the teacher.  NAN if one is missing. */
static double say_arms(const struct study_measures *m,
		       struct study_judgement *out)
{
	double best = -INFINITY;

	for (const struct study_arm *a = m->study->arms; a->name; a++) {
		const struct snapshot_arm *s = snapshot_arm_find(a->name);
		int x = s ? within_budget(m, a->name) : 0;
		struct estimate e;

		if (!s || s->shuffled)
			continue;
		e = gap_at(m, a->name, x);
		if (strcmp(a->name, primary))
			say_estimate(out, a->name, x, &e);
		if (s->size < 1 || isnan(best))
			continue;
		best = isnan(e.high) ? e.high : fmax(best, e.high);
	}
	return best;
}

static void gap_text(int x, const struct estimate *e, struct buf *out)
{
	buf_printf(out, "with %d positions the student of %s is %+.0f ", x,
		   primary, e->value);
	if (!isnan(e->low))
		buf_printf(out, "[%+.0f, %+.0f] ", e->low, e->high);
	buf_puts(out, "Elo from its teacher");
	if (isnan(e->low))
		buf_puts(out, " (one seed has no interval)");
}

void snapshot_judge(const struct study_measures *m, struct study_judgement *out)
{
	int x = within_budget(m, primary);
	struct estimate e = gap_at(m, primary, x);
	struct buf gap;
	double best;

	say_gates(m, out);
	say_curve(m, out);
	best = say_arms(m, out);
	buf_init(&gap);
	gap_text(x, &e, &gap);
	if (!x)
		study_badge_say(out, STUDY_PARTIAL,
				"no student of %s is within the budget",
				primary);
	else if (e.value >= EASY && e.low >= EASY_LOW)
		study_badge_say(out, STUDY_SUPPORTED, "easy: %s", gap.data);
	else if (best < EASY)
		study_badge_say(out, STUDY_REFUTED,
				"no arm comes near: %s, and the best upper end "
				"of any arm is %+.0f",
				gap.data, best);
	else
		study_badge_say(out, STUDY_PARTIAL,
				"%s: neither easy nor out of reach", gap.data);
	buf_release(&gap);
}
