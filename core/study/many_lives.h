/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_MANY_LIVES_H
#define CORE_STUDY_MANY_LIVES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"

struct study_run;

/*
 * Lives that are made, looked at and thrown away: of each is kept what was seen
 * of it, so many numbers.  They are made some at a time, a life a thread; where
 * the trial stands is saved after each time (study_save()), so this comes
 * before anything is handed over.  The same numbers on any number of threads.
 */
struct many_lives {
	struct study_run *run;
	const char *what; /* "lives of the family" */
	int count;
	bool whole; /* also past the cut, by life_usual_seed() */
	/* What life `k` is; of the game and recipe, which it fills in, the rest
	 * of *out is borrowed. */
	void (*choose)(void *ctx, int k, struct game *g, struct recipe *r,
		       struct life_config *out);
	/* What is seen of it: out[size]; by the calling thread, whose pool is
	 * free. */
	enum err_code (*see)(void *ctx, int k, const struct life *l,
			     double *out, struct err *e);
	int size;
	void *ctx;
};

/* Into seen[count][size].  ERR_CANCELLED. */
ATTR_NODISCARD enum err_code many_lives_see(const struct many_lives *m,
					    double *seen, struct err *e);

#endif
