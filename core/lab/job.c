/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/job.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "store/job.h"
#include "store/store.h"

/* Seconds between signs of life, and between looks while paused. */
static const double BEAT_SECONDS = 1.0;
static const double PAUSE_SECONDS = 0.1;
enum { BEAT_WAIT_MS = 100 };
/* Longer than any ordinary commit. */
static const double WAIT_SAID_SECONDS = 3;

static bool interrupted(const struct job *job)
{
	return job->interrupt && atomic_load(job->interrupt);
}

/* Work is never given up because somebody else keeps the file: it waits, says
 * so, and goes on. */
static bool wait_on(void *ctx, double seconds)
{
	struct job *job = ctx;
	char doing[sizeof(job->message)];

	if (seconds > WAIT_SAID_SECONDS && clock_seconds() >= job->beat_at) {
		memcpy(doing, job->message, sizeof(doing));
		snprintf(job->message, sizeof(job->message),
			 "waiting for the lab file: another process has kept "
			 "it for %.0f s",
			 seconds);
		if (job->report)
			job->report(job->ctx, job);
		memcpy(job->message, doing, sizeof(doing));
		job->beat_at = clock_seconds() + BEAT_SECONDS;
	}
	return !interrupted(job);
}

static void wait_long(struct job *job)
{
	store_wait(job->store, STORE_WAIT_MS, wait_on, job);
}

enum err_code job_begin(struct job *job, struct store *s, const char *kind,
			const char *command, struct err *e)
{
	struct store_job row = {.kind = kind, .command = command};
	enum store_status st;

	job->store = s;
	wait_long(job);
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

static enum store_wanted beat(struct job *job, enum store_job_state state)
{
	enum store_wanted wanted = STORE_WANT_RUN;

	/* The work matters more than its sign of life. */
	store_wait(job->store, BEAT_WAIT_MS, NULL, NULL);
	if (store_job_beat(job->store, job->id, state, job->done, job->total,
			   job->message, &wanted))
		wanted = STORE_WANT_RUN;
	wait_long(job);
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

	if (!job->id) {
		if (job->store)
			store_wait(job->store, STORE_WAIT_MS, NULL, NULL);
		return;
	}
	beat(job, STORE_JOB_RUNNING); /* how far it came */
	if (why && why->code) {
		state = STORE_JOB_FAILED;
		message = why->msg;
	} else if (job->stop) {
		state = STORE_JOB_STOPPED;
	}
	/* If even this cannot be written, the dead process says it. */
	(void)!store_job_end(job->store, job->id, state, message);
	store_wait(job->store, STORE_WAIT_MS, NULL, NULL);
	job->id = 0;
}
