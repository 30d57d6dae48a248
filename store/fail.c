/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What went wrong, as a status and one sentence. */

enum store_status message_say(char *message, enum store_status st,
			      const char *fmt, ...)
{
	va_list ap;

	if (message) {
		va_start(ap, fmt);
		vsnprintf(message, STORE_MESSAGE_SIZE, fmt, ap);
		va_end(ap);
	}
	return st;
}

enum store_status store_say(struct store *s, enum store_status st,
			    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->message, sizeof(s->message), fmt, ap);
	va_end(ap);
	return st;
}

/* The system's word on the last failure; SQLite's own record of it is often
 * overwritten by the clean-up, the one of each file is not. */
static int system_errno(struct store *s, int code)
{
	static const int files[] = {SQLITE_FCNTL_JOURNAL_POINTER,
				    SQLITE_FCNTL_FILE_POINTER};
	int why = sqlite3_system_errno(s->db);

	if (code == SQLITE_CORRUPT)
		why = 0;
	else if (code != SQLITE_IOERR_WRITE)
		return why;
	for (size_t i = 0; why == 0 && i < ARRAY_LEN(files); i++) {
		sqlite3_file *f = NULL;

		sqlite3_file_control(s->db, "main", files[i], &f);
		if (f && f->pMethods)
			f->pMethods->xFileControl(f, SQLITE_FCNTL_LAST_ERRNO,
						  &why);
	}
	return why;
}

/* A write that met the end of the disk says so in several ways: ENOSPC is
 * SQLITE_FULL, but a quota or a limit on the size of files is an I/O error. */
static bool no_room(int code, int why)
{
	return code == SQLITE_FULL ||
	       ((code & 0xff) == SQLITE_IOERR &&
		(why == ENOSPC || why == EDQUOT || why == EFBIG));
}

/* What an input/output error was about, in words. */
static const char *io_name(int code)
{
	switch (code) {
	case SQLITE_IOERR_READ:
	case SQLITE_IOERR_SHORT_READ:
		return "reading from the disk failed";
	case SQLITE_IOERR_WRITE:
	case SQLITE_IOERR_TRUNCATE:
		return "writing to the disk failed";
	case SQLITE_IOERR_FSYNC:
	case SQLITE_IOERR_DIR_FSYNC:
		return "what was written did not reach the disk (fsync "
		       "failed); what was saved before is safe";
	case SQLITE_IOERR_LOCK:
	case SQLITE_IOERR_UNLOCK:
	case SQLITE_IOERR_RDLOCK:
	case SQLITE_IOERR_CHECKRESERVEDLOCK:
	case SQLITE_IOERR_SHMLOCK:
		return "the file cannot be locked; on a network folder, copy "
		       "the lab to a local disk";
	case SQLITE_IOERR_SHMOPEN:
	case SQLITE_IOERR_SHMSIZE:
	case SQLITE_IOERR_SHMMAP:
		return "the -shm beside it cannot be used; on a network "
		       "folder, copy the lab to a local disk";
	default:
		return NULL;
	}
}

/* With the system's word where there is one. */
static enum store_status io_fail(struct store *s, const char *what, int code,
				 int why)
{
	const char *name = io_name(code);

	if (!name)
		name = sqlite3_errmsg(s->db);
	if (!why)
		return store_say(s, STORE_IO, "%s: cannot %s: %s", s->path,
				 what, name);
	return store_say(s, STORE_IO, "%s: cannot %s: %s (%s)", s->path, what,
			 name, strerror(why));
}

static enum store_status rule_fail(struct store *s, const char *what, int code)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
		return store_say(s, STORE_EXISTS,
				 "%s: cannot %s: there is one already (%s)",
				 s->path, what, sqlite3_errmsg(s->db));
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return store_say(s, STORE_NOTFOUND,
				 "%s: cannot %s: it names a row that does not "
				 "exist",
				 s->path, what);
	default:
		return store_say(s, STORE_REFUSED, "%s: cannot %s: %s", s->path,
				 what, sqlite3_errmsg(s->db));
	}
}

enum store_status store_fail(struct store *s, const char *what)
{
	int code = sqlite3_extended_errcode(s->db);
	int why = system_errno(s, code);

	if (no_room(code, why))
		return store_say(
			s, STORE_FULL,
			"%s: cannot %s: the disk is full; what was saved "
			"before is safe, free some space and go on",
			s->path, what);
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		mem_none();
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return store_say(s, STORE_BUSY,
				 "%s: cannot %s: another process has kept the "
				 "file busy for ten seconds; try again",
				 s->path, what);
	case SQLITE_INTERRUPT:
		return store_say(s, STORE_CANCELLED,
				 "%s: cannot %s: it was given up", s->path,
				 what);
	case SQLITE_CORRUPT:
		/* SQLite takes a read that fails with this for damage. */
		if (why == EIO)
			return io_fail(s, what, SQLITE_IOERR_READ, why);
		/* fallthrough */
	case SQLITE_NOTADB:
		return store_say(s, STORE_DAMAGED,
				 "%s: cannot %s: the file is damaged (%s); "
				 "plyscope check tells how much, a copy of the "
				 "file may help",
				 s->path, what, sqlite3_errmsg(s->db));
	case SQLITE_READONLY:
		return store_say(s, STORE_READONLY,
				 "%s: cannot %s: the file can only be read; "
				 "give it write permission or work on a copy",
				 s->path, what);
	case SQLITE_CONSTRAINT:
		return rule_fail(s, what, code);
	case SQLITE_PROTOCOL:
		return io_fail(s, what, SQLITE_IOERR_LOCK, 0);
	default:
		return io_fail(s, what, code, why);
	}
}

enum store_status store_exec(struct store *s, const char *what,
			     const char *text)
{
	if (sqlite3_exec(s->db, text, NULL, NULL, NULL) == SQLITE_OK)
		return STORE_OK;
	return store_fail(s, what);
}
