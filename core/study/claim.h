/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CLAIM_H
#define CORE_STUDY_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/rate/estimate.h"
#include "core/study/study.h"

/*
 * The verdict on a claim of extrapolation - an imitator of a learner's history
 * goes on where the history was cut - as arithmetic over a table of strengths.
 *
 * The scale is gamma (estimate.h): 0 is the best learner on exactly the data
 * before the cut, 1 the teacher's end.  All strengths are Elo from direct
 * matches, by seed of the teacher, and the seed is the unit.  An interval is
 * from the lower of two lows to the higher of two highs, Student's and the
 * bootstrap's (BCa), so that a verdict holds by both.  In this order:
 *
 *	not evidence	smoke size
 *	uninterpretable	a gate failed; it is named
 *	supported	an arm's low is at least CLAIM_MUCH, it beats every
 *			control, each at one-sided 5 % (intersection-union), and
 *			both hold after Holm's correction for all arms
 *	extrapolated without a learner
 *			a control's low is at least CLAIM_MUCH
 *	partial		an arm's low is above 0 and it beats every control, of
 *			which a shuffled one is one at least.  What many lives
 *			give without their order can be above 0, too
 *	refuted at this scale
 *			the high of every arm is below CLAIM_LITTLE
 *	uninterpretable	none of these: what was not measured, or which interval
 *			is too wide, is named
 */
#define CLAIM_MUCH 0.5
#define CLAIM_LITTLE 0.25

enum claim_role {
	CLAIM_ARM,      /* what the claim is about */
	CLAIM_OWN,      /* judged as an arm, for itself: it may play or learn */
	CLAIM_CONTROL,  /* has what the arms have, and should not do it */
	CLAIM_SHUFFLED, /* a control whose histories are out of order */
	CLAIM_SHOWN,    /* knows more than the arms: a ceiling, not a control */
};

struct claim_arm {
	const char *name;
	enum claim_role role;
	const double *elo; /* [seeds]: above the zero of gamma; NAN: not
			    * measured */
};

struct claim_gate {
	const char *name;
	bool passed;
};

struct claim_table {
	int seeds;
	const double *top; /* [seeds]: the teacher's end above the zero */
	const struct claim_arm *arms;
	int arm_count;
	const struct claim_gate *gates;
	int gate_count;
	bool smoke;
	struct estimate_draws draws; /* level 0.95 */
};

/* Of one arm, whatever its role. */
struct claim_figures {
	struct estimate t, bca; /* of gamma */
	double low, high;       /* the wider of both; NAN: not measured */
	double much;            /* p of gamma >= CLAIM_MUCH, two-sided as the
				 * interval is */
	double controls;        /* largest p against a control; NAN without
				 * one: then nothing is supported */
	double shuffled;        /* the same of shuffled ones; NAN without one */
	double adjusted;        /* larger of much and controls, after Holm */
	enum study_badge badge; /* of arms, and of those for themselves; of
				 * others STUDY_NOT_EVIDENCE.  Smoke and gates
				 * hold for all */
};

struct claim {
	enum study_badge badge;
	const char *gate; /* that failed; NULL */
	const char *arm;  /* that the badge is about; NULL: all or none */
	char reason[240];
};

/* figures[arm_count]; borrows names.  Pure. */
void claim_judge(const struct claim_table *t, struct claim_figures *figures,
		 struct claim *out);

#endif
