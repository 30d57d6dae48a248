/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/rescue.h"

/* What a process that dies leaves on its terminal. */
struct outcome {
	char text[4096];
	int status;
};

static void run_child(void (*child)(void), struct outcome *out)
{
	size_t len = 0;
	ssize_t n;
	int fd;
	pid_t pid = forkpty(&fd, NULL, NULL, NULL);

	assert_true(pid >= 0);
	if (!pid) {
		struct rlimit no_core = {0, 0};

		setrlimit(RLIMIT_CORE, &no_core);
		child();
		_exit(0);
	}
	while (len + 1 < sizeof(out->text) &&
	       (n = read(fd, out->text + len, sizeof(out->text) - len - 1)) > 0)
		len += (size_t)n;
	out->text[len] = '\0';
	assert_int_equal(waitpid(pid, &out->status, 0), pid);
	close(fd);
}

static void spoil_terminal(void)
{
	struct termios raw;

	rescue_arm(STDOUT_FILENO);
	rescue_bytes("<back>", 6);
	tcgetattr(STDOUT_FILENO, &raw);
	cfmakeraw(&raw);
	tcsetattr(STDOUT_FILENO, TCSANOW, &raw);
	fputs("why it died\n", stderr);
}

static void die(void)
{
	spoil_terminal();
	abort();
}

/* The line ends as "\r\n": output was cooked again when it was written. */
static void test_last_words(void **state)
{
	struct outcome o;

	(void)state;
	run_child(die, &o);
	assert_string_equal(o.text, "<back>why it died\r\n");
	assert_true(WIFSIGNALED(o.status));
	assert_int_equal(WTERMSIG(o.status), SIGABRT);
}

static void live(void)
{
	spoil_terminal();
	rescue_disarm();
	fputs("after\n", stderr);
}

static void test_disarmed(void **state)
{
	struct outcome o;

	(void)state;
	run_child(live, &o);
	assert_string_equal(o.text, "why it died\nafter\n");
	assert_true(WIFEXITED(o.status));
}

static int overflow(int depth)
{
	volatile char big[4096];

	big[0] = (char)depth;
	return depth < 0 ? 0 : overflow(depth + 1) + big[0];
}

static void overflow_stack(void)
{
	struct rlimit small = {256 * 1024, 256 * 1024};

	setrlimit(RLIMIT_STACK, &small);
	spoil_terminal();
	_exit(overflow(0));
}

static void test_stack_overflow(void **state)
{
	struct outcome o;

	(void)state;
	run_child(overflow_stack, &o);
	assert_non_null(strstr(o.text, "<back>why it died\r\n"));
	assert_true(WIFSIGNALED(o.status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last_words),
		cmocka_unit_test(test_disarmed),
		cmocka_unit_test(test_stack_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
