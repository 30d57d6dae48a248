/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/claim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/rate/estimate.h"

static const double alpha = 0.05;

static bool is_arm(const struct claim_arm *a)
{
	return a->role == CLAIM_ARM || a->role == CLAIM_OWN;
}

static bool is_control(const struct claim_arm *a)
{
	return a->role == CLAIM_CONTROL || a->role == CLAIM_SHUFFLED;
}

/* --- figures ------------------------------------------------------------- */

/* One-sided: that the one is stronger than the other. */
static double stronger(const struct claim_table *t, const struct claim_arm *a,
		       const struct claim_arm *b, double *difference)
{
	for (int i = 0; i < t->seeds; i++)
		difference[i] = a->elo[i] - b->elo[i];
	return estimate_t_above(difference, t->seeds, 0);
}

/* The largest p against controls, or against shuffled ones alone. */
static double against(const struct claim_table *t, const struct claim_arm *a,
		      bool shuffled, double *room)
{
	double *p = mem_zalloc((size_t)t->arm_count, sizeof(*p)), most;
	int n = 0;

	for (int k = 0; k < t->arm_count; k++) {
		const struct claim_arm *b = &t->arms[k];

		if (shuffled ? b->role == CLAIM_SHUFFLED : is_control(b))
			p[n++] = stronger(t, a, b, room);
	}
	most = estimate_all(p, n);
	free(p);
	return most;
}

static void measure(const struct claim_table *t, const struct claim_arm *a,
		    struct claim_figures *f, double *room)
{
	for (int i = 0; i < t->seeds; i++)
		room[i] = estimate_gamma(a->elo[i], 0, t->top[i]);
	f->t = estimate_t(room, t->seeds, t->draws.level);
	f->bca = estimate_bca_mean(room, t->seeds, &t->draws);
	f->low = f->high = (double)NAN;
	if (!isnan(f->t.low) && !isnan(f->bca.low)) {
		f->low = fmin(f->t.low, f->bca.low);
		f->high = fmax(f->t.high, f->bca.high);
	}
	f->much = fmin(1, 2 * estimate_t_above(room, t->seeds, CLAIM_MUCH));
	if (isnan(f->low))
		f->much = (double)NAN;
	f->controls = f->shuffled = f->adjusted = (double)NAN;
	if (is_arm(a)) {
		f->controls = against(t, a, false, room);
		f->shuffled = against(t, a, true, room);
	}
}

static double both(const struct claim_figures *f)
{
	const double p[] = {f->much, f->controls};

	return estimate_all(p, 2);
}

/* Arms of the claim are looked at together, others each for itself. */
static void correct(const struct claim_table *t, struct claim_figures *f)
{
	double *p = mem_zalloc(2 * (size_t)t->arm_count + 1, sizeof(*p));
	double *adjusted = p + t->arm_count;
	int n = 0;

	for (int k = 0; k < t->arm_count; k++) {
		if (t->arms[k].role == CLAIM_OWN)
			f[k].adjusted = both(&f[k]);
		if (t->arms[k].role == CLAIM_ARM)
			p[n++] = both(&f[k]);
	}
	estimate_holm(p, n, adjusted);
	n = 0;
	for (int k = 0; k < t->arm_count; k++)
		if (t->arms[k].role == CLAIM_ARM)
			f[k].adjusted = adjusted[n++];
	free(p);
}

/* Comparisons with NAN are false: what was not measured shows nothing. */
static enum study_badge badge_of(const struct claim_figures *f)
{
	if (f->low >= CLAIM_MUCH && f->adjusted <= alpha)
		return STUDY_SUPPORTED;
	if (f->low > 0 && f->controls <= alpha && f->shuffled <= alpha)
		return STUDY_PARTIAL;
	if (f->high < CLAIM_LITTLE)
		return STUDY_REFUTED;
	return STUDY_UNINTERPRETABLE;
}

/* --- verdict ------------------------------------------------------------- */

/* The first of the claim's arms with this badge; -1: none. */
static int find_arm(const struct claim_table *t, const struct claim_figures *f,
		    enum study_badge badge)
{
	for (int k = 0; k < t->arm_count; k++)
		if (t->arms[k].role == CLAIM_ARM && f[k].badge == badge)
			return k;
	return -1;
}

