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
#include "core/study/bayes_int.h"
#include "core/study/study.h"

/* From measures to a badge; the thresholds are those of the study's text. */
static const double PASSES = 0.5, FORESEES = 0.02, HEADROOM_ELO = 50;

static const char *const worlds[] = {"bandit", "board"};

/* The measure at its greatest x, less another arm's, as a share of a third's;
 * names are "exact" without their world, or NULL. */
struct asked {
	const char *world, *arm, *measure;
	const char *less;
	bool shares; /* of the arm's own headroom */
};

static double last_of(const struct study_measures *m, const char *arm,
		      const char *name, uint64_t seed)
{
	double value = (double)NAN, x = -INFINITY;

	for (size_t i = 0; i < m->count; i++) {
		const struct study_figure *f = &m->figures[i];

		if (f->seed == seed && f->x >= x && !strcmp(f->arm, arm) &&
		    !strcmp(f->name, name)) {
			x = f->x;
			value = f->value;
		}
	}
	return value;
}

static double one_of(const struct study_measures *m, const struct asked *q,
		     const char *arm, uint64_t seed)
{
	char name[64];
	double v;

	snprintf(name, sizeof(name), "%s-%s", q->world, arm);
	v = last_of(m, name, q->measure, seed);
	return q->shares ? v / last_of(m, name, "headroom", seed) : v;
}

static struct estimate over_seeds(const struct study_measures *m,
				  const struct asked *q)
{
	double *x = mem_zalloc((size_t)m->seed_count, sizeof(*x));
	struct estimate e;

	for (int i = 0; i < m->seed_count; i++) {
		x[i] = one_of(m, q, q->arm, m->seeds[i]);
		if (q->less)
			x[i] -= one_of(m, q, q->less, m->seeds[i]);
	}
	e = estimate_t(x, m->seed_count, 0.95);
	free(x);
	return e;
}

static void say(struct study_judgement *out, const char *kind,
		const char *world, const char *arm, const struct estimate *e,
		const char *what)
{
	char name[96];

	snprintf(name, sizeof(name), "%s/%s-%s", kind, world, arm);
	study_estimate(out, name, e->value, e->low, e->high, e->count, what);
}

/* A measure as it is, where there is one. */
static void say_plain(const struct study_measures *m,
		      struct study_judgement *out, const char *world,
		      const char *arm, const char *measure, const char *what)
{
	struct asked q = {world, arm, measure, NULL, false};
	struct estimate e = over_seeds(m, &q);

	if (!isnan(e.value))
		say(out, measure, world, arm, &e, what);
}

static void say_all(const struct study_measures *m, struct study_judgement *out,
		    const char *world)
{
	static const char *const names[] = {"exact",    "likeliest", "near",
					    "cut",      "static",    "gradient",
					    "shuffled", "prior",     "dreamed"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct asked q = {world, names[i], "gain", NULL, true};
		struct estimate e = over_seeds(m, &q);

		if (!e.count || isnan(e.value))
			continue;
		say(out, "gamma", world, names[i], &e,
		    "share of the teacher's way past the data, mean over "
		    "seeds");
		say_plain(m, out, world, names[i], "nats",
			  "nats a move of the teacher's own beyond what it "
			  "needs itself");
		say_plain(m, out, world, names[i], "now",
			  "nats a move of the teacher's next ones, from the "
			  "teacher's own");
	}
}

static void judge_gate(const struct study_measures *m,
		       struct study_judgement *out, const char *world)
{
	bool elo = !strcmp(world, "board");
	struct asked q = {world, "teacher", "headroom", NULL, false};
	struct estimate e = over_seeds(m, &q);
	double least = elo ? HEADROOM_ELO : 0;
	char gate[64];

	snprintf(gate, sizeof(gate), "%s-headroom", world);
	study_gate_say(out, gate, e.low > least, e.low, least,
		       elo ? "teachers end %+.0f [%.0f, %.0f] Elo above the "
			     "best of the data"
			   : "teachers end %+.4f [%.4f, %.4f] a pull above the "
			     "best of the data",
		       e.value, e.low, e.high);
}

/* Why a world is not passed; "" where it is. */
static void judge_world(const struct study_measures *m, const char *world,
			char out[160])
{
	struct asked q = {world, "exact", "gain", NULL, true};
	struct estimate gamma = over_seeds(m, &q), e;
	static const char *const beaten[] = {"cut", "static"};

	out[0] = '\0';
	if (!(gamma.low >= PASSES))
		snprintf(out, 160, "%s: gamma is %.2f [%.2f, %.2f]", world,
			 gamma.value, gamma.low, gamma.high);
	for (size_t i = 0; i < ARRAY_LEN(beaten) && !out[0]; i++) {
		q.less = beaten[i];
		e = over_seeds(m, &q);
		if (!(e.low > 0))
			snprintf(out, 160,
				 "%s: above %s by %.2f [%.2f, %.2f] alone",
				 world, beaten[i], e.value, e.low, e.high);
	}
	q = (struct asked){world, "exact", "nats", NULL, false};
	e = over_seeds(m, &q);
	if (!out[0] && !(e.high <= FORESEES))
		snprintf(out, 160,
			 "%s: it needs %.3f [%.3f, %.3f] nats a move "
			 "more than the teacher",
			 world, e.value, e.low, e.high);
}

void bayes_judge(const struct study_measures *m, struct study_judgement *out)
{
	struct asked bandit = {"bandit", "exact", "gain", NULL, true};
	struct asked board = {"board", "exact", "gain", NULL, true};
	struct estimate of_bandit = over_seeds(m, &bandit);
	struct estimate of_board = over_seeds(m, &board);
	char why[160] = "";

	for (size_t i = 0; i < ARRAY_LEN(worlds); i++) {
		judge_gate(m, out, worlds[i]);
		say_all(m, out, worlds[i]);
		if (!why[0])
			judge_world(m, worlds[i], why);
	}
	if (why[0])
		study_badge_say(out, STUDY_FAILED, "%s", why);
	else
		study_badge_say(out, STUDY_PASSED,
				"the ideal imitator goes %.2f [%.2f, %.2f] of "
				"the way on bandits and %.2f [%.2f, %.2f] at "
				"tic-tac-toe",
				of_bandit.value, of_bandit.low, of_bandit.high,
				of_board.value, of_board.low, of_board.high);
}
