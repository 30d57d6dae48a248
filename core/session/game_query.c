/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/game_query.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/session/worker.h"

struct game_query {
	char *path;      /* owned */
	struct lab *lab; /* owned; NULL: not opened yet */
	struct game_question question;
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	atomic_int users; /* the caller and the worker; the last one frees */
	pthread_mutex_t lock;
	pthread_cond_t end;
	bool ended;          /* under lock: the answer is the caller's */
	atomic_bool dropped; /* set under lock: wake() may not be called */
	struct game_answer answer;
	enum err_code rc;
	struct err err;
};

void game_question_store(const struct game_question *q,
			 struct store_game_filter *out)
{
	game_filter_store(&q->filter, q->run_id, out);
	if (q->count)
		return;
	out->oldest_first = q->oldest_first;
	out->after = q->after;
	out->limit = q->limit;
	out->offset = q->offset;
}

static void leave(struct game_query *q)
{
	if (atomic_fetch_sub(&q->users, 1) > 1)
		return;
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->end);
	store_bag_release(&q->answer.bag);
	lab_close(q->lab);
	free(q->path);
	free(q);
}

static bool is_wanted(void *ctx)
{
	struct game_query *q = ctx;

	return !atomic_load(&q->dropped);
}

static enum err_code look(struct game_query *q)
{
	struct game_answer *a = &q->answer;
	struct store *s = lab_store(q->lab);
	struct store_game_filter f;
	enum store_status st;

	/* A file that is read as a copy is looked at anew by this. */
	(void)store_data_version(s);
	store_while(s, is_wanted, q);
	game_question_store(&q->question, &f);
	st = q->question.count
		     ? store_game_count(s, &f, &a->total)
		     : store_game_list(s, &a->bag, &f, &a->rows, &a->count);
	store_while(s, NULL, NULL);
	return lab_error(s, st, &q->err);
}

static void *work(void *arg)
{
	struct game_query *q = arg;

	if (!q->lab)
		q->rc = lab_open(&q->lab, q->path, LAB_ONLY_READ, &q->err);
	if (!q->rc)
		q->rc = look(q);
	pthread_mutex_lock(&q->lock);
	q->ended = true;
	pthread_cond_signal(&q->end);
	if (!atomic_load(&q->dropped))
		q->wake(q->ctx);
	pthread_mutex_unlock(&q->lock);
	leave(q);
	return NULL;
}

enum err_code game_query_start(struct game_query **out, const char *lab_path,
			       const struct game_question *question,
			       struct lab **spare, void (*wake)(void *ctx),
			       void *ctx, struct err *e)
{
	struct game_query *q = mem_zalloc(1, sizeof(*q));
	int rc;

	q->path = mem_strdup(lab_path);
	q->question = *question;
	q->wake = wake;
	q->ctx = ctx;
	q->lab = *spare;
	*spare = NULL;
	atomic_init(&q->users, 2);
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->end, NULL);
	rc = worker_start(&q->thread, work, q);
	if (rc) {
		atomic_store(&q->users, 1);
		leave(q);
		return err_set(e, ERR_IO,
			       "cannot start a thread to look for games: %s",
			       strerror(rc));
	}
	*out = q;
	return ERR_OK;
}

bool game_query_ended(struct game_query *q, int ms)
{
	struct timespec until = clock_deadline(ms / 1e3);
	bool ended;

	pthread_mutex_lock(&q->lock);
	while (!q->ended && ms > 0 &&
	       pthread_cond_timedwait(&q->end, &q->lock, &until) != ETIMEDOUT)
		;
	ended = q->ended;
	pthread_mutex_unlock(&q->lock);
	return ended;
}

enum err_code game_query_take(struct game_query *q, struct game_answer *out,
			      struct lab **spare, struct err *e)
{
	enum err_code rc;

	pthread_join(q->thread, NULL);
	rc = q->rc;
	if (rc)
		err_set(e, rc, "%s", q->err.msg);
	*out = q->answer;
	memset(&q->answer, 0, sizeof(q->answer));
	if (!*spare) {
		*spare = q->lab;
		q->lab = NULL;
	}
	leave(q);
	return rc;
}

void game_query_drop(struct game_query *q)
{
	if (!q)
		return;
	pthread_mutex_lock(&q->lock);
	atomic_store(&q->dropped, true);
	pthread_mutex_unlock(&q->lock);
	pthread_detach(q->thread);
	leave(q);
}
