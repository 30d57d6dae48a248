/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/dist.h"
#include "core/base/mem.h"
#include "core/rate/curve.h"
#include "core/rate/estimate.h"
#include "core/study/claim.h"
#include "core/study/claim_int.h"
#include "core/study/study.h"

/* From measures to a badge.  What is decided is claim_judge()'s; here its table
 * is filled, from nothing but measures, and its figures are told. */

static const double CAPACITY = 0.7, FAMILY = 0.8, LEGIBLE = 0.75;

const struct study_gate claim_gates[] = {
	{"G1", "headroom: the teacher's end is above D_c by 200 Elo in the "
	       "mean over seeds, with the lower bound at 150 at least, or as "
	       "the settings say"},
	{"G2", "capacity: an imitator that was shown whole lives has a gamma "
	       "of at least 0.7"},
	{"G3", "ladder: gates p0, p1, p4-whole and p4 of the study ladder held "
	       "at desk size or above, on seeds that judge"},
	{"G4", "legibility: of two stages with 1.4 times the games, in the "
	       "later half before the cut, the later one is told from 4 games "
	       "of each in 75 % of cases"},
	{"G5", "family: the fitted family of learners, run, has a gamma of at "
	       "least 0.8"},
	{"G6", "custody: every life that judges was begun after the plan was "
	       "written, and went on by the chances that the commitment drew"},
	{.name = NULL},
};

const char *const claim_rungs[] = {"p0", "p1", "p4-whole", "p4", NULL};

/* --- the table ----------------------------------------------------------- */

struct judging {
	const struct study_measures *m;
	struct study_judgement *out;
	struct claim_arm *arms;        /* owned; [count] */
	double *at;                    /* owned; [count]: of these strengths */
	double *elo;                   /* owned; [count][seeds] */
	double *top;                   /* owned; [seeds] */
	struct claim_figures *figures; /* owned; [count] */
	int count;
	struct claim_gate gates[8];
	int gate_count;
	char nearest[200]; /* what would have changed the verdict */
	double distance;   /* of it from its bound, in gamma; INFINITY: none */
	bool failed;       /* it is a gate that did not hold */
};

static void fill(struct judging *j, const struct study_measures *m,
		 const struct claim_part *parts, struct study_judgement *out)
{
	size_t seeds = (size_t)m->seed_count, most = 0;

	*j = (struct judging){.m = m, .out = out, .distance = INFINITY};
	while (parts[most].name)
		most++;
	j->arms = mem_zalloc(most, sizeof(*j->arms));
	j->at = mem_zalloc(most, sizeof(*j->at));
	j->figures = mem_zalloc(most, sizeof(*j->figures));
	j->elo = mem_zalloc(most * seeds, sizeof(*j->elo));
	j->top = mem_zalloc(seeds, sizeof(*j->top));
	study_values(m, "continued", "elo", 0, j->top);
	for (const struct claim_part *p = parts; p->name; p++) {
		double *elo = j->elo + (size_t)j->count * seeds;

		if (p->step != CLAIM_SCORED || claim_left_out(m->conf, p->name))
			continue;
		j->at[j->count] = claim_judged_at(m->conf, p->point);
		study_values(m, p->name, "elo", j->at[j->count], elo);
		j->arms[j->count++] = (struct claim_arm){p->name, p->role, elo};
	}
}

static void release(struct judging *j)
{
	free(j->arms);
	free(j->figures);
	free(j->elo);
	free(j->top);
}

static const struct claim_figures *figures_of(const struct judging *j,
					      const char *arm)
{
	for (int k = 0; k < j->count; k++)
		if (!strcmp(j->arms[k].name, arm))
			return &j->figures[k];
	return NULL;
}

/* --- gates --------------------------------------------------------------- */

/* What would have changed the verdict: the first gate that did not hold, else
 * what is nearest to its bound. */
static void note(struct judging *j, bool failed, double distance,
		 const char *text)
{
	if (j->failed || (!failed && !(distance < j->distance)))
		return;
	j->failed = failed;
	j->distance = distance;
	snprintf(j->nearest, sizeof(j->nearest), "%s", text);
}

