/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_MATCH_RUN_H
#define CORE_LAB_MATCH_RUN_H

#include <stdatomic.h>

#include "core/lab/job.h"
#include "core/lab/lab.h"
#include "core/rate/match.h"
#include "core/rate/sprt.h"

/* A match as a job of the lab: played, rated and kept, and the ratings of its
 * game fitted anew. */
struct match_options {
	const struct game *game;
	const char *agents[2]; /* the second NULL in a one-player game */
	const char *openings;  /* as for match_openings_read() */
	int games, life;       /* as in struct match_request */
	uint64_t seed;
	int threads;
	bool keep;      /* the match and its games go into the lab file */
	bool traces;    /* and every thought with its search tree */
	int64_t run_id; /* whose progress it measures; 0 */
	int64_t step;   /* of that run; -1 */
	/* A test that may end it before `games`; NULL: none.  Borrowed; checked
	 * by sprt_check(). */
	const struct sprt_terms *sprt;
	const char *command; /* for the job row */
	const atomic_bool *interrupt;
	/* (optional) After each game; `so_far` counts it. */
	void (*report)(void *ctx, const struct match_result *so_far);
	void *ctx;
};

struct match_outcome {
	struct match_result result;
	struct stat_elo elo; /* NANs without a game, and in a one-player game */
	struct stat_mean points; /* NANs where games have none */
	char names[2][256];      /* of the agents, as kept; "": none */
	int64_t match_id;        /* 0: not kept */
	struct sprt sprt;        /* where the options ask for it */
};

/* `lab` may be NULL if nothing is kept and no agent needs a network.
 * ERR_CANCELLED: stopped, *out has what was played; it was kept and counts. */
ATTR_NODISCARD enum err_code match_run(struct lab *lab,
				       const struct match_options *m,
				       struct match_outcome *out,
				       struct err *e);

#endif
