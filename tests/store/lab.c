/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/store/lab.h"

#include <dirent.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store_int.h"

int lab_setup_empty(void **state)
{
	struct lab *lab = calloc(1, sizeof(*lab));
	const char *tmp = getenv("TMPDIR");

	if (!lab)
		return -1;
	snprintf(lab->dir, sizeof(lab->dir), "%.30s/plyscope-test-XXXXXX",
		 tmp ? tmp : "/tmp");
	if (!mkdtemp(lab->dir))
		return -1;
	snprintf(lab->path, sizeof(lab->path), "%s/lab.db", lab->dir);
	*state = lab;
	return 0;
}

int lab_setup(void **state)
{
	char message[STORE_MESSAGE_SIZE];
	struct lab *lab;

	if (lab_setup_empty(state) != 0)
		return -1;
	lab = *state;
	if (store_open(lab->path, STORE_CREATE, &lab->s, message) == STORE_OK)
		return 0;
	print_error("%s\n", message);
	return -1;
}

int lab_teardown(void **state)
{
	struct lab *lab = *state;
	struct dirent *e;
	DIR *dir;

	store_bag_release(&lab->bag);
	store_close(lab->s);
	dir = opendir(lab->dir);
	while (dir && (e = readdir(dir))) {
		char path[400];

		snprintf(path, sizeof(path), "%s/%s", lab->dir, e->d_name);
		if (e->d_name[0] != '.' && unlink(path) != 0)
			rmdir(path);
	}
	if (dir)
		closedir(dir);
	rmdir(lab->dir);
	free(lab);
	return 0;
}

void lab_reopen(struct lab *lab)
{
	char message[STORE_MESSAGE_SIZE];

	store_close(lab->s);
	lab->s = NULL;
	if (store_open(lab->path, 0, &lab->s, message) != STORE_OK)
		fail_msg("%s", message);
}

void lab_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

int64_t lab_add_run(struct lab *lab, const char *name)
{
	struct store_run r = {
		.name = name,
		.kind = "train",
		.game = "connect4",
		.config = "games = 100\n",
		.seed = 7,
		.build = "test",
		.host = "here",
	};
	int64_t id = 0;

	assert_store(lab, store_run_add(lab->s, &r, &id));
	return id;
}

struct store_game lab_game(int64_t run_id, int64_t number)
{
	return (struct store_game){
		.run_id = run_id,
		.number = number,
		.game = "connect4",
		.first = "mcts:c4/10,sims=50",
		.second = "mcts:c4/10,sims=50",
		.moves = "4453",
		.plies = 4,
		.result = 1,
		.score = (double)NAN,
		.ended = "four in a row",
		.purpose = "selfplay",
		.seed = 7,
		.step = 10,
	};
}

unsigned char *file_read(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	unsigned char *data;
	long size;

	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	data = malloc((size_t)size + 1);
	assert_non_null(data);
	*len = fread(data, 1, (size_t)size, f);
	assert_int_equal(*len, size);
	fclose(f);
	return data;
}

void file_write(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

int lab_files(const char *dir)
{
	struct dirent *e;
	DIR *d = opendir(dir);
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

void lab_refuse(struct lab *lab, enum store_status want, const char *words)
{
	char message[STORE_MESSAGE_SIZE];
	size_t before_len, after_len;
	unsigned char *before = file_read(lab->path, &before_len), *after;
	int files = lab_files(lab->dir);

	for (int flags = 0; flags <= (STORE_CREATE | STORE_ONLY_READ);
	     flags++) {
		enum store_status st = store_open(
			lab->path, (enum store_flags)flags, &lab->s, message);

		if (st != want)
			fail_msg("%s instead of %s: %s", store_status_name(st),
				 store_status_name(want), message);
		assert_null(lab->s);
		assert_contains(message, lab->path);
		assert_contains(message, words);
		assert_null(strchr(message, '\n'));
	}
	after = file_read(lab->path, &after_len);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, before_len);
	assert_int_equal(lab_files(lab->dir), files);
	free(before);
	free(after);
}

void lab_make(struct lab *lab)
{
	char message[STORE_MESSAGE_SIZE];
	struct store_checkpoint c = {.step = 1, .network = "n"};
	static float weights[20000];

	if (store_open(lab->path, STORE_CREATE, &lab->s, message) != STORE_OK)
		fail_msg("%s", message);
	c.run_id = lab_add_run(lab, "c4");
	for (size_t i = 0; i < ARRAY_LEN(weights); i++)
		weights[i] = (float)((i * 2654435761u) % 1000003) * 1e-6f;
	assert_store(lab, store_checkpoint_add(lab->s, &c, weights,
					       ARRAY_LEN(weights), NULL));
	store_close(lab->s);
	lab->s = NULL;
}
