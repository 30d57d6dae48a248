/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_HISTORY_RUN_H
#define CORE_LAB_HISTORY_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/lab/job.h"
#include "core/lab/lab.h"
#include "core/learn/life.h"

/*
 * Lives of many learners of one game, as a job: each is a training by
 * self-play, seen at stages, and a thread takes a whole one.  A part of a life
 * is kept once it is made; whoever asks again for the same set gets what is
 * missing, to the same bytes.
 */
struct history_options {
	const char *set;  /* name of the run that they are kept as */
	const char *game; /* NULL: an existing set's */
	/* "key=value" over the usual recipe (life_usual); "key=a|b|c" gives the
	 * first life a, the next b, and so on in turns. */
	const char *const *settings;
	int setting_count;
	struct life_grid grid;
	int teachers;        /* lives, of seeds that follow each other */
	uint64_t first_seed; /* the first of them, and of the turns */
	bool until_cut;      /* nothing past it */
	int threads;
	bool take_over;
	const char *command; /* line that started it, for the job row */
	const atomic_bool *interrupt; /* may be NULL */
	void (*report)(void *ctx, const struct job *job);
	void *ctx;
};

struct history_outcome {
	int made, there; /* parts of those asked for: now, and before */
	int lives;       /* all of the set, or parts of them */
	int64_t packed;  /* bytes in the files */
	char sha256[DIGEST_SIZE]; /* of the set */
	bool stopped;             /* on request, before the end */
	double seconds;
};

/* ERR_USAGE: settings not understood, or not those of what is there. */
ATTR_NODISCARD enum err_code history_run(struct lab *lab,
					 const struct history_options *options,
					 struct history_outcome *out,
					 struct err *e);

#endif
