/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/job.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "core/base/clock.h"
#include "store/job.h"

/* Seconds between signs of life, and between looks while paused. */
static const double BEAT_SECONDS = 1.0;
static const double PAUSE_SECONDS = 0.1;

enum err_code job_begin(struct job *job, struct store *s, const char *kind,
			const char *command, struct err *e)
{
	struct store_job row = {.kind = kind, .command = command};
	enum store_status st;

	job->store = s;
	st = store_job_add(s, &row, &job->id);
	return lab_error(s, st, e);
}

enum err_code job_set_run(struct job *job, int64_t run_id, struct err *e)
{
	return lab_error(job->store,
			 store_job_set_run(job->store, job->id, run_id), e);
}

void job_progress(struct job *job, double done, double total, const char *fmt,
		  ...)
{
	va_list ap;

	job->done = done;
	job->total = total;
	va_start(ap, fmt);
	vsnprintf(job->message, sizeof(job->message), fmt, ap);
	va_end(ap);
}

static bool interrupted(const struct job *job)
{
	return job->interrupt && atomic_load(job->interrupt);
}

static enum store_wanted beat(struct job *job, enum store_job_state state)
{
	enum store_wanted wanted = STORE_WANT_RUN;

	/* The work matters more than its sign of life. */
	if (store_job_beat(job->store, job->id, state, job->done, job->total,
			   job->message, &wanted))
		wanted = STORE_WANT_RUN;
	if (job->report)
		job->report(job->ctx, job);
	job->beat_at = clock_seconds() + BEAT_SECONDS;
	return wanted;
}

static void nap(double seconds)
{
	struct timespec t = {0, (long)(seconds * 1e9)};

	nanosleep(&t, NULL);
}

bool job_tick(struct job *job)
{
	enum store_wanted wanted;

	if (interrupted(job))
		job->stop = true;
	if (job->stop)
		return false;
	if (clock_seconds() < job->beat_at)
		return true;
	wanted = beat(job, STORE_JOB_RUNNING);
	if (wanted == STORE_WANT_PAUSE) {
		double since = clock_seconds();

		while (wanted == STORE_WANT_PAUSE && !interrupted(job)) {
			if (clock_seconds() >= job->beat_at)
				wanted = beat(job, STORE_JOB_PAUSED);
			else if (store_job_wanted(job->store, job->id, &wanted))
				break;
			nap(PAUSE_SECONDS);
		}
		job->paused += clock_seconds() - since;
		job->beat_at = 0;
	}
	if (wanted == STORE_WANT_STOP || interrupted(job))
		job->stop = true;
	return !job->stop;
}

bool job_goes_on(void *job)
{
	return job_tick(job);
}

void job_end(struct job *job, const struct err *why)
{
	enum store_job_state state = STORE_JOB_DONE;
	const char *message = job->message;

	if (!job->id)
		return;
	beat(job, STORE_JOB_RUNNING); /* how far it came */
	if (why && why->code) {
		state = STORE_JOB_FAILED;
		message = why->msg;
	} else if (job->stop) {
		state = STORE_JOB_STOPPED;
	}
	/* If even this cannot be written, the dead process says it. */
	(void)!store_job_end(job->store, job->id, state, message);
	job->id = 0;
}
