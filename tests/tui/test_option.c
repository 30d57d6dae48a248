/* SPDX-License-Identifier: MIT */
/* Options of commands: the tables of all of them, and a table of our own. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"

struct args {
	const char *game, *file;
	int64_t seed;
	double share;
	int depth, count, threads;
	bool json;
};

#define ARGS struct args

static const struct cmd_option options[] = {
	CMD_ARG(1, "GAME", game),
	CMD_ARG_INT(2, "depth", depth, 1, 100),
	CMD_STRING("file", "FILE", file, NULL, "where from"),
	CMD_SEED(seed, "of the test ({})"),
	CMD_DOUBLE("share", "P", share, 0.5, 1, "0.75", "of it ({})"),
	CMD_INT("count", "N", count, 1, 9, NULL, "how many"),
	CMD_THREADS(threads),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

static const struct cmd_option more[] = {
	CMD_FLAG("help", json, "this text"),
	CMD_END,
};

static size_t size_of(enum conf_kind kind)
{
	switch (kind) {
	case CONF_BOOL:
		return sizeof(bool);
	case CONF_INT:
	case CONF_THREADS:
	case CONF_CHOICE:
		return sizeof(int);
	case CONF_FLOAT:
		return sizeof(float);
	default:
		return sizeof(int64_t);
	}
}

static void check_table(const struct cmd *cmd)
{
	const struct cmd_option *o = cmd->options;
	void *args = mem_zalloc(1, cmd->args_size + 1);

	/* Asserts that every default is in its range. */
	option_defaults(o, args);
	for (; o && o->conf.name; o++) {
		const struct conf_spec *c = &o->conf;

		assert_true(c->offset % size_of(c->kind) == 0);
		assert_true(c->offset + size_of(c->kind) <= cmd->args_size);
		assert_ptr_equal(
			o->place ? o : option_find(cmd->options, c->name), o);
		if (o->place)
			continue;
		assert_int_equal(c->kind == CONF_BOOL, !o->value);
		if (strstr(c->help, "{}"))
			assert_non_null(c->fallback);
	}
	free(args);
}

static void test_tables(void **state)
{
	(void)state;
	for (const struct cmd *const *c = cmd_table; *c; c++)
		check_table(*c);
}

static void test_defaults(void **state)
{
	struct args a = {.count = 7};
	struct buf b;

	(void)state;
	option_defaults(options, &a);
	assert_int_equal(a.seed, 1);
	assert_true(a.share > 0.74 && a.share < 0.76);
	assert_true(a.threads >= 1 && a.threads <= 256);
	assert_int_equal(a.count, 7);
	assert_null(a.file);
	assert_false(a.json);
	buf_init(&b);
	option_help(options, &b);
	assert_string_equal(
		b.data,
		"  --file FILE            where from\n"
		"  --seed S               of the test (1)\n"
		"  --share P              of it (0.75)\n"
		"  --count N              how many\n"
		"  --threads T            workers; changes only the speed "
		"(all processors)\n"
		"  --json                 as JSON\n");
	buf_release(&b);
}

/* What is said about one argument, and the next after it. */
static void says(const char *arg, const char *next, const char *sentence)
{
	char words[2][40];
	char *argv[] = {words[0], next ? words[1] : NULL, NULL};
	struct args a = {.json = false};
	struct err e = ERR_INIT;
	const struct cmd_option *o;
	const char *value;
	int i = 0;

	strcpy(words[0], arg);
	strcpy(words[1], next ? next : "");
	o = option_take(options, more, argv, &i, &value, "see elsewhere", &e);
	if (o)
		assert_int_equal(option_set(o, &a, value, &e), ERR_USAGE);
	assert_int_equal(e.code, ERR_USAGE);
	assert_string_equal(e.msg, sentence);
}

static void test_wrong(void **state)
{
	struct args a;
	struct err e = ERR_INIT;

	(void)state;
	says("--count", "0", "--count 0: must be a whole number from 1 to 9");
	says("--count=10", NULL,
	     "--count 10: must be a whole number from 1 to 9");
	says("--seed", "-1",
	     "--seed -1: must be a whole number from 0 to "
	     "9223372036854775807");
	says("--seed", "9223372036854775808",
	     "--seed 9223372036854775808: must be a whole number from 0 to "
	     "9223372036854775807");
	says("--share", "0.4", "--share 0.4: must be a number from 0.5 to 1");
	says("--share", "nan", "--share nan: must be a number from 0.5 to 1");
	says("--threads", "257",
	     "--threads 257: must be a whole number from 1 to 256");
	says("--cuont", "1",
	     "unknown option '--cuont': did you mean '--count'?");
	says("--halp=1", NULL,
	     "unknown option '--halp': did you mean '--help'?");
	says("--zzzzzzzzz", NULL,
	     "unknown option '--zzzzzzzzz': see elsewhere");
	/* An argument of a place is no option. */
	assert_null(option_find(options, "GAME"));
	says("--json=1", NULL, "--json takes no value");
	says("--count", NULL, "--count needs a value");
	assert_int_equal(option_set(&options[1], &a, "4x", &e), ERR_USAGE);
	assert_string_equal(e.msg,
			    "depth 4x: must be a whole number from 1 to 100");
}

static void test_typed(void **state)
{
	char words[][20] = {"--seed", "9223372036854775807", "--file=a=b",
			    "--json", "--threads=3"};
	char *argv[] = {words[0], words[1], words[2], words[3], words[4], NULL};
	struct args a = {.json = false};
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; argv[i]; i++) {
		const char *value;
		const struct cmd_option *o =
			option_take(options, more, argv, &i, &value, "", &e);

		assert_non_null(o);
		assert_int_equal(option_set(o, &a, value, &e), ERR_OK);
	}
	assert_true(a.seed == INT64_MAX);
	assert_string_equal(a.file, "a=b");
	assert_true(a.json);
	assert_int_equal(a.threads, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
