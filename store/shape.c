/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Is the schema of a file the one that plyscope makes?  A lab may come from
 * somebody else.  A view in place of a table, a table that lost its NOT NULL,
 * or a trigger that deletes would change what our statements do; so each object
 * of ours is compared with the text that the migrations give, and nothing of
 * others may hang on our tables but plain indexes.  Their own tables and views
 * beside ours are theirs.
 */

/* Blanks do not matter: versions of SQLite and editors differ in them. */
static void squeeze(char *sql)
{
	char *to = sql;

	for (const char *p = sql; *p; p++)
		if (!isspace((unsigned char)*p))
			*to++ = *p;
	*to = '\0';
}

static bool same_sql(const char *a, const char *b)
{
	char *x = mem_text("%s", a ? a : ""), *y = mem_text("%s", b ? b : "");
	bool same;

	squeeze(x);
	squeeze(y);
	same = strcmp(x, y) == 0;
	free(x);
	free(y);
	return same;
}

/* What the migrations up to `version` make, in memory. */
static sqlite3 *model_open(int version)
{
	sqlite3 *db;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		mem_none();
	for (size_t i = 0; i < schema_migration_count; i++)
		if (schema_migrations[i].version <= version &&
		    sqlite3_exec(db, schema_migrations[i].sql, NULL, NULL,
				 NULL) != SQLITE_OK)
			mem_none();
	return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		mem_none();
	return st;
}

static const char *column(sqlite3_stmt *st, int at)
{
	return (const char *)sqlite3_column_text(st, at);
}

static bool same_text(const char *a, const char *b)
{
	return a && b && sqlite3_stricmp(a, b) == 0;
}

/* Every object of ours is there, and as we made it. */
static enum store_status ours_stand(struct store *s, sqlite3 *model)
{
	sqlite3_stmt *want =
		prepare(model, "select name, type, tbl_name, sql from"
			       " sqlite_schema where sql is not null");
	enum store_status st = STORE_OK;

	while (st == STORE_OK && sqlite3_step(want) == SQLITE_ROW) {
		const char *name = column(want, 0), *type = column(want, 1);
		struct store_bag bag = {0};
		struct sql q;
		bool good = false, found;

		sql_read(&q, s, "read its schema",
			 "select type, tbl_name, sql from sqlite_schema"
			 " where name = ? collate nocase");
		sql_text(&q, name);
		found = sql_next(&q);
		if (found) {
			const char *has = sql_col_text(&q, &bag);
			const char *of = sql_col_text(&q, &bag);
			const char *sql = sql_col_text(&q, &bag);

			good = same_text(has, type) &&
			       same_text(of, column(want, 2)) &&
			       same_sql(sql, column(want, 3));
		}
		st = sql_end(&q);
		store_bag_release(&bag);
		if (st == STORE_OK && !good)
			st = store_say(s, STORE_REFUSED,
				       "%s: its %s '%s' is %s: it was changed "
				       "by something else; restore a copy, or "
				       "make a new lab and import its games",
				       s->path, type, name,
				       found ? "not as plyscope makes it"
					     : "missing");
	}
	sqlite3_finalize(want);
	return st;
}

/* Nothing hangs on our tables and views that is not ours.  An index may, unless
 * it is unique: it changes no result. */
static enum store_status others_keep_off(struct store *s, sqlite3 *model)
{
	sqlite3_stmt *known =
		prepare(model, "select max(name = ?1 collate nocase),"
			       " max(name = ?2 collate nocase)"
			       " from sqlite_schema");
	struct store_bag bag = {0};
	enum store_status st;
	struct sql q;

	sql_read(&q, s, "read its schema",
		 "select x.type, x.name, x.tbl_name from sqlite_schema x"
		 " where x.type = 'trigger' or (x.type = 'index'"
		 "  and x.sql is not null and exists (select 1"
		 "   from pragma_index_list(x.tbl_name) l"
		 "   where l.name = x.name and l.\"unique\"))");
	st = q.failed;
	while (st == STORE_OK && sql_next(&q)) {
		const char *type = sql_col_text(&q, &bag);
		const char *name = sql_col_text(&q, &bag);
		const char *of = sql_col_text(&q, &bag);

		sqlite3_reset(known);
		sqlite3_bind_text(known, 1, name, -1, SQLITE_STATIC);
		sqlite3_bind_text(known, 2, of, -1, SQLITE_STATIC);
		if (sqlite3_step(known) == SQLITE_ROW &&
		    !sqlite3_column_int(known, 0) &&
		    sqlite3_column_int(known, 1))
			st = store_say(s, STORE_REFUSED,
				       "%s: the %s '%s' on '%s' is not "
				       "plyscope's and may change what it "
				       "writes: drop it if you know it, else "
				       "do not use this file",
				       s->path, type, name, of);
	}
	sqlite3_finalize(known);
	if (st == STORE_OK)
		st = sql_end(&q);
	else
		(void)sql_end(&q);
	store_bag_release(&bag);
	return st;
}

enum store_status store_shape(struct store *s)
{
	enum store_status st;
	sqlite3 *model;
	int version;

	st = store_version(s, &version);
	if (st != STORE_OK || version < 1 || version > STORE_VERSION)
		return st;
	model = model_open(version);
	st = ours_stand(s, model);
	if (st == STORE_OK)
		st = others_keep_off(s, model);
	sqlite3_close(model);
	return st;
}
