/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/mem.h"

enum { STILL_RUNNING = -1, LAST_WORDS = 2048 };

struct spawn {
	pid_t pid;
	int errors;         /* a file in memory; owned */
	atomic_int status;  /* STILL_RUNNING, then how it ended */
	atomic_int holders; /* the screen, and the thread that waits */
};

static void let_go(struct spawn *s)
{
	if (atomic_fetch_sub(&s->holders, 1) > 1)
		return;
	close(s->errors);
	free(s);
}

static void *wait_for(void *arg)
{
	struct spawn *s = arg;
	int status = 0;
	pid_t got;

	do
		got = waitpid(s->pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		status = 0; /* somebody else waited for it: it is gone */
	else
		status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
					     : WEXITSTATUS(status);
	atomic_store(&s->status, status);
	let_go(s);
	return NULL;
}

/* Signals belong to the thread that owns the terminal. */
static int start_waiting(struct spawn *s)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, old;
	int rc;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&thread, &attr, wait_for, s);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return rc;
}

/* New session, default signals, /dev/null for input and output. */
static int start_process(const char *const *argv, int errors, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	char **args = mem_zalloc(64, sizeof(*args));
	int rc, n = 0;

	/* posix_spawn() takes char *const[], and changes none of it */
	for (; argv[n] && n < 63; n++)
		args[n] = mem_strdup(argv[n]);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID |
						POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, errors, 2);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	rc = posix_spawn(pid, argv[0], &files, &attr, args, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	while (n-- > 0)
		free(args[n]);
	free(args);
	return rc;
}

enum err_code spawn_start(const char *const *argv, struct spawn **out,
			  struct err *e)
{
	struct spawn *s = mem_zalloc(1, sizeof(*s));
	int rc;

	*out = NULL;
	s->errors = memfd_create("plyscope-errors", MFD_CLOEXEC);
	if (s->errors < 0) {
		rc = errno;
		free(s);
		return err_set(e, ERR_IO, "cannot start %s: %s", argv[0],
			       strerror(rc));
	}
	/* several processes' lines, or one's after a read, go to the end */
	fcntl(s->errors, F_SETFL, O_APPEND);
	atomic_init(&s->status, STILL_RUNNING);
	atomic_init(&s->holders, 2);
	rc = start_process(argv, s->errors, &s->pid);
	if (rc) {
		close(s->errors);
		free(s);
		return err_set(e, ERR_IO, "cannot start %s: %s", argv[0],
			       strerror(rc));
	}
	if (start_waiting(s)) {
		/* no thread to be had: it runs, unwatched */
		atomic_store(&s->holders, 1);
	}
	*out = s;
	return ERR_OK;
}

void spawn_release(struct spawn *s)
{
	if (s)
		let_go(s);
}

long spawn_pid(const struct spawn *s)
{
	return (long)s->pid;
}

bool spawn_ended(struct spawn *s, int *status)
{
	int now = atomic_load(&s->status);

	if (now == STILL_RUNNING)
		return false;
	*status = now;
	return true;
}

void spawn_last_words(struct spawn *s, struct buf *out)
{
	char text[LAST_WORDS + 1], *line;
	off_t size = lseek(s->errors, 0, SEEK_END);
	off_t from = size > LAST_WORDS ? size - LAST_WORDS : 0;
	ssize_t n = size > 0 ? pread(s->errors, text, LAST_WORDS, from) : 0;

	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	if (n <= 0)
		return;
	text[n] = '\0';
	line = strrchr(text, '\n');
	buf_puts(out, line ? line + 1 : text);
}

enum err_code spawn_self(char *path, size_t size, struct err *e)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);

	if (n <= 0)
		return err_set(e, ERR_IO, "cannot find the running program: %s",
			       strerror(errno));
	path[n] = '\0';
	return ERR_OK;
}
