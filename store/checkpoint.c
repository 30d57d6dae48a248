/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/run.h"

#include "store/store_int.h"

#include <stdlib.h>
#include <string.h>

#define CHECKPOINT_SELECT                                                  \
	"select c.id, c.run_id, c.step, c.network, c.weights_sha256, "     \
	"w.floats,"                                                        \
	" c.games, c.samples, c.created_ms, c.elo, c.elo_low, c.elo_high," \
	" r.name from checkpoint c join weights w on w.sha256 ="           \
	" c.weights_sha256 join run r on r.id = c.run_id "

void store_weights_sha256(const float *weights, size_t count, char hex[65])
{
	unsigned char *bytes = mem_get(count * 4);

	floats_to_bytes(weights, count, bytes);
	bytes_sha256(bytes, count * 4, hex);
	free(bytes);
}

static enum store_status weights_there(struct store *s, const char *sha256,
				       bool *there)
{
	struct sql q;

	sql_read(&q, s, "read the weights",
		 "select 1 from weights where sha256 = ?");
	sql_text(&q, sha256);
	*there = sql_next(&q);
	return sql_end(&q);
}

static enum store_status weights_save(struct store *s, const float *weights,
				      size_t count, char hex[65])
{
	unsigned char *bytes = mem_get(count * 4);
	enum store_status st;
	bool there = false;
	struct sql q;
	size_t len;
	void *data;

	floats_to_bytes(weights, count, bytes);
	bytes_sha256(bytes, count * 4, hex);
	st = weights_there(s, hex, &there);
	if (st == STORE_OK && !there) {
		data = pack_zstd(bytes, count * 4, PACK_ONCE, &len);
		sql_write(&q, s, "save the weights",
			  "insert into weights(sha256, floats, data)"
			  " values(?, ?, ?)");
		sql_text(&q, hex);
		sql_int(&q, (int64_t)count);
		sql_blob(&q, data, len);
		st = sql_run(&q);
		free(data);
	}
	free(bytes);
	return st;
}

static enum store_status checkpoint_insert(struct store *s,
					   const struct store_checkpoint *c,
					   const char *hex, int64_t *id)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the checkpoint",
		  "insert into checkpoint(run_id, step, network,"
		  " weights_sha256, games, samples, elo, elo_low, elo_high,"
		  " created_ms) values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_int(&q, c->run_id);
	sql_int(&q, c->step);
	sql_text(&q, c->network);
	sql_text(&q, hex);
	sql_int(&q, c->games);
	sql_int(&q, c->samples);
	sql_real(&q, c->elo);
	sql_real(&q, c->elo_low);
	sql_real(&q, c->elo_high);
	sql_int(&q, c->created_ms ? c->created_ms : now_ms());
	st = sql_add(&q, id);
	if (st == STORE_EXISTS)
		return store_say(s, st,
				 "%s: run %lld has a checkpoint at step %lld "
				 "already",
				 s->path, (long long)c->run_id,
				 (long long)c->step);
	return st;
}

enum store_status store_checkpoint_add(struct store *s,
				       const struct store_checkpoint *c,
				       const float *weights, size_t count,
				       int64_t *id)
{
	enum store_status st;
	struct own_tx tx;
	char hex[65];

	if (id)
		*id = 0;
	st = own_begin(s, &tx);
	if (st != STORE_OK)
		return st;
	st = weights_save(s, weights, count, hex);
	if (st == STORE_OK)
		st = checkpoint_insert(s, c, hex, id);
	return own_end(s, &tx, st);
}

static enum store_status no_checkpoint(struct store *s, int64_t id)
{
	return store_say(s, STORE_NOTFOUND,
			 "%s has no checkpoint %lld: plyscope list checkpoints "
			 "shows what there is",
			 s->path, (long long)id);
}

enum store_status store_checkpoint_rate(struct store *s, int64_t checkpoint_id,
					double elo, double elo_low,
					double elo_high)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the rating of the checkpoint",
		  "update checkpoint set elo = ?, elo_low = ?, elo_high = ?"
		  " where id = ?");
	sql_real(&q, elo);
	sql_real(&q, elo_low);
	sql_real(&q, elo_high);
	sql_int(&q, checkpoint_id);
	st = sql_run(&q);
	if (st == STORE_OK && sql_changes(s) == 0)
		return no_checkpoint(s, checkpoint_id);
	return st;
}

static void checkpoint_take(struct sql *q, struct store_bag *bag,
			    struct store_checkpoint *c)
{
	c->id = sql_col_int(q);
	c->run_id = sql_col_int(q);
	c->step = sql_col_count(q);
	c->network = sql_col_need(q, bag);
	c->sha256 = sql_col_need(q, bag);
	c->floats = sql_col_floats(q);
	c->games = sql_col_count(q);
	c->samples = sql_col_count(q);
	c->created_ms = sql_col_count(q);
	c->elo = sql_col_elo(q);
	c->elo_low = sql_col_elo(q);
	c->elo_high = sql_col_elo(q);
	c->run = sql_col_need(q, bag);
}

