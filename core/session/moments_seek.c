/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/moments_seek.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/session/worker.h"

struct moments_seek {
	struct lab *lab; /* owned; the worker's */
	struct moments_asked asked;
	char *agent; /* owned */
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	bool started;
	atomic_bool cancel;
	struct moments_row *seen; /* owned; what was handed out */
	int seen_count;

	/* Everything below is guarded by `lock`. */
	pthread_mutex_t lock;
	struct moments_row *rows; /* owned */
	int count, cap;
	struct moments_sum sum;
	int64_t done, total;
	bool ended, news;
	struct err wrong;
};

static void take_row(void *ctx, const struct moments_row *row)
{
	struct moments_seek *s = ctx;

	pthread_mutex_lock(&s->lock);
	if (s->count < MOMENTS_MOST) {
		if (s->count == s->cap) {
			s->cap = s->cap ? 2 * s->cap : 256;
			s->rows = mem_realloc(
				s->rows, (size_t)s->cap * sizeof(*s->rows));
		}
		s->rows[s->count] = *row;
		s->rows[s->count++].agent = NULL;
	}
	pthread_mutex_unlock(&s->lock);
}

static void take_game(void *ctx, int64_t done, int64_t total)
{
	struct moments_seek *s = ctx;

	pthread_mutex_lock(&s->lock);
	s->done = done;
	s->total = total;
	s->news = true;
	pthread_mutex_unlock(&s->lock);
	s->wake(s->ctx);
}

static void *work(void *arg)
{
	struct moments_seek *s = arg;
	const struct moments_sink to = {take_row, take_game, s};
	struct moments_sum sum;
	struct err e = ERR_INIT;

	if (moments_find(s->lab, &s->asked, &s->cancel, &to, &sum, &e) ==
	    ERR_OK)
		e.code = ERR_OK;
	pthread_mutex_lock(&s->lock);
	s->sum = sum;
	s->wrong = e;
	s->ended = s->news = true;
	pthread_mutex_unlock(&s->lock);
	s->wake(s->ctx);
	return NULL;
}

enum err_code moments_seek_start(struct moments_seek **out,
				 const char *lab_path,
				 const struct moments_asked *asked,
				 void (*wake)(void *ctx), void *ctx,
				 struct err *e)
{
	struct moments_seek *s = mem_zalloc(1, sizeof(*s));
	enum err_code rc = lab_open(&s->lab, lab_path, LAB_ONLY_READ, e);

	s->asked = *asked;
	s->agent = asked->agent ? mem_strdup(asked->agent) : NULL;
	s->asked.agent = s->agent;
	s->wake = wake;
	s->ctx = ctx;
	pthread_mutex_init(&s->lock, NULL);
	if (!rc && worker_start(&s->thread, work, s))
		rc = err_set(e, ERR_IO,
			     "no thread could be had: too many "
			     "processes run on this machine");
	s->started = !rc;
	if (rc)
		moments_seek_close(s);
	else
		*out = s;
	return rc;
}

void moments_seek_cancel(struct moments_seek *s)
{
	atomic_store(&s->cancel, true);
}

void moments_seek_close(struct moments_seek *s)
{
	if (!s)
		return;
	moments_seek_cancel(s);
	if (s->started)
		pthread_join(s->thread, NULL);
	lab_close(s->lab);
	pthread_mutex_destroy(&s->lock);
	free(s->agent);
	free(s->rows);
	free(s->seen);
	free(s);
}

bool moments_seek_collect(struct moments_seek *s, struct moments_view *out)
{
	bool news;

	pthread_mutex_lock(&s->lock);
	news = s->news;
	s->news = false;
	if (news && s->count > s->seen_count) {
		s->seen = mem_realloc(s->seen,
				      (size_t)s->count * sizeof(*s->seen));
		memcpy(s->seen + s->seen_count, s->rows + s->seen_count,
		       (size_t)(s->count - s->seen_count) * sizeof(*s->seen));
		s->seen_count = s->count;
	}
	*out = (struct moments_view){
		.rows = s->seen,
		.count = s->seen_count,
		.sum = s->sum,
		.done = s->done,
		.total = s->total,
		.ended = s->ended,
		.wrong = s->wrong,
	};
	pthread_mutex_unlock(&s->lock);
	return news;
}
