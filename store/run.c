/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/run.h"

#include "store/store_int.h"

#include <string.h>

#define RUN_SELECT                                                           \
	"select r.id, r.name, r.kind, r.game, r.config, r.seed,"             \
	" r.parent_checkpoint, r.source, r.build, r.host, r.status,"         \
	" r.created_ms,"                                                     \
	" (select count(*) from checkpoint c where c.run_id = r.id),"        \
	" (select coalesce(sum(games), 0) from tally t"                      \
	"  where t.run_id = r.id),"                                          \
	" (select games from checkpoint c where c.run_id = r.id"             \
	"  order by step desc limit 1),"                                     \
	" (select max(step) from checkpoint c where c.run_id = r.id),"       \
	" k.elo, k.elo_low, k.elo_high from run r left join checkpoint k on" \
	" k.id = (select id from checkpoint c where c.run_id = r.id"         \
	"  and elo is not null order by step desc limit 1)"

enum store_status store_run_add(struct store *s, const struct store_run *r,
				int64_t *id)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the run",
		  "insert into run(name, kind, game, config, seed,"
		  " parent_checkpoint, source, build, host, status, created_ms)"
		  " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_text(&q, r->name);
	sql_text(&q, r->kind);
	sql_text(&q, r->game);
	sql_text(&q, r->config ? r->config : "");
	sql_int(&q, (int64_t)r->seed);
	sql_id(&q, r->parent_checkpoint);
	sql_text(&q, r->source);
	sql_text(&q, r->build ? r->build : "");
	sql_text(&q, r->host ? r->host : "");
	sql_text(&q, r->status ? r->status : "new");
	sql_int(&q, r->created_ms ? r->created_ms : now_ms());
	st = sql_add(&q, id);
	if (st == STORE_EXISTS)
		return store_say(
			s, st,
			"%s has a run named %s already: choose another "
			"name",
			s->path, r->name);
	return st;
}

static enum store_status no_run(struct store *s, int64_t run_id)
{
	return store_say(s, STORE_NOTFOUND,
			 "%s has no run %lld: plyscope list runs shows what "
			 "there is",
			 s->path, (long long)run_id);
}

static enum store_status run_set(struct store *s, const char *sql,
				 int64_t run_id, const char *value)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the run", sql);
	sql_text(&q, value);
	sql_int(&q, run_id);
	st = sql_run(&q);
	if (st == STORE_OK && sql_changes(s) == 0)
		return no_run(s, run_id);
	return st;
}

enum store_status store_run_set_status(struct store *s, int64_t run_id,
				       const char *status)
{
	return run_set(s, "update run set status = ? where id = ?", run_id,
		       status);
}

static void run_take(struct sql *q, struct store_bag *bag, struct store_run *r)
{
	r->id = sql_col_int(q);
	r->name = sql_col_need(q, bag);
	r->kind = sql_col_need(q, bag);
	r->game = sql_col_need(q, bag);
	r->config = sql_col_need(q, bag);
	r->seed = (uint64_t)sql_col_int(q);
	r->parent_checkpoint = sql_col_int(q);
	r->source = sql_col_text(q, bag);
	r->build = sql_col_need(q, bag);
	r->host = sql_col_need(q, bag);
	r->status = sql_col_need(q, bag);
	r->created_ms = sql_col_count(q);
	r->checkpoints = sql_col_count(q);
	r->games_stored = sql_col_count(q);
	r->games = sql_col_step(q);
	/* A run that has just begun has no checkpoint that could say. */
	if (r->games < r->games_stored)
		r->games = r->games_stored;
	r->last_step = sql_col_step(q);
	r->elo = sql_col_elo(q);
	r->elo_low = sql_col_elo(q);
	r->elo_high = sql_col_elo(q);
}

static enum store_status run_one(struct sql *q, struct store_bag *bag,
				 struct store_run *out, bool *found)
{
	memset(out, 0, sizeof(*out));
	*found = sql_next(q);
	if (*found)
		run_take(q, bag, out);
	return sql_end(q);
}

enum store_status store_run_get(struct store *s, struct store_bag *bag,
				int64_t run_id, struct store_run *out)
{
	enum store_status st;
	struct sql q;
	bool found;

	sql_read(&q, s, "read the run", RUN_SELECT " where r.id = ?");
	sql_int(&q, run_id);
	st = run_one(&q, bag, out, &found);
	return st == STORE_OK && !found ? no_run(s, run_id) : st;
}

/* Edits (insert, delete, replace, swap of neighbours) from one to the other;
 * names longer than the table count as far away. */
static size_t distance(const char *a, const char *b)
{
	enum { LONGEST = 63 };
	size_t row[3][LONGEST + 1], n = strlen(a), m = strlen(b);

	if (n > LONGEST || m > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = row[i % 3], *up = row[(i + 2) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			size_t best = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] &&
			    row[(i + 1) % 3][j - 2] + 1 < best)
				best = row[(i + 1) % 3][j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

static enum store_status no_run_named(struct store *s, const char *name)
{
	struct store_bag bag = {0};
	size_t best = strlen(name) / 2 + 1;
	const char *nearest = NULL;
	struct sql q;

	sql_read(&q, s, "read the runs", "select name from run order by id");
	while (sql_next(&q)) {
		const char *other = sql_col_need(&q, &bag);
		size_t d = distance(name, other);

		if (d <= best) {
			best = d;
			nearest = other;
		}
	}
	(void)sql_end(&q);
	if (nearest)
		store_say(s, STORE_NOTFOUND,
			  "%s has no run named %s: did you mean %s?", s->path,
			  name, nearest);
	else
		store_say(s, STORE_NOTFOUND,
			  "%s has no run named %s: plyscope list runs shows "
			  "what there is",
			  s->path, name);
	store_bag_release(&bag);
	return STORE_NOTFOUND;
}

enum store_status store_run_find(struct store *s, struct store_bag *bag,
				 const char *name, struct store_run *out)
{
	enum store_status st;
	struct sql q;
	bool found;

	sql_read(&q, s, "read the run", RUN_SELECT " where r.name = ?");
	sql_text(&q, name);
	st = run_one(&q, bag, out, &found);
	return st == STORE_OK && !found ? no_run_named(s, name) : st;
}

enum store_status store_run_list(struct store *s, struct store_bag *bag,
				 struct store_run **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_run);
	struct sql q;

	sql_read(&q, s, "read the runs",
		 RUN_SELECT " order by r.created_ms desc, r.id desc");
	while (sql_next(&q))
		run_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}
