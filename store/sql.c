/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* FNV-1a: texts are few and ours. */
static uint32_t text_hash(const char *text)
{
	uint32_t h = 2166136261u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

/* A kept statement with this text that nobody is using, or the slot to put a
 * new one into: an empty one or the one unused for longest. */
static struct stmt_slot *slot_find(struct store *s, const char *text,
				   uint32_t hash)
{
	struct stmt_slot *room = NULL;

	for (size_t i = 0; i < STMT_SLOTS; i++) {
		struct stmt_slot *k = &s->slots[i];

		if (k->taken)
			continue;
		if (k->st && k->hash == hash &&
		    strcmp(sqlite3_sql(k->st), text) == 0)
			return k;
		if (!room || (room->st && (!k->st || k->used < room->used)))
			room = k;
	}
	assert(room && "too many statements open at once");
	sqlite3_finalize(room->st);
	room->st = NULL;
	return room;
}

static void sql_prepare(struct sql *q, struct store *s, const char *what,
			const char *text)
{
	uint32_t hash = text_hash(text);

	memset(q, 0, sizeof(*q));
	q->s = s;
	q->what = what;
	q->slot = slot_find(s, text, hash);
	if (!q->slot->st &&
	    sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT,
			       &q->slot->st, NULL) != SQLITE_OK) {
		q->failed = store_fail(s, what);
		return;
	}
	q->slot->hash = hash;
	q->slot->used = ++s->clock;
	q->slot->taken = true;
	q->st = q->slot->st;
}

void sql_read(struct sql *q, struct store *s, const char *what,
	      const char *text)
{
	sql_prepare(q, s, what, text);
}

void sql_write(struct sql *q, struct store *s, const char *what,
	       const char *text)
{
	if (s->in_tx && s->tx_failed) {
		/* SQLite may have rolled back already: what came now would be
		 * saved alone. */
		memset(q, 0, sizeof(*q));
		q->s = s;
		q->failed = s->tx_failed;
	} else if (s->readonly) {
		memset(q, 0, sizeof(*q));
		q->s = s;
		q->failed = store_say(
			s, STORE_READONLY,
			"%s: cannot %s: the lab is open for reading only; give "
			"the file write permission or work on a copy",
			s->path, what);
	} else {
		sql_prepare(q, s, what, text);
	}
	q->write = true;
}

/* Binding fails only for wrong numbers (ours), too much data or no memory. */
static void bound(struct sql *q, int rc)
{
	if (rc == SQLITE_OK)
		return;
	if (rc == SQLITE_NOMEM)
		mem_none();
	assert(rc == SQLITE_TOOBIG);
	q->failed = store_say(q->s, STORE_REFUSED,
			      "%s: cannot %s: more than a gigabyte in one row",
			      q->s->path, q->what);
}

void sql_int(struct sql *q, int64_t v)
{
	if (q->st)
		bound(q, sqlite3_bind_int64(q->st, ++q->bind, v));
}

static void sql_null(struct sql *q)
{
	if (q->st)
		bound(q, sqlite3_bind_null(q->st, ++q->bind));
}

void sql_id(struct sql *q, int64_t v)
{
	if (v)
		sql_int(q, v);
	else
		sql_null(q);
}

void sql_step_id(struct sql *q, int64_t v)
{
	if (v >= 0)
		sql_int(q, v);
	else
		sql_null(q);
}

void sql_real(struct sql *q, double v)
{
	if (!isfinite(v))
		sql_null(q);
	else if (q->st)
		bound(q, sqlite3_bind_double(q->st, ++q->bind, v));
}

void sql_text(struct sql *q, const char *v)
{
	if (!v)
		sql_null(q);
	else if (q->st)
		bound(q, sqlite3_bind_text(q->st, ++q->bind, v, -1,
					   SQLITE_STATIC));
}

void sql_blob(struct sql *q, const void *v, size_t len)
{
	if (!v)
		sql_null(q);
	else if (q->st)
		bound(q, sqlite3_bind_blob64(q->st, ++q->bind, v, len,
					     SQLITE_STATIC));
}

/* Gives the statement back; it may hold locks and borrowed data no longer. */
static void sql_rest(struct sql *q)
{
	if (!q->st)
		return;
	sqlite3_reset(q->st);
	sqlite3_clear_bindings(q->st);
	q->slot->taken = false;
	q->st = NULL;
}

