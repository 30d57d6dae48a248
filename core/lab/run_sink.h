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

/* The course's side of it; `s` must stay where it is. */
struct course_sink run_sink_of(struct run_sink *s);
void run_sink_release(struct run_sink *s);

/* Load the course's last record into it, and *resumed = true; a run without one
 * begins.  The games of self-play are not loaded. */
ATTR_NODISCARD enum err_code run_sink_resume(struct run_sink *s,
					     struct course *c,
					     struct pool *pool, bool *resumed,
					     struct err *e);

#endif
