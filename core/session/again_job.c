/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/again_job.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/session/worker.h"

struct again_job {
	char *path; /* owned */
	int64_t game_id;
	int ply;
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	atomic_bool cancel;
	atomic_bool done; /* what follows belongs to the owner then */
	bool taken;
	struct again_found found;
	struct err e;
};

static void *work(void *arg)
{
	struct again_job *j = arg;
	struct again *a = NULL;
	struct lab *lab = NULL;

	/* Whatever fails says why where it is looked for. */
	if (lab_open(&lab, j->path, LAB_ONLY_READ, &j->e) ||
	    again_open(&a, lab_store(lab), j->game_id, &j->cancel, &j->e) ||
	    again_search(a, j->ply, &j->cancel, &j->found, &j->e))
		assert(j->e.code);
	again_close(a);
	lab_close(lab);
	atomic_store(&j->done, true);
	j->wake(j->ctx);
	return NULL;
}

enum err_code again_job_open(struct again_job **out, const char *lab,
			     int64_t game_id, int ply, void (*wake)(void *ctx),
			     void *ctx, struct err *e)
{
	struct again_job *j = mem_zalloc(1, sizeof(*j));
	int failed;

	j->path = mem_strdup(lab);
	j->game_id = game_id;
	j->ply = ply;
	j->wake = wake;
	j->ctx = ctx;
	failed = worker_start(&j->thread, work, j);
	if (failed) {
		free(j->path);
		free(j);
		*out = NULL;
		return err_set(e, ERR_IO, "cannot start a thread: %s",
			       strerror(failed));
	}
	*out = j;
	return ERR_OK;
}

void again_job_close(struct again_job *j)
{
	if (!j)
		return;
	atomic_store(&j->cancel, true);
	pthread_join(j->thread, NULL);
	if (!j->taken)
		again_found_release(&j->found);
	free(j->path);
	free(j);
}

bool again_job_take(struct again_job *j, struct again_found *out, struct err *e)
{
	if (j->taken || !atomic_load(&j->done))
		return false;
	j->taken = true;
	*out = j->found;
	*e = j->e;
	return true;
}