/* `scale` is what counts as one in the comparison of distances; 0: the gate is
 * yes or no, and not near to anything. */
static void say_gate(struct judging *j, const char *name, double value,
		     double bound, double scale, bool passed, const char *text)
{
	char *near = mem_printf("gate %s %s: %s", name,
				passed ? "holds" : "fails", text);

	j->gates[j->gate_count++] = (struct claim_gate){name, passed};
	study_gate_say(j->out, name, passed, value, bound, "%s", text);
	if (!passed || scale > 0)
		note(j, !passed,
		     scale > 0 ? fabs(value - bound) / scale : (double)NAN,
		     near);
	free(near);
}

static void say_headroom(struct judging *j)
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
static const char *why_none(const struct judging *j, const char *arm)
{
	for (int k = 0; k < j->count; k++)
		for (int i = 0; i < j->m->seed_count; i++)
			if (!strcmp(j->arms[k].name, arm) &&
			    isnan(j->arms[k].elo[i]))
				return "was not measured at every seed";
	if (!figures_of(j, arm))
		return "is no arm of the study";
	return "has no gamma where the teacher's end is not above D_c";
}

static void say_gamma(struct judging *j, const char *gate, const char *arm,
		      double bound)
{
	const struct claim_figures *f = figures_of(j, arm);
	double gamma = f ? f->t.value : (double)NAN;
	char *text = isnan(gamma)
			     ? mem_printf("%s %s", arm, why_none(j, arm))
			     : mem_printf("gamma of %s is %.2f [%.2f, %.2f]",
					  arm, gamma, f->low, f->high);

	say_gate(j, gate, gamma, bound, 1, gamma >= bound, text);
	free(text);
}

static double once(const struct judging *j, const char *arm, const char *name)
{
	const struct study_figure *f = study_figure(j->m, arm, name, 0, 0);

	return f ? f->value : (double)NAN;
}

static void say_ladder(struct judging *j)
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

static void say_legible(struct judging *j)
{
	double told = once(j, "legible", "told");
	char *text = isnan(told) ? mem_printf("not measured")
				 : mem_printf("told in %.1f %%", 100 * told);

	say_gate(j, "G4", told, LEGIBLE, 1, told >= LEGIBLE, text);
	free(text);
}

static bool tunes(const struct study_measures *m)
{
	return m->seeds[0] >= STUDY_DEVELOPMENT;
}

