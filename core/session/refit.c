/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/refit.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/session/worker.h"

struct refit {
	char *path, *game; /* owned */
	bool keep;
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	atomic_bool ended; /* the rest is the caller's from then on */
	struct rate_table table;
	enum err_code rc;
	struct err err;
};

static void *work(void *arg)
{
	struct refit *r = arg;
	struct lab *lab;

	r->rc = lab_open(&lab, r->path, r->keep ? 0 : LAB_ONLY_READ, &r->err);
	if (!r->rc) {
		r->rc = rate_lab(lab, r->game, &r->table, &r->err);
		lab_close(lab);
	}
	atomic_store(&r->ended, true);
	r->wake(r->ctx);
	return NULL;
}

static void release(struct refit *r)
{
	free(r->path);
	free(r->game);
	free(r);
}

enum err_code refit_start(struct refit **out, const char *lab_path,
			  const char *game, bool keep, void (*wake)(void *ctx),
			  void *ctx, struct err *e)
{
	struct refit *r = mem_zalloc(1, sizeof(*r));
	int rc;

	r->path = mem_strdup(lab_path);
	r->game = mem_strdup(game);
	r->keep = keep;
	r->wake = wake;
	r->ctx = ctx;
	rc = worker_start(&r->thread, work, r);
	if (rc) {
		release(r);
		return err_set(e, ERR_IO, "cannot start a thread to rate: %s",
			       strerror(rc));
	}
	*out = r;
	return ERR_OK;
}

bool refit_ended(const struct refit *r)
{
	return atomic_load(&r->ended);
}

enum err_code refit_take(struct refit *r, struct rate_table *out, struct err *e)
{
	enum err_code rc;

	pthread_join(r->thread, NULL);
	rc = r->rc;
	if (rc)
		err_set(e, rc, "%s", r->err.msg);
	else
		*out = r->table;
	release(r);
	return rc;
}

void refit_drop(struct refit *r)
{
	struct rate_table table;

	if (r && !refit_take(r, &table, NULL))
		rate_table_release(&table);
}
