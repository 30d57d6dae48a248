/* SPDX-License-Identifier: MIT */
#ifndef TESTS_STORE_LAB_H
#define TESTS_STORE_LAB_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

/* What the tests of the lab file share: a folder of their own, an open lab in
 * it, and assertions that show the store's message. */

struct lab {
	char dir[64];
	char path[96]; /* dir/lab.db */
	struct store *s;
	struct store_bag bag;
};

/* Set-up and tear-down for cmocka: a new folder, with and without a lab. */
int lab_setup(void **state);
int lab_setup_empty(void **state);
int lab_teardown(void **state);

void lab_reopen(struct lab *lab);
/* Runs SQL behind the store's back. */
void lab_sql(const char *path, const char *sql);

#define assert_store(lab, call)                                             \
	do {                                                                \
		enum store_status st_ = (call);                             \
		if (st_ != STORE_OK)                                        \
			fail_msg("%s: %s", #call, store_message((lab)->s)); \
	} while (0)
#define assert_contains(text, part)                                   \
	do {                                                          \
		if (!strstr(text, part))                              \
			fail_msg("\"%s\" has no \"%s\"", text, part); \
	} while (0)

/* A lab with a run and a checkpoint in it, not open. */
void lab_make(struct lab *lab);
/* Opening must fail so, with these words, and leave file and folder alone. */
void lab_refuse(struct lab *lab, enum store_status want, const char *words);
int lab_files(const char *dir); /* how many it holds */

/* A test that begins without a lab. */
#define empty_lab_test(f) \
	cmocka_unit_test_setup_teardown(f, lab_setup_empty, lab_teardown)

/* A run and a finished game with nothing special about them. */
int64_t lab_add_run(struct lab *lab, const char *name);
struct store_game lab_game(int64_t run_id, int64_t number);

/* Whole files, for tests that compare bytes; the caller frees. */
unsigned char *file_read(const char *path, size_t *len);
void file_write(const char *path, const void *data, size_t len);

#endif
