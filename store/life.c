/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/life.h"

#include "store/store_int.h"

#include <stdlib.h>
#include <string.h>

#define LIFE_COLUMNS                                                     \
	"l.id, l.run_id, l.seed, l.part, l.settings, l.sha256, l.bytes," \
	" length(l.data) as packed, l.begun_ms, l.created_ms, r.name"
/* A row whose run is not there is for the check of references to name. */
#define LIFE_FROM " from life l left join run r on r.id = l.run_id"

enum store_status store_life_add(struct store *s, const struct store_life *l,
				 const void *data, size_t len)
{
	enum store_status st;
	struct sql q;
	size_t packed;
	char hex[65];
	void *bytes = pack_zstd(data, len, PACK_ONCE, &packed);

	bytes_sha256(data, len, hex);
	sql_write(&q, s, "save the life",
		  "insert into life(run_id, seed, part, settings, sha256,"
		  " bytes, data, begun_ms, created_ms)"
		  " values(?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_int(&q, l->run_id);
	sql_int(&q, (int64_t)l->seed);
	sql_text(&q, l->part);
	sql_text(&q, l->settings);
	sql_text(&q, hex);
	sql_int(&q, (int64_t)len);
	sql_blob(&q, bytes, packed);
	sql_int(&q, l->begun_ms ? l->begun_ms : now_ms());
	sql_int(&q, now_ms());
	st = sql_add(&q, NULL);
	free(bytes);
	if (st == STORE_EXISTS)
		return store_say(s, st,
				 "%s: run %lld has the life of seed %llu %s "
				 "its cut already",
				 s->path, (long long)l->run_id,
				 (unsigned long long)l->seed, l->part);
	return st;
}

static void life_take(struct sql *q, struct store_bag *bag,
		      struct store_life *l)
{
	l->id = sql_col_int(q);
	l->run_id = sql_col_int(q);
	l->seed = (uint64_t)sql_col_int(q);
	l->part = sql_col_need(q, bag);
	l->settings = sql_col_need(q, bag);
	l->sha256 = sql_col_need(q, bag);
	l->bytes = sql_col_count(q);
	l->packed = sql_col_count(q);
	l->begun_ms = sql_col_count(q);
	l->created_ms = sql_col_count(q);
	l->run = sql_col_text(q, bag);
}

enum store_status store_life_list(struct store *s, struct store_bag *bag,
				  int64_t run_id, struct store_life **rows,
				  size_t *count)
{
	struct rows all = ROWS_OF(struct store_life);
	struct sql q;

	/* Seeds are unsigned, and the numbers here are not. */
	sql_read(&q, s, "read the lives",
		 "select " LIFE_COLUMNS LIFE_FROM " where ?1 in (0, l.run_id)"
		 " order by l.run_id, l.seed < 0, l.seed, l.part = 'after'");
	sql_int(&q, run_id);
	while (sql_next(&q))
		life_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

static enum store_status not_what_was_saved(struct store *s,
					    const struct store_life *l)
{
	return store_say(s, STORE_DAMAGED,
			 "%s is damaged: the life of seed %llu %s its cut, "
			 "number %lld, is not what its SHA-256 says; restore a "
			 "copy of the file",
			 s->path, (unsigned long long)l->seed, l->part,
			 (long long)l->id);
}

static const void *unpack_life(struct store_bag *bag,
			       const struct store_life *l, const void *blob,
			       size_t packed)
{
	void *bytes = unpack_zstd(blob, packed, (size_t)l->bytes), *out = NULL;
	char hex[65];

	if (bytes) {
		bytes_sha256(bytes, (size_t)l->bytes, hex);
		if (!strcmp(hex, l->sha256)) {
			out = store_bag_alloc(bag, (size_t)l->bytes + 1);
			memcpy(out, bytes, (size_t)l->bytes);
		}
	}
	free(bytes);
	return out;
}

enum store_status store_life_get(struct store *s, struct store_bag *bag,
				 int64_t run_id, uint64_t seed,
				 const char *part, struct store_life *out,
				 const void **data)
{
	enum store_status st;
	bool found, whole = true;
	struct sql q;

	memset(out, 0, sizeof(*out));
	sql_read(&q, s, "read the life",
		 "select " LIFE_COLUMNS ", l.data" LIFE_FROM
		 " where l.run_id = ? and l.seed = ? and l.part = ?");
	sql_int(&q, run_id);
	sql_int(&q, (int64_t)seed);
	sql_text(&q, part);
	found = sql_next(&q);
	if (found) {
		life_take(&q, bag, out);
		if (data) {
			size_t packed;
			const void *blob = sql_col_blob(&q, &packed);

			*data = unpack_life(bag, out, blob, packed);
			whole = *data != NULL;
		}
	}
	st = sql_end(&q);
	if (st != STORE_OK)
		return st;
	if (!found)
		return store_say(s, STORE_NOTFOUND,
				 "%s has no life of seed %llu %s its cut in "
				 "run %lld",
				 s->path, (unsigned long long)seed, part,
				 (long long)run_id);
	return whole ? STORE_OK : not_what_was_saved(s, out);
}

enum store_status lives_check(struct store *s,
			      void (*report)(void *ctx, const char *problem),
			      void *ctx)
{
	struct store_bag rows = {0};
	struct store_life *lives, one;
	enum store_status st;
	size_t count;

	st = store_life_list(s, &rows, 0, &lives, &count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		struct store_bag bag = {0};
		const void *data;

		st = store_life_get(s, &bag, lives[i].run_id, lives[i].seed,
				    lives[i].part, &one, &data);
		if (st == STORE_DAMAGED) {
			report(ctx, s->message);
			st = STORE_OK;
		}
		store_bag_release(&bag);
	}
	store_bag_release(&rows);
	return st;
}
