/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/trial.h"

#include "store/store_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum store_status no_trial(struct store *s, enum store_status st,
				  int64_t id)
{
	if (st == STORE_OK && sql_changes(s) == 0)
		return store_say(s, STORE_NOTFOUND, "%s has no trial %lld",
				 s->path, (long long)id);
	return st;
}

enum store_status store_trial_add(struct store *s, const struct store_trial *t,
				  int64_t *id)
{
	struct sql q;

	sql_write(&q, s, "save the trial",
		  "insert into trial(arm_id, seed, status, plan_sha256, games,"
		  " state_bytes, scored, trained_on)"
		  " values(?, ?, 'planned', ?, 0, 0, 0, 0)");
	sql_int(&q, t->arm_id);
	sql_int(&q, (int64_t)t->seed);
	sql_text(&q, t->plan_sha256);
	return sql_add(&q, id);
}

enum store_status store_trial_start(struct store *s, int64_t trial_id,
				    const char *processor)
{
	struct sql q;

	sql_write(&q, s, "save the trial",
		  "update trial set status = 'running', message = null,"
		  " processor = ?, started_ms = ? where id = ?");
	sql_text(&q, processor);
	sql_int(&q, now_ms());
	sql_int(&q, trial_id);
	return no_trial(s, sql_run(&q), trial_id);
}

enum store_status store_trial_finish(struct store *s,
				     const struct store_trial *t)
{
	struct sql q;

	sql_write(&q, s, "save the trial",
		  "update trial set status = 'done', message = null,"
		  " processor = ?, started_ms = ?, seconds = ?, games = ?,"
		  " state_bytes = ?, flops_per_move = ?, scored = ?,"
		  " trained_on = ?, weights_before = ?, weights_after = ?,"
		  " resume_bytes = 0, resume = null where id = ?");
	sql_text(&q, t->processor);
	sql_int(&q, t->started_ms);
	sql_real(&q, t->seconds);
	sql_int(&q, t->games);
	sql_int(&q, t->state_bytes);
	sql_real(&q, t->flops_per_move);
	sql_int(&q, t->scored);
	sql_int(&q, t->trained_on);
	sql_text(&q, t->weights_before);
	sql_text(&q, t->weights_after);
	sql_int(&q, t->id);
	return no_trial(s, sql_run(&q), t->id);
}

enum store_status store_trial_fail(struct store *s, int64_t trial_id,
				   const char *message)
{
	struct sql q;

	sql_write(&q, s, "save the trial",
		  "update trial set status = 'failed', message = ?"
		  " where id = ?");
	sql_text(&q, message);
	sql_int(&q, trial_id);
	return no_trial(s, sql_run(&q), trial_id);
}

static void trial_take(struct sql *q, struct store_bag *bag,
		       struct store_trial *t)
{
	t->id = sql_col_int(q);
	t->arm_id = sql_col_int(q);
	t->seed = (uint64_t)sql_col_int(q);
	t->status = sql_col_need(q, bag);
	t->message = sql_col_text(q, bag);
	t->plan_sha256 = sql_col_need(q, bag);
	t->processor = sql_col_text(q, bag);
	t->started_ms = sql_col_int(q);
	t->seconds = sql_col_real(q);
	t->games = sql_col_count(q);
	t->state_bytes = sql_col_count(q);
	t->flops_per_move = sql_col_real(q);
	t->scored = sql_col_count(q);
	t->trained_on = sql_col_count(q);
	t->weights_before = sql_col_text(q, bag);
	t->weights_after = sql_col_text(q, bag);
	t->measured = sql_col_int(q) != 0;
}

