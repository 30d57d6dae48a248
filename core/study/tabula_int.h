/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_TABULA_INT_H
#define CORE_STUDY_TABULA_INT_H

#include "core/study/study.h"

/* The study `tabula` from inside: trials in tabula.c, the judge in
 * tabula_judge.c. */
struct tabula_conf {
	int rows, cols, line; /* the game: drop */
	char lives[64];       /* the set that the teachers' lives are in */
	int filters, blocks;  /* of teachers that are made here */
	int life_games;       /* of them */
	int games;            /* shown; 0: as many as the teacher played */
	int students, fresh;  /* networks of each arm, and that they meet */
	float epochs;
	int opening_plies, pairs; /* of each network of an arm */
};
extern const struct conf_spec tabula_spec[];

void tabula_judge(const struct study_measures *m, struct study_judgement *out);

#endif
