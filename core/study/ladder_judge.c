/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/dist.h"
#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/study/study.h"
#include "core/study/ladder.h"

/* What the learner of codes comes to: it holds all, and slips in one of twenty
 * actions, of which a quarter is right. */
static const double ASYMPTOTE = 0.9625;

const struct study_gate ladder_gates[] = {
	{"p0", "bandit: the imitator regrets at most 1.15 times what its "
	       "source does, and every control at least 2 times"},
	{"p1", "dark room: the imitator gains at least 0.80 of the best over "
	       "episodes 50-60, lower bound at least 0.75, and the shuffled "
	       "and the expert control at most 0.30"},
	{"p3", "hidden rules: the imitator's gain in games won exceeds that of "
	       "each control by at least 0.08, lower bound above 0"},
	{"p4-whole", "hidden code: who was shown whole lives gains at least "
		     "0.8 of the asymptote over episodes 50-60 after the cut"},
	{"p4", "hidden code: phi (the way from a control to the asymptote) at "
	       "temperature 1 has a lower bound of at least 0.3 against the "
	       "frozen and the shuffled control at temperature 1, and above 0 "
	       "against each at its best temperature; the frozen control is "
	       "at most 0.05 above the snapshot at the cut"},
	{.name = NULL},
};

/* Figures of one judgement; the first that is missing is noted. */
struct view {
	const struct study_measures *m;
	struct study_judgement *out;
	char missing[160];
};

/* The mean of all tasks of all seeds, with Student's interval over them, from
 * those of each seed; and the seeds at the ends. */
struct pooled {
	double value, low, high;
	double least, most;
	int count;
};

static const struct study_figure *
find(struct view *v, const char *arm, const char *name, uint64_t seed, double x)
{
	const struct study_figure *f = study_figure(v->m, arm, name, seed, x);

	if (!f && !*v->missing)
		snprintf(v->missing, sizeof(v->missing),
			 "%s of %s at seed %llu", name, arm,
			 (unsigned long long)seed);
	return f;
}

/* Squares about the mean of one seed's tasks. */
static double squares_of(const struct study_figure *f)
{
	double half = (f->high - f->low) / 2;
	double n = (double)f->n;
	double error = half / dist_student_quantile(0.975, n - 1);

	return n > 1 && isfinite(half) ? error * error * n * (n - 1) : 0;
}

static struct pooled pool(struct view *v, const char *arm, const char *name,
			  double x)
{
	static const struct pooled none = {(double)NAN, (double)NAN,
					   (double)NAN, (double)NAN,
					   (double)NAN, 0};
	struct pooled p = {.least = INFINITY, .most = -INFINITY};
	double squares = 0, half;

	for (int i = 0; i < v->m->seed_count; i++) {
		const struct study_figure *f =
			find(v, arm, name, v->m->seeds[i], x);

		if (!f)
			return none;
		p.value += (double)f->n * f->value;
		p.count += (int)f->n;
		p.least = fmin(p.least, f->value);
		p.most = fmax(p.most, f->value);
	}
	p.value /= p.count;
	for (int i = 0; i < v->m->seed_count; i++) {
		const struct study_figure *f =
			find(v, arm, name, v->m->seeds[i], x);
		double off = f->value - p.value;

		squares += squares_of(f) + (double)f->n * off * off;
	}
	half = dist_student_quantile(0.975, p.count - 1) *
	       sqrt(squares / (p.count - 1) / p.count);
	p.low = p.value - half;
	p.high = p.value + half;
	return p;
}

/* NAN spreads: what was not measured does not pass. */
static double smaller(double a, double b)
{
	return isnan(a) || isnan(b) ? (double)NAN : fmin(a, b);
}

static double larger(double a, double b)
{
	return -smaller(-a, -b);
}

static bool judge_bandit(struct view *v)
{
	static const char *const controls[] = {"p0-shuffled", "p0-expert",
					       "p0-last"};
	double source = pool(v, "p0-full", "teacher-lost", 0).value;
	double ratio = pool(v, "p0-full", "lost", 1).value / source;
	double control = INFINITY;
	bool pass;

	for (int k = 0; k < 3; k++)
		control =
			smaller(control,
				pool(v, controls[k], "lost", 1).value / source);
	pass = ratio <= 1.15 && control >= 2;
	study_gate_say(v->out, "p0", pass, ratio, 1.15,
		       "%.3f times the source's regret of %.2f; controls at "
		       "least %.2f times",
		       ratio, source, control);
	return pass;
}

