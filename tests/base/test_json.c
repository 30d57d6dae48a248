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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
