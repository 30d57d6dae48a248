/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_TAX_INT_H
#define CORE_STUDY_TAX_INT_H

#include "core/study/life_study.h"

struct study_judgement;
struct study_measures;

/* The study `tax` from inside: trials in tax.c, the judge in tax_judge.c. */
struct tax_conf {
	struct life_study_conf life;
	int played;      /* games of a learner that begins anew */
	float growth;    /* of them, from one point of its curve to the next */
	int generations; /* of copies of copies */
	int between;     /* games of each of them */
};

void tax_judge(const struct study_measures *m, struct study_judgement *out);

#endif
