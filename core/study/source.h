/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_SOURCE_H
#define CORE_STUDY_SOURCE_H

#include <stdbool.h>

#include "core/base/rng.h"
#include "core/study/env.h"

/*
 * Learners whose histories sequence models are shown: constant tables, one file
 * each (source_NAME.c).  What one knows is its mind, plain bytes without
 * pointers, so that a copy is a snapshot.  One that is not told what its
 * actions brought stays as it is.
 */
enum { SOURCE_MIND_BYTES = 4096 };

union source_mind {
	int64_t align;
	unsigned char bytes[SOURCE_MIND_BYTES];
};

struct source {
	const char *name, *what;
	const struct env *env;
	size_t mind_size;
	/* Knows nothing, but for experts, who know the task. */
	void (*begin)(void *mind, const void *task);
	/* An action that can be taken. */
	int (*act)(const void *mind, const uint8_t *look, struct rng *r);
	/* (optional) What the last action brought; `seen` is complete. */
	void (*told)(void *mind, const struct env_step *seen, bool done,
		     struct rng *r);
	/* (optional) Expected gain of an episode as it acts now. */
	double (*strength)(const void *mind, const void *task);
};

extern const struct source source_thompson, source_ucb, source_best_arm;
extern const struct source source_room_q, source_room_expert,
	source_room_noisy; /* an expert whose noise falls from 1 to a half */
extern const struct source source_keydoor_q;
extern const struct source source_credit;
extern const struct source source_latch;
extern const struct source source_sgd, source_ridge;
extern const struct source *const source_table[]; /* ends with NULL */

/* One learner at one task, step by step. */
struct source_life {
	const struct source *source;
	const void *task; /* borrowed */
	struct rng rng;
	bool frozen; /* it is told nothing */
	int64_t episodes;
	union source_mind mind;
};

/* Everything that happens follows from `seed` and the life's number. */
void source_life_begin(struct source_life *l, const struct source *s,
		       const void *task, uint64_t seed, uint64_t number);
/* One episode; its steps into out[env->steps].  Returns how many; the sum of
 * gains goes to *gain (may be NULL). */
int source_life_episode(struct source_life *l, struct env_step *out,
			double *gain);

#endif
