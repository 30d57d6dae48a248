/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/json_scan.h"
#include "core/base/text.h"

static void write_some(struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '[');
	json_open(&j, '{');
	json_key(&j, "name"), json_string(&j, "a \"quoted\" one");
	json_key(&j, "skipped"), json_open(&j, '{');
	json_key(&j, "list"), json_open(&j, '[');
	json_int(&j, 1), json_string(&j, "]}"), json_bool(&j, true);
	json_close(&j, ']'), json_close(&j, '}');
	json_key(&j, "number"), json_double(&j, -0.25);
	json_key(&j, "nothing"), json_double(&j, (double)NAN);
	json_close(&j, '}');
	json_open(&j, '{'), json_close(&j, '}');
	json_int(&j, 7);
	json_close(&j, ']');
}

/* What the one writes, the other reads. */
static void test_there_and_back(void **state)
{
	char key[8], text[32];
	struct json_scan s;
	struct buf b;

	(void)state;
	buf_init(&b);
	write_some(&b);
	json_scan_init(&s, b.data);
	json_scan_open(&s, '[');
	assert_true(json_scan_item(&s));
	json_scan_open(&s, '{');
	assert_true(json_scan_key(&s, key, sizeof(key)));
	assert_string_equal(key, "name");
	json_scan_string(&s, text, sizeof(text));
	assert_string_equal(text, "a \"quoted\" one");
	assert_true(json_scan_key(&s, key, sizeof(key)));
	assert_string_equal(key, "skipped");
	json_scan_skip(&s);
	assert_true(json_scan_key(&s, key, sizeof(key)));
	assert_true(json_scan_number(&s) == -0.25);
	assert_true(json_scan_key(&s, key, sizeof(key)));
	assert_true(isnan(json_scan_number(&s)));
	assert_false(json_scan_key(&s, key, sizeof(key)));
	assert_true(json_scan_item(&s));
	json_scan_open(&s, '{');
	assert_false(json_scan_key(&s, key, sizeof(key)));
	assert_true(json_scan_item(&s));
	assert_true(json_scan_number(&s) == 7);
	assert_false(json_scan_item(&s));
	assert_false(json_scan_failed(&s));
	buf_release(&b);
}

/* Read as an array of objects, whatever is in them; is it whole? */
static bool reads(const char *text)
{
	struct json_scan s;
	char key[4];

	json_scan_init(&s, text);
	json_scan_open(&s, '[');
	while (json_scan_item(&s)) {
		json_scan_open(&s, '{');
		while (json_scan_key(&s, key, sizeof(key)))
			json_scan_skip(&s);
	}
	return !json_scan_failed(&s);
}

static void test_broken(void **state)
{
	static const char *const broken[] = {
		"",
		"[",
		"{}",
		"[{",
		"[{}",
		"[{} {}]",
		"[{},]",
		"[{\"a\"}]",
		"[{\"a\":}]",
		"[{\"a\":1 \"b\":2}]",
		"[{\"a\":[1}]",
		"[{\"a\":\"b}]",
		"[1]",
	};

	(void)state;
	assert_true(reads("[]"));
	assert_true(reads(" [ { \"abcdefg\" : [ 1 , { } ] } , {} ] "));
	assert_false(reads(NULL));
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		if (reads(broken[i]))
			fail_msg("'%s' was read", broken[i]);
}

/* A text that does not fit is cut, and what follows is read all the same. */
static void test_cut(void **state)
{
	struct json_scan s;
	char key[4], text[4];

	(void)state;
	json_scan_init(&s, "{\"abcdef\":\"uvwxyz\",\"b\":2}");
	json_scan_open(&s, '{');
	assert_true(json_scan_key(&s, key, sizeof(key)));
	assert_string_equal(key, "abc");
	json_scan_string(&s, text, sizeof(text));
	assert_string_equal(text, "uvw");
	assert_true(json_scan_key(&s, key, sizeof(key)));
	assert_true(json_scan_number(&s) == 2);
}

/* What is stored as JSON may be anything: what is written is JSON all the same.
 */
static void test_valid(void **state)
{
	static const char *const good[] = {
		"{}",
		"[]",
		" {\"a\": [1, -2.5e+3, true, null]} ",
		"\"\\u00e9\\n\"",
		"0",
		"-0.1",
	};
	static const char *const bad[] = {
		"",
		"{",
		"{\"a\":1,}",
		"[1 2]",
		"01",
		"1.",
		"nul",
		"{a:1}",
		"[1]x",
		"\"\t\"",
		"\"\\x\"",
		"\"\\u12\"",
		"\"\xff\"",
		"\"\x1b\"",
		"+1",
		"{\"a\"}",
		"\"\xe2\x80\xae\"",
	};
	char deep[400];
	struct json j;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!json_valid(good[i]))
			fail_msg("'%s' is JSON", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (json_valid(bad[i]))
			fail_msg("'%s' is not JSON", bad[i]);
	memset(deep, '[', 200);
	memset(deep + 200, ']', 199);
	deep[399] = '\0';
	assert_false(json_valid(deep));
	buf_init(&b);
	json_init(&j, &b);
	json_open(&j, '[');
	json_raw(&j, "{\"dots\":3}");
	json_raw(&j, "],\"evil\":[");
	json_raw(&j, NULL);
	json_string(&j, "\x1b[2J\xc2\x9b\xe2\x80\xae");
	json_close(&j, ']');
	assert_string_equal(b.data, "[{\"dots\":3},\"],\\\"evil\\\":[\",null,"
				    "\"\\u001b[2J\\u009b\\u202e\"]");
	assert_true(json_valid(b.data));
	buf_release(&b);
}

/* Nothing that steers a terminal gets to one. */
static void test_safe(void **state)
{
	static const char odd[] = "a\x1b[31m\tb\n\xe2\x97\x8f\xff\x7f\xc2\x85"
				  "\xe2\x80\xae\xe2\x97";
	struct buf b;

	(void)state;
	buf_init(&b);
	text_safe(odd, sizeof(odd) - 1, &b);
#define NONE "\xef\xbf\xbd"
	assert_string_equal(
		b.data,
		"a" NONE "[31m\tb\n\xe2\x97\x8f" NONE NONE NONE NONE NONE NONE);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
