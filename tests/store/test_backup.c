/* SPDX-License-Identifier: MIT */
/* Backups are whole, also of a lab in use, and take its place whole. */
#include "config.h"

#include "tests/store/lab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/game.h"
#include "store/store.h"
#include "store/store_int.h"

static int64_t games(struct lab *lab)
{
	struct store_game_filter all = {0};
	int64_t problems, count;

	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	assert_store(lab, store_game_count(lab->s, &all, &count));
	return count;
}

static void add_game(struct lab *lab, int64_t number)
{
	struct store_game g = lab_game(1, number);

	assert_store(lab, store_game_add(lab->s, &g, NULL));
}

static void backup_path(const struct lab *lab, char out[160])
{
	snprintf(out, 160, "%s/backup.db", lab->dir);
}

static void close_lab(struct lab *lab)
{
	store_close(lab->s);
	lab->s = NULL;
}

static void test_there_and_back(void **state)
{
	char copy[160], aside[STORE_MESSAGE_SIZE], message[STORE_MESSAGE_SIZE];
	struct lab *lab = *state;

	lab_make(lab);
	lab_reopen(lab);
	backup_path(lab, copy);
	add_game(lab, 1);
	/* What is in the log alone belongs to it. */
	assert_store(lab, store_backup(lab->s, copy));
	assert_int_equal(store_backup(lab->s, copy), STORE_EXISTS);
	add_game(lab, 2);
	/* In use, if only by ourselves. */
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_BUSY);
	assert_contains(message, "in use");
	close_lab(lab);
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_OK);
	lab_reopen(lab);
	assert_int_equal(games(lab), 1);
	add_game(lab, 3);
	close_lab(lab);
	assert_int_equal(store_open(aside, 0, &lab->s, message), STORE_OK);
	assert_int_equal(games(lab), 2);
	close_lab(lab);
	/* The lab, the backup, the one set aside. */
	assert_int_equal(lab_files(lab->dir), 3);
}

/* Over one whose process was killed, and over one that is beyond opening. */
static void test_over_wrecks(void **state)
{
	char copy[160], aside[STORE_MESSAGE_SIZE], message[STORE_MESSAGE_SIZE];
	struct lab *lab = *state;
	int status;
	pid_t pid;

	lab_make(lab);
	lab_reopen(lab);
	backup_path(lab, copy);
	assert_store(lab, store_backup(lab->s, copy));
	close_lab(lab);
	pid = fork();
	if (pid == 0) {
		struct store_game g = lab_game(1, 7);

		if (store_open(lab->path, 0, &lab->s, NULL) != STORE_OK)
			_exit(1);
		_exit(store_game_add(lab->s, &g, NULL) != STORE_OK);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_OK);
	lab_reopen(lab);
	assert_int_equal(games(lab), 0);
	close_lab(lab);
	assert_int_equal(store_open(aside, 0, &lab->s, message), STORE_OK);
	assert_int_equal(games(lab), 1);
	close_lab(lab);

	file_write(lab->path, "wreck", 5);
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_OK);
	assert_string_not_equal(aside, "");
	lab_reopen(lab);
	assert_int_equal(games(lab), 0);
	close_lab(lab);
	/* To where there is no lab. */
	unlink(lab->path);
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_OK);
	assert_string_equal(aside, "");
	lab_reopen(lab);
	assert_int_equal(games(lab), 0);
}

/* What is no lab takes nobody's place. */
static void test_bad_backups(void **state)
{
	char copy[160], aside[STORE_MESSAGE_SIZE], message[STORE_MESSAGE_SIZE];
	struct lab *lab = *state;
	unsigned char *data;
	size_t len;

	lab_make(lab);
	backup_path(lab, copy);
	data = file_read(lab->path, &len);
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_NOTFOUND);
	file_write(copy, data, len / 2);
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_DAMAGED);
	memset(data + len - 3000, 0xa5, 100); /* within the weights */
	file_write(copy, data, len);
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_DAMAGED);
	free(data);
	lab_reopen(lab);
	assert_int_equal(games(lab), 0);
	close_lab(lab);
	assert_int_equal(lab_files(lab->dir), 2);
}

