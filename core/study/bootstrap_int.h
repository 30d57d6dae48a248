/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_BOOTSTRAP_INT_H
#define CORE_STUDY_BOOTSTRAP_INT_H

struct study_judgement;
struct study_measures;

/* The judge of the study `bootstrap`. */
void bootstrap_judge(const struct study_measures *m,
		     struct study_judgement *out);

#endif
