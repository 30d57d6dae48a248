/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_NOWCAST_H
#define CORE_STUDY_NOWCAST_H

#include <stdint.h>

struct weight_path; /* core/study/extrapolate.h */

/*
 * A small network that says of any one weight, from its last NOWCAST_PAST
 * states, how far it will have moved 1 .. NOWCAST_AHEAD stages on: a weight
 * nowcaster (Jang et al. 2023) as its improved form in Knyazev et al. 2024
 * (NiNo, arXiv:2409.04434, WNN+).  States are told as differences from the
 * last, by the range of the five; so are answers.
 */
enum { NOWCAST_PAST = 5, NOWCAST_AHEAD = 8 };
struct nowcast;

struct nowcast_plan {
	int hidden;     /* channels of its two hidden layers */
	int steps;      /* of training */
	int batch;      /* weights a step */
	float rate;     /* falls to a tenth by a cosine */
	int64_t points; /* weights drawn of all paths, at most */
	uint64_t seed;
};
#define NOWCAST_PLAN_DEFAULT                                               \
	{                                                                  \
		.hidden = 24, .steps = 1500, .batch = 512, .rate = 0.003f, \
		.points = 400000, .seed = 1                                \
	}

/* Learns from every window of the paths, whatever lies ahead in them; each has
 * NOWCAST_PAST + 1 points at least, else it teaches nothing. */
struct nowcast *nowcast_new(const struct weight_path *paths, int count,
			    const struct nowcast_plan *plan);
void nowcast_free(struct nowcast *k); /* NULL is allowed */

/* Each weight `stages` stages on, 1 .. NOWCAST_AHEAD; the path has NOWCAST_PAST
 * points at least.  Further on, ask again with what it said. */
void nowcast_apply(const struct nowcast *k, const struct weight_path *p,
		   int stages, float *out);

#endif
