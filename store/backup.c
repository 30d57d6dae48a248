/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A lab is up to three files, and a copy of one of them alone may be no lab.
 * Both ways go through a copy under another name in the folder where it will
 * be: made by SQLite's own backup, looked at whole, synced, and only then given
 * its name.
 */

/* Names that belong to a database file.  A journal is there where a write could
 * be neither finished nor taken back, and is replayed over whatever has the
 * file's name by then. */
static const char *const parts[] = {"", "-wal", "-shm", "-journal"};

static void remove_all(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char *path = mem_text("%s%s", name, parts[i]);

		unlink(path);
		free(path);
	}
}

/* All pages at one moment, also while others write. */
static enum store_status copy_pages(struct store *from, const char *to,
				    char *message)
{
	enum store_status st = STORE_OK;
	sqlite3_backup *work = NULL;
	sqlite3 *db = NULL;
	int rc = sqlite3_open(to, &db);

	if (rc == SQLITE_OK) {
		work = sqlite3_backup_init(db, "main", from->db, "main");
		do
			rc = work ? sqlite3_backup_step(work, -1)
				  : sqlite3_errcode(db);
		while (rc == SQLITE_OK);
		sqlite3_backup_finish(work);
	}
	if (rc != SQLITE_DONE)
		st = message_say(message,
				 rc == SQLITE_FULL ? STORE_FULL : STORE_IO,
				 "cannot copy %s to %s: %s", from->path, to,
				 sqlite3_errstr(rc));
	sqlite3_close(db);
	return st;
}

static void first_problem(void *ctx, const char *problem)
{
	char *text = ctx;

	if (!text[0])
		snprintf(text, STORE_MESSAGE_SIZE, "%s", problem);
}

/* Looks at the copy as at any lab, and gives it an identity of its own: a log
 * of the lab that it was made from is none of its own. */
static enum store_status copy_settle(const char *copy, char *message)
{
	char problem[STORE_MESSAGE_SIZE] = "";
	struct store *s;
	int64_t problems;
	enum store_status st = store_open(copy, 0, &s, message);

	if (st != STORE_OK)
		return st;
	st = store_check(s, first_problem, problem, &problems);
	if (st == STORE_OK && !problems)
		st = store_exec(s, "name the copy",
				"update identity set lab ="
				" lower(hex(randomblob(16)));"
				"pragma wal_checkpoint(truncate)");
	if (st != STORE_OK)
		message_say(message, st, "%s", s->message);
	else if (problems)
		st = message_say(message, STORE_DAMAGED, "%s", problem);
	store_close(s);
	return st;
}

static bool sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

/* A whole copy of `from`, under a name of its own beside `to`.  The caller
 * frees the name; NULL: see message. */
static char *copy_make(struct store *from, const char *to, char *message,
		       enum store_status *st)
{
	char *copy = mem_text("%s.new-%ld", to, (long)getpid());

	store_sweep(to);
	remove_all(copy);
	*st = copy_pages(from, copy, message);
	if (*st == STORE_OK)
		*st = copy_settle(copy, message);
	if (*st == STORE_OK && !sync_file(copy))
		*st = message_say(message, STORE_IO, "cannot write %s: %s",
				  copy, strerror(errno));
	if (*st == STORE_OK)
		return copy;
	remove_all(copy);
	free(copy);
	return NULL;
}

enum store_status store_backup(struct store *s, const char *to)
{
	enum store_status st;
	char *copy;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char *part = mem_text("%s%s", to, parts[i]);
		bool taken = access(part, F_OK) == 0;

		if (taken)
			store_say(
				s, STORE_EXISTS,
				"%s is there already: give the backup another "
				"name, or remove that file first",
				part);
		free(part);
		if (taken)
			return STORE_EXISTS;
	}
	copy = copy_make(s, to, s->message, &st);
	if (!copy)
		return st;
	if (link(copy, to) != 0 && (errno == EEXIST || rename(copy, to) != 0))
		st = store_say(s, STORE_IO, "cannot name the backup %s: %s", to,
			       strerror(errno));
	remove_all(copy);
	free(copy);
	file_sync_folder(to);
	return st;
}