static bool judge_room(struct view *v)
{
	struct pooled p = pool(v, "p1-full", "late", 1);
	double control = larger(pool(v, "p1-shuffled", "late", 1).value,
				pool(v, "p1-expert", "late", 1).value);
	bool pass = p.value >= 0.8 && p.low >= 0.75 && control <= 0.3;

	study_gate_say(v->out, "p1", pass, p.value, 0.8,
		       "%.3f [%.3f, %.3f] of the best, seeds %.3f to %.3f; "
		       "controls at most %.3f",
		       p.value, p.low, p.high, p.least, p.most, control);
	return pass;
}

static bool judge_rules(struct view *v)
{
	struct pooled a = pool(v, "p3-full", "over-p3-shuffled", 1);
	struct pooled b = pool(v, "p3-full", "over-p3-last", 1);
	double value = smaller(a.value, b.value);
	bool pass = value >= 0.08 && smaller(a.low, b.low) > 0;

	study_gate_say(v->out, "p3", pass, value, 0.08,
		       "%+.3f [%.3f, %.3f] over shuffled, seeds %.3f to %.3f; "
		       "%+.3f [%.3f, %.3f] over last",
		       a.value, a.low, a.high, a.least, a.most, b.value, b.low,
		       b.high);
	return pass;
}

static bool judge_whole(struct view *v)
{
	struct pooled p = pool(v, "p4-whole", "late", 1);
	double bound = 0.8 * ASYMPTOTE;

	study_gate_say(v->out, "p4-whole", p.value >= bound, p.value, bound,
		       "%.3f [%.3f, %.3f] of %.4f, seeds %.3f to %.3f", p.value,
		       p.low, p.high, ASYMPTOTE, p.least, p.most);
	return p.value >= bound;
}

/* The way from a control to the asymptote that the cut arm went. */
static struct pooled phi(struct view *v, const char *control,
			 double temperature)
{
	char *name = mem_printf("over-%s", control);
	struct pooled p = pool(v, "p4-cut", name, temperature);
	double way = ASYMPTOTE - pool(v, control, "late", temperature).value;

	free(name);
	p.value /= way;
	p.low /= way;
	p.high /= way;
	return p;
}

/* Against the temperature at which the control is best. */
static struct pooled phi_best(struct view *v, const char *control)
{
	const float *t = ladder_code.temperature;
	int best = 0;

	for (int i = 1; i < LADDER_TEMPERATURES && t[i] >= 0; i++)
		if (pool(v, control, "late", (double)t[i]).value >
		    pool(v, control, "late", (double)t[best]).value)
			best = i;
	return phi(v, control, (double)t[best]);
}

static bool judge_code(struct view *v)
{
	struct pooled a = phi(v, "p4-frozen", 1), b = phi(v, "p4-shuffled", 1);
	struct pooled c = phi_best(v, "p4-frozen");
	struct pooled d = phi_best(v, "p4-shuffled");
	double above = pool(v, "p4-frozen", "late", 1).value -
		       pool(v, "p4-frozen", "cut-strength", 0).value;
	double low = smaller(a.low, b.low), best = smaller(c.low, d.low);
	bool pass = low >= 0.3 && best > 0 && above <= 0.05;

	study_gate_say(v->out, "p4", pass, low, 0.3,
		       "phi %.3f [%.3f, %.3f] over frozen, %.3f [%.3f, %.3f] "
		       "over shuffled; at their best temperatures %.3f [%.3f, "
		       "%.3f] and %.3f [%.3f, %.3f]; frozen %+.3f from the "
		       "snapshot",
		       a.value, a.low, a.high, b.value, b.low, b.high, c.value,
		       c.low, c.high, d.value, d.low, d.high, above);
	return pass;
}

/* --- what is reported ----------------------------------------------------- */

static void report(struct view *v, const char *arm, const char *name, double x,
		   const char *what)
{
	double *value = mem_zalloc((size_t)v->m->seed_count, sizeof(*value));
	struct estimate e;
	char *title;
	int n = 0;

	study_values(v->m, arm, name, x, value);
	for (int i = 0; i < v->m->seed_count; i++)
		if (!isnan(value[i]))
			value[n++] = value[i];
	e = estimate_t(value, n, 0.95);
	title = mem_printf("%s %s", arm, name);
	if (n)
		study_estimate(v->out, title, e.value, e.low, e.high, n, what);
	free(title);
	free(value);
}

