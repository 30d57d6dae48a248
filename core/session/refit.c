/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/refit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/session/worker.h"

struct refit {
	char *path, *game, *anchor; /* owned */
	bool keep;
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	atomic_int users;  /* the caller and the worker; the last one frees */
	atomic_bool ended; /* the outcome is the caller's from then on */
	pthread_mutex_t lock;
	atomic_bool dropped; /* under lock: whether wake() may be called */
	struct rate_table table;
	enum err_code rc;
	struct err err;
};

static void leave(struct refit *r)
{
	if (atomic_fetch_sub(&r->users, 1) > 1)
		return;
	pthread_mutex_destroy(&r->lock);
	rate_table_release(&r->table);
	free(r->path);
	free(r->game);
	free(r->anchor);
	free(r);
}

/* What is kept is wanted whoever looks. */
static bool is_wanted(void *arg)
{
	const struct refit *r = arg;

	return r->keep || !atomic_load(&r->dropped);
}

static void *work(void *arg)
{
	struct refit *r = arg;
	struct rate_options options = {
		.anchor = *r->anchor ? r->anchor : NULL,
		.goes_on = is_wanted,
		.ctx = r,
	};
	struct lab *lab;

	r->rc = lab_open(&lab, r->path, r->keep ? 0 : LAB_ONLY_READ, &r->err);
	if (!r->rc) {
		r->rc = rate_lab(lab, r->game, &options, &r->table, &r->err);
		lab_close(lab);
	}
	atomic_store(&r->ended, true);
	pthread_mutex_lock(&r->lock);
	if (!atomic_load(&r->dropped))
		r->wake(r->ctx);
	pthread_mutex_unlock(&r->lock);
	leave(r);
	return NULL;
}

enum err_code refit_start(struct refit **out, const char *lab_path,
			  const char *game, const char *anchor, bool keep,
			  void (*wake)(void *ctx), void *ctx, struct err *e)
{
	struct refit *r = mem_zalloc(1, sizeof(*r));
	int rc;

	r->path = mem_strdup(lab_path);
	r->game = mem_strdup(game);
	r->anchor = mem_strdup(anchor);
	atomic_init(&r->users, 2);
	pthread_mutex_init(&r->lock, NULL);
	r->keep = keep;
	r->wake = wake;
	r->ctx = ctx;
	rc = worker_start(&r->thread, work, r);
	if (rc) {
		atomic_store(&r->users, 1);
		leave(r);
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
	memset(&r->table, 0, sizeof(r->table));
	leave(r);
	return rc;
}

void refit_drop(struct refit *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	atomic_store(&r->dropped, true);
	pthread_mutex_unlock(&r->lock);
	pthread_detach(r->thread);
	leave(r);
}
