/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/rate/estimate.h"
#include "core/study/answer.h"
#include "core/study/claim.h"
#include "core/study/claim_int.h"
#include "core/study/study.h"

/*
 * B-sim alone, and fair to it: an imitator with frozen weights plays itself by
 * the rules for as many games as the teacher learned from after the cut.  Where
 * its learning could be is what it carries from game to game, so each kind of
 * that is an arm.  Lives, imitators, D_c and scoring are the claim's.
 */

static const char *const kinds[] = {"sim", "sim-gru", "sim-linear", "sim-fast"};
static const char *const controls[] = {"sim-permuted", "empty"};

static const struct study_arm arms[] = {
	{"histories", "teacher", "whole lives that imitators are trained on"},
	{"teacher", "teacher", "a life up to the cut"},
	{"offline", "control",
	 "D_c: the best that learns offline from what is before the cut"},
	{"net-strict", "gate", "an imitator that carries a context"},
	{"net-gru", "gate", "one that carries a gated recurrent state"},
	{"net-linear", "gate", "one that carries sums, as linear attention"},
	{"net-fast", "gate", "one that carries fast weights"},
	{"continued", "teacher", "the life past the cut"},
	{"sim", "arm", "net-strict plays by the rules, frozen"},
	{"sim-gru", "arm", "the same of net-gru"},
	{"sim-linear", "arm", "the same of net-linear"},
	{"sim-fast", "arm", "the same of net-fast"},
	{"sim-permuted", "control", "as sim, told the results of other games"},
	{"empty", "control", "net-strict reads nothing before it dreams"},
	{"yoked", "teacher", "net-strict reads the life's real last games"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"G1", "headroom: the teacher's end is above D_c by 200 Elo in the "
	       "mean over seeds, with the lower bound at 150 at least, or as "
	       "the settings say"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	/* Lives are the claim's, and so is all that decides them. */
	{"smoke",
	 "rows=4,cols=5,lives=lives-4x5,filters=16,simulations=16,rate=0.002,"
	 "rate_less=0.0014,rate_more=0.0028,games=4000,cut=400,before=6,after="
	 "6,"
	 "per_stage=32,replay_temperature=0.25,replay_share=0,train=8,more=0,"
	 "zero_filters=16,zero_blocks=2,zero_votes=1,"
	 "zero_epochs=8,zero_last=5,watch_width=48,watch_layers=3,"
	 "watch_context=256,"
	 "watch_filters=0,watch_tokens=0.1,watch_cut_tokens=0,watch_sequences="
	 "8,watch_warmup=20,"
	 "dreamed=64,simulated=512,sim_lanes=2,dream_lanes=4,dream_tail=200,"
	 "opening_plies=4,pairs=60,panel_pairs=0,curve_pairs=40,"
	 "regret_moves=0",
	 2},
	{"desk", "", 12},
	{"overnight",
	 "lives=lives-c4-32,filters=32,blocks=3,games=20000,cut=1000,train=48",
	 16},
	{.name = NULL},
};

/* --- the judge ----------------------------------------------------------- */

/* The strength of an arm where the claim judges it. */
static void strength(const struct study_measures *m, const char *arm,
		     double *out)
{
	double x = claim_judged_at(m->conf, claim_part_find(arm)->point);

	study_values(m, arm, "elo", x, out);
}

/* Elo for a doubling of the games that it played, by least squares over the
 * points of a seed that has two at least. */
static double slope(const struct study_measures *m, const char *arm,
		    uint64_t seed)
{
	double n = 0, t = 0, y = 0, tt = 0, ty = 0;

	for (size_t i = 0; i < m->count; i++) {
		const struct study_figure *f = &m->figures[i];
		double at;

		if (strcmp(f->arm, arm) || strcmp(f->name, "elo") ||
		    f->seed != seed || f->x < 1)
			continue;
		at = log2(f->x);
		n++;
		t += at;
		y += f->value;
		tt += at * at;
		ty += at * f->value;
	}
	return n * tt > t * t ? (n * ty - t * y) / (n * tt - t * t)
			      : (double)NAN;
}

struct fair {
	const struct study_measures *m;
	struct study_judgement *out;
	double *top, *elo, *room; /* owned; [seeds] */
};

static void say_headroom(struct fair *f)
{
	const struct claim_conf *c = f->m->conf;
	struct estimate e = estimate_t(f->top, f->m->seed_count, 0.95);

	study_gate_say(f->out, "G1",
		       e.value >= (double)c->headroom &&
			       e.low >= (double)c->headroom_low,
		       e.value, (double)c->headroom,
		       "%+.0f [%.0f, %.0f] Elo above D_c", e.value, e.low,
		       e.high);
}

static void say(struct fair *f, const char *what, const char *arm,
		const struct estimate *e, const char *text)
{
	char *name = mem_printf("%s/%s", what, arm);

	study_estimate(f->out, name, e->value, e->low, e->high, e->count, text);
	free(name);
}

/* The wider of Student's interval and the bootstrap's. */
static struct estimate gamma_of(struct fair *f, const char *arm)
{
	const struct estimate_draws draws = ESTIMATE_DRAWS_DEFAULT;
	int n = f->m->seed_count;
	struct estimate t, bca;

	strength(f->m, arm, f->elo);
	for (int i = 0; i < n; i++)
		f->room[i] = estimate_gamma(f->elo[i], 0, f->top[i]);
	t = estimate_t(f->room, n, 0.95);
	bca = estimate_bca_mean(f->room, n, &draws);
	t.low = fmin(t.low, bca.low);
	t.high = fmax(t.high, bca.high);
	say(f, "gamma", arm, &t, "of the way from D_c to the teacher's end");
	return t;
}

static void say_slope(struct fair *f, const char *arm)
{
	struct estimate e;

	for (int i = 0; i < f->m->seed_count; i++)
		f->room[i] = slope(f->m, arm, f->m->seeds[i]);
	e = estimate_t(f->room, f->m->seed_count, 0.95);
	say(f, "slope", arm, &e, "Elo for twice the games that it played");
}

/* The largest one-sided p of being above a control. */
static double above_controls(struct fair *f, const char *arm)
{
	double p[ARRAY_LEN(controls)];
	int n = f->m->seed_count;

	for (size_t k = 0; k < ARRAY_LEN(controls); k++) {
		strength(f->m, arm, f->elo);
		strength(f->m, controls[k], f->room);
		for (int i = 0; i < n; i++)
			f->room[i] = f->elo[i] - f->room[i];
		p[k] = estimate_t_above(f->room, n, 0);
	}
	return estimate_all(p, ARRAY_LEN(controls));
}

/* What the kinds come to together. */
static void say_badge(struct fair *f)
{
	const char *best = kinds[0];
	double low = -INFINITY, high = -INFINITY;
	bool all = true;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct estimate e = gamma_of(f, kinds[i]);

		say_slope(f, kinds[i]);
		all &= !isnan(e.high);
		if (e.low > low) {
			low = e.low;
			best = kinds[i];
		}
		high = fmax(high, e.high);
	}
	for (size_t i = 0; i < ARRAY_LEN(controls); i++)
		gamma_of(f, controls[i]);
	gamma_of(f, "yoked");
	if (low >= CLAIM_LITTLE && above_controls(f, best) <= 0.05)
		study_badge_say(f->out, STUDY_SUPPORTED,
				"%s, frozen, has a gamma of %.2f at least, "
				"above what it has with the results of other "
				"games and without reading",
				best, low);
	else if (low > 0 && above_controls(f, best) <= 0.05)
		study_badge_say(f->out, STUDY_PARTIAL,
				"%s, frozen, has a gamma of %.2f at least",
				best, low);
	else if (all && high < CLAIM_LITTLE)
		study_badge_say(f->out, STUDY_REFUTED,
				"no kind of state takes a frozen imitator "
				"further than a gamma of %.2f",
				high);
	else
		study_badge_say(f->out, STUDY_UNINTERPRETABLE,
				"the interval of a kind of state is too wide, "
				"or it was not measured at every seed");
}

