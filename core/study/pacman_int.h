/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_PACMAN_INT_H
#define CORE_STUDY_PACMAN_INT_H

#include "core/study/picture.h"
#include "core/study/study.h"

/* The study `pacman`, shared by its files alone. */

/* Of its figures: shares of opportunities at which a ghost was eaten, points a
 * game, and KL from the imitator where the learner comes and where not. */
#define PACMAN_EATEN "eaten"
#define PACMAN_SCORE "score"
#define PACMAN_VISITED "drift.visited"
#define PACMAN_UNVISITED "drift.unvisited"
#define PACMAN_OPPORTUNITIES "opportunities"

/* Its curves; ends with a NULL title. */
extern const struct study_picture pacman_pictures[];

void pacman_judge(const struct study_measures *m, struct study_judgement *out);

/* The x at which a curve from its least x on first comes to `level`, straight
 * between its points; NAN: never. */
double pacman_crossing(const double *x, const double *y, int n, double level);

#endif
