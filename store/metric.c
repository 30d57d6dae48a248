/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/run.h"

#include "store/store_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum store_status store_metric_add(struct store *s, int64_t run_id,
				   const char *name,
				   const struct store_metric *m)
{
	struct sql q;

	if (!isfinite(m->value))
		return STORE_OK;
	sql_write(&q, s, "save the metrics",
		  "insert or replace into metric(run_id, name, step, games,"
		  " time_ms, value) values(?, ?, ?, ?, ?, ?)");
	sql_int(&q, run_id);
	sql_text(&q, name);
	sql_int(&q, m->step);
	sql_int(&q, m->games);
	sql_int(&q, m->time_ms);
	sql_real(&q, m->value);
	return sql_run(&q);
}

enum store_status store_metric_change(struct store *s, int64_t run_id,
				      const char *name, int64_t step,
				      double value)
{
	struct sql q;

	if (!isfinite(value))
		return STORE_OK;
	sql_write(&q, s, "save the metrics",
		  "update metric set value = ? where run_id = ? and name = ?"
		  " and step = ?");
	sql_real(&q, value);
	sql_int(&q, run_id);
	sql_text(&q, name);
	sql_int(&q, step);
	return sql_run(&q);
}

enum store_status store_metric_list(struct store *s, struct store_bag *bag,
				    int64_t run_id, const char *name,
				    int64_t from_step,
				    struct store_metric **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_metric);
	struct sql q;

	sql_read(&q, s, "read the metrics",
		 "select step, games, time_ms, value from metric"
		 " where run_id = ? and name = ? and step >= ? order by step");
	sql_int(&q, run_id);
	sql_text(&q, name);
	sql_int(&q, from_step);
	while (sql_next(&q)) {
		struct store_metric *m = rows_push(&all);

		m->step = sql_col_count(&q);
		m->games = sql_col_count(&q);
		m->time_ms = sql_col_count(&q);
		m->value = sql_col_real(&q);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_metric_names(struct store *s, struct store_bag *bag,
				     int64_t run_id, const char ***names,
				     size_t *count)
{
	struct rows all = ROWS_OF(const char *);
	struct sql q;

	/* Hops from name to name: a run has few names and many values. */
	sql_read(&q, s, "read the metrics",
		 "with recursive n(name) as ("
		 " select min(name) from metric where run_id = ?1"
		 " union all select (select min(name) from metric"
		 "  where run_id = ?1 and name > n.name)"
		 " from n where n.name is not null)"
		 " select name from n where name is not null");
	sql_int(&q, run_id);
	while (sql_next(&q))
		*(const char **)rows_push(&all) = sql_col_need(&q, bag);
	return rows_give(&all, sql_end(&q), bag, names, count);
}

enum store_status store_resume_save(struct store *s, int64_t run_id,
				    int64_t step, const void *data, size_t len)
{
	enum store_status st;
	size_t packed_len;
	void *packed = pack_zstd(data, len, PACK_OFTEN, &packed_len);
	struct sql q;

	sql_write(&q, s, "save where the run stands",
		  "insert into resume(run_id, step, bytes, data, updated_ms)"
		  " values(?, ?, ?, ?, ?) on conflict(run_id) do update set"
		  " step = excluded.step, bytes = excluded.bytes,"
		  " data = excluded.data, updated_ms = excluded.updated_ms");
	sql_int(&q, run_id);
	sql_int(&q, step);
	sql_int(&q, (int64_t)len);
	sql_blob(&q, packed, packed_len);
	sql_int(&q, now_ms());
	st = sql_run(&q);
	free(packed);
	return st;
}

enum store_status store_resume_load(struct store *s, struct store_bag *bag,
				    int64_t run_id, int64_t *step,
				    const void **data, size_t *len)
{
	enum store_status st;
	void *bytes = NULL;
	bool found;
	struct sql q;

	*step = 0;
	*data = NULL;
	*len = 0;
	sql_read(&q, s, "read where the run stands",
		 "select step, bytes, data from resume where run_id = ?");
	sql_int(&q, run_id);
	found = sql_next(&q);
	if (found) {
		const void *packed;
		size_t packed_len;

		*step = sql_col_count(&q);
		*len = (size_t)sql_col_count(&q);
		packed = sql_col_blob(&q, &packed_len);
		bytes = unpack_zstd(packed, packed_len, *len);
	}
	st = sql_end(&q);
	if (st == STORE_OK && !found)
		return store_say(
			s, STORE_NOTFOUND,
			"%s: run %lld has not saved where it stands: it "
			"cannot be resumed",
			s->path, (long long)run_id);
	if (st == STORE_OK && !bytes) {
		*len = 0;
		return store_say(
			s, STORE_DAMAGED,
			"%s is damaged: where run %lld stands cannot be "
			"unpacked; restore a copy of the file, or start "
			"from its latest checkpoint",
			s->path, (long long)run_id);
	}
	if (bytes && st == STORE_OK)
		*data = memcpy(store_bag_alloc(bag, *len ? *len : 1), bytes,
			       *len);
	free(bytes);
	return st;
}

enum store_status store_resume_possible(struct store *s, int64_t run_id,
					bool *possible)
{
	struct sql q;

	sql_read(&q, s, "read where the run stands",
		 "select exists(select 1 from resume where run_id = ?1)"
		 " or not exists(select 1 from checkpoint where run_id = ?1)");
	sql_int(&q, run_id);
	*possible = sql_next(&q) && sql_col_int(&q);
	return sql_end(&q);
}

enum store_status store_resume_drop(struct store *s, int64_t run_id)
{
	struct sql q;

	sql_write(&q, s, "forget where the run stands",
		  "delete from resume where run_id = ?");
	sql_int(&q, run_id);
	return sql_run(&q);
}
