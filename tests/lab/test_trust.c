/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/trust.h"

/* A configuration of its own for each test. */
static char folder[] = "/tmp/plyscope-trust.XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	memcpy(folder + sizeof(folder) - 7, "XXXXXX", 6);
	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("XDG_CONFIG_HOME", folder, 1), 0);
	return 0;
}

static int remove_folder(void **state)
{
	char *command = mem_printf("rm -rf '%s'", folder);

	(void)state;
	assert_int_equal(system(command), 0);
	free(command);
	return 0;
}

static char *kept(void)
{
	char *path = trust_path();
	FILE *f = fopen(path, "r");
	struct buf text;
	char *out;

	free(path);
	buf_init(&text);
	if (f) {
		assert_true(buf_add_stream(&text, f, 100000));
		fclose(f);
	}
	out = mem_strdup(text.data);
	buf_release(&text);
	return out;
}

static void write_kept(const char *text)
{
	char *path = trust_path();
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	free(path);
}

static enum err_code asks(const char *identity, const char *path,
			  const char *spec, struct err *e)
{
	struct trust t;
	enum err_code rc;

	trust_init(&t, identity, path);
	rc = trust_check(&t, spec, e);
	trust_release(&t);
	return rc;
}

static void says_yes(const char *identity, const char *path, const char *spec)
{
	struct trust t;
	struct err e = ERR_INIT;

	trust_init(&t, identity, path);
	assert_int_equal(trust_add(&t, spec, &e), ERR_OK);
	trust_release(&t);
}

static void test_words(void **state)
{
	struct trust t;
	struct err e = ERR_INIT;
	char spec[AGENT_COMMAND_SIZE + 8];

	(void)state;
	trust_init(&t, "id", "/nowhere/lab.db");
	assert_int_equal(trust_check(&t, "tactical", &e), ERR_OK);
	assert_int_equal(trust_check(&t, "mcts:engine:x/1,sims=3", &e), ERR_OK);
	assert_int_equal(trust_check(&t, "no such agent", &e), ERR_OK);
	assert_int_equal(trust_check(&t, "engine:sh -c 'a, b; c',level=3", &e),
			 ERR_UNTRUSTED);
	assert_non_null(strstr(e.msg, "'engine:sh -c 'a, b; c''"));
	assert_non_null(strstr(e.msg, "--trust-engines"));
	trust_refused(&t, spec);
	assert_string_equal(spec, "engine:sh -c 'a, b; c'");
	trust_all(&t);
	assert_int_equal(trust_check(&t, "engine:whatever", &e), ERR_OK);
	trust_release(&t);
}

/* The yes is for this command, this lab and this place of it. */
static void test_kept(void **state)
{
	char *path = trust_path(), *text;
	struct stat st;

	(void)state;
	assert_int_equal(asks("a", "/x", "engine:go", NULL), ERR_UNTRUSTED);
	says_yes("a", "/x", "engine:go,level=2");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	text = kept();
	assert_string_equal(text, "a\t/x\tgo\n");
	free(text);
	assert_int_equal(asks("a", "/x", "engine:go", NULL), ERR_OK);
	assert_int_equal(asks("a", "/x", "engine:go,level=9", NULL), ERR_OK);
	assert_int_equal(asks("a", "/x", "engine:go ", NULL), ERR_UNTRUSTED);
	assert_int_equal(asks("b", "/x", "engine:go", NULL), ERR_UNTRUSTED);
	assert_int_equal(asks("a", "/y", "engine:go", NULL), ERR_UNTRUSTED);
	says_yes("a", "/x", "engine:go");
	says_yes("b", "/x", "engine:go");
	text = kept();
	assert_string_equal(text, "a\t/x\tgo\nb\t/x\tgo\n");
	free(text);
	free(path);
}

/* Neither the lab nor the command can write a line of another. */
static void test_escapes(void **state)
{
	static const char spec[] = "engine:a\nb\t/x\tgo %41 \xc3\xa4";
	char *text;

	(void)state;
	says_yes("i\nb\t/x\tgo", "/x", spec);
	text = kept();
	assert_string_equal(text, "i%0Ab%09/x%09go\t/x\t"
				  "a%0Ab%09/x%09go %2541 %C3%A4\n");
	free(text);
	assert_int_equal(asks("i\nb\t/x\tgo", "/x", spec, NULL), ERR_OK);
	assert_int_equal(asks("b", "/x", "engine:go", NULL), ERR_UNTRUSTED);
}

static void test_lenient(void **state)
{
	struct err e = ERR_INIT;
	char *text;

	(void)state;
	says_yes("a", "/x", "engine:go");
	write_kept(
		"# by hand\n\na\t/x\tuci\n\xff\na\t/x\na\t/x\t%4\na\t/x\tlast");
	assert_int_equal(asks("a", "/x", "engine:uci", &e), ERR_OK);
	assert_int_equal(asks("a", "/x", "engine:last", &e), ERR_OK);
	assert_int_equal(asks("a", "/x", "engine:go", &e), ERR_UNTRUSTED);
	assert_non_null(strstr(e.msg, "(line 4 of "));
	says_yes("a", "/x", "engine:go");
	text = kept();
	assert_non_null(strstr(text, "# by hand\n"));
	assert_non_null(strstr(text, "\na\t/x\tlast\na\t/x\tgo\n"));
	free(text);
}

/* Where it cannot be kept it holds in this process, and that is said. */
static void test_no_place(void **state)
{
	struct err e = ERR_INIT;
	struct trust t;

	(void)state;
	assert_int_equal(setenv("XDG_CONFIG_HOME", "/dev/null/x", 1), 0);
	trust_init(&t, "a", "/x");
	assert_int_equal(trust_add(&t, "engine:go", &e), ERR_IO);
	assert_non_null(strstr(e.msg, "/dev/null/x/plyscope/trust"));
	assert_int_equal(trust_check(&t, "engine:go", &e), ERR_OK);
	trust_release(&t);
	assert_int_equal(asks("a", "/x", "engine:go", NULL), ERR_UNTRUSTED);
}

/* The gate stands before every agent of a lab. */
static void test_gate(void **state)
{
	char *path = mem_printf("%s/lab.db", folder);
	char *mark = mem_printf("%s/mark", folder);
	char *spec = mem_printf("engine:touch %s", mark);
	struct err e = ERR_INIT;
	struct agent *a;
	struct lab *lab;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", &e), ERR_OK);
	assert_int_equal(lab_open(&lab, path, LAB_CREATE, &e), ERR_OK);
	assert_int_equal(agent_open(&a, spec, &g, lab_agents(lab), &e),
			 ERR_UNTRUSTED);
	assert_null(a);
	assert_int_equal(access(mark, F_OK), -1);
	assert_int_equal(trust_add(lab_trust(lab), spec, &e), ERR_OK);
	/* It is no player, but it was started. */
	assert_int_equal(agent_open(&a, spec, &g, lab_agents(lab), &e),
			 ERR_NOTFOUND);
	assert_int_equal(access(mark, F_OK), 0);
	lab_close(lab);
	free(spec);
	free(mark);
	free(path);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
		TEST(test_words),   TEST(test_kept),     TEST(test_escapes),
		TEST(test_lenient), TEST(test_no_place), TEST(test_gate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
