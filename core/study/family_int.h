/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_FAMILY_INT_H
#define CORE_STUDY_FAMILY_INT_H

#include "core/study/study.h"

/* The study `family` from inside: trials in family_study.c, the judge in
 * family_judge.c. */
struct family_conf {
	int rows, cols, line; /* the game: drop */
	int filters, blocks;
	int games, cut, before, per_stage;
	int sample, held; /* lives at known places; of these to measure on */
	int nearest;
	int opening_plies, pairs;
};
extern const struct conf_spec family_spec[];

/* Stages past the cut; the third has twice its games where the end has five
 * times as many (5^(3/7) = 1.99). */
enum { FAMILY_AFTER = 7, FAMILY_TWICE = 3 };

void family_judge(const struct study_measures *m, struct study_judgement *out);

#endif
