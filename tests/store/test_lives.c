/* SPDX-License-Identifier: MIT */
/* Lives: bytes that come back as they went in, or not at all. */
#include "config.h"

#include "tests/store/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/life.h"
#include "store/run.h"
#include "store/store.h"
#include "store/store_int.h"

static void add(struct lab *lab, int64_t run, uint64_t seed, const char *part,
		const char *data)
{
	struct store_life l = {.run_id = run,
			       .seed = seed,
			       .part = part,
			       .settings = "rate = 0.002\n",
			       .begun_ms = 1700000000000};

	assert_store(lab, store_life_add(lab->s, &l, data, strlen(data)));
}

static void test_parts(void **state)
{
	struct lab *lab = *state;
	struct store_life l = {.seed = 2001, .part = "before", .settings = ""};
	struct store_life *rows, out;
	int64_t run, problems;
	const void *data;
	size_t count;

	l.run_id = run = lab_add_run(lab, "h");
	add(lab, run, UINT64_MAX, "before", "the last seed");
	add(lab, run, 2001, "after", "what came of it");
	add(lab, run, 2001, "before", "how it began");
	assert_int_equal(store_life_add(lab->s, &l, "again", 5), STORE_EXISTS);
	assert_store(lab,
		     store_life_list(lab->s, &lab->bag, run, &rows, &count));
	assert_int_equal(count, 3);
	assert_string_equal(rows[0].part, "before");
	assert_string_equal(rows[1].part, "after");
	assert_true(rows[2].seed == UINT64_MAX);
	assert_int_equal(rows[1].bytes, strlen("what came of it"));
	assert_true(rows[0].packed > 0);
	assert_int_equal(rows[0].begun_ms, 1700000000000);
	/* By `printf 'how it began' | sha256sum`. */
	assert_store(lab, store_life_get(lab->s, &lab->bag, run, 2001, "before",
					 &out, &data));
	assert_string_equal(out.sha256, "3ce9d81fcd5966d05f0e0b48e82e475e"
					"444dc596aad669645c09ba73d04091f9");
	assert_memory_equal(data, "how it began", out.bytes);
	assert_string_equal(out.settings, "rate = 0.002\n");
	assert_int_equal(store_life_get(lab->s, &lab->bag, run, 2002, "before",
					&out, &data),
			 STORE_NOTFOUND);
	assert_contains(store_message(lab->s), "no life of seed 2002 before");
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
}

/* Nothing changes it: not even its settings. */
static void test_it_stays(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "h");

	add(lab, run, 1, "before", "how it began");
	assert_int_equal(store_exec(lab->s, "test",
				    "update life set settings = 'better'"),
			 STORE_REFUSED);
	assert_contains(store_message(lab->s), "a life never changes");
}

struct said {
	char all[4096];
};

static void hear(void *ctx, const char *problem)
{
	struct said *said = ctx;
	size_t n = strlen(said->all);

	snprintf(said->all + n, sizeof(said->all) - n, "%s\n", problem);
}

/* Rows that others wrote: the check names each, reading refuses it. */
static void test_hostile_lives(void **state)
{
	static const struct {
		const char *sql, *words;
		enum store_status read;
	} bad[] = {
		{"update life set data = x'28b52ffd'",
		 "the life of seed 1 before its cut, number 1, is not what "
		 "its SHA-256 says",
		 STORE_DAMAGED},
		{"update life set sha256 = replace(sha256, '4', '5')",
		 "is not what its SHA-256 says", STORE_DAMAGED},
		{"update life set bytes = -1", "'bytes' of row 1 is -1",
		 STORE_DAMAGED},
		{"update life set bytes = 1 << 40",
		 "is not what its SHA-256 says", STORE_DAMAGED},
		{"update life set begun_ms = -5", "'begun_ms' of row 1 is -5",
		 STORE_DAMAGED},
		{"update life set run_id = 77",
		 "row 1 of life names a row of run that is not there",
		 STORE_NOTFOUND},
	};
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "h");
	unsigned char *good;
	size_t len;

	add(lab, run, 1, "before", "how it began");
	lab_reopen(lab);
	store_close(lab->s);
	lab->s = NULL;
	good = file_read(lab->path, &len);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct said said = {{0}};
		struct store_life out;
		int64_t problems;
		const void *data;
		char sql[300];

		file_write(lab->path, good, len);
		snprintf(sql, sizeof(sql),
			 "drop trigger life_stays;"
			 "pragma ignore_check_constraints = on; %s;"
			 "create trigger life_stays before update on life begin"
			 " select raise(abort, 'a life never changes'); end",
			 bad[i].sql);
		lab_sql(lab->path, sql);
		lab_reopen(lab);
		assert_store(lab, store_check(lab->s, hear, &said, &problems));
		assert_true(problems >= 1);
		assert_contains(said.all, bad[i].words);
		assert_int_equal(store_life_get(lab->s, &lab->bag, run, 1,
						"before", &out, &data),
				 bad[i].read);
		store_close(lab->s);
		lab->s = NULL;
	}
	free(good);
	lab_reopen(lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_parts, lab_setup,
						lab_teardown),
		cmocka_unit_test_setup_teardown(test_it_stays, lab_setup,
						lab_teardown),
		cmocka_unit_test_setup_teardown(test_hostile_lives, lab_setup,
						lab_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
