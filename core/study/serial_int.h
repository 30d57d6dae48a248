/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_SERIAL_INT_H
#define CORE_STUDY_SERIAL_INT_H

#include "core/base/conf.h"
#include "core/study/study.h"

/* The study `serial`: private to serial_*.c and its test. */
struct serial_study_conf {
	int rows, cols, line;
	int width, page, lanes, drills;
	int boards, single; /* boards that are written; by a single lane */
	float rate;
	int layers, channels;             /* of the network */
	int filters, blocks, simulations; /* of the searching learner */
	int graded;                       /* positions */
	int opening_plies, pairs;         /* of scored games */
};
extern const struct conf_spec serial_study_spec[];

/* Thresholds; the texts of the study name them. */
enum {
	SERIAL_RISES = 100, /* Elo, with updates over without */
	SERIAL_ROOM = 100, /* Elo, of a searching learner from as many boards */
	SERIAL_ALIKE = 30, /* Elo, of networks with the same weights */
};
#define SERIAL_SHARE 0.8 /* of the engine's gain, by written backups */
#define SERIAL_FORM 0.8  /* of boards and of values that are written right */

void serial_judge(const struct study_measures *m, struct study_judgement *out);

#endif