enum store_status store_trial_list(struct store *s, struct store_bag *bag,
				   int64_t study_id, struct store_trial **rows,
				   size_t *count)
{
	struct rows all = ROWS_OF(struct store_trial);
	struct sql q;

	sql_read(&q, s, "read the trials",
		 "select t.id, t.arm_id, t.seed, t.status, t.message,"
		 " t.plan_sha256, t.processor, t.started_ms, t.seconds,"
		 " t.games, t.state_bytes, t.flops_per_move, t.scored,"
		 " t.trained_on, t.weights_before, t.weights_after,"
		 " exists(select 1 from measure m where m.arm_id = t.arm_id"
		 "  and m.seed = t.seed)"
		 " from trial t join arm a on a.id = t.arm_id"
		 " where a.study_id = ? order by t.id");
	sql_int(&q, study_id);
	while (sql_next(&q))
		trial_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_trial_save(struct store *s, int64_t trial_id,
				   const void *data, size_t len)
{
	enum store_status st;
	struct sql q;
	size_t packed;
	void *bytes = pack_zstd(data, len, PACK_OFTEN, &packed);

	sql_write(&q, s, "save where the trial stands",
		  "update trial set resume_bytes = ?, resume = ? where id = ?");
	sql_int(&q, (int64_t)len);
	sql_blob(&q, bytes, packed);
	sql_int(&q, trial_id);
	st = sql_run(&q);
	free(bytes);
	return no_trial(s, st, trial_id);
}

/* Packed bytes into the bag; NULL: they are damaged. */
static void *unpack_into(struct store_bag *bag, const void *data, size_t packed,
			 int64_t len)
{
	void *bytes = unpack_zstd(data, packed, (size_t)len), *out = NULL;

	if (bytes) {
		out = store_bag_alloc(bag, (size_t)len + 1);
		memcpy(out, bytes, (size_t)len);
	}
	free(bytes);
	return out;
}

enum store_status store_trial_saved(struct store *s, struct store_bag *bag,
				    int64_t trial_id, const void **data,
				    size_t *len)
{
	enum store_status st;
	struct sql q;
	bool whole = true;

	*data = NULL;
	*len = 0;
	sql_read(&q, s, "read where the trial stands",
		 "select resume_bytes, resume from trial"
		 " where id = ? and resume is not null");
	sql_int(&q, trial_id);
	if (sql_next(&q)) {
		int64_t bytes = sql_col_count(&q);
		size_t packed;
		const void *blob = sql_col_blob(&q, &packed);

		*data = unpack_into(bag, blob, packed, bytes);
		whole = *data != NULL;
		*len = whole ? (size_t)bytes : 0;
	}
	st = sql_end(&q);
	if (st == STORE_OK && !whole)
		return store_say(s, STORE_DAMAGED,
				 "%s is damaged: where trial %lld stands "
				 "cannot be unpacked; restore a copy of the "
				 "file",
				 s->path, (long long)trial_id);
	return st;
}

enum store_status store_kept_add(struct store *s, const struct store_kept *k,
				 const void *data)
{
	enum store_status st;
	struct sql q;
	size_t packed = 0;
	char hex[65];
	void *bytes = NULL;

	if (data) {
		bytes = pack_zstd(data, (size_t)k->bytes, PACK_ONCE, &packed);
		bytes_sha256(data, (size_t)k->bytes, hex);
	}
	sql_write(&q, s, "save what the trial kept",
		  "insert into kept(trial_id, name, sha256, bytes, data)"
		  " values(?, ?, ?, ?, ?)");
	sql_int(&q, k->trial_id);
	sql_text(&q, k->name);
	sql_text(&q, data ? hex : k->sha256);
	sql_int(&q, k->bytes);
	if (data)
		sql_blob(&q, bytes, packed);
	else
		sql_text(&q, NULL);
	st = sql_add(&q, NULL);
	free(bytes);
	return st;
}

enum store_status store_kept_list(struct store *s, struct store_bag *bag,
				  int64_t trial_id, struct store_kept **rows,
				  size_t *count)
{
	struct rows all = ROWS_OF(struct store_kept);
	struct sql q;

	sql_read(&q, s, "read what the trial kept",
		 "select id, trial_id, name, sha256, bytes, data is not null"
		 " from kept where trial_id = ? order by id");
	sql_int(&q, trial_id);
	while (sql_next(&q)) {
		struct store_kept *k = rows_push(&all);

		k->id = sql_col_int(&q);
		k->trial_id = sql_col_int(&q);
		k->name = sql_col_need(&q, bag);
		k->sha256 = sql_col_need(&q, bag);
		k->bytes = sql_col_count(&q);
		k->here = sql_col_int(&q) != 0;
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

static enum store_status kept_wrong(struct store *s, const char *name,
				    uint64_t seed)
{
	return store_say(s, STORE_DAMAGED,
			 "%s is damaged: what the trial kept as '%s' at seed "
			 "%llu is not what its SHA-256 says; restore a copy of "
			 "the file",
			 s->path, name, (unsigned long long)seed);
}

enum store_status store_kept_load(struct store *s, struct store_bag *bag,
				  int64_t arm_id, uint64_t seed,
				  const char *name, const void **data,
				  size_t *len)
{
	const char *sha256 = "";
	enum store_status st;
	bool here = false;
	struct sql q;
	char hex[65];

	*data = NULL;
	*len = 0;
	sql_read(&q, s, "read what the trial kept",
		 "select k.bytes, k.sha256, k.data from kept k"
		 " join trial t on t.id = k.trial_id where t.arm_id = ?"
		 " and t.seed = ? and t.status = 'done' and k.name = ?"
		 " and k.data is not null");
	sql_int(&q, arm_id);
	sql_int(&q, (int64_t)seed);
	sql_text(&q, name);
	here = sql_next(&q);
	if (here) {
		int64_t bytes = sql_col_count(&q);
		size_t packed;
		const void *blob;

		sha256 = sql_col_need(&q, bag);
		blob = sql_col_blob(&q, &packed);
		*data = unpack_into(bag, blob, packed, bytes);
		*len = *data ? (size_t)bytes : 0;
	}
	st = sql_end(&q);
	if (st != STORE_OK)
		return st;
	if (!here)
		return store_say(s, STORE_NOTFOUND,
				 "%s has nothing that an arm kept as '%s' at "
				 "seed %llu",
				 s->path, name, (unsigned long long)seed);
	if (!*data)
		return kept_wrong(s, name, seed);
	bytes_sha256(*data, *len, hex);
	return strcmp(hex, sha256) ? kept_wrong(s, name, seed) : STORE_OK;
}

enum store_status store_ledger_add(struct store *s, int64_t trial_id,
				   int number, const struct store_ledger *l)
{
	struct sql q;

	sql_write(&q, s, "save the ledger",
		  "insert into ledger(trial_id, number, block, loss, norm)"
		  " values(?, ?, ?, ?, ?)");
	sql_int(&q, trial_id);
	sql_int(&q, number);
	sql_text(&q, l->block);
	sql_text(&q, l->loss);
	sql_real(&q, l->norm);
	return sql_run(&q);
}

enum store_status store_ledger_list(struct store *s, struct store_bag *bag,
				    int64_t trial_id,
				    struct store_ledger **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_ledger);
	struct sql q;

	sql_read(&q, s, "read the ledger",
		 "select block, loss, norm from ledger where trial_id = ?"
		 " order by number");
	sql_int(&q, trial_id);
	while (sql_next(&q)) {
		struct store_ledger *l = rows_push(&all);

		l->block = sql_col_need(&q, bag);
		l->loss = sql_col_need(&q, bag);
		l->norm = sql_col_real(&q);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_gate_set(struct store *s, int64_t study_id, int number,
				 const struct store_gate *g)
{
	struct sql q;

	sql_write(&q, s, "save the gate",
		  "insert or replace into gate(study_id, number, name, rule,"
		  " passed, value, bound, said)"
		  " values(?, ?, ?, ?, nullif(?, -1), ?, ?, ?)");
	sql_int(&q, study_id);
	sql_int(&q, number);
	sql_text(&q, g->name);
	sql_text(&q, g->rule);
	sql_int(&q, g->passed);
	sql_real(&q, g->value);
	sql_real(&q, g->bound);
	sql_text(&q, g->said);
	return sql_run(&q);
}

enum store_status store_gate_list(struct store *s, struct store_bag *bag,
				  int64_t study_id, struct store_gate **rows,
				  size_t *count)
{
	struct rows all = ROWS_OF(struct store_gate);
	struct sql q;

	sql_read(&q, s, "read the gates",
		 "select name, rule, coalesce(passed, -1), value, bound, said"
		 " from gate where study_id = ? order by number");
	sql_int(&q, study_id);
	while (sql_next(&q)) {
		struct store_gate *g = rows_push(&all);
		int64_t passed;

		g->name = sql_col_need(&q, bag);
		g->rule = sql_col_need(&q, bag);
		passed = sql_col_int(&q);
		g->passed = passed > 0 ? 1 : passed < 0 ? -1 : 0;
		g->value = sql_col_real(&q);
		g->bound = sql_col_real(&q);
		g->said = sql_col_text(&q, bag);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_estimate_set(struct store *s, int64_t study_id,
				     int number, const struct store_estimate *x)
{
	struct sql q;

	sql_write(&q, s, "save the estimate",
		  "insert or replace into estimate(study_id, number, name,"
		  " value, low, high, n, what) values(?, ?, ?, ?, ?, ?, ?, ?)");
	sql_int(&q, study_id);
	sql_int(&q, number);
	sql_text(&q, x->name);
	sql_real(&q, x->value);
	sql_real(&q, x->low);
	sql_real(&q, x->high);
	sql_int(&q, x->n);
	sql_text(&q, x->what);
	return sql_run(&q);
}

enum store_status store_estimate_list(struct store *s, struct store_bag *bag,
				      int64_t study_id,
				      struct store_estimate **rows,
				      size_t *count)
{
	struct rows all = ROWS_OF(struct store_estimate);
	struct sql q;

	sql_read(&q, s, "read the estimates",
		 "select name, value, low, high, n, what from estimate"
		 " where study_id = ? order by number");
	sql_int(&q, study_id);
	while (sql_next(&q)) {
		struct store_estimate *x = rows_push(&all);

		x->name = sql_col_need(&q, bag);
		x->value = sql_col_real(&q);
		x->low = sql_col_real(&q);
		x->high = sql_col_real(&q);
		x->n = sql_col_count(&q);
		x->what = sql_col_need(&q, bag);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}