/* While another process writes. */
static void test_of_a_busy_lab(void **state)
{
	struct lab *lab = *state, of_copy = *lab;
	char copy[160];
	int status;
	pid_t pid;

	lab_make(lab);
	backup_path(lab, copy);
	pid = fork();
	if (pid == 0) {
		if (store_open(lab->path, 0, &lab->s, NULL) != STORE_OK)
			_exit(1);
		for (int i = 0; i < 200; i++) {
			struct store_game g = lab_game(1, 1 + i);

			if (store_game_add(lab->s, &g, NULL) != STORE_OK)
				_exit(2);
		}
		_exit(0);
	}
	lab_reopen(lab);
	for (int i = 0; i < 5; i++) {
		assert_store(lab, store_backup(lab->s, copy));
		assert_int_equal(store_open(copy, 0, &of_copy.s, NULL),
				 STORE_OK);
		assert_true(games(&of_copy) <= 200);
		close_lab(&of_copy);
		unlink(copy);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(games(lab), 200);
}

/* A lab that was removed or replaced while it is open takes no more writes. */
static void leave(const char *path, const char *part)
{
	char name[200];
	FILE *f;

	snprintf(name, sizeof(name), "%s%s", path, part);
	f = fopen(name, "w");
	assert_non_null(f);
	fputs("of another", f);
	fclose(f);
}

/* A log or a journal without its lab belongs to nobody, and would be taken for
 * that of whatever has the name next. */
static void test_orphans(void **state)
{
	static const char *const parts[] = {"-wal", "-shm", "-journal"};
	char copy[160], aside[STORE_MESSAGE_SIZE], message[STORE_MESSAGE_SIZE];
	char name[200];
	struct lab *lab = *state;

	lab_make(lab);
	lab_reopen(lab);
	backup_path(lab, copy);
	add_game(lab, 1);
	for (int i = 0; i < 3; i++) {
		leave(copy, parts[i]);
		assert_int_equal(store_backup(lab->s, copy), STORE_EXISTS);
		assert_non_null(strstr(store_message(lab->s), parts[i]));
		snprintf(name, sizeof(name), "%s%s", copy, parts[i]);
		assert_int_equal(unlink(name), 0);
	}
	assert_store(lab, store_backup(lab->s, copy));
	close_lab(lab);
	unlink(lab->path);
	for (int i = 0; i < 3; i++)
		leave(lab->path, parts[i]);
	assert_int_equal(store_restore(copy, lab->path, aside, message),
			 STORE_OK);
	assert_string_equal(aside, "");
	snprintf(name, sizeof(name), "%s-journal", lab->path);
	assert_int_not_equal(access(name, F_OK), 0);
	lab_reopen(lab);
	assert_int_equal(games(lab), 1);
}

static void test_gone(void **state)
{
	struct lab *lab = *state;
	struct store_game g = lab_game(1, 1);
	char other[160];

	lab_make(lab);
	lab_reopen(lab);
	snprintf(other, sizeof(other), "%s/other", lab->dir);
	assert_int_equal(rename(lab->path, other), 0);
	assert_int_equal(store_game_add(lab->s, &g, NULL), STORE_IO);
	assert_contains(store_message(lab->s), "removed or replaced");
	assert_int_equal(rename(other, lab->path), 0);
	assert_store(lab, store_game_add(lab->s, &g, NULL));
	assert_store(lab, store_begin(lab->s));
	assert_int_equal(unlink(lab->path), 0);
	assert_int_equal(store_commit(lab->s), STORE_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		empty_lab_test(test_there_and_back),
		empty_lab_test(test_over_wrecks),
		empty_lab_test(test_bad_backups),
		empty_lab_test(test_of_a_busy_lab),
		empty_lab_test(test_gone),
		empty_lab_test(test_orphans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
