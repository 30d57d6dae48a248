/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_SERIAL_RUN_H
#define CORE_LAB_SERIAL_RUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/lab/job.h"
#include "core/lab/lab.h"

/*
 * Serialised expert iteration (core/learn/serial.h) as a run of the lab, of
 * kind serial: its step is the number of boards whose estimates were written
 * twice.  A run that was killed goes on from its last record and ends in the
 * same weights; at each checkpoint the page of one lane is kept with it
 * (serial_pages.h).
 */
struct serial_options {
	const char *run;             /* name */
	const char *game;            /* NULL: an existing run's */
	const char *const *settings; /* "key=value" */
	int setting_count;
	bool has_seed;
	uint64_t seed;   /* of a new run; default 1 */
	int64_t backups; /* stop at so many; 0: at the run's own end */
	double minutes;  /* stop after working so long; 0: no limit */
	int threads;
	bool must_exist, take_over;
	const char *command;          /* line that started it */
	const atomic_bool *interrupt; /* may be NULL */
	void (*report)(void *ctx, const struct job *job);
	void *ctx;
};

struct serial_outcome {
	int64_t backups, games, step;
	char sha256[65]; /* of the last checkpoint's weights */
	bool stopped;
	double seconds;
};

/* As train_check() and train_run(). */
ATTR_NODISCARD enum err_code serial_run_check(const struct serial_options *o,
					      struct err *e);
ATTR_NODISCARD enum err_code serial_run(struct lab *lab,
					const struct serial_options *o,
					struct serial_outcome *out,
					struct err *e);

#endif