static void judge(const struct study_measures *m, struct study_judgement *out)
{
	size_t n = (size_t)m->seed_count;
	struct fair f = {
		.m = m,
		.out = out,
		.top = mem_zalloc(n, sizeof(double)),
		.elo = mem_zalloc(n, sizeof(double)),
		.room = mem_zalloc(n, sizeof(double)),
	};

	study_values(m, "continued", "elo", 0, f.top);
	say_headroom(&f);
	say_badge(&f);
	free(f.top);
	free(f.elo);
	free(f.room);
}

/* Past what the data before the cut are worth. */
static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "gamma/*", 0},
	{.arm = NULL},
};

const struct study study_fair = {
	.name = "fair",
	.question = "Does a frozen imitator of a learner learn from games that "
		    "it plays itself by the rules, by what it carries from one "
		    "to the next?",
	.metric = "gamma, as the claim has it, after as many games as the "
		  "teacher learned from past the cut, and Elo for a doubling "
		  "of them; the teacher's seed is the unit",
	.thresholds =
		"intervals are the wider of Student's and the bootstrap's "
		"(BCa).  supported: a kind of state has a low of at least 0.25 "
		"and beats both controls at one-sided 5 %; partial: its low is "
		"above 0 and it beats them; refuted at this scale: every "
		"kind's high is below 0.25; else uninterpretable",
	.frozen = "the weights of every imitator once it is trained",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = claim_spec,
	.conf_size = sizeof(struct claim_conf),
	.by_arm = true,
	.once = claim_once,
	.trial = claim_trial,
	.judge = judge,
	.answers = answers,
};
