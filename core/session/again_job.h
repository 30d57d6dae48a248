/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_AGAIN_JOB_H
#define CORE_SESSION_AGAIN_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/lab/again.h"

/*
 * A search of self-play that is made again (again.h) in a thread of its own,
 * with a handle of its own on the lab: finding its network reads the run's
 * games before it.  All calls are for the thread that made it.
 */
struct again_job;

/* `wake` is called from the thread, once, when there is an answer.  ERR_IO: no
 * thread could be had. */
ATTR_NODISCARD enum err_code again_job_open(struct again_job **out,
					    const char *lab, int64_t game_id,
					    int ply, void (*wake)(void *ctx),
					    void *ctx, struct err *e);
/* Cancels and waits for that (milliseconds).  NULL is allowed. */
void again_job_close(struct again_job *j);

/* The answer, once: *out is the caller's, or e->code says why there is none.
 * False while it is at work. */
bool again_job_take(struct again_job *j, struct again_found *out,
		    struct err *e);

#endif