/* Nobody else may have the lab open: only then does SQLite let go of its log.
 */
static enum store_status lab_alone(const char *path, char *message)
{
	struct store *s;
	enum store_status st = store_open(path, 0, &s, message);
	sqlite3_stmt *mode = NULL;
	int rc;

	/* One that cannot be opened is set aside with its log as it is. */
	if (st != STORE_OK)
		return st == STORE_BUSY ? st : STORE_OK;
	if (store_readonly(s)) {
		store_close(s);
		return message_say(
			message, STORE_READONLY,
			"%s can only be read: give it and its folder write "
			"permission",
			path);
	}
	s->busy_ms = 1000;
	rc = sqlite3_prepare_v2(s->db, "pragma journal_mode = delete", -1,
				&mode, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(mode);
	/* Others who have it open are told by the answer, or by the failure. */
	if (rc == SQLITE_ROW &&
	    strcmp((const char *)sqlite3_column_text(mode, 0), "delete") != 0)
		rc = SQLITE_BUSY;
	sqlite3_finalize(mode);
	store_close(s);
	if (rc == SQLITE_ROW)
		return STORE_OK;
	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		return message_say(
			message, STORE_BUSY,
			"%s is in use by another process: leave the lab there, "
			"and stop its jobs, first",
			path);
	return message_say(message,
			   (rc & 0xff) == SQLITE_FULL ? STORE_FULL : STORE_IO,
			   "cannot set %s aside: %s", path, sqlite3_errstr(rc));
}

/* What belongs to `from` gets its name after `to`; the file itself keeps its
 * own, too, until a new one takes it.  False: errno says why. */
static bool move_part(const char *from, const char *to, size_t part)
{
	char *a = mem_text("%s%s", from, parts[part]);
	char *b = mem_text("%s%s", to, parts[part]);
	bool good =
		part ? rename(a, b) == 0 : link(a, b) == 0 || rename(a, b) == 0;
	int why = errno;

	free(a);
	free(b);
	errno = why;
	return good || why == ENOENT;
}

/* As it was: the lab with its log, under its own name. */
static void put_back(const char *path, const char *aside)
{
	for (size_t i = ARRAY_LEN(parts); i-- > 1;)
		(void)!move_part(aside, path, i);
	if (access(path, F_OK) == 0)
		unlink(aside);
	else
		(void)!rename(aside, path);
}

/* The lab in place is kept under another name, with what belongs to it. */
static enum store_status set_aside(const char *path, const char *aside,
				   char *message)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (move_part(path, aside, i))
			continue;
		message_say(message, STORE_IO, "cannot set %s aside as %s: %s",
			    path, aside, strerror(errno));
		put_back(path, aside);
		return STORE_IO;
	}
	return STORE_OK;
}

enum store_status store_restore(const char *from, const char *path,
				char aside[STORE_MESSAGE_SIZE],
				char message[STORE_MESSAGE_SIZE])
{
	bool there = access(path, F_OK) == 0;
	enum store_status st;
	struct store *s;
	char *copy;

	aside[0] = '\0';
	st = store_open(from, STORE_ONLY_READ, &s, message);
	if (st != STORE_OK)
		return st;
	copy = copy_make(s, path, message, &st);
	store_close(s);
	if (!copy)
		return st;
	if (there)
		st = lab_alone(path, message);
	/* Also what a lab that is gone has left behind. */
	if (st == STORE_OK) {
		snprintf(aside, STORE_MESSAGE_SIZE, "%s.replaced-%lld", path,
			 (long long)now_ms());
		st = set_aside(path, aside, message);
	}
	if (st == STORE_OK && rename(copy, path) != 0) {
		st = message_say(message, STORE_IO,
				 "cannot name the lab %s: %s", path,
				 strerror(errno));
		put_back(path, aside);
	}
	if (st != STORE_OK || !there)
		aside[0] = '\0';
	remove_all(copy);
	free(copy);
	file_sync_folder(path);
	return st;
}