bool sql_next(struct sql *q)
{
	int rc;

	if (!q->st)
		return false;
	if (q->failed) {
		sql_rest(q);
		return false;
	}
	rc = sqlite3_step(q->st);
	q->col = 0;
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		q->failed = store_fail(q->s, q->what);
	sql_rest(q);
	return false;
}

enum store_status sql_end(struct sql *q)
{
	sql_rest(q);
	return q->failed;
}

/* Runs it within the transaction in hand. */
static enum store_status run_within(struct sql *q)
{
	while (sql_next(q))
		;
	sql_rest(q);
	q->s->changes = sqlite3_changes(q->s->db);
	if (q->failed && q->s->in_tx && !q->s->tx_failed)
		q->s->tx_failed = q->failed;
	return q->failed;
}

enum store_status sql_run(struct sql *q)
{
	struct store *s = q->s;
	enum store_status st;

	assert(q->write);
	if (s->in_tx || q->failed)
		return run_within(q);
	/* A write by itself is a transaction of its own: it counts, too. */
	st = store_begin(s);
	if (st != STORE_OK) {
		sql_rest(q);
		return q->failed = st;
	}
	st = run_within(q);
	if (st == STORE_OK)
		return q->failed = store_commit(s);
	store_rollback(s);
	return st;
}

enum store_status sql_add(struct sql *q, int64_t *id)
{
	enum store_status st = sql_run(q);

	if (id)
		*id = st == STORE_OK ? sqlite3_last_insert_rowid(q->s->db) : 0;
	return st;
}

/* A file that was removed or replaced goes on to live as long as somebody has
 * it open: what is written to it is lost. */
static enum store_status still_there(struct store *s)
{
	struct stat sb;

	if (stat(s->real, &sb) == 0 && (int64_t)sb.st_dev == s->device &&
	    (int64_t)sb.st_ino == s->inode)
		return STORE_OK;
	return store_say(s, STORE_IO,
			 "%s was removed or replaced by another file while it "
			 "was open: what was not saved before is lost; open it "
			 "anew",
			 s->path);
}

enum store_status store_begin(struct store *s)
{
	struct sql q;
	enum store_status st;

	assert(!s->in_tx);
	st = still_there(s);
	if (st != STORE_OK)
		return st;
	sql_write(&q, s, "begin to write", "begin immediate");
	s->in_tx = true;
	s->tx_failed = STORE_OK;
	st = sql_run(&q);
	s->in_tx = st == STORE_OK;
	s->tx_failed = STORE_OK;
	return st;
}

/* What store/wal.c tells a log of this file by. */
static enum store_status count_commit(struct store *s)
{
	struct sql q;

	sql_write(&q, s, "save",
		  "update identity set generation = generation + 1, schema ="
		  " (select schema_version from pragma_schema_version)");
	return sql_run(&q);
}

enum store_status store_commit(struct store *s)
{
	int changes = s->changes;
	enum store_status st;
	struct sql q;

	assert(s->in_tx);
	st = s->tx_failed;
	if (st == STORE_OK)
		st = still_there(s);
	if (st == STORE_OK)
		st = count_commit(s);
	if (st == STORE_OK) {
		sql_write(&q, s, "save", "commit");
		st = sql_run(&q);
	}
	s->changes = changes;
	if (st != STORE_OK)
		store_rollback(s);
	s->in_tx = false;
	s->tx_failed = STORE_OK;
	return st;
}

void store_rollback(struct store *s)
{
	/* After some failures SQLite has rolled back by itself. */
	if (s->in_tx && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "rollback", NULL, NULL, NULL);
	s->in_tx = false;
	s->tx_failed = STORE_OK;
}

enum store_status own_begin(struct store *s, struct own_tx *t)
{
	t->mine = !s->in_tx;
	return t->mine ? store_begin(s) : STORE_OK;
}

enum store_status own_end(struct store *s, struct own_tx *t,
			  enum store_status st)
{
	if (!t->mine)
		return st;
	if (st == STORE_OK)
		return store_commit(s);
	store_rollback(s);
	return st;
}

