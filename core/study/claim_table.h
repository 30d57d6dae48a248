/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CLAIM_TABLE_H
#define CORE_STUDY_CLAIM_TABLE_H

#include <stdbool.h>

#include "core/study/claim.h"
#include "core/study/study.h"

/*
 * The judge of the claim while it judges: the table of claim.h, filled from
 * measures.  What is said of it is in claim_gates.c and claim_judge.c.
 */
struct claim_part;

struct claim_judging {
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

/* By the arms of a list of parts; gates and figures are still to come. */
void claim_table_fill(struct claim_judging *j, const struct study_measures *m,
		      const struct claim_part *parts,
		      struct study_judgement *out);
void claim_table_release(struct claim_judging *j);

/* Do its seeds tune? */
bool claim_tunes(const struct study_measures *m);
/* NULL: no arm of the table. */
const struct claim_figures *claim_figures_of(const struct claim_judging *j,
					     const char *arm);

/* What would have changed the verdict: the first gate that did not hold, else
 * what is nearest to its bound. */
void claim_note(struct claim_judging *j, bool failed, double distance,
		const char *text);

/* All of them, by figures that are there already, said and in the table:
 * claim_gates.c. */
void claim_say_gates(struct claim_judging *j);

#endif
