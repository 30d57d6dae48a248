/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_IMITATE_INT_H
#define CORE_LAB_IMITATE_INT_H

#include "core/lab/imitate.h"
#include "core/lab/run_sink.h"
#include "core/lab/source.h"
#include "core/learn/replay.h"

/* An imitation at work, for imitate.c and imitate_meet.c. */
struct imitation {
	struct lab *lab;                       /* borrowed */
	struct store *store;                   /* borrowed */
	const struct imitate_options *options; /* borrowed */
	struct job job;
	struct run_begun run;
	struct source source;
	struct replay *data, *held_out;
	struct run_sink sink;
	struct course *course;
	struct pool *pool;
	int64_t games, held_out_games;
	double began;
};

/* Match the learner against its teacher, if there is one and a match is wanted.
 * The outcome names the teacher only once all games are played. */
ATTR_NODISCARD enum err_code
imitate_meet(struct imitation *im, struct imitate_outcome *out, struct err *e);

#endif
