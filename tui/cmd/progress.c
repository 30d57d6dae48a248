/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/progress.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tui/cmd/cmd.h"

enum { QUIET_SECONDS = 2 };

/* One command runs at a time. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t woken;
	pthread_t thread;
	bool ticks; /* the thread runs */
	bool over;  /* and shall end */
	bool shown; /* a line of the command's own stands there */
	bool clock; /* one of the clock's does */
	const char *name;
	double begun, said; /* when it began, and last said something */
	/* Where the work was when its total was first told. */
	double from, total, from_at;
} progress = {.lock = PTHREAD_MUTEX_INITIALIZER,
	      .woken = PTHREAD_COND_INITIALIZER};

static void wipe(void)
{
	fputs("\r\033[K", stderr);
}

static void duration(double seconds, char *out, size_t size)
{
	long s = (long)(seconds + 0.5);

	if (s < 90)
		snprintf(out, size, "%ld s", s);
	else if (s < 5400)
		snprintf(out, size, "%ld min", (s + 30) / 60);
	else
		snprintf(out, size, "%ld h %ld min", s / 3600, s / 60 % 60);
}

static void show_clock(void)
{
	char text[40];

	duration(clock_seconds() - progress.begun, text, sizeof(text));
	wipe();
	fprintf(stderr, "%s: at work for %s", progress.name, text);
	fflush(stderr);
	progress.clock = true;
}

static void *tick(void *ctx)
{
	(void)ctx;
	pthread_mutex_lock(&progress.lock);
	while (!progress.over) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		pthread_cond_timedwait(&progress.woken, &progress.lock, &until);
		if (!progress.over && !progress.shown &&
		    clock_seconds() - progress.said >= QUIET_SECONDS)
			show_clock();
	}
	pthread_mutex_unlock(&progress.lock);
	return NULL;
}

void progress_begin(const char *name)
{
	sigset_t all, before;

	progress.name = name;
	progress.begun = progress.said = clock_seconds();
	progress.total = 0;
	if (!isatty(STDERR_FILENO) || progress.ticks)
		return;
	progress.over = false;
	/* Signals are for those who work. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	progress.ticks = !pthread_create(&progress.thread, NULL, tick, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void progress_pause(void)
{
	pthread_mutex_lock(&progress.lock);
	if (progress.clock)
		wipe();
	progress.clock = false;
	progress.said = clock_seconds();
	pthread_mutex_unlock(&progress.lock);
}

void progress_stop(void)
{
	if (!progress.ticks)
		return;
	progress_pause();
	pthread_mutex_lock(&progress.lock);
	progress.over = true;
	pthread_cond_signal(&progress.woken);
	pthread_mutex_unlock(&progress.lock);
	pthread_join(progress.thread, NULL);
	progress.ticks = false;
}

static void show(const char *left, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void show(const char *left, const char *fmt, va_list ap)
{
	wipe();
	vfprintf(stderr, fmt, ap);
	if (*left)
		fprintf(stderr, ", %s", left);
	fflush(stderr);
	progress.shown = true;
	progress.clock = false;
	progress.said = clock_seconds();
}

/* Where nobody knows how much is to be done: how long it has been done. */
static void time_spent(char *out, size_t size)
{
	double spent = clock_seconds() - progress.begun;
	char text[40];

	out[0] = '\0';
	if (spent < QUIET_SECONDS)
		return;
	duration(spent, text, sizeof(text));
	snprintf(out, size, "%s so far", text);
}

void cmd_progress(const char *fmt, ...)
{
	char spent[60];
	va_list ap;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(ap, fmt);
	pthread_mutex_lock(&progress.lock);
	time_spent(spent, sizeof(spent));
	show(spent, fmt, ap);
	pthread_mutex_unlock(&progress.lock);
	va_end(ap);
}

/* How long the rest takes at the speed so far; "": that cannot be told yet. */
static void time_left(double done, double total, char *out, size_t size)
{
	double now = clock_seconds(), since;
	char text[40];

	if (total <= 0) {
		time_spent(out, size);
		return;
	}
	out[0] = '\0';
	if (total != progress.total || done < progress.from) {
		progress.total = total;
		progress.from = done;
		progress.from_at = now;
		return;
	}
	since = now - progress.from_at;
	if (since < 1 || done <= progress.from || total <= done)
		return;
	duration(since * (total - done) / (done - progress.from), text,
		 sizeof(text));
	snprintf(out, size, "%s left", text);
}

void cmd_progress_of(double done, double total, const char *fmt, ...)
{
	char left[60];
	va_list ap;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(ap, fmt);
	pthread_mutex_lock(&progress.lock);
	time_left(done, total, left, sizeof(left));
	show(left, fmt, ap);
	pthread_mutex_unlock(&progress.lock);
	va_end(ap);
}

void cmd_progress_end(void)
{
	pthread_mutex_lock(&progress.lock);
	if (progress.clock)
		wipe();
	if (progress.shown)
		fputc('\n', stderr);
	progress.shown = progress.clock = false;
	progress.said = clock_seconds();
	pthread_mutex_unlock(&progress.lock);
}
