/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/mem.h"

enum {
	BUFFER = 1 << 16, /* the longest line */
	SLICE_MS = 20,    /* between two looks at `cancel` */
};

struct child {
	pid_t pid;
	int in, out; /* our ends of its stdin and stdout */
	char *text;  /* owned; [BUFFER + 1]; read and not yet given */
	size_t start, end;
	bool eof;
};

/* --- starting ------------------------------------------------------------ */

/* Where a shell would find `name`; NULL: nowhere.  Caller frees. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return access(name, X_OK) ? NULL : mem_strdup(name);
	if (!path || !*path)
		path = "/usr/local/bin:/usr/bin:/bin";
	for (;;) {
		size_t n = strcspn(path, ":");
		char *full = mem_printf("%.*s/%s", n ? (int)n : 1,
					n ? path : ".", name);

		if (!access(full, X_OK))
			return full;
		free(full);
		if (!path[n])
			return NULL;
		path += n + 1;
	}
}

/* Between fork() and exec(): only calls that are safe there. */
static void become(const char *program, char *const *argv, int in, int out,
		   int report, pid_t parent)
{
	static const int usual[] = {SIGPIPE, SIGINT,  SIGQUIT, SIGHUP,
				    SIGTERM, SIGTSTP, SIGCHLD};
	int none = open("/dev/null", O_RDWR);
	sigset_t mask;
	int why;

	setpgid(0, 0);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		kill(getpid(), SIGKILL);
#else
	(void)parent;
#endif
	for (size_t i = 0; i < ARRAY_LEN(usual); i++)
		signal(usual[i], SIG_DFL);
	sigemptyset(&mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (none >= 0 && dup2(in, STDIN_FILENO) >= 0 &&
	    dup2(out, STDOUT_FILENO) >= 0 && dup2(none, STDERR_FILENO) >= 0) {
		if (none > STDERR_FILENO)
			close(none);
		execv(program, argv);
	}
	why = errno;
	while (write(report, &why, sizeof(why)) < 0 && errno == EINTR)
		;
	kill(getpid(), SIGKILL);
}

static int make_pipe(int ends[2])
{
	ends[0] = ends[1] = -1;
	return pipe2(ends, O_CLOEXEC) ? errno : 0;
}

static void close_pipe(int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

static void reap(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Returns 0 or the reason; then *pid runs `program`. */
static int launch(const char *program, char *const *argv, int in, int out,
		  pid_t *pid)
{
	pid_t parent = getpid();
	int report[2], why = make_pipe(report);
	sigset_t all, before;
	ssize_t n;

	if (why)
		return why;
	/* No handler of ours must run in the child. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	*pid = fork();
	if (*pid == 0)
		become(program, argv, in, out, report[1], parent);
	why = *pid < 0 ? errno : 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	close(report[1]);
	report[1] = -1;
	if (!why) {
		/* Closed by exec(): nothing to read is good news. */
		do
			n = read(report[0], &why, sizeof(why));
		while (n < 0 && errno == EINTR);
		if (n != sizeof(why))
			why = 0;
		else
			reap(*pid);
	}
	close_pipe(report);
	return why;
}

static int start(struct child *c, const char *program, char *const *argv)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1};
	int why = make_pipe(in);

	if (!why)
		why = make_pipe(out);
	if (!why)
		why = launch(program, argv, in[0], out[1], &c->pid);
	if (why) {
		close_pipe(in);
		close_pipe(out);
		return why;
	}
	close(in[0]);
	close(out[1]);
	c->in = in[1];
	c->out = out[0];
	fcntl(c->in, F_SETFL, O_NONBLOCK);
	fcntl(c->out, F_SETFL, O_NONBLOCK);
	return 0;
}

enum err_code child_start(struct child **out, char *const *argv, struct err *e)
{
	char *program = find_program(argv[0]);
	struct child *c;
	int why;

	*out = NULL;
	if (!program)
		return err_set(e, ERR_NOTFOUND,
			       "there is no program '%s' to start: is it "
			       "installed and in PATH?",
			       argv[0]);
	c = mem_zalloc(1, sizeof(*c));
	why = start(c, program, argv);
	free(program);
	if (why) {
		free(c);
		return err_set(e, ERR_IO, "cannot start '%s': %s", argv[0],
			       strerror(why));
	}
	c->text = mem_alloc(BUFFER + 1);
	*out = c;
	return ERR_OK;
}

