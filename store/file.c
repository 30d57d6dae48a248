/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * What the bytes of a file say before SQLite gets write access to it: a file
 * that is not a lab, or one that is cut short, must not gain so much as a -wal
 * beside it.  https://sqlite.org/fileformat2.html, section 1.3.
 */

enum { HEADER_BYTES = 100, HEADER_TRIES = 5 };
static const char magic[16] = "SQLite format 3";

struct file_stamp file_stamp(const char *real)
{
	struct file_stamp f = {0};
	char *wal = mem_text("%s-wal", real);
	struct stat sb;

	if (stat(wal, &sb) == 0 && sb.st_size > 0) {
		f.wal = 1;
		f.wal_sec = sb.st_mtim.tv_sec;
		f.wal_nsec = sb.st_mtim.tv_nsec;
	}
	if (stat(real, &sb) == 0) {
		f.size = sb.st_size;
		f.sec = sb.st_mtim.tv_sec;
		f.nsec = sb.st_mtim.tv_nsec;
	}
	free(wal);
	return f;
}

/* Is it a lab of a version that is known, and all of it there? */
static enum store_status header_judge(const unsigned char *head, int64_t size,
				      const char *path, bool wal, char *message)
{
	int64_t page, pages;
	uint32_t version;

	if (memcmp(head, magic, size < 16 ? (size_t)size : 16) != 0)
		return message_say(
			message, STORE_FORMAT,
			"%s is not a lab file: give another file with --lab",
			path);
	if (size < HEADER_BYTES)
		return message_say(
			message, STORE_DAMAGED,
			"%s is damaged: it is cut off after %lld bytes; "
			"restore a copy of it",
			path, (long long)size);
	if (bytes_be32(head + 68) != STORE_APPLICATION_ID)
		return message_say(
			message, STORE_FORMAT,
			"%s is a database, but not a lab file of plyscope: "
			"give another file with --lab",
			path);
	version = bytes_be32(head + 60);
	if (version > STORE_VERSION)
		return message_say(
			message, STORE_NEWER,
			"%s was made by a newer plyscope (lab version %u, "
			"this one knows %d): use the newer program",
			path, (unsigned)version, STORE_VERSION);
	page = head[16] << 8 | head[17];
	if (page == 1)
		page = 65536;
	if (version == 0 || page < 512 || (page & (page - 1)))
		return message_say(
			message, STORE_DAMAGED,
			"%s is damaged: its first page does not make sense; "
			"restore a copy of it",
			path);
	/* While a -wal is there, pages may be on their way. */
	pages = bytes_be32(head + 28);
	if (!wal && memcmp(head + 24, head + 92, 4) == 0 && size < page * pages)
		return message_say(
			message, STORE_DAMAGED,
			"%s is damaged: it is cut off after %lld of %lld "
			"bytes; restore a copy of it",
			path, (long long)size, (long long)(page * pages));
	return STORE_OK;
}

/*
 * The header is read through SQLite's own file layer: closing a
 * descriptor of our own would drop the locks that other handles of this
 * process hold on the file.
 */
static enum store_status header_look(sqlite3 *db, const char *path, bool wal,
				     char *message)
{
	sqlite3_file *f = NULL;
	unsigned char head[HEADER_BYTES] = {0};
	sqlite3_int64 size = 0;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &f) !=
		    SQLITE_OK ||
	    !f || !f->pMethods || f->pMethods->xFileSize(f, &size) != SQLITE_OK)
		return message_say(message, STORE_IO, "cannot read %s: %s",
				   path, sqlite3_errmsg(db));
	if (size == 0)
		return message_say(
			message, STORE_FORMAT,
			"%s is empty, not a lab file: remove it, or give "
			"another file with --lab",
			path);
	switch (f->pMethods->xRead(f, head, HEADER_BYTES, 0)) {
	case SQLITE_OK:
	case SQLITE_IOERR_SHORT_READ:
		break;
	default:
		return message_say(message, STORE_IO, "cannot read %s: %s",
				   path, strerror(errno));
	}
	return header_judge(head, size, path, wal, message);
}

