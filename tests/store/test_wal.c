/* SPDX-License-Identifier: MIT */
/* A -wal that a killed process left behind is replayed into the file that it
 * was written for, and into no other. */
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

enum { COMMITS = 40, BACKUPS = 8 };

struct kept {
	unsigned char *data;
	size_t len;
	char path[128];
};

/* Writes for a while and is gone without closing, as after kill -9: the log is
 * left as it was.  Backups are made on the way, in turns as cp(1) and as
 * `vacuum into` make them. */
static void write_and_die(struct lab *lab, int pages)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct store *s;
		char sql[512], *blob = calloc(1, 3000);

		if (!blob || store_open(lab->path, 0, &s, NULL) != STORE_OK)
			_exit(1);
		snprintf(sql, sizeof(sql), "pragma wal_autocheckpoint = %d",
			 pages);
		sqlite3_exec(s->db, sql, NULL, NULL, NULL);
		memset(blob, 'm', 2999);
		for (int i = 0; i < COMMITS; i++) {
			struct store_game g = lab_game(1, 1000 + i);

			g.moves = blob;
			if (store_game_add(s, &g, NULL) != STORE_OK)
				_exit(2);
			if (i % (COMMITS / BACKUPS))
				continue;
			snprintf(sql, sizeof(sql),
				 i / (COMMITS / BACKUPS) % 2
					 ? "vacuum into '%s/backup-%d'"
					 : "pragma wal_checkpoint(truncate)",
				 lab->dir, i);
			if (sqlite3_exec(s->db, sql, NULL, NULL, NULL))
				_exit(3);
			snprintf(sql, sizeof(sql),
				 "test -e %s/backup-%d || cp %s %s/backup-%d",
				 lab->dir, i, lab->path, lab->dir, i);
			if (system(sql) != 0)
				_exit(4);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Every commit is there, and nothing is wrong. */
static void assert_sound(struct lab *lab, int64_t games)
{
	struct store_game_filter all = {0};
	int64_t problems, count;

	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	assert_store(lab, store_game_count(lab->s, &all, &count));
	if (games >= 0)
		assert_int_equal(count, games);
}

static void wal_of(const struct lab *lab, struct kept *k)
{
	snprintf(k->path, sizeof(k->path), "%s-wal", lab->path);
	k->data = file_read(k->path, &k->len);
	assert_true(k->len > 1000);
}

static void test_left_over_is_replayed(void **state)
{
	struct lab *lab = *state;

	lab_make(lab);
	write_and_die(lab, 10);
	lab_reopen(lab);
	assert_sound(lab, COMMITS);
}

/* Each backup, copied over the lab beside the log: refused, or sound. */
static void backups(struct lab *lab, int pages)
{
	char message[STORE_MESSAGE_SIZE], path[160], shm[160];
	struct kept wal;
	int refused = 0;

	lab_make(lab);
	write_and_die(lab, pages);
	wal_of(lab, &wal);
	snprintf(shm, sizeof(shm), "%s-shm", lab->path);
	for (int i = 0; i < COMMITS; i += COMMITS / BACKUPS) {
		unsigned char *data;
		size_t len;

		snprintf(path, sizeof(path), "%s/backup-%d", lab->dir, i);
		data = file_read(path, &len);
		file_write(lab->path, data, len);
		file_write(wal.path, wal.data, wal.len);
		unlink(shm);
		free(data);
		if (store_open(lab->path, 0, &lab->s, message) == STORE_OK) {
			assert_sound(lab, COMMITS);
			store_close(lab->s);
			lab->s = NULL;
			continue;
		}
		assert_contains(message, "-wal");
		refused++;
		/* As the sentence says: without the log it is the backup. */
		unlink(wal.path);
		unlink(shm);
		lab_reopen(lab);
		assert_sound(lab, -1);
		store_close(lab->s);
		lab->s = NULL;
	}
	free(wal.data);
	assert_true(refused >= BACKUPS / 2);
}

static void test_backups_many_checkpoints(void **state)
{
	backups(*state, 10);
}

static void test_backups_few_checkpoints(void **state)
{
	backups(*state, 1000);
}

/* A log of another lab. */
static void test_log_of_another(void **state)
{
	struct lab *lab = *state;
	struct kept wal;

	lab_make(lab);
	write_and_die(lab, 1000);
	wal_of(lab, &wal);
	unlink(lab->path);
	unlink(wal.path);
	lab_make(lab);
	file_write(wal.path, wal.data, wal.len);
	lab_refuse(lab, STORE_REFUSED, "another state of the lab");
	free(wal.data);
}

/* Others' writes, new views of a person and `vacuum` are no reason. */
static void test_other_programs(void **state)
{
	static const char *const between[] = {
		"create view mine as select 1",
		"vacuum",
		"insert into note values(null, 'run', 1, 'x', 1)",
	};
	struct lab *lab = *state;

	lab_make(lab);
	for (size_t i = 0; i < ARRAY_LEN(between); i++) {
		pid_t pid = fork();
		int status;

		if (pid == 0) {
			struct store *s;
			struct store_game g = lab_game(1, 10 + (int64_t)i);

			if (store_open(lab->path, 0, &s, NULL) != STORE_OK ||
			    (i % 2 && store_game_add(s, &g, NULL)))
				_exit(1);
			lab_sql(lab->path, between[i]);
			g.number += 1000;
			_exit(store_game_add(s, &g, NULL) != STORE_OK);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		lab_reopen(lab);
		assert_sound(lab, -1);
		store_close(lab->s);
		lab->s = NULL;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		empty_lab_test(test_left_over_is_replayed),
		empty_lab_test(test_backups_many_checkpoints),
		empty_lab_test(test_backups_few_checkpoints),
		empty_lab_test(test_log_of_another),
		empty_lab_test(test_other_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
