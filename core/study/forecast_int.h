/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_FORECAST_INT_H
#define CORE_STUDY_FORECAST_INT_H

#include "core/study/study.h"

/* The study `forecast` from inside: trials in forecast.c, the judge in
 * forecast_judge.c. */
struct forecast_conf {
	int rows, cols, line; /* the game: drop */
	int filters, blocks, simulations;
	float rate;
	int games, cut, before, per_stage;
	int siblings, lives; /* known to the end; of each kind and seed */
	int line_points;     /* that a line is laid through */
	int opening_plies, pairs;
};
extern const struct conf_spec forecast_spec[];

/* Stages past the cut, and those that are foreseen: where the end has ten times
 * its games they have 2, 4 and 10 times (10^(3/10) = 1.995). */
enum { FORECAST_AFTER = 10, FORECAST_HORIZONS = 3 };
extern const struct forecast_horizon {
	int stage;
	double times;
} forecast_horizons[FORECAST_HORIZONS];

/* Kinds of learners that are foreseen, and ways to foresee them: arms are
 * "KIND-WAY". */
extern const char *const forecast_kinds[]; /* "same", ...; ends with NULL */
extern const char *const forecast_ways[];  /* "still", ...; ends with NULL */

void forecast_judge(const struct study_measures *m,
		    struct study_judgement *out);

#endif
