/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/rescue.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/mem.h"

static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL,
			      SIGTERM, SIGHUP,  SIGINT, SIGQUIT};

/* A handler has no other way to its data. */
static struct {
	int fd;
	bool have_modes;
	struct termios modes;
	char bytes[RESCUE_BYTES];
	size_t len;
	struct sigaction before[ARRAY_LEN(signals)];
	stack_t stack, stack_before;
	int kept, real_stderr; /* -1: stderr is left alone */
} rescue = {.kept = -1, .real_stderr = -1};

/* Safe in a handler. */
static void say_what_was_kept(void)
{
	char part[512];
	ssize_t n;

	if (rescue.kept < 0 || lseek(rescue.kept, 0, SEEK_SET) < 0)
		return;
	while ((n = read(rescue.kept, part, sizeof(part))) > 0)
		if (write(rescue.real_stderr, part, (size_t)n) < 0)
			return;
}

static void keep_stderr(void)
{
	if (!isatty(STDERR_FILENO))
		return;
	rescue.kept = memfd_create("stderr", MFD_CLOEXEC);
	if (rescue.kept < 0)
		return;
	rescue.real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (rescue.real_stderr < 0 || dup2(rescue.kept, STDERR_FILENO) < 0) {
		close(rescue.kept);
		rescue.kept = -1;
	}
}

static void release_stderr(void)
{
	if (rescue.kept < 0)
		return;
	fflush(stderr);
	dup2(rescue.real_stderr, STDERR_FILENO);
	say_what_was_kept();
	close(rescue.real_stderr);
	close(rescue.kept);
	rescue.kept = rescue.real_stderr = -1;
}

static void restore_and_die(int sig)
{
	struct sigaction fall = {.sa_handler = SIG_DFL};
	ssize_t n = write(rescue.fd, rescue.bytes, rescue.len);

	(void)n;
	if (rescue.have_modes)
		tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
	say_what_was_kept();
	sigemptyset(&fall.sa_mask);
	sigaction(sig, &fall, NULL);
	raise(sig); /* delivered when this handler returns */
}

void rescue_arm(int fd)
{
	struct sigaction act = {.sa_handler = restore_and_die,
				.sa_flags = SA_ONSTACK};

	rescue.fd = fd;
	rescue.len = 0;
	rescue.have_modes = !tcgetattr(fd, &rescue.modes);
	/* a stack that ran over is a crash too */
	rescue.stack.ss_size = 64 * 1024;
	rescue.stack.ss_sp = mem_alloc(rescue.stack.ss_size);
	sigaltstack(&rescue.stack, &rescue.stack_before);
	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &act, &rescue.before[i]);
	keep_stderr();
}

void rescue_bytes(const char *bytes, size_t len)
{
	assert(len <= RESCUE_BYTES);
	rescue.len = 0;
	memcpy(rescue.bytes, bytes, len);
	rescue.len = len;
}

void rescue_disarm(void)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &rescue.before[i], NULL);
	sigaltstack(&rescue.stack_before, NULL);
	free(rescue.stack.ss_sp);
	rescue.stack.ss_sp = NULL;
	release_stderr();
}
