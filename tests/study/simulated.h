/* SPDX-License-Identifier: MIT */
#ifndef TESTS_STUDY_SIMULATED_H
#define TESTS_STUDY_SIMULATED_H

#include <stdint.h>

#include "core/study/claim.h"

/*
 * Studies whose truth is known.  At each seed the teacher's end is `top` Elo
 * above the best learner before the cut, give or take top_sd, never under 50;
 * an arm of gamma g is g times that, give or take `sd`.  All strengths are
 * measured by matches of `pairs` pairs of games, one in ten drawn at most, and
 * read by the same functions as real ones.
 */
enum { SIMULATED_ARMS = 8, SIMULATED_SEEDS = 48 };

struct simulated {
	int seeds, pairs;
	double sd, top, top_sd;
	int arms, controls; /* the last control is a shuffled one */
	double arm, control, last_control; /* true gammas */
	int draws;                         /* of the bootstrap */
};

/* What came of studies first .. first + count - 1. */
struct simulated_sum {
	int studies;
	int badges[STUDY_NOT_EVIDENCE + 1];
	int covered_t, covered_bca, covered_both; /* the first arm's gamma */
	int below_little; /* high of the first arm below CLAIM_LITTLE */
	double width_t, width_bca; /* mean, of gamma */
};

void simulated_run(const struct simulated *s, uint64_t first, int count,
		   struct simulated_sum *out);

#endif