static enum store_status checkpoint_one(struct sql *q, struct store_bag *bag,
					struct store_checkpoint *out,
					bool *found)
{
	memset(out, 0, sizeof(*out));
	*found = sql_next(q);
	if (*found)
		checkpoint_take(q, bag, out);
	return sql_end(q);
}

enum store_status store_checkpoint_get(struct store *s, struct store_bag *bag,
				       int64_t checkpoint_id,
				       struct store_checkpoint *out)
{
	enum store_status st;
	struct sql q;
	bool found;

	sql_read(&q, s, "read the checkpoint",
		 CHECKPOINT_SELECT "where c.id = ?");
	sql_int(&q, checkpoint_id);
	st = checkpoint_one(&q, bag, out, &found);
	return st == STORE_OK && !found ? no_checkpoint(s, checkpoint_id) : st;
}

enum store_status store_checkpoint_at(struct store *s, struct store_bag *bag,
				      int64_t run_id, int64_t step,
				      struct store_checkpoint *out)
{
	enum store_status st;
	struct sql q;
	bool found;

	sql_read(&q, s, "read the checkpoint",
		 CHECKPOINT_SELECT "where c.run_id = ? and c.step = ?");
	sql_int(&q, run_id);
	sql_int(&q, step);
	st = checkpoint_one(&q, bag, out, &found);
	if (st == STORE_OK && !found)
		return store_say(
			s, STORE_NOTFOUND,
			"%s: run %lld has no checkpoint at step %lld: "
			"plyscope list checkpoints shows what there is",
			s->path, (long long)run_id, (long long)step);
	return st;
}

enum store_status store_checkpoint_latest(struct store *s,
					  struct store_bag *bag, int64_t run_id,
					  struct store_checkpoint *out)
{
	enum store_status st;
	struct sql q;
	bool found;

	sql_read(&q, s, "read the checkpoint",
		 CHECKPOINT_SELECT
		 "where c.run_id = ? order by c.step desc limit 1");
	sql_int(&q, run_id);
	st = checkpoint_one(&q, bag, out, &found);
	if (st == STORE_OK && !found)
		return store_say(s, STORE_NOTFOUND,
				 "%s: run %lld has no checkpoint yet: let it "
				 "train for a while",
				 s->path, (long long)run_id);
	return st;
}

enum store_status store_checkpoint_list(struct store *s, struct store_bag *bag,
					int64_t run_id,
					struct store_checkpoint **rows,
					size_t *count)
{
	struct rows all = ROWS_OF(struct store_checkpoint);
	struct sql q;

	if (run_id) {
		sql_read(&q, s, "read the checkpoints",
			 CHECKPOINT_SELECT
			 "where c.run_id = ? order by c.step");
		sql_int(&q, run_id);
	} else {
		sql_read(&q, s, "read the checkpoints",
			 CHECKPOINT_SELECT "order by c.run_id, c.step");
	}
	while (sql_next(&q))
		checkpoint_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

static enum store_status weights_wrong(struct store *s, const char *sha256,
				       const char *why)
{
	return store_say(
		s, STORE_DAMAGED,
		"%s is damaged: the weights %.12s %s; restore a copy of "
		"the file, or use another checkpoint",
		s->path, sha256, why);
}

enum store_status store_weights_load(struct store *s, const char *sha256,
				     float *out, size_t count)
{
	unsigned char *bytes = NULL;
	int64_t floats = -1;
	struct sql q;
	char hex[65];
	enum store_status st;

	sql_read(&q, s, "read the weights",
		 "select floats, data from weights where sha256 = ?");
	sql_text(&q, sha256);
	if (sql_next(&q)) {
		const void *data;
		size_t len;

		floats = sql_col_floats(&q);
		data = sql_col_blob(&q, &len);
		if ((uint64_t)floats == count)
			bytes = unpack_zstd(data, len, count * 4);
	}
	st = sql_end(&q);
	if (st != STORE_OK) {
		free(bytes);
		return st;
	}
	if (floats < 0)
		return store_say(s, STORE_NOTFOUND, "%s has no weights %.12s",
				 s->path, sha256);
	if ((uint64_t)floats != count)
		return store_say(s, STORE_FORMAT,
				 "%s: the weights %.12s are %lld numbers, but "
				 "the network has %zu: it was written for "
				 "another architecture",
				 s->path, sha256, (long long)floats, count);
	if (!bytes)
		return weights_wrong(s, sha256, "cannot be unpacked");
	bytes_sha256(bytes, count * 4, hex);
	if (strcmp(hex, sha256) == 0)
		floats_from_bytes(bytes, count, out);
	else
		st = weights_wrong(s, sha256, "have a wrong SHA-256");
	free(bytes);
	return st;
}
