/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_TEACH_RUN_H
#define CORE_LAB_TEACH_RUN_H

#include "core/base/pool.h"
#include "core/lab/job.h"
#include "core/lab/run_begin.h"

/* A teacher's games numbered 1 .. games (core/learn/teach.h), stored with the
 * run, some at a time. */
struct teach_request {
	struct lab *lab; /* borrowed, all */
	struct job *job;
	const struct run_begun *run;
	const char *teacher; /* spec */
	int games;
};

/* Goes on after the games that are stored already.  ERR_CANCELLED when asked to
 * stop: what was stored stands. */
ATTR_NODISCARD enum err_code teach_run(const struct teach_request *want,
				       struct pool *pool, struct err *e);

#endif