/* Says which value of which row cannot be; ends the reading. */
static void damaged(struct sql *q, int at, const char *value)
{
	const char *key = sqlite3_column_name(q->st, 0);
	char row[48] = "";

	if (q->failed)
		return;
	if (key && !strcmp(key, "id") &&
	    sqlite3_column_type(q->st, 0) == SQLITE_INTEGER)
		snprintf(row, sizeof(row), " of row %lld",
			 (long long)sqlite3_column_int64(q->st, 0));
	store_say(q->s, STORE_DAMAGED,
		  "%s is damaged: cannot %s: '%.40s'%s is %s; plyscope check "
		  "lists such rows, a copy of the file may help",
		  q->s->path, q->what, sqlite3_column_name(q->st, at), row,
		  value);
	if (q->s->on_damaged)
		q->s->on_damaged(q->s->damaged_ctx, q->s->message);
	else
		q->failed = STORE_DAMAGED;
}

static int64_t int_between(struct sql *q, int at, int64_t min, int64_t max)
{
	int64_t v = sqlite3_column_int64(q->st, at);
	char text[32];

	if (sqlite3_column_type(q->st, at) == SQLITE_NULL) {
		damaged(q, at, "missing");
		return min;
	}
	if (v >= min && v <= max)
		return v;
	snprintf(text, sizeof(text), "%lld", (long long)v);
	damaged(q, at, text);
	return v < min ? min : max;
}

int64_t sql_col_int(struct sql *q)
{
	return sqlite3_column_int64(q->st, q->col++);
}

int64_t sql_col_count(struct sql *q)
{
	return int_between(q, q->col++, 0, MOST_COUNTED);
}

int sql_col_small(struct sql *q)
{
	return (int)int_between(q, q->col++, 0, MOST_PLIES);
}

int64_t sql_col_floats(struct sql *q)
{
	return int_between(q, q->col++, 0, MOST_FLOATS);
}

int64_t sql_col_step(struct sql *q)
{
	int at = q->col++;

	if (sqlite3_column_type(q->st, at) == SQLITE_NULL)
		return -1;
	return int_between(q, at, -1, MOST_COUNTED);
}

double sql_col_real(struct sql *q)
{
	int at = q->col++;
	double v = sqlite3_column_double(q->st, at);

	if (sqlite3_column_type(q->st, at) == SQLITE_NULL || !isfinite(v))
		return (double)NAN;
	return v;
}

double sql_col_between(struct sql *q, double min, double max)
{
	int at = q->col++;
	double v = sqlite3_column_double(q->st, at);
	char text[40];

	if (sqlite3_column_type(q->st, at) == SQLITE_NULL)
		return (double)NAN;
	if (v >= min && v <= max)
		return v;
	snprintf(text, sizeof(text), "%g", v);
	damaged(q, at, text);
	return (double)NAN;
}

double sql_col_elo(struct sql *q)
{
	return sql_col_between(q, -MOST_ELO, MOST_ELO);
}

const char *sql_col_text(struct sql *q, struct store_bag *bag)
{
	const unsigned char *text = sqlite3_column_text(q->st, q->col);
	size_t len = (size_t)sqlite3_column_bytes(q->st, q->col++);
	char *copy;

	if (!text)
		return NULL;
	copy = store_bag_alloc(bag, len + 1);
	memcpy(copy, text, len);
	return copy;
}

const char *sql_col_need(struct sql *q, struct store_bag *bag)
{
	int at = q->col;
	const char *text = sql_col_text(q, bag);

	if (text)
		return text;
	damaged(q, at, "missing");
	return "";
}

void sql_col_wrong(struct sql *q, const char *value)
{
	damaged(q, q->col - 1, value);
}

const void *sql_col_blob(struct sql *q, size_t *len)
{
	const void *data = sqlite3_column_blob(q->st, q->col);

	*len = (size_t)sqlite3_column_bytes(q->st, q->col++);
	return data;
}

int sql_changes(struct store *s)
{
	return s->changes;
}

void sql_drop_all(struct store *s)
{
	for (size_t i = 0; i < STMT_SLOTS; i++) {
		sqlite3_finalize(s->slots[i].st);
		s->slots[i] = (struct stmt_slot){0};
	}
}
