/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { WAL_MS = 1000 };

const char *store_status_name(enum store_status st)
{
	switch (st) {
	case STORE_OK:
		return "no error";
#define X(name, text)      \
	case STORE_##name: \
		return text;
		STORE_STATUS_LIST(X)
#undef X
	}
	return "unknown status";
}

/* As core/base/clock.h, which the store may not include. */
int64_t now_ms(void)
{
	const char *frozen = getenv("PLYSCOPE_TEST_TIME");
	struct timespec ts;

	if (frozen && *frozen)
		return strtoll(frozen, NULL, 10);
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* SQLite calls this again and again while somebody else has what it needs. */
static int busy(void *ctx, int calls)
{
	static const int naps_ms[] = {1, 2, 5, 10, 15, 25, 50, 100};
	int nap = naps_ms[calls < (int)ARRAY_LEN(naps_ms)
				  ? calls
				  : (int)ARRAY_LEN(naps_ms) - 1];
	struct store *s = ctx;
	int64_t now = monotonic_ms(), waited;
	bool on = false;

	if (!calls)
		s->busy_since = now;
	waited = now - s->busy_since;
	if (s->goes_on)
		on = s->goes_on(s->goes_on_ctx, (double)waited / 1000);
	if (!on && waited >= s->busy_ms)
		return 0;
	nanosleep(&(struct timespec){0, nap * 1000000L}, NULL);
	return 1;
}

void store_wait(struct store *s, int64_t least_ms,
		bool (*goes_on)(void *ctx, double seconds), void *ctx)
{
	s->busy_ms = least_ms;
	s->goes_on = goes_on;
	s->goes_on_ctx = ctx;
}

static int unwanted(void *self)
{
	const struct store *s = self;

	return !s->wanted(s->wanted_ctx);
}

void store_while(struct store *s, bool (*goes_on)(void *ctx), void *ctx)
{
	enum { OPERATIONS = 100000 }; /* about two milliseconds */

	s->wanted = goes_on;
	s->wanted_ctx = ctx;
	sqlite3_progress_handler(s->db, OPERATIONS, goes_on ? unwanted : NULL,
				 s);
}

static enum store_status configure(struct store *s)
{
	sqlite3_extended_result_codes(s->db, 1);
	s->busy_ms = STORE_WAIT_MS;
	sqlite3_busy_handler(s->db, busy, s);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* FULL: under WAL, NORMAL would let a power cut take back commits. */
	return store_exec(s, "open it",
			  "pragma foreign_keys = on;"
			  "pragma trusted_schema = off;"
			  "pragma cell_size_check = on;"
			  "pragma synchronous = full;"
			  "pragma journal_size_limit = 67108864;"
			  "pragma temp_store = memory;"
			  "pragma cache_size = -16384;");
}

static enum store_status connect(struct store *s, bool physically_readonly,
				 bool wal)
{
	/* Without write permission SQLite cannot make the -shm that it wants
	 * even to read; a file that nobody is writing needs none. */
	bool immutable = physically_readonly && !wal;
	char *uri = file_uri(s->real, immutable ? "mode=ro&immutable=1"
				      : physically_readonly ? "mode=ro"
							    : "mode=rw");
	int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
	struct stat sb;
	int rc;

	flags |= physically_readonly ? SQLITE_OPEN_READONLY
				     : SQLITE_OPEN_READWRITE;
	rc = sqlite3_open_v2(uri, &s->db, flags, NULL);
	free(uri);
	if (!s->db)
		mem_none();
	if (stat(s->real, &sb) == 0) {
		s->device = (int64_t)sb.st_dev;
		s->inode = (int64_t)sb.st_ino;
	}
	s->immutable = immutable;
	s->stamp = file_stamp(s->real);
	return rc == SQLITE_OK ? configure(s) : store_fail(s, "open it");
}

/*
 * A copy, a backup by "vacuum into" and the shipped sample come with a rollback
 * journal: a reader then keeps a writer out, and the other way round.  Where
 * the mode cannot be changed now - another process reads the file, or its
 * folder is on a network - the lab works on as it is.
 */
static void use_wal(struct store *s)
{
	s->busy_ms = WAL_MS;
	(void)sqlite3_exec(s->db, "pragma journal_mode = wal", NULL, NULL,
			   NULL);
	s->busy_ms = STORE_WAIT_MS;
}

/* Brought up to date, which only a copy may be where nothing is written. */
static enum store_status bring_up(struct store *s)
{
	bool readonly = s->readonly;
	enum store_status st;
	int version;

	st = store_version(s, &version);
	if (st == STORE_OK && readonly && !s->copied &&
	    version < STORE_VERSION) {
		st = copy_of_lab(s);
		if (st == STORE_OK)
			st = configure(s);
	}
	s->readonly = readonly && !s->copied;
	if (st == STORE_OK)
		st = store_migrate(s, schema_migrations,
				   schema_migration_count);
	s->readonly = readonly;
	return st;
}

static enum store_status start(struct store *s, bool physically_readonly,
			       bool wal)
{
	enum store_status st;

	s->copied = false;
	st = connect(s, physically_readonly, wal);
	if (st == STORE_OK)
		st = store_shape(s);
	if ((st == STORE_IO && physically_readonly && wal) ||
	    (st == STORE_FULL && s->readonly)) {
		/* Nobody has its -shm open, and it cannot be made: on a full
		 * disk, too, from which a lab must come off. */
		st = copy_of_files(s);
		if (st == STORE_OK)
			st = configure(s);
		if (st == STORE_OK)
			st = store_shape(s);
	}
	if (st == STORE_OK)
		st = bring_up(s);
	if (st == STORE_OK && s->readonly)
		st = store_exec(s, "open it", "pragma query_only = on");
	else if (st == STORE_OK)
		use_wal(s);
	return st;
}

enum store_status store_open(const char *path, enum store_flags flags,
			     struct store **out,
			     char message[STORE_MESSAGE_SIZE])
{
	bool writable = false, wal = false;
	enum store_status st;
	struct store *s;
	char *real;

	*out = NULL;
	if (message)
		message[0] = '\0';
	st = file_probe(path, &writable, &wal, &real, message);
	if (st == STORE_NOTFOUND && (flags & STORE_CREATE)) {
		st = file_create(path, message);
		if (st == STORE_OK)
			st = file_probe(path, &writable, &wal, &real, message);
	}
	if (st != STORE_OK)
		return st;
	s = mem_get(sizeof(*s));
	s->path = mem_text("%s", path);
	s->real = real;
	s->readonly = !writable || (flags & STORE_ONLY_READ);
	st = start(s, !writable, wal);
	if (st != STORE_OK) {
		if (message)
			memcpy(message, s->message, STORE_MESSAGE_SIZE);
		store_close(s);
		return st;
	}
	*out = s;
	return STORE_OK;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	store_rollback(s);
	sql_drop_all(s);
	sqlite3_close(s->db);
	free(s->path);
	free(s->real);
	free(s);
}

const char *store_path(const struct store *s)
{
	return s->path;
}

bool store_readonly(const struct store *s)
{
	return s->readonly;
}

bool store_copied(const struct store *s)
{
	return s->copied;
}

const char *store_sqlite_version(void)
{
	return sqlite3_libversion();
}

const char *store_message(const struct store *s)
{
	return s->message;
}

/* A file that was opened as one that nobody writes has been written to, or is
 * being: look at it anew, through the writer's -wal where there is one. */
static void look_anew(struct store *s, bool wal)
{
	sql_drop_all(s);
	sqlite3_close(s->db);
	s->db = NULL;
	s->version_base += 1 << 20;
	if (start(s, true, wal) == STORE_OK)
		return;
	/* Their -shm cannot be read: show what is in the file itself. */
	sqlite3_close(s->db);
	(void)start(s, true, false);
}

void store_identity(struct store *s, char out[STORE_IDENTITY_SIZE])
{
	struct store_bag bag = {0};
	const char *lab = NULL;
	struct sql q;

	sql_read(&q, s, "read its identity", "select lab from identity");
	if (sql_next(&q))
		lab = sql_col_text(&q, &bag);
	snprintf(out, STORE_IDENTITY_SIZE, "%s", lab ? lab : "");
	/* Without one it is known by its path alone. */
	if (sql_end(&q))
		out[0] = '\0';
	store_bag_release(&bag);
}

int64_t store_data_version(struct store *s)
{
	int64_t version = 0;
	struct sql q;

	if (s->immutable || s->copied) {
		struct file_stamp now = file_stamp(s->real);

		if (memcmp(&now, &s->stamp, sizeof(now)) != 0) {
			look_anew(s, now.wal);
		}
	}
	sql_read(&q, s, "look for changes", "pragma data_version");
	if (sql_next(&q))
		version = sql_col_int(&q);
	(void)sql_end(&q);
	return s->version_base + version;
}
