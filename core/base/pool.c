/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/pool.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/mem.h"

static const double WATCH_SECONDS = 0.01;

struct worker {
	struct pool *pool;
	pthread_t thread;
	int number;
	double busy; /* processor seconds in the tasks of this round */
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct worker *workers; /* owned; [threads]; the first is the caller */
	int threads;
	bool has_first; /* the first has a thread, for when the caller watches.
			 * It stays: what it starts may end with it. */
	bool quit;
	/* the job at hand, all under lock */
	unsigned round;
	bool watched;
	int count, next, running;
	void (*task)(void *ctx, int i, int worker);
	void *ctx;
	struct pool_times times; /* of the rounds that are over */
};

/* Take tasks until none is left.  Entered and left with the lock held. */
static void take_tasks(struct pool *p, int worker)
{
	double before = clock_thread_seconds();

	while (p->next < p->count) {
		int i = p->next++;

		p->running++;
		pthread_mutex_unlock(&p->lock);
		p->task(p->ctx, i, worker);
		pthread_mutex_lock(&p->lock);
		p->running--;
		p->workers[worker].busy = clock_thread_seconds() - before;
	}
	if (!p->running)
		pthread_cond_broadcast(&p->done);
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;
	unsigned seen = 0;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!p->quit && p->round == seen)
			pthread_cond_wait(&p->work, &p->lock);
		if (p->quit)
			break;
		seen = p->round;
		if (w->number || p->watched)
			take_tasks(p, w->number);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static bool start_worker(struct pool *p, int number)
{
	struct worker *w = &p->workers[number];
	sigset_t all, old;
	bool started;

	w->pool = p;
	w->number = number;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	started = pthread_create(&w->thread, NULL, worker_main, w) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return started;
}

struct pool *pool_new(int threads)
{
	struct pool *p = mem_zalloc(1, sizeof(*p));

	assert(threads >= 1);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	p->threads = threads;
	p->workers = mem_zalloc((size_t)threads, sizeof(*p->workers));
	for (int i = 1; i < threads; i++) {
		if (!start_worker(p, i)) {
			/* Fewer threads give the same results, only later. */
			p->threads = i;
			break;
		}
	}
	return p;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->quit = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (int i = p->has_first ? 0 : 1; i < p->threads; i++)
		pthread_join(p->workers[i].thread, NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->done);
	free(p->workers);
	free(p);
}

int pool_threads(const struct pool *p)
{
	return p->threads;
}

/* `own`: the first worker was the caller. */
static void add_times(struct pool *p, bool own)
{
	double busiest = 0;

	if (own)
		p->times.own += p->workers[0].busy;
	for (int i = 0; i < p->threads; i++) {
		p->times.busy += p->workers[i].busy;
		if (p->workers[i].busy > busiest)
			busiest = p->workers[i].busy;
		p->workers[i].busy = 0;
	}
	p->times.busiest += busiest;
}

/* With the lock held. */
static void begin_round(struct pool *p, int count, bool watched,
			void (*task)(void *ctx, int i, int worker), void *ctx)
{
	assert(p->next >= p->count && !p->running);
	p->task = task;
	p->ctx = ctx;
	p->count = count;
	p->next = 0;
	p->watched = watched;
	p->round++;
	pthread_cond_broadcast(&p->work);
}

void pool_run(struct pool *p, int count,
	      void (*task)(void *ctx, int i, int worker), void *ctx)
{
	pthread_mutex_lock(&p->lock);
	begin_round(p, count, false, task, ctx);
	take_tasks(p, 0);
	while (p->running)
		pthread_cond_wait(&p->done, &p->lock);
	add_times(p, true);
	pthread_mutex_unlock(&p->lock);
}

/* Until no task is left or the time is up.  With the lock held. */
static void wait_a_little(struct pool *p)
{
	struct timespec until = clock_deadline(WATCH_SECONDS);

	(void)pthread_cond_timedwait(&p->done, &p->lock, &until);
}

void pool_run_watched(struct pool *p, int count,
		      void (*task)(void *ctx, int i, int worker),
		      void (*watch)(void *ctx), void *ctx)
{
	watch(ctx);
	if (!p->has_first)
		p->has_first = start_worker(p, 0);
	pthread_mutex_lock(&p->lock);
	begin_round(p, count, p->has_first, task, ctx);
	if (!p->has_first)
		take_tasks(p, 0); /* later, and watched by nobody */
	while (p->running || p->next < p->count) {
		wait_a_little(p);
		pthread_mutex_unlock(&p->lock);
		watch(ctx);
		pthread_mutex_lock(&p->lock);
	}
	add_times(p, !p->has_first);
	pthread_mutex_unlock(&p->lock);
}

void pool_take_times(struct pool *p, struct pool_times *out)
{
	*out = p->times;
	p->times = (struct pool_times){0};
}