/* --- talking ------------------------------------------------------------- */

/* Milliseconds to wait now, at most a slice. */
static int slice(double until, const atomic_bool *cancel)
{
	double left = (until - clock_seconds()) * 1000;

	if (left <= 0)
		return 0;
	if (cancel && left > SLICE_MS)
		return SLICE_MS;
	return left > 1000 ? 1000 : (int)left + 1;
}

/* Cut the next line off what has been read. */
static bool take_line(struct child *c, const char **line)
{
	char *from = c->text + c->start;
	size_t have = c->end - c->start;
	char *newline = memchr(from, '\n', have);
	size_t n = newline ? (size_t)(newline - from) : have;

	if (!newline && have < BUFFER && !(c->eof && have))
		return false;
	c->start += n + (newline != NULL);
	from[n] = '\0';
	if (n && from[n - 1] == '\r')
		from[n - 1] = '\0';
	*line = from;
	return true;
}

/* False: nothing came, for the reason in errno. */
static bool fill(struct child *c)
{
	ssize_t n;

	if (c->start) {
		memmove(c->text, c->text + c->start, c->end - c->start);
		c->end -= c->start;
		c->start = 0;
	}
	n = read(c->out, c->text + c->end, BUFFER - c->end);
	if (n > 0)
		c->end += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		c->eof = true;
	return n > 0;
}

enum child_news child_read(struct child *c, double until,
			   const atomic_bool *cancel, const char **line)
{
	for (;;) {
		struct pollfd p = {.fd = c->out, .events = POLLIN};

		if (cancel && atomic_load(cancel))
			return CHILD_CANCELLED;
		/* Before its lines: who writes on and on is late too. */
		if (clock_seconds() >= until)
			return CHILD_LATE;
		if (take_line(c, line))
			return CHILD_LINE;
		if (c->eof)
			return CHILD_GONE;
		if (poll(&p, 1, slice(until, cancel)) > 0)
			fill(c);
	}
}

/* As write(), but who closed the pipe costs no signal. */
static ssize_t write_quietly(int fd, const char *text, size_t len)
{
	const struct timespec now = {0, 0};
	sigset_t pipe_only, before, pending;
	bool was_pending;
	ssize_t n;
	int why;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	sigpending(&pending);
	was_pending = sigismember(&pending, SIGPIPE) == 1;
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	n = write(fd, text, len);
	why = errno;
	if (n < 0 && why == EPIPE && !was_pending)
		while (sigtimedwait(&pipe_only, NULL, &now) < 0 &&
		       errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = why;
	return n;
}

enum child_news child_write(struct child *c, const char *text, double until)
{
	size_t len = strlen(text);

	while (len) {
		struct pollfd p = {.fd = c->in, .events = POLLOUT};
		ssize_t n = write_quietly(c->in, text, len);

		if (n > 0) {
			text += n;
			len -= (size_t)n;
			continue;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return CHILD_GONE;
		if (clock_seconds() >= until)
			return CHILD_LATE;
		poll(&p, 1, slice(until, NULL));
	}
	return CHILD_LINE;
}

/* --- ending -------------------------------------------------------------- */

static bool has_ended(pid_t pid)
{
	siginfo_t info = {0};

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid == pid;
}

void child_close(struct child *c, double grace)
{
	double until = clock_seconds() + grace;
	const char *line;

	if (!c)
		return;
	close(c->in);
	/* Its output closes when it goes; what it still says is not needed. */
	while (child_read(c, until, NULL, &line) == CHILD_LINE)
		;
	while (!has_ended(c->pid) && clock_seconds() < until)
		poll(NULL, 0, 1);
	/* Before it is reaped, so that its group cannot be another's yet. */
	kill(-c->pid, SIGKILL);
	kill(c->pid, SIGKILL);
	reap(c->pid);
	close(c->out);
	free(c->text);
	free(c);
}
