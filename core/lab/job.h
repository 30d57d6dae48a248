/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_JOB_H
#define CORE_LAB_JOB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/lab/lab.h"

/*
 * A job in the lab file as seen from inside it: registered, beating about once
 * a second, asking what people want.  Pausing happens in job_tick(); stopping
 * is told to the caller, who ends at the next point from which it can go on.
 */
struct job {
	struct store *store; /* borrowed */
	int64_t id;
	double beat_at; /* clock_seconds() of the next beat */
	double done, total;
	char message[160];
	bool stop;     /* wanted by somebody */
	double paused; /* seconds spent paused */
	/* Set by a signal handler or a screen; may be NULL. */
	const atomic_bool *interrupt; /* borrowed */
	/* (optional) Shown to whoever started it, at each beat. */
	void (*report)(void *ctx, const struct job *job);
	void *ctx;
};

/* `command` is the line that started it.  `job` must be zeroed but for
 * interrupt, report and ctx. */
ATTR_NODISCARD enum err_code job_begin(struct job *job, struct store *s,
				       const char *kind, const char *command,
				       struct err *e);
ATTR_NODISCARD enum err_code job_set_run(struct job *job, int64_t run_id,
					 struct err *e);
void job_progress(struct job *job, double done, double total, const char *fmt,
		  ...) ATTR_PRINTF(4, 5);

/* Beat if it is time; while paused, wait here.  Returns false when the job
 * should stop. A beat that cannot be written is no reason to stop. */
bool job_tick(struct job *job);

/* The same of a `struct job *`, as lab_begin() and its like ask. */
bool job_goes_on(void *job);

/* Say how it ended: done, stopped, or failed with `why`. */
void job_end(struct job *job, const struct err *why);

#endif
