/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_VERDICT_H
#define CORE_STUDY_VERDICT_H

#include "core/study/plan.h"

/*
 * What a judge said, made into a verdict that it cannot bend: a gate that it
 * did not speak of has failed; a claim whose gate failed is uninterpretable; a
 * control study passes only with all of its gates; and smoke size and
 * development seeds are never evidence.
 */
struct study_gate_said {
	const char *name, *rule; /* borrowed from the study, or static */
	bool passed;
	double value, bound; /* NAN */
	char *text;          /* owned */
};

struct study_estimated {
	char *name, *what; /* owned */
	double value, low, high;
	int64_t n;
};

struct study_judgement {
	struct study_gate_said *gates; /* owned; as in the study, then ours */
	size_t gate_count;
	struct study_estimated *estimates; /* owned */
	size_t estimate_count;
	enum study_badge badge;
	char *verdict;     /* owned; the badge's name, and of which rungs */
	struct buf reason; /* one line */
	bool said;         /* the judge gave a badge */
};
void study_judgement_release(struct study_judgement *j);

/* What who ran the trials knows of them. */
struct study_conduct {
	int trials;        /* of the plan */
	int other_plan;    /* trials of another plan's hash */
	int changed;       /* trials whose weights changed while scored */
	int processors;    /* kinds that the trials ran on */
	int programs;      /* that did them; 0: not known */
	bool same_program; /* the judge's is the one of all trials */
	int64_t scored, trained_on; /* positions */
};

/* By arm, name, seed and x. */
void study_figures_sort(struct study_figure *f, size_t count);

/* The figures are sorted. */
void study_judge(const struct study_plan *p, const struct study_figure *figures,
		 size_t count, const struct study_conduct *conduct,
		 struct study_judgement *out);

#endif
