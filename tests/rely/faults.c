/* SPDX-License-Identifier: MIT */
/*
 * A library to be put before the C library's (LD_PRELOAD), which fails the nth
 * call of a kind, so that what a full or broken disk, a refused lock or missing
 * memory does can be tried call by call.
 *
 *	RELY_FAIL=KIND:N:HOW	KIND: write fsync read lock malloc name (a file
 *				gets another, or one more)
 *				HOW: an errno as a number, "short" (half of a
 *				write is done), "kill" (the process is gone)
 *	RELY_FAIL=KIND:N+:HOW	the nth and all that follow
 *	RELY_PATH=TEXT		only files whose path holds this
 *	RELY_COUNT=FILE		how many calls of each kind there were, at exit
 *
 * Of one process: what it starts runs without.
 */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { WRITE, FSYNC, READ, LOCK, MALLOC, NAME, KINDS };
static const char *const names[KINDS] = {"write", "fsync",  "read",
					 "lock",  "malloc", "name"};

enum { SHORT = -1, KILL = -2 };

static struct {
	atomic_bool ready;
	int kind; /* -1: none fails */
	long nth;
	bool on;   /* and all that follow */
	int error; /* errno, SHORT, KILL */
	const char *path;
} plan = {.kind = -1};

static atomic_long counts[KINDS];

__attribute__((constructor)) static void plan_read(void)
{
	const char *text = getenv("RELY_FAIL"), *colon, *how;

	plan.path = getenv("RELY_PATH");
	if (text && (colon = strchr(text, ':'))) {
		char *end;

		for (int k = 0; k < KINDS; k++)
			if (!strncmp(text, names[k], (size_t)(colon - text)))
				plan.kind = k;
		plan.nth = strtol(colon + 1, &end, 10);
		plan.on = *end == '+';
		how = strchr(end, ':');
		plan.error = !how                        ? EIO
			     : !strcmp(how + 1, "short") ? SHORT
			     : !strcmp(how + 1, "kill")  ? KILL
							 : atoi(how + 1);
		unsetenv("RELY_FAIL");
	}
	unsetenv("LD_PRELOAD");
	atomic_store(&plan.ready, true);
}

__attribute__((destructor)) static void counts_write(void)
{
	const char *path = getenv("RELY_COUNT");
	FILE *f = path ? fopen(path, "w") : NULL;

	for (int k = 0; f && k < KINDS; k++)
		fprintf(f, "%s %ld\n", names[k], atomic_load(&counts[k]));
	if (f)
		fclose(f);
}

/* Is this call the one?  0: no. */
static int fails(enum kind kind)
{
	long n;

	if (!atomic_load(&plan.ready))
		return 0;
	n = atomic_fetch_add(&counts[kind], 1) + 1;
	if ((int)kind != plan.kind || (plan.on ? n < plan.nth : n != plan.nth))
		return 0;
	if (plan.error == KILL)
		raise(SIGKILL);
	return plan.error;
}

static bool meant(int fd)
{
	char link[64], path[4096];
	ssize_t n;

	if (!plan.path)
		return true;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return strstr(path, plan.path) != NULL;
}

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* An error of the file, or 0. */
static int file_fails(enum kind kind, int fd)
{
	return meant(fd) ? fails(kind) : 0;
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	ssize_t (*go)(int, const void *, size_t, off64_t) = real("pwrite64");
	int error = file_fails(WRITE, fd);

	if (error == SHORT)
		return go(fd, data, n / 2, at);
	if (!error)
		return go(fd, data, n, at);
	errno = error;
	return -1;
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
	return pwrite64(fd, data, n, at);
}

ssize_t write(int fd, const void *data, size_t n)
{
	ssize_t (*go)(int, const void *, size_t) = real("write");
	int error = file_fails(WRITE, fd);

	if (error == SHORT)
		return go(fd, data, n / 2);
	if (!error)
		return go(fd, data, n);
	errno = error;
	return -1;
}

static int sync_by(const char *name, int fd)
{
	int (*go)(int) = real(name), error = file_fails(FSYNC, fd);

	if (error <= 0)
		return go(fd);
	errno = error;
	return -1;
}

int fsync(int fd)
{
	return sync_by("fsync", fd);
}

int fdatasync(int fd)
{
	return sync_by("fdatasync", fd);
}

ssize_t pread64(int fd, void *data, size_t n, off64_t at)
{
	ssize_t (*go)(int, void *, size_t, off64_t) = real("pread64");
	int error = file_fails(READ, fd);

	/* Never of nothing where there is something: that is the file's end. */
	if (error == SHORT)
		return go(fd, data, (n + 1) / 2, at);
	if (!error)
		return go(fd, data, n, at);
	errno = error;
	return -1;
}

ssize_t pread(int fd, void *data, size_t n, off_t at)
{
	return pread64(fd, data, n, at);
}

int fcntl64(int fd, int what, ...)
{
	int (*go)(int, int, ...) = real("fcntl64"), error = 0;
	va_list ap;
	void *arg;

	va_start(ap, what);
	arg = va_arg(ap, void *);
	va_end(ap);
	if (what == F_SETLK || what == F_OFD_SETLK)
		error = file_fails(LOCK, fd);
	if (error <= 0)
		return go(fd, what, arg);
	errno = error;
	return -1;
}

int fcntl(int fd, int what, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, what);
	arg = va_arg(ap, void *);
	va_end(ap);
	return fcntl64(fd, what, arg);
}

static int name_by(const char *name, const char *from, const char *to)
{
	int (*go)(const char *, const char *) = real(name), error = 0;

	if (!plan.path || strstr(from, plan.path))
		error = fails(NAME);
	if (error <= 0)
		return go(from, to);
	errno = error;
	return -1;
}

int rename(const char *from, const char *to)
{
	return name_by("rename", from, to);
}

int link(const char *from, const char *to)
{
	return name_by("link", from, to);
}

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n)
{
	if (fails(MALLOC) <= 0)
		return __libc_malloc(n);
	errno = ENOMEM;
	return NULL;
}

void *calloc(size_t n, size_t size)
{
	if (fails(MALLOC) <= 0)
		return __libc_calloc(n, size);
	errno = ENOMEM;
	return NULL;
}

void *realloc(void *p, size_t n)
{
	if (fails(MALLOC) <= 0)
		return __libc_realloc(p, n);
	errno = ENOMEM;
	return NULL;
}