/* Preparing anything reads the whole schema.  Nothing is run: what `run` is in
 * this file is not known yet. */
static bool schema_parses(sqlite3 *db)
{
	sqlite3_stmt *st = NULL;
	bool good = sqlite3_prepare_v2(db, "select 1 from sqlite_schema", -1,
				       &st, NULL) == SQLITE_OK;

	sqlite3_finalize(st);
	return good;
}

/* The same without writing anything: header and schema.  Sets *again where
 * another process was at work meanwhile, so that the answer means nothing. */
static enum store_status peek(const char *path, const char *real, bool *wal,
			      bool *again, char *message)
{
	char *uri = file_uri(real, "mode=ro&immutable=1");
	struct file_stamp before = file_stamp(real), after;
	enum store_status st;
	sqlite3 *db = NULL;

	*wal = before.wal;
	if (sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
			    NULL) != SQLITE_OK) {
		st = message_say(message, STORE_IO, "cannot read %s: %s", path,
				 db ? strerror(sqlite3_system_errno(db))
				    : "no memory");
	} else {
		st = header_look(db, path, *wal, message);
		if (st == STORE_OK && !*wal && !schema_parses(db))
			st = message_say(
				message, STORE_DAMAGED,
				"%s is damaged (%s); restore a copy of it",
				path, sqlite3_errmsg(db));
		else if (st == STORE_OK && *wal && !wal_belongs(real))
			st = message_say(
				message, STORE_REFUSED,
				"%s: the -wal beside it was written for "
				"another state of the lab: if a backup was "
				"copied here, remove the -wal and the -shm, "
				"and take plyscope restore next time",
				path);
	}
	sqlite3_close(db);
	free(uri);
	after = file_stamp(real);
	*again = memcmp(&before, &after, sizeof(after)) != 0;
	return st;
}

/* A file in WAL mode can be written only where -wal can be made beside it. */
static bool can_write(const char *real)
{
	char *dir = mem_text("%s", real), *slash = strrchr(dir, '/');
	bool yes;

	if (slash)
		slash[slash == dir] = '\0';
	yes = access(real, W_OK) == 0 && access(slash ? dir : ".", W_OK) == 0;
	free(dir);
	return yes;
}

enum store_status file_probe(const char *path, bool *writable, bool *wal,
			     char **real, char message[STORE_MESSAGE_SIZE])
{
	enum store_status st = STORE_OK;
	bool again = true;
	struct stat sb;

	*real = NULL;
	if (stat(path, &sb) != 0) {
		if (errno == ENOENT)
			return message_say(
				message, STORE_NOTFOUND,
				"there is no lab file %s: check the name",
				path);
		return message_say(message, STORE_IO, "cannot reach %s: %s",
				   path, strerror(errno));
	}
	if (!S_ISREG(sb.st_mode))
		return message_say(
			message, STORE_FORMAT,
			"%s is a %s, not a lab file: give a file with --lab",
			path, S_ISDIR(sb.st_mode) ? "directory" : "device");
	if (access(path, R_OK) != 0)
		return message_say(
			message, STORE_IO,
			"cannot read %s: %s; change its permissions or give "
			"another file with --lab",
			path, strerror(errno));
	*real = realpath(path, NULL);
	if (!*real)
		return message_say(message, STORE_IO, "cannot reach %s: %s",
				   path, strerror(errno));
	*writable = can_write(*real);
	for (int i = 0; again && i < HEADER_TRIES; i++)
		st = peek(path, *real, wal, &again, message);
	/* Who writes all the time is alive: file and log were looked at one
	 * after the other, and a checkpoint came between. */
	if (again && st == STORE_REFUSED)
		st = STORE_OK;
	if (st != STORE_OK) {
		free(*real);
		*real = NULL;
	}
	return st;
}

