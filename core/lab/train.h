/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_TRAIN_H
#define CORE_LAB_TRAIN_H

#include "core/lab/job.h"
#include "core/learn/recipe.h"

/*
 * Training by self-play, as rows of the lab file.  One iteration (some plies of
 * self-play, then training) is one commit of its games, figures, checkpoint and
 * everything needed to go on; so a run killed at any moment goes on from its
 * last iteration and ends in the same weights as one that never stopped.
 */
struct train_options {
	const char *run;           /* name */
	const char *game;          /* NULL: an existing run's */
	const char *recipe;        /* text of a recipe file, or NULL */
	const char *recipe_origin; /* its name, for errors */
	/* The game's usual recipe, for a new run without another; or NULL. */
	const char *usual, *usual_origin;
	const char *const *settings; /* "key=value", over the recipe */
	int setting_count;
	const char *from; /* RUN/STEP of weights to begin with, or NULL */
	int64_t games;    /* stop at this many in all; 0: see below */
	double minutes;   /* stop after working this long; 0: no limit */
	bool has_seed;
	uint64_t seed;   /* of a new run; default 1 */
	int threads;     /* >= 1; changes only the speed */
	bool must_exist; /* resume only */
	bool take_over;  /* from another process that may be at work on it */
	const char *command; /* line that started it, for the job row */
	const atomic_bool *interrupt; /* may be NULL */
	/* Called about once a second, from train_run()'s thread. */
	void (*report)(void *ctx, const struct job *job);
	void *ctx;
};

struct train_outcome {
	int64_t games, positions;
	int64_t step;    /* of the last checkpoint */
	char sha256[65]; /* of its weights */
	bool stopped;    /* on request, before its end */
	double seconds;  /* worked in this call, without pauses */
};

/* What is wrong with a run in a lab that is not there yet, so that none is made
 * for it: ERR_USAGE. */
ATTR_NODISCARD enum err_code train_check(const struct train_options *options,
					 struct err *e);

/* Neither games nor minutes: to the run's own end, `rate_games` of its recipe.
 * Stopping on request still ends with a checkpoint.  ERR_USAGE: a recipe or
 * options not understood, or not those of the existing run; nothing started
 * then. */
ATTR_NODISCARD enum err_code train_run(struct lab *lab,
				       const struct train_options *options,
				       struct train_outcome *out,
				       struct err *e);

#endif
