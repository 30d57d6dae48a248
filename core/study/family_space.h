/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_FAMILY_SPACE_H
#define CORE_STUDY_FAMILY_SPACE_H

#include "core/base/rng.h"
#include "core/learn/recipe.h"

/*
 * A family of learners as a space: each axis is a setting of recipes, and a
 * place is where a learner stands on each, 0 to 1, by equal factors where the
 * setting is a size.  Places are found again from what was seen of lives
 * (core/study/family.h).  Pure; any thread.
 */
enum { FAMILY_AXES = 5 };

struct family_place {
	double at[FAMILY_AXES];
};

/* "rate", "reuse", "simulations", "gumbel_scale", "opening_share". */
const char *family_axis(int axis);
/* The setting at a place, and a recipe with all of them set. */
double family_setting(int axis, double at);
void family_settle(const struct family_place *p, struct recipe *r);
/* Uniformly anywhere. */
void family_draw(struct rng *r, struct family_place *out);

/*
 * What is said of a place from size numbers of a life, after lives at known
 * places: by ridge regression on each axis; and, refined, the mean of the
 * `nearest` places, each moved by as much as the regression says of it and of
 * the other differently (Beaumont, Zhang and Balding, Genetics 162, 2002).
 */
struct family_map;
struct family_map *family_map_new(const double *seen,
				  const struct family_place *places, int count,
				  int size);
void family_map_free(struct family_map *m); /* NULL is allowed */
void family_regress(const struct family_map *m, const double *x,
		    struct family_place *out);
void family_refine(const struct family_map *m, const double *x, int nearest,
		   struct family_place *out);
/* The place of the nearest life alone. */
void family_nearest(const struct family_map *m, const double *x,
		    struct family_place *out);

#endif
