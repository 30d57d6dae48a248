/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_COURSE_INT_H
#define CORE_LEARN_COURSE_INT_H

#include "core/learn/course.h"
#include "core/learn/lanes.h"
#include "core/learn/method.h"
#include "core/learn/replay.h"

/* A course from inside, for course.c and course_figures.c. */
struct course {
	struct course_config config; /* its recipe points to the one below */
	struct recipe recipe;
	char *name; /* owned */
	struct course_sink sink;
	/* What is learned from, and measured on: `held_out` only if given. */
	struct dataset data, held_out;
	struct learner *learner; /* owned */
	/* of self-play; NULL on given positions */
	struct self_play *play; /* owned */
	struct replay *replay;  /* owned */
	/* of play without a search; NULL else */
	struct method method;
	struct lanes *lanes;        /* owned */
	int64_t asked;              /* of either; since it was made */
	struct lanes_figures acted; /* of the iteration at hand */
	/* of either */
	int64_t iteration;
	double next_checkpoint; /* games */
	/* of given positions */
	int round;            /* of those with a student that plays */
	uint64_t round_began; /* step */
	uint64_t total_steps; /* at its end */
	struct dataset
		sample;       /* of `held_out`, thinned: `self` is the course */
	int64_t sample_every; /* items */
	struct learner_held_out measured; /* on it, by the last iteration */
	float *best;      /* owned; averaged weights; NULL: not wanted */
	double best_loss; /* INFINITY: none yet */
	uint64_t best_step;
	bool ended; /* its patience */

	struct course_mark at;
	bool begun;
	/* the iteration at hand */
	int64_t finished;     /* games */
	struct err *failed;   /* the caller's; first error inside a callback */
	enum err_code refuse; /* its code */
	double began, waited; /* clock_seconds(); seconds in goes_on() */
	double cpu_began;     /* clock_thread_seconds() */
	struct pool_times play_times, step_times;
	int threads;
};

/* Whether it plays, and is not given what it learns from. */
static inline bool course_plays(const struct course *c)
{
	return c->play || c->lanes;
}

/* Seconds of work in the iteration at hand. */
double course_seconds(const struct course *c);

/* Hand over the figures since the last call. */
ATTR_NODISCARD enum err_code course_figures(struct course *c, struct err *e);

#endif
