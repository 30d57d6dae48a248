/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_GAINED_H
#define CORE_STUDY_GAINED_H

#include "core/rate/estimate.h"

struct study_judgement;
struct study_measures;

/*
 * For judges: arms' strengths by seed, and what one has more than another.  A
 * seed without one of them makes all that is said of it NAN.
 */

/* The measure of an arm at each seed, at the greatest x that it has there:
 * `out`[seed_count]. */
void gained_last(const struct study_measures *m, const char *arm,
		 const char *measure, double *out);

/* A measure of `arm` less that of `from`, NULL: less nothing; Student's
 * interval. */
struct estimate gained_in(const struct study_measures *m, const char *measure,
			  const char *arm, const char *from);
/* The same, and told as an estimate "MEASURE/ARM". */
struct estimate gained_say_in(const struct study_measures *m,
			      struct study_judgement *out, const char *measure,
			      const char *arm, const char *from,
			      const char *what);

/* "elo" of `arm` less that of `from`, NULL: less nothing; Student's interval.
 */
struct estimate gained_elo(const struct study_measures *m, const char *arm,
			   const char *from);
/* The same, and told as an estimate "NAME/ARM". */
struct estimate gained_say(const struct study_measures *m,
			   struct study_judgement *out, const char *name,
			   const char *arm, const char *from, const char *what);

/* One-sided: the chance of as much, were `arm` no better than `other`. */
double gained_p(const struct study_measures *m, const char *arm,
		const char *other);
/* The largest of these over count others: is it better than every one? */
double gained_p_all(const struct study_measures *m, const char *arm,
		    const char *const *others, int count);

#endif
