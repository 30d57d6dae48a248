/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A write-ahead log is replayed by its name alone.  Where a backup is copied
 * over a lab whose process was killed, its left-over -wal meets a file that it
 * was not written for, and the two are mixed without a word.  So each commit
 * counts up a number that is kept in a row of the file (sql.c): the log then
 * holds the numbers of its commits, and the file must hold one of them or the
 * one before.
 *
 * The log as it lies on the disk (https://sqlite.org/fileformat2.html, section
 * 4): a header of 32 bytes, then frames of a header of 24 bytes and a page;
 * those with the header's salts count, up to the last that ends a commit.  What
 * cannot be made out here is left to SQLite.
 */

enum { WAL_HEADER = 32, FRAME_HEADER = 24 };

struct identity {
	char lab[40];
	int64_t generation, schema; /* schema: the header's counter */
};

/* Of the file alone, as if it had no log.  False: it has none yet, or cannot be
 * read so. */
static bool identity_of_file(const char *real, struct identity *id, int *page,
			     uint32_t *cookie)
{
	char *uri = file_uri(real, "mode=ro&immutable=1");
	sqlite3_stmt *st = NULL;
	sqlite3 *db = NULL;
	bool good = false;

	if (sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
			    NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db,
			       "select lab, generation, schema, rootpage,"
			       " schema_version from identity, sqlite_schema,"
			       " pragma_schema_version"
			       " where name = 'identity' and type = 'table'",
			       -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW && sqlite3_column_text(st, 0)) {
		snprintf(id->lab, sizeof(id->lab), "%s",
			 (const char *)sqlite3_column_text(st, 0));
		id->generation = sqlite3_column_int64(st, 1);
		id->schema = sqlite3_column_int64(st, 2);
		*page = sqlite3_column_int(st, 3);
		*cookie = (uint32_t)sqlite3_column_int64(st, 4);
		good = true;
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	free(uri);
	return good;
}

/* A number of 1 to 9 bytes, high ones first; 0 bytes at the end. */
static size_t varint(const unsigned char *p, const unsigned char *end,
		     uint64_t *out)
{
	*out = 0;
	for (size_t n = 1; n <= 9 && p < end; n++, p++) {
		if (n == 9) {
			*out = *out << 8 | *p;
			return n;
		}
		*out = *out << 7 | (*p & 0x7f);
		if (!(*p & 0x80))
			return n;
	}
	return 0;
}

static size_t serial_bytes(uint64_t type)
{
	static const size_t whole[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

	return type < 12 ? whole[type] : (size_t)((type - 12) / 2);
}

static int64_t whole_number(uint64_t type, const unsigned char *p)
{
	size_t n = serial_bytes(type);
	int64_t v;

	if (type == 8 || type == 9)
		return type == 9;
	if (!n)
		return 0;
	v = p[0] < 128 ? p[0] : p[0] - 256;
	for (size_t i = 1; i < n; i++)
		v = v * 256 + p[i];
	return v;
}

/* The one row of a leaf page: (one, lab, generation, schema).  The key is not
 * in the record: NULL stands for it. */
static bool identity_of_page(const unsigned char *page, size_t size,
			     struct identity *id)
{
	const unsigned char *end = page + size, *p, *body;
	uint64_t payload, row, head, type[4];
	size_t n, at = (size_t)page[8] << 8 | page[9];

	if (page[0] != 0x0d || page[3] != 0 || page[4] != 1 || at >= size)
		return false;
	p = page + at;
	if (!(n = varint(p, end, &payload)))
		return false;
	p += n;
	if (!(n = varint(p, end, &row)) || row != 1)
		return false;
	p += n;
	body = p;
	if (payload > (uint64_t)(end - p) || !(n = varint(p, end, &head)) ||
	    head > payload)
		return false;
	body += head;
	for (int i = 0; i < 4; i++) {
		p += n;
		if (!(n = varint(p, end, &type[i])))
			return false;
	}
	if (type[0] || type[1] < 13 || !(type[1] & 1) || type[2] > 9 ||
	    type[3] > 9 || serial_bytes(type[1]) >= sizeof(id->lab))
		return false;
	if (body + serial_bytes(type[1]) + serial_bytes(type[2]) +
		    serial_bytes(type[3]) >
	    end)
		return false;
	memset(id, 0, sizeof(*id));
	memcpy(id->lab, body, serial_bytes(type[1]));
	body += serial_bytes(type[1]);
	id->generation = whole_number(type[2], body);
	id->schema = whole_number(type[3], body + serial_bytes(type[2]));
	return true;
}

/* What the commits of a log say. */
struct log {
	bool any; /* of the page with the identity ... */
	struct identity first, last;
	bool strange; /* something else is written there */
	bool schema;  /* of the schema's counter ... */
	uint32_t lowest, highest;
};

static void take_schema(struct log *log, uint32_t cookie)
{
	if (!log->schema || cookie < log->lowest)
		log->lowest = cookie;
	if (!log->schema || cookie > log->highest)
		log->highest = cookie;
	log->schema = true;
}

static void take_identity(struct log *log, const unsigned char *page,
			  size_t size)
{
	struct identity id;

	if (!identity_of_page(page, size, &id)) {
		log->strange = true;
		return;
	}
	if (!log->any)
		log->first = id;
	log->last = id;
	log->any = true;
	take_schema(log, (uint32_t)id.schema);
}

static void log_read(FILE *f, int page, struct log *out)
{
	unsigned char head[WAL_HEADER], frame[FRAME_HEADER], *data;
	struct log log = {0};
	uint32_t size;

	if (fread(head, sizeof(head), 1, f) != 1)
		return;
	size = bytes_be32(head + 8);
	if ((bytes_be32(head) & ~1u) != 0x377f0682 || size < 512 ||
	    size > 65536)
		return;
	data = mem_get(size);
	while (fread(frame, sizeof(frame), 1, f) == 1 &&
	       fread(data, size, 1, f) == 1 &&
	       memcmp(frame + 8, head + 16, 8) == 0) {
		if (bytes_be32(frame) == 1)
			take_schema(&log, bytes_be32(data + 40));
		if (bytes_be32(frame) == (uint32_t)page)
			take_identity(&log, data, size);
		if (bytes_be32(frame + 4)) /* ends a commit */
			*out = log;
	}
	free(data);
}

/* Could this log have been written on from this state of the file? */
static bool goes_with(const struct log *log, const struct identity *id,
		      uint32_t cookie)
{
	if (!log->schema)
		return true; /* other programs wrote it: nothing is known */
	/* A lab is brought up to date in one commit with many changes. */
	if (cookie + 1 < log->lowest && log->any && !log->strange &&
	    !strcmp(id->lab, log->first.lab) &&
	    id->generation == log->first.generation - 1)
		return true;
	/* Each change of the schema, and `vacuum`, counts up by one; `vacuum
	 * into` does so in the copy. */
	if (cookie + 1 < log->lowest || cookie > log->highest)
		return false;
	/* Pages may have been moved within the log. */
	if (log->lowest != cookie || log->highest != cookie)
		return true;
	if (log->strange)
		return false;
	return !log->any || (!strcmp(id->lab, log->first.lab) &&
			     id->generation >= log->first.generation - 1 &&
			     id->generation <= log->last.generation);
}

bool wal_belongs(const char *real)
{
	char *name = mem_text("%s-wal", real);
	FILE *f = fopen(name, "re");
	struct log log = {0};
	struct identity id;
	uint32_t cookie;
	bool known;
	int page;

	free(name);
	if (!f)
		return true;
	known = identity_of_file(real, &id, &page, &cookie);
	if (known)
		log_read(f, page, &log);
	fclose(f);
	return !known || goes_with(&log, &id, cookie);
}
