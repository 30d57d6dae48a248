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
#include "core/study/claim_table.h"
#include "core/study/study.h"

/* From measures to a badge.  What is decided is claim_judge()'s; here its table
 * is filled, from nothing but measures, and its figures are told. */

/* --- estimates ----------------------------------------------------------- */

static void estimate_named(struct claim_judging *j, const char *what,
			   const char *arm, double value, double low,
			   double high, int64_t n, const char *text)
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

static void say_horizon(struct claim_judging *j, struct curves *c, int k)
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

static void say_deltas(struct claim_judging *j, int k, double *room)
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
static void say_residual(struct claim_judging *j, int k, const char *measure,
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

static void say_residuals(struct claim_judging *j, int k, double *room)
{
	say_residual(j, k, "top", "top", room);
	say_residual(j, k, "panel/tactical", "tactical", room);
	say_residual(j, k, "panel/rollout", "rollout", room);
	say_residual(j, k, "panel/next", "next", room);
}

/* What a plan of desk size would show, were its seeds as these. */
static void say_power(struct claim_judging *j, int k, double *room)
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

static void say_arm(struct claim_judging *j, int k, struct curves *c,
		    double *room)
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
	if (claim_tunes(j->m))
		say_power(j, k, room);
}

/* --- what would have changed it ------------------------------------------ */

/* The bound of an arm that is nearest to another verdict. */
static void note_arms(struct claim_judging *j, enum study_badge badge)
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
		claim_note(j, false, fabs(end - bound), text);
		free(text);
	}
}

static void say_all(struct claim_judging *j, const struct claim *c)
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
	struct claim_judging j;
	struct claim_table t;
	struct claim c;

	claim_table_fill(&j, m, parts, out);
	t = (struct claim_table){
		.seeds = m->seed_count,
		.top = j.top,
		.arms = j.arms,
		.arm_count = j.count,
		.draws = ESTIMATE_DRAWS_DEFAULT,
	};
	/* Figures first, for gates that hold a gamma. */
	claim_judge(&t, j.figures, &c);
	claim_say_gates(&j);
	t.gates = j.gates;
	t.gate_count = j.gate_count;
	t.smoke = !strcmp(m->size, "smoke") || claim_tunes(m);
	claim_judge(&t, j.figures, &c);
	say_all(&j, &c);
	t.smoke = false; /* the frame says that, with what it would read */
	claim_judge(&t, j.figures, &c);
	study_badge_say(out, c.badge, "%s", c.reason);
	claim_table_release(&j);
}
