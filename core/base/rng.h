/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_RNG_H
#define CORE_BASE_RNG_H

#include <stdint.h>

/*
 * Counter-based random streams.  A stream is named by a seed and by what it is
 * for (purpose, two numbers such as game and ply), never by which thread asks,
 * so results do not depend on the number of threads.  The n-th draw is
 * mix(key + n * golden): SplitMix64 (Steele, Lea, Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014).
 */
struct rng {
	uint64_t key;
	uint64_t count; /* draws taken */
};

/* What a stream is for.  Values are kept in lab files: never renumber. */
enum rng_purpose {
	RNG_INIT = 1,  /* a: layer */
	RNG_SELF_PLAY, /* a: game number, b: ply */
	RNG_BATCH,     /* a: training step, b: sample */
	RNG_MATCH,     /* a: game of the match, b: ply */
	RNG_OPENING,   /* a: opening number */
	RNG_SEARCH,    /* a: search number */
	RNG_CHANCE,    /* a: game number, b: ply */
	RNG_SPLIT,     /* a: game id: held out or not */
	RNG_TEST,
	RNG_GRADE,     /* a: number of a position, b: attempt */
	RNG_STUDY,     /* a: task, b: what of it; the study says */
	RNG_BOOTSTRAP, /* a: number of a resample */
	RNG_TASK,      /* a: number of the task */
	RNG_SOURCE,    /* a: number of the learner */
	RNG_ROLLOUT,   /* a: lane, b: episode */
	RNG_RULES,     /* a: a rule of the drop family, b: random game */
};

void rng_init(struct rng *r, uint64_t seed, enum rng_purpose purpose,
	      uint64_t a, uint64_t b);

uint64_t rng_u64(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n); /* 0 .. n-1, n > 0, unbiased */
float rng_float(struct rng *r);                /* [0, 1), 24 bits */
double rng_double(struct rng *r);              /* [0, 1), 53 bits */
float rng_normal(struct rng *r);               /* mean 0, variance 1 */
float rng_gumbel(struct rng *r);               /* location 0, scale 1 */
double rng_gamma(struct rng *r, double shape); /* scale 1, shape > 0 */

/* Dirichlet(alpha, ..., alpha) into out[n]; sums to 1. */
void rng_dirichlet(struct rng *r, double alpha, int n, float *out);

/* Index drawn in proportion to weight[n] (>= 0, not all zero). */
int rng_pick(struct rng *r, const float *weight, int n);

/* A well-mixed 64-bit hash of two: for keys made of several numbers. */
uint64_t rng_mix(uint64_t a, uint64_t b);

#endif
