/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "tui/spawn.h"

static int wait_end(struct spawn *s)
{
	int status = -1;

	while (!spawn_ended(s, &status))
		usleep(1000);
	return status;
}

static void test_status_and_last_words(void **state)
{
	const char *argv[] = {"/bin/sh", "-c",
			      "echo one >&2; echo out; echo the reason >&2; "
			      "exit 7",
			      NULL};
	struct err e = ERR_INIT;
	struct spawn *s;
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(spawn_start(argv, &s, &e), ERR_OK);
	assert_int_equal(wait_end(s), 7);
	spawn_last_words(s, &b);
	assert_string_equal(b.data, "the reason");
	spawn_release(s);
	buf_release(&b);
}

static void test_silent_and_killed(void **state)
{
	const char *argv[] = {"/bin/sh", "-c", "kill -9 $$", NULL};
	struct spawn *s;
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(spawn_start(argv, &s, NULL), ERR_OK);
	assert_int_equal(wait_end(s), 128 + 9);
	spawn_last_words(s, &b);
	assert_int_equal(b.len, 0);
	spawn_release(s);
	spawn_release(NULL);
	buf_release(&b);
}

/* Its own session: it leads it, and so does not get our terminal's signals. */
static void test_own_session(void **state)
{
	const char *argv[] = {"/bin/sh", "-c",
			      "cut -d' ' -f6 /proc/$$/stat >&2", NULL};
	struct spawn *s;
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(spawn_start(argv, &s, NULL), ERR_OK);
	assert_int_equal(wait_end(s), 0);
	spawn_last_words(s, &b);
	assert_int_equal(strtol(b.data, NULL, 10), spawn_pid(s));
	assert_int_not_equal(strtol(b.data, NULL, 10), getsid(0));
	spawn_release(s);
	buf_release(&b);
}

static void test_missing_program(void **state)
{
	const char *argv[] = {"/dev/null/no/plyscope", NULL};
	struct err e = ERR_INIT;
	struct spawn *s;

	(void)state;
	assert_int_equal(spawn_start(argv, &s, &e), ERR_IO);
	assert_null(s);
	assert_non_null(strstr(e.msg, "/dev/null/no/plyscope"));
	assert_non_null(strstr(e.msg, "Not a directory"));
}

static void test_goes_on_after_release(void **state)
{
	char path[] = "/tmp/test_spawn_XXXXXX", command[128];
	const char *argv[] = {"/bin/sh", "-c", command, NULL};
	struct spawn *s;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	snprintf(command, sizeof(command), "read x; rm %s", path);
	assert_int_equal(spawn_start(argv, &s, NULL), ERR_OK);
	spawn_release(s);
	while (access(path, F_OK) == 0)
		usleep(1000);
	close(fd);
}

static void test_self(void **state)
{
	char path[4096];

	(void)state;
	assert_int_equal(spawn_self(path, sizeof(path), NULL), ERR_OK);
	assert_non_null(strstr(path, "test_spawn"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_and_last_words),
		cmocka_unit_test(test_silent_and_killed),
		cmocka_unit_test(test_own_session),
		cmocka_unit_test(test_missing_program),
		cmocka_unit_test(test_goes_on_after_release),
		cmocka_unit_test(test_self),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
