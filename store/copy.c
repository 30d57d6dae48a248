/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Labs that are browsed as a copy in memory: one of an older version, which
 * must be brought up to date to be read but may not be written to; and one
 * whose folder cannot be written while a log lies in it, which SQLite cannot
 * replay there.
 */

/* Larger ones are refused: a copy of them may not fit. */
#define MOST_COPIED ((int64_t)2 << 30)

static int64_t pages_bytes(sqlite3 *db)
{
	sqlite3_stmt *st = NULL;
	int64_t bytes = 0;

	if (sqlite3_prepare_v2(db,
			       "select page_count * page_size from"
			       " pragma_page_count, pragma_page_size",
			       -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		bytes = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return bytes;
}

static enum store_status too_large(struct store *s, int64_t bytes)
{
	return store_say(s, STORE_READONLY,
			 "%s has %lld MB and can be browsed only as a copy in "
			 "memory, which takes up to %lld: open it once with "
			 "write permission, or copy it",
			 s->path, (long long)(bytes >> 20),
			 (long long)(MOST_COPIED >> 20));
}

/* The copy takes the place of the handle's connection, without its settings. */
static enum store_status take(struct store *s, sqlite3 *from)
{
	int64_t bytes = pages_bytes(from);
	sqlite3 *memory = NULL;
	sqlite3_backup *work;
	int rc;

	if (bytes > MOST_COPIED)
		return too_large(s, bytes);
	if (sqlite3_open(":memory:", &memory) != SQLITE_OK)
		mem_none();
	work = sqlite3_backup_init(memory, "main", from, "main");
	rc = work ? sqlite3_backup_step(work, -1) : SQLITE_ERROR;
	sqlite3_backup_finish(work);
	if (rc != SQLITE_DONE) {
		sqlite3_close(memory);
		return store_say(s, STORE_IO, "%s: cannot copy it: %s", s->path,
				 sqlite3_errstr(rc));
	}
	sql_drop_all(s);
	sqlite3_close(s->db);
	s->db = memory;
	s->copied = true;
	return STORE_OK;
}

enum store_status copy_of_lab(struct store *s)
{
	return take(s, s->db);
}

static bool copy_file(const char *from, const char *to)
{
	enum { BLOCK = 1 << 16 };
	char *block = mem_get(BLOCK);
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool good = in >= 0 && out >= 0;
	ssize_t n = 0;

	while (good && (n = read(in, block, BLOCK)) > 0)
		good = write(out, block, (size_t)n) == n;
	good = good && n == 0;
	if (in >= 0)
		close(in);
	if (out >= 0)
		good = close(out) == 0 && good;
	free(block);
	return good;
}

/* In a private folder, where SQLite may replay the log. */
static enum store_status through(struct store *s, const char *dir)
{
	char *wal = mem_text("%s-wal", s->real);
	char *lab = mem_text("%s/lab.db", dir);
	char *lab_wal = mem_text("%s-wal", lab), *lab_shm;
	enum store_status st = STORE_OK;
	sqlite3 *db = NULL;

	lab_shm = mem_text("%s-shm", lab);
	if (!copy_file(s->real, lab) ||
	    (access(wal, F_OK) == 0 && !copy_file(wal, lab_wal)))
		st = store_say(s, STORE_IO, "%s: cannot copy it to %s: %s",
			       s->path, dir, strerror(errno));
	else if (sqlite3_open(lab, &db) == SQLITE_OK)
		st = take(s, db);
	sqlite3_close(db);
	unlink(lab);
	unlink(lab_wal);
	unlink(lab_shm);
	free(wal);
	free(lab);
	free(lab_wal);
	free(lab_shm);
	return st;
}

enum store_status copy_of_files(struct store *s)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_text("%s/plyscope-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	enum store_status st;

	if (mkdtemp(dir)) {
		st = through(s, dir);
		rmdir(dir);
	} else {
		st = store_say(
			s, STORE_IO,
			"%s: a log lies beside it and its folder cannot "
			"be written; cannot make a folder %s for a copy: "
			"%s",
			s->path, dir, strerror(errno));
	}
	free(dir);
	return st;
}