static void say_custody(struct judging *j)
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
	if (tunes(m)) {
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

static void say_gates(struct judging *j)
{
	say_headroom(j);
	say_gamma(j, "G2", "capacity", CAPACITY);
	say_ladder(j);
	say_legible(j);
	say_gamma(j, "G5", "family", FAMILY);
	say_custody(j);
}

/* --- estimates ----------------------------------------------------------- */

static void estimate_named(struct judging *j, const char *what, const char *arm,
			   double value, double low, double high, int64_t n,
			   const char *text)
{
	char *name = mem_printf("%s/%s", what, arm);

	study_estimate(j->out, name, value, low, high, n, text);
	free(name);
}

/* The curves of the teachers, against D_c. */
struct curves {
	struct curve_seed *seeds;   /* owned; [seed_count] */
	struct curve_point *points; /* owned */
};

static void read_curves(const struct study_measures *m, struct curves *c)
{
	const struct claim_conf *conf = m->conf;
	size_t n = 0;

	c->seeds = mem_zalloc((size_t)m->seed_count, sizeof(*c->seeds));
	c->points = mem_zalloc(m->count, sizeof(*c->points));
	for (int i = 0; i < m->seed_count; i++) {
		c->seeds[i] = (struct curve_seed){.points = c->points + n,
						  .cut = conf->cut};
		for (size_t k = 0; k < m->count; k++) {
			const struct study_figure *f = &m->figures[k];

			if (strcmp(f->arm, "continued") ||
			    strcmp(f->name, "curve") ||
			    f->seed != m->seeds[i] || !(f->x > 0))
				continue;
			c->points[n++] =
				(struct curve_point){f->x, f->value, 1};
			c->seeds[i].count++;
		}
	}
}

static void say_horizon(struct judging *j, struct curves *c, int k)
{
	const struct study_measures *m = j->m;
	struct curve_horizon h;
	char text[120];

	for (int i = 0; i < m->seed_count; i++) {
		c->seeds[i].elo = j->arms[k].elo[i];
		if (!c->seeds[i].count || isnan(c->seeds[i].elo))
			return;
	}
	h = curve_horizon(c->seeds, m->seed_count, 0.95, NULL);
	snprintf(text, sizeof(text),
		 "times the games at the cut that its strength is worth; %d "
		 "seeds below their curve, %d above",
		 h.below, h.above);
	estimate_named(j, "h", j->arms[k].name, h.h.value, h.h.low, h.h.high,
		       h.h.count, text);
}

static bool is_control(const struct claim_arm *a)
{
	return a->role == CLAIM_CONTROL || a->role == CLAIM_SHUFFLED;
}

static void say_deltas(struct judging *j, int k, double *room)
{
	int n = j->m->seed_count;

	for (int i = 0; i < j->count; i++) {
		struct estimate e;
		char *name, *text;

		if (!is_control(&j->arms[i]))
			continue;
		for (int s = 0; s < n; s++)
			room[s] = j->arms[k].elo[s] - j->arms[i].elo[s];
		e = estimate_t(room, n, 0.95);
		name = mem_printf("delta/%s/%s", j->arms[k].name,
				  j->arms[i].name);
		text = mem_printf("Elo above this control; one-sided p %.3g",
				  estimate_t_above(room, n, 0));
		study_estimate(j->out, name, e.value, e.low, e.high, e.count,
			       text);
		free(name);
		free(text);
	}
}

/* What a direct match says beyond the way over D_c: strengths on one line add
 * up, and these are 0 then. */
static void say_residual(struct judging *j, int k, const char *measure,
			 const char *other, double *room)
{
	const struct study_measures *m = j->m;
	const char *arm = j->arms[k].name;
	double x = j->at[k];
	struct estimate e;
	char *name, *text;

	for (int i = 0; i < m->seed_count; i++) {
		const struct study_figure *direct =
			study_figure(m, arm, measure, m->seeds[i], x);
		const struct study_figure *over =
			study_figure(m, "zero", measure, m->seeds[i], 0);

		room[i] = direct && over ? direct->value - (j->arms[k].elo[i] +
							    over->value)
					 : (double)NAN;
	}
	e = estimate_t(room, m->seed_count, 0.95);
	if (isnan(e.value))
		return;
	name = mem_printf("residual/%s/%s", arm, other);
	text = mem_printf("Elo of the direct match with %s above what those "
			  "with D_c say",
			  other);
	study_estimate(j->out, name, e.value, e.low, e.high, e.count, text);
	free(name);
	free(text);
}

static void say_residuals(struct judging *j, int k, double *room)
{
	say_residual(j, k, "top", "top", room);
	say_residual(j, k, "panel/tactical", "tactical", room);
	say_residual(j, k, "panel/rollout", "rollout", room);
	say_residual(j, k, "panel/next", "next", room);
}

/* What a plan of desk size would show, were its seeds as these. */
static void say_power(struct judging *j, int k, double *room)
{
	const struct study_size *desk = study_size_find(j->m->study, "desk");
	int n = j->m->seed_count;
	struct estimate e;
	double sd, half;
	char *text;

	for (int s = 0; s < n; s++)
		room[s] = estimate_gamma(j->arms[k].elo[s], 0, j->top[s]);
	e = estimate_t(room, n, 0.95);
	if (n < 2 || isnan(e.high))
		return;
	sd = (e.high - e.low) / 2 / dist_student_quantile(0.975, n - 1) *
	     sqrt(n);
	half = dist_student_quantile(0.975, desk->seeds - 1) * sd /
	       sqrt(desk->seeds);
	text = mem_printf("half-width of gamma's interval that %d seeds would "
			  "give: its SD over these %d is %.3f",
			  desk->seeds, n, sd);
	estimate_named(j, "power", j->arms[k].name, half, (double)NAN,
		       (double)NAN, n, text);
	free(text);
}

static void say_arm(struct judging *j, int k, struct curves *c, double *room)
{
	const struct claim_figures *f = &j->figures[k];
	enum claim_role role = j->arms[k].role;
	const char *name = j->arms[k].name;
	struct estimate e = estimate_t(j->arms[k].elo, j->m->seed_count, 0.95);
	char *text;

	if (isnan(f->t.value))
		return;
	text = mem_printf("gamma: the wider of Student's and BCa's [%.2f, "
			  "%.2f]",
			  f->bca.low, f->bca.high);
	estimate_named(j, "gamma", name, f->t.value, f->low, f->high,
		       f->t.count, text);
	free(text);
	estimate_named(j, "elo", name, e.value, e.low, e.high, e.count,
		       "Elo above D_c");
	say_horizon(j, c, k);
	say_residuals(j, k, room);
	if (role != CLAIM_ARM && role != CLAIM_OWN)
		return;
	say_deltas(j, k, room);
	text = mem_printf("%s; p of gamma >= %.2f %.3g, against every control "
			  "%.3g, after Holm %.3g",
			  study_badge_name(f->badge), CLAIM_MUCH, f->much,
			  f->controls, f->adjusted);
	estimate_named(j, role == CLAIM_OWN ? "badge" : "arm", name, f->t.value,
		       f->low, f->high, f->t.count, text);
	free(text);
	if (tunes(j->m))
		say_power(j, k, room);
}

/* --- what would have changed it ------------------------------------------ */

/* The bound of an arm that is nearest to another verdict. */
static void note_arms(struct judging *j, enum study_badge badge)
{
	for (int k = 0; k < j->count; k++) {
		const struct claim_figures *f = &j->figures[k];
		double bound = badge == STUDY_SUPPORTED ? CLAIM_MUCH
			       : badge == STUDY_PARTIAL ? 0
							: CLAIM_LITTLE;
		double end = badge == STUDY_REFUTED ? f->high : f->low;
		char *text;

		if (j->arms[k].role != CLAIM_ARM || isnan(end))
			continue;
		text = mem_printf("gamma of %s: %s bound %.2f, and %.2f "
				  "decides",
				  j->arms[k].name,
				  badge == STUDY_REFUTED ? "upper" : "lower",
				  end, bound);
		note(j, false, fabs(end - bound), text);
		free(text);
	}
}

static void say_all(struct judging *j, const struct claim *c)
{
	double *room = mem_zalloc((size_t)j->m->seed_count, sizeof(*room));
	struct curves curves;

	read_curves(j->m, &curves);
	for (int k = 0; k < j->count; k++)
		say_arm(j, k, &curves, room);
	note_arms(j, c->badge);
	if (*j->nearest)
		study_estimate(j->out, "nearest", j->distance, (double)NAN,
			       (double)NAN, 0, j->nearest);
	free(curves.seeds);
	free(curves.points);
	free(room);
}

void claim_judge_parts(const struct study_measures *m,
		       const struct claim_part *parts,
		       struct study_judgement *out)
{
	struct judging j;
	struct claim_table t;
	struct claim c;

	fill(&j, m, parts, out);
	t = (struct claim_table){
		.seeds = m->seed_count,
		.top = j.top,
		.arms = j.arms,
		.arm_count = j.count,
		.draws = ESTIMATE_DRAWS_DEFAULT,
	};
	/* Figures first, for gates that hold a gamma. */
	claim_judge(&t, j.figures, &c);
	say_gates(&j);
	t.gates = j.gates;
	t.gate_count = j.gate_count;
	t.smoke = !strcmp(m->size, "smoke") || tunes(m);
	claim_judge(&t, j.figures, &c);
	say_all(&j, &c);
	t.smoke = false; /* the frame says that, with what it would read */
	claim_judge(&t, j.figures, &c);
	study_badge_say(out, c.badge, "%s", c.reason);
	release(&j);
}