/* The bytes of an empty lab, with the schema of today. */
static unsigned char *fresh_lab(sqlite3_int64 *size)
{
	unsigned char *bytes;
	sqlite3 *db;
	char text[96];

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		mem_none();
	snprintf(text, sizeof(text),
		 "pragma application_id = %d; pragma user_version = %d",
		 STORE_APPLICATION_ID, STORE_VERSION);
	for (size_t i = 0; i < schema_migration_count; i++)
		if (sqlite3_exec(db, schema_migrations[i].sql, NULL, NULL,
				 NULL) != SQLITE_OK)
			mem_none();
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		mem_none();
	bytes = sqlite3_serialize(db, "main", size, 0);
	if (!bytes)
		mem_none();
	/* Written and read in WAL mode, from the first byte on. */
	bytes[18] = bytes[19] = 2;
	sqlite3_close(db);
	return bytes;
}

static bool write_all(int fd, const unsigned char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

void file_sync_folder(const char *path)
{
	char *dir = mem_text("%s", path), *slash = strrchr(dir, '/');
	int fd;

	if (slash)
		slash[slash == dir] = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(dir);
}

int store_publish(const char *from, const char *to)
{
	if (link(from, to) == 0 || errno == EEXIST)
		return 0;
	/* No hard links here (FAT, some network folders). */
	if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS)
		return renameat2(AT_FDCWD, from, AT_FDCWD, to,
				 RENAME_NOREPLACE) == 0 ||
				       errno == EEXIST
			       ? 0
			       : -1;
	return -1;
}

/* "lab.db.new-123", "lab.db.new-123-wal": the number; 0 for other names. */
static long maker_of(const char *name, const char *base)
{
	size_t n = strlen(base);
	char *end;
	long pid;

	if (strncmp(name, base, n) != 0 || strncmp(name + n, ".new-", 5) != 0 ||
	    !isdigit((unsigned char)name[n + 5]))
		return 0;
	pid = strtol(name + n + 5, &end, 10);
	return *end == '\0' || !strcmp(end, "-wal") || !strcmp(end, "-shm") ||
			       !strcmp(end, "-journal")
		       ? pid
		       : 0;
}

void store_sweep(const char *path)
{
	char *folder = mem_text("%s", path), *slash = strrchr(folder, '/');
	const char *base = slash ? path + (slash - folder) + 1 : path;
	struct dirent *entry;
	DIR *dir;

	if (slash)
		slash[slash == folder] = '\0';
	dir = opendir(slash ? folder : ".");
	while (dir && (entry = readdir(dir))) {
		long pid = maker_of(entry->d_name, base);

		if (pid > 0 && pid != (long)getpid() &&
		    kill((pid_t)pid, 0) != 0 && errno == ESRCH)
			unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
	free(folder);
}

enum store_status file_create(const char *path,
			      char message[STORE_MESSAGE_SIZE])
{
	enum store_status st = STORE_OK;
	sqlite3_int64 size = 0;
	unsigned char *bytes = fresh_lab(&size);
	char *name = mem_text("%s.new-%ld", path, (long)getpid());
	int fd, why;

	/* A left-over of a process that had our number. */
	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0 || !write_all(fd, bytes, (size_t)size) || fsync(fd) != 0 ||
	    store_publish(name, path) != 0) {
		why = errno;
		st = message_say(message,
				 why == ENOSPC || why == EDQUOT || why == EFBIG
					 ? STORE_FULL
					 : STORE_IO,
				 "cannot make the lab file %s: %s%s", path,
				 strerror(why),
				 why == ENOENT ? "; make its folder first"
					       : "");
	}
	if (fd >= 0) {
		close(fd);
		unlink(name);
		file_sync_folder(path);
	}
	free(name);
	sqlite3_free(bytes);
	return st;
}
