/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_RUN_SINK_H
#define CORE_LAB_RUN_SINK_H

#include "core/lab/run_begin.h"
#include "core/learn/course.h"

/*
 * What a course makes, as rows of a run: each iteration's games, figures,
 * checkpoint and resume record in one transaction, so that a run killed at any
 * moment goes on from its last iteration.  Whether it goes on is what people
 * want of the job.
 */
struct run_sink {
	struct store *store; /* borrowed, all */
	struct job *job;
	const struct run_begun *run;
	const char *agent; /* who plays, for the game rows; NULL: no games */
	/* (optional) As course_sink.doing, with `ctx`. */
	void (*doing)(void *ctx, enum course_phase phase);
	void *ctx;
	bool checkpoint; /* there has been one; the reader clears it */

	struct run_sink_game *games; /* owned; [count], not yet written */
	size_t count, cap;
	void *start; /* owned; starting state; NULL until it is needed */
	bool open;   /* a transaction */
};

/* The run's course, which hands all to `s`; `s` must stay where it is.  It has
 * taken up the run's record, and *resumed is true (the games of self-play are
 * not loaded); or there was none and it has begun, with its parent's weights if
 * the run has one.  *out may be NULL after an error; the caller frees it. */
ATTR_NODISCARD enum err_code run_sink_course(struct run_sink *s,
					     const struct course_config *config,
					     struct pool *pool,
					     struct course **out, bool *resumed,
					     struct err *e);
void run_sink_release(struct run_sink *s);

#endif
