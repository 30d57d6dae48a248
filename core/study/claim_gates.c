/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/study/claim.h"
#include "core/study/claim_int.h"
#include "core/study/claim_table.h"
#include "core/study/study.h"

/* What must hold before the claim says anything. */

static const double CAPACITY = 0.7, FAMILY = 0.8, LEGIBLE = 0.75;

const struct study_gate claim_gates[] = {
	{"G1", "headroom: the teacher's end is above D_c by 200 Elo in the "
	       "mean over seeds, with the lower bound at 150 at least, or as "
	       "the settings say"},
	{"G2", "capacity: an imitator that was shown whole lives has a gamma "
	       "of at least 0.7"},
	{"G3", "ladder: gates p0, p1, p4-whole and p4 of the study ladder held "
	       "at desk size or above, on seeds that judge"},
	{"G4", "legibility: of two stages with 1.4 times the games, both "
	       "before the cut, the later one is told from 4 games of each in "
	       "75 % of cases"},
	{"G5", "family: the fitted family of learners, run, has a gamma of at "
	       "least 0.8"},
	{"G6", "custody: every life that judges was begun after the plan was "
	       "written, and went on by the chances that the commitment drew"},
	{.name = NULL},
};

const char *const claim_rungs[] = {"p0", "p1", "p4-whole", "p4", NULL};

/* `scale` is what counts as one in the comparison of distances; 0: the gate is
 * yes or no, and not near to anything. */
static void say_gate(struct claim_judging *j, const char *name, double value,
		     double bound, double scale, bool passed, const char *text)
{
	char *near = mem_printf("gate %s %s: %s", name,
				passed ? "holds" : "fails", text);

	j->gates[j->gate_count++] = (struct claim_gate){name, passed};
	study_gate_say(j->out, name, passed, value, bound, "%s", text);
	if (!passed || scale > 0)
		claim_note(j, !passed,
			   scale > 0 ? fabs(value - bound) / scale
				     : (double)NAN,
			   near);
	free(near);
}

static void say_headroom(struct claim_judging *j)
{
	const struct claim_conf *c = j->m->conf;
	struct estimate e = estimate_t(j->top, j->m->seed_count, 0.95);
	double bound = (double)c->headroom, low = (double)c->headroom_low;
	bool passed = e.value >= bound && e.low >= low;
	char *text = isnan(e.low)
			     ? mem_printf("continued was not measured at every "
					  "seed, of two at least")
			     : mem_printf("%+.0f [%.0f, %.0f] Elo above D_c",
					  e.value, e.low, e.high);

	say_gate(j, "G1", e.value, bound, bound > 0 ? bound : 1, passed, text);
	study_estimate(j->out, "headroom", e.value, e.low, e.high, e.count,
		       "Elo of the teacher's end above D_c");
	free(text);
}

/* Why there is no gamma. */
static const char *why_none(const struct claim_judging *j, const char *arm)
{
	for (int k = 0; k < j->count; k++)
		for (int i = 0; i < j->m->seed_count; i++)
			if (!strcmp(j->arms[k].name, arm) &&
			    isnan(j->arms[k].elo[i]))
				return "was not measured at every seed";
	if (!claim_figures_of(j, arm))
		return "is no arm of the study";
	return "has no gamma where the teacher's end is not above D_c";
}

static void say_gamma(struct claim_judging *j, const char *gate,
		      const char *arm, double bound)
{
	const struct claim_figures *f = claim_figures_of(j, arm);
	double gamma = f ? f->t.value : (double)NAN;
	char *text = isnan(gamma)
			     ? mem_printf("%s %s", arm, why_none(j, arm))
			     : mem_printf("gamma of %s is %.2f [%.2f, %.2f]",
					  arm, gamma, f->low, f->high);

	say_gate(j, gate, gamma, bound, 1, gamma >= bound, text);
	free(text);
}

static double once(const struct claim_judging *j, const char *arm,
		   const char *name)
{
	const struct study_figure *f = study_figure(j->m, arm, name, 0, 0);

	return f ? f->value : (double)NAN;
}

static void say_ladder(struct claim_judging *j)
{
	char text[160] = "they held";
	int held = 0, all = 0;

	for (; claim_rungs[all]; all++) {
		double v = once(j, "ladder", claim_rungs[all]);

		if (!(v > 0) && held == all)
			snprintf(text, sizeof(text), "%s %s", claim_rungs[all],
				 isnan(v) ? "was not judged in this lab: run "
					    "the study ladder, or import it"
					  : "did not hold");
		held += v > 0;
	}
	say_gate(j, "G3", held, all, 0, held == all, text);
}

static void say_legible(struct claim_judging *j)
{
	double told = once(j, "legible", "told");
	char *text = isnan(told) ? mem_printf("not measured")
				 : mem_printf("told in %.1f %%", 100 * told);

	say_gate(j, "G4", told, LEGIBLE, 1, told >= LEGIBLE, text);
	free(text);
}

static void say_custody(struct claim_judging *j)
{
	const struct study_measures *m = j->m;
	int follows = 0, chained = 0;
	char *text;

	for (int i = 0; i < m->seed_count; i++) {
		const struct study_figure *f =
			study_figure(m, "teacher", "follows", m->seeds[i], 0);
		const struct study_figure *c =
			study_figure(m, "continued", "chained", m->seeds[i], 0);

		follows += f && f->value > 0;
		chained += c && c->value > 0;
	}
	if (claim_tunes(m)) {
		say_gate(j, "G6", 0, 0, 0, true,
			 "no life of this plan judges: its seeds tune");
		return;
	}
	text = mem_printf("of %d lives %d were begun after the plan was "
			  "written, %d went on by the commitment",
			  m->seed_count, follows, chained);
	say_gate(j, "G6", fmin(follows, chained), m->seed_count, 0,
		 follows == m->seed_count && chained == m->seed_count, text);
	free(text);
}

void claim_say_gates(struct claim_judging *j)
{
	say_headroom(j);
	say_gamma(j, "G2", "capacity", CAPACITY);
	say_ladder(j);
	say_legible(j);
	say_gamma(j, "G5", "family", FAMILY);
	say_custody(j);
}