static void report_phi(struct view *v, const char *control)
{
	struct pooled p = phi(v, control, 1);
	char *title = mem_printf("phi over %s", control);

	study_estimate(v->out, title, p.value, p.low, p.high, p.count,
		       "share of the way from the control to the asymptote");
	free(title);
}

static void report_all(struct view *v)
{
	static const char late[] = "gained in the last episodes, mean of seeds";
	static const char more[] = "more at its end than at its beginning";

	for (const struct ladder_arm *a = ladder_arms; a->name; a++) {
		if (a->rung == &ladder_bandit)
			report(v, a->name, "lost", 1, "regret of a life");
		else if (a->rung->counted == LADDER_GAINED)
			report(v, a->name, "gained", 1, more);
		else
			report(v, a->name, "late", 1, late);
	}
	report(v, "p0-full", "teacher-lost", 0, "regret of the source");
	report(v, "p4-cut", "teacher-late", 0, "the learner that goes on");
	report(v, "p4-cut", "snapshot-late", 0, "the learner as it was cut");
	report(v, "p4-cut", "improved", 0, "share of tasks that improve");
	if (study_of_rungs(v->m->rungs, "p4")) {
		report_phi(v, "p4-frozen");
		report_phi(v, "p4-shuffled");
	}
	report(v, "p4a-noise", "teacher-end", 0, "the best of its data");
	report(v, "p4a-noise", "late", 0.5, "at temperature 0.5");
	report(v, "p4a-last", "late", 0, "at temperature 0");
	report(v, "p1-full", "teacher-end", 0, "the source at its end");
	report(v, "p4b-cut", "over-p4b-shuffled", 1, more);
	report(v, "p4b-cut", "teacher-gained", 0, more);
	report(v, "p4c-cut", "teacher-late", 0, "the learner that goes on");
	report(v, "p4c-cut", "snapshot-late", 0, "the learner as it was cut");
	report(v, "p4c-cut", "beside-late", 0, "ridge regression");
}

struct said {
	int gates, failed; /* p4-whole is not among the failed */
	bool not_whole;
	char which[64]; /* failed */
};

static struct said judge_gates(struct view *v)
{
	static const struct {
		const char *name;
		bool (*judge)(struct view *);
	} gates[] = {
		{"p0", judge_bandit}, {"p1", judge_room},
		{"p3", judge_rules},  {"p4-whole", judge_whole},
		{"p4", judge_code},
	};
	struct said s = {0};

	for (size_t i = 0; i < ARRAY_LEN(gates); i++) {
		size_t n = strlen(s.which);

		if (!study_of_rungs(v->m->rungs, gates[i].name))
			continue;
		s.gates++;
		if (gates[i].judge(v))
			continue;
		if (gates[i].judge == judge_whole) {
			s.not_whole = true;
			continue;
		}
		snprintf(s.which + n, sizeof(s.which) - n, "%s%s",
			 s.failed++ ? ", " : "", gates[i].name);
	}
	return s;
}

void ladder_judge(const struct study_measures *m, struct study_judgement *out)
{
	struct view v = {.m = m, .out = out};
	struct said s = judge_gates(&v);

	if (!s.gates)
		study_badge_say(out, STUDY_UNINTERPRETABLE,
				"no gate is asked of rung %s: its figures are "
				"reported and decide nothing",
				m->rungs);
	else if (*v.missing)
		study_badge_say(out, STUDY_UNINTERPRETABLE,
				"not all trials are done: no %s", v.missing);
	else if (s.not_whole)
		study_badge_say(out, STUDY_UNINTERPRETABLE,
				"gate p4-whole failed: whole lives of the "
				"hidden code were not imitated, so cut ones "
				"say nothing");
	else if (s.failed && !m->edition)
		study_badge_say(out, STUDY_FAILED,
				"a rung of the ladder does not hold");
	else if (s.failed)
		study_badge_say(out, STUDY_FAILED,
				"rung%s %s of the ladder %s not hold",
				s.failed > 1 ? "s" : "", s.which,
				s.failed > 1 ? "do" : "does");
	else if (m->rungs)
		study_badge_say(out, STUDY_PASSED,
				"adaptation in context holds on rung%s %s",
				strchr(m->rungs, ',') ? "s" : "", m->rungs);
	else
		study_badge_say(out, STUDY_PASSED,
				"adaptation in context holds on every rung, "
				"and past the cut where one rule, applied to "
				"more contexts, is all there is to learn");
	report_all(&v);
}
