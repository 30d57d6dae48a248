/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_POOL_H
#define CORE_BASE_POOL_H

/*
 * A fixed set of worker threads that run numbered tasks.  Which thread runs a
 * task is not defined, so a task must depend on its number alone: that is what
 * makes results equal for any number of threads.  Workers block all signals.
 */
struct pool;

/* `threads` >= 1 counts the caller: pool_new(1) starts no thread. */
struct pool *pool_new(int threads);
void pool_free(struct pool *p);
int pool_threads(const struct pool *p);

/* Call task(ctx, i, worker) for i = 0 .. count-1 and return when all are done.
 * `worker` is 0 .. threads-1, for per-thread workspaces.  Not reentrant. */
void pool_run(struct pool *p, int count,
	      void (*task)(void *ctx, int i, int worker), void *ctx);

/* The same with the calling thread free for something else: it calls watch(ctx)
 * before the first task and about every hundredth of a second from then on,
 * however long a task takes.  Worker 0 is a thread of its own meanwhile. */
void pool_run_watched(struct pool *p, int count,
		      void (*task)(void *ctx, int i, int worker),
		      void (*watch)(void *ctx), void *ctx);

/*
 * Processor seconds in tasks since the last pool_take_times(): what all workers
 * spent, what the caller's own thread did of that, and the sum over calls of
 * what the busiest worker spent.  Where no other program takes the processors
 * away, threads * busiest - busy is the time that workers waited for the last.
 */
struct pool_times {
	double busy, own, busiest;
};
void pool_take_times(struct pool *p, struct pool_times *out);

#endif