static int find_control(const struct claim_table *t,
			const struct claim_figures *f)
{
	for (int k = 0; k < t->arm_count; k++)
		if (is_control(&t->arms[k]) && f[k].low >= CLAIM_MUCH)
			return k;
	return -1;
}

static const char *failed_gate(const struct claim_table *t)
{
	for (int i = 0; i < t->gate_count; i++)
		if (!t->gates[i].passed)
			return t->gates[i].name;
	return NULL;
}

static void say(struct claim *out, enum study_badge badge,
		const struct claim_table *t, const struct claim_figures *f,
		int k, const char *why)
{
	out->badge = badge;
	out->arm = t->arms[k].name;
	snprintf(out->reason, sizeof(out->reason),
		 "gamma of %s is %.2f [%.2f, %.2f]: %s", t->arms[k].name,
		 f[k].t.value, f[k].low, f[k].high, why);
}

/* Nothing of the above: which arm stands in the way. */
static void say_open(const struct claim_table *t, const struct claim_figures *f,
		     struct claim *out)
{
	int k = find_arm(t, f, STUDY_UNINTERPRETABLE);

	out->badge = STUDY_UNINTERPRETABLE;
	if (k < 0) {
		snprintf(out->reason, sizeof(out->reason),
			 "the table has no arm to judge");
		return;
	}
	say(out, STUDY_UNINTERPRETABLE, t, f, k,
	    "no gate failed, and this is neither much, nor surely more than "
	    "nothing, nor surely little");
	if (isnan(f[k].low))
		snprintf(out->reason, sizeof(out->reason),
			 "%s was not measured at every seed, of two at least",
			 t->arms[k].name);
}

static void decide(const struct claim_table *t, const struct claim_figures *f,
		   struct claim *out)
{
	int supported = find_arm(t, f, STUDY_SUPPORTED);
	int control = find_control(t, f);
	int partial = find_arm(t, f, STUDY_PARTIAL);

	if (supported >= 0) {
		say(out, STUDY_SUPPORTED, t, f, supported,
		    "half of the way at least, and it beats every control");
	} else if (control >= 0) {
		say(out, STUDY_WITHOUT_LEARNER, t, f, control,
		    "a control goes half of the way");
	} else if (partial >= 0) {
		say(out, STUDY_PARTIAL, t, f, partial,
		    "more than nothing, and it beats every control");
	} else if (find_arm(t, f, STUDY_UNINTERPRETABLE) < 0 &&
		   find_arm(t, f, STUDY_REFUTED) >= 0) {
		out->badge = STUDY_REFUTED;
		snprintf(out->reason, sizeof(out->reason),
			 "all gates passed, and gamma of every arm is below "
			 "%.2f",
			 CLAIM_LITTLE);
	} else {
		say_open(t, f, out);
	}
}

void claim_judge(const struct claim_table *t, struct claim_figures *figures,
		 struct claim *out)
{
	double *room = mem_zalloc((size_t)t->seeds + 1, sizeof(*room));

	memset(out, 0, sizeof(*out));
	for (int k = 0; k < t->arm_count; k++)
		measure(t, &t->arms[k], &figures[k], room);
	correct(t, figures);
	for (int k = 0; k < t->arm_count; k++)
		figures[k].badge = is_arm(&t->arms[k]) ? badge_of(&figures[k])
						       : STUDY_NOT_EVIDENCE;
	free(room);
	out->gate = failed_gate(t);
	if (t->smoke) {
		out->badge = STUDY_NOT_EVIDENCE;
		snprintf(out->reason, sizeof(out->reason),
			 "figures of smoke size say nothing of the claim");
	} else if (out->gate) {
		out->badge = STUDY_UNINTERPRETABLE;
		snprintf(out->reason, sizeof(out->reason), "gate %.80s failed",
			 out->gate);
	} else {
		decide(t, figures, out);
		return;
	}
	for (int k = 0; k < t->arm_count; k++)
		figures[k].badge = out->badge;
}
