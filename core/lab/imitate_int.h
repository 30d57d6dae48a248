/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_IMITATE_INT_H
#define CORE_LAB_IMITATE_INT_H

#include "core/lab/imitate.h"
#include "core/lab/run_sink.h"
#include "core/lab/source.h"
#include "core/lab/taught.h"
#include "core/learn/dataset.h"
#include "core/learn/history.h"
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
	/* Instead of those, whole games in their order, for a network that
	 * reads sequences. */
	bool watches;
	struct history *seen, *seen_held_out;
	int longest; /* positions of a sequence, at most */
	struct run_sink sink;
	struct course *course;
	struct pool *pool;
	int64_t games, held_out_games;
	int64_t lessons, last; /* the teacher's games; the last one labelled */
	struct taught taught;
	char repeats[120]; /* what progress adds if they do; "" */
	double began;
};

/* Games of each round in which the student plays. */
int64_t imitate_round_games(const struct imitation *im);

/* Take up the games numbered first .. last, or all that a filter names.
 * ERR_NOTFOUND: they are too few. */
ATTR_NODISCARD enum err_code imitate_load(struct imitation *im, int64_t first,
					  int64_t last, struct err *e);

/* What is learned from, or what is held out. */
struct dataset imitate_data(const struct imitation *im, bool held_out);

/* Match the learner against its teacher, if there is one and a match is wanted.
 * The outcome names the teacher only once all games are played. */
ATTR_NODISCARD enum err_code
imitate_meet(struct imitation *im, struct imitate_outcome *out, struct err *e);

#endif
