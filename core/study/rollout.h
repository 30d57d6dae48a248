/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ROLLOUT_H
#define CORE_STUDY_ROLLOUT_H

#include <stdint.h>

#include "core/study/env.h"
#include "core/study/histories.h"

/*
 * A frozen model that acts in worlds, in many lanes at once: each lane is one
 * task, over many episodes, and what the model knows of it is what it read.
 */
struct rollout_mind {
	/* The lane begins anew. */
	void (*reset)(void *self, int lane);
	/* One row a lane, x[ids] in the order of lane[n]; logits(n, actions).
	 */
	void (*say)(void *self, int n, const int *lane, const float *x,
		    float *logits);
	void *self;
};

struct rollout {
	const struct env *env; /* borrowed */
	int lanes, episodes;
	int first; /* number of lane 0: parts of a whole, by themselves, do what
		    * it does */
	const int64_t *tasks; /* borrowed; [lanes] */
	float temperature;    /* of sampling; 0: the largest */
	uint64_t seed;
	/* (optional) Borrowed: the model reads the last `prime_episodes` of
	 * history first + i in lane i before it acts. */
	const struct histories *prime;
	int prime_episodes;
};

/* gain[lane * episodes + episode].  The same seed gives every model the same
 * chances of the world. */
void rollout_run(const struct rollout *r, const struct rollout_mind *mind,
		 float *gain);

#endif
