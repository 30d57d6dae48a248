/* SPDX-License-Identifier: MIT */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/*
 * A job is a process that works on the lab file.  It registers, beats now and
 * then, reads from the answer what people want of it, and says how it ended.
 * Screens list jobs and set what is wanted.
 */
enum store_wanted { STORE_WANT_RUN, STORE_WANT_PAUSE, STORE_WANT_STOP };

enum store_job_state {
	STORE_JOB_RUNNING,
	STORE_JOB_PAUSED,
	STORE_JOB_DONE,
	STORE_JOB_FAILED,
	STORE_JOB_STOPPED,
};

enum store_job_life {
	STORE_LIFE_ENDED, /* it said so */
	STORE_LIFE_ALIVE, /* its process runs on this host */
	/* Its process is gone, its host was restarted, or it cannot be seen
	 * from here and has been silent for STORE_SILENT_MS. */
	STORE_LIFE_DEAD,
	STORE_LIFE_FAR, /* on another host or in another container, and heard
			 * of lately: within STORE_SILENT_MS, or from a clock
			 * that is ahead by less than a day */
};

/* A job beats about once a second, and not while its lab is kept busy or its
 * machine sleeps. */
enum { STORE_SILENT_MS = 5 * 60 * 1000 };

struct store_job {
	int64_t id;
	const char *kind;    /* "train", "imitate", "match", ... */
	int64_t run_id;      /* 0: none */
	const char *command; /* line that started it */
	/* Filled in by the store: */
	int64_t pid;
	const char *host;
	int64_t created_ms, heartbeat_ms;
	enum store_wanted wanted;
	enum store_job_state state;
	/* How far it is: done of total, of what; total 0: no end known. */
	double done, total;
	const char *message; /* what it does now, or why it ended; or NULL */
	/* Only when read: */
	const char *run; /* its run's name */
	enum store_job_life life;
};

const char *store_wanted_name(enum store_wanted w);
const char *store_job_state_name(enum store_job_state st);

/* Registers the calling process. */
STORE_NODISCARD enum store_status
store_job_add(struct store *s, const struct store_job *j, int64_t *id);
/* The link to a run that was made after the job began. */
STORE_NODISCARD enum store_status
store_job_set_run(struct store *s, int64_t job_id, int64_t run_id);
/* A sign of life; *wanted is what people want now: to stop, where the job was
 * given up as dead or its run taken over meanwhile.  `state` is RUNNING or
 * PAUSED.  `message` NULL keeps the old one. */
STORE_NODISCARD enum store_status
store_job_beat(struct store *s, int64_t job_id, enum store_job_state state,
	       double done, double total, const char *message,
	       enum store_wanted *wanted);
/* What people want, without a sign of life: a read, cheap enough to poll. */
STORE_NODISCARD enum store_status
store_job_wanted(struct store *s, int64_t job_id, enum store_wanted *wanted);
/* `state` is DONE, FAILED or STOPPED. */
STORE_NODISCARD enum store_status store_job_end(struct store *s, int64_t job_id,
						enum store_job_state state,
						const char *message);
/* From a screen: let it run, pause or stop. */
STORE_NODISCARD enum store_status
store_job_want(struct store *s, int64_t job_id, enum store_wanted wanted);

STORE_NODISCARD enum store_status store_job_get(struct store *s,
						struct store_bag *bag,
						int64_t job_id,
						struct store_job *out);
/* Newest first; run_id 0: all; `active`: only running and paused ones. */
STORE_NODISCARD enum store_status
store_job_list(struct store *s, struct store_bag *bag, int64_t run_id,
	       bool active, struct store_job **rows, size_t *count);
/* Other jobs at work on a run are marked as failed, whatever they do: at their
 * next sign of life they stop. */
STORE_NODISCARD enum store_status
store_job_take_over(struct store *s, int64_t run_id, int64_t own_job);
/* Jobs that are dead are marked as failed, and their runs as stopped; *buried
 * (may be NULL) says how many. */
STORE_NODISCARD enum store_status store_job_bury(struct store *s,
						 int64_t *buried);

#endif
