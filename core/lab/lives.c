/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/lives.h"

#include <stdlib.h>
#include <string.h>

#include "core/lab/life_rows.h"
#include "store/run.h"
#include "store/store.h"

static enum err_code open_files(struct lab *lab, bool apart,
				struct life_files *f, struct err *e)
{
	f->lab = lab_store(lab);
	f->after = NULL;
	return apart ? lab_after(lab, false, &f->after, e) : ERR_OK;
}

enum err_code lives_load(struct lab *lab, const char *set, uint64_t seed,
			 enum life_part part, struct buf *out, struct err *e)
{
	struct store_bag bag = {0};
	struct store_life row;
	struct life_files f;
	const void *data;
	enum err_code rc = open_files(lab, life_part_apart(seed, part), &f, e);

	if (!rc)
		rc = life_rows_get(&f, set, seed, part, &bag, &row, &data, e);
	if (!rc)
		buf_add(out, data, (size_t)row.bytes);
	store_bag_release(&bag);
	return rc;
}

enum err_code lives_find(struct lab *lab, const char *set, uint64_t seed,
			 enum life_part part, struct store_life *row,
			 struct err *e)
{
	struct store_bag bag = {0};
	struct life_files f;
	enum err_code rc = open_files(lab, life_part_apart(seed, part), &f, e);

	if (!rc)
		rc = life_rows_get(&f, set, seed, part, &bag, row, NULL, e);

	row->part = row->settings = row->sha256 = NULL;
	store_bag_release(&bag);
	return rc;
}

/* --- keeping ------------------------------------------------------------- */

static enum err_code make_set(struct store *s, const char *set,
			      const struct life_head *head, int64_t *id,
			      struct err *e)
{
	struct store_run row = {
		.name = set,
		.kind = "history",
		.game = head->game,
		.config = head->recipe,
		.seed = head->seed,
		.status = "done",
	};
	struct buf build, host;
	enum err_code rc;

	buf_init(&build);
	buf_init(&host);
	lab_build(&build);
	lab_host(&host);
	row.build = build.data;
	row.host = host.data;
	rc = lab_error(s, store_run_add(s, &row, id), e);
	buf_release(&build);
	buf_release(&host);
	return rc;
}

static enum err_code put_locked(struct store *s, const struct lives_put *put,
				const struct life_head *head, struct err *e)
{
	struct store_life row = {
		.seed = put->seed,
		.part = life_part_name(put->part),
		.settings = put->settings,
		.begun_ms = put->begun_ms,
	};
	struct store_bag bag = {0};
	struct store_run run;
	enum store_status st;
	enum err_code rc =
		life_rows_set(s, put->set, &row.run_id, &run, &bag, e);

	if (!rc && row.run_id && strcmp(run.game, head->game) != 0)
		rc = err_set(e, ERR_USAGE,
			     "the lives of %s play %s and not %s: choose "
			     "another name",
			     put->set, run.game, head->game);
	if (!rc && !row.run_id)
		rc = make_set(s, put->set, head, &row.run_id, e);
	store_bag_release(&bag);
	if (rc)
		return rc;
	st = store_life_add(s, &row, put->data, put->len);
	return st == STORE_EXISTS
		       ? err_set(e, ERR_USAGE, "%s", store_message(s))
		       : lab_error(s, st, e);
}

enum err_code lives_put(struct lab *lab, const struct lives_put *put,
			bool (*tick)(void *ctx), void *ctx, struct err *e)
{
	struct life_head head;
	struct store *s;
	enum err_code rc = life_head_read(put->data, put->len, &head, e);

	if (rc)
		return rc;
	s = lab_store(lab);
	if (life_part_apart(put->seed, put->part))
		rc = lab_after(lab, true, &s, e);
	if (!rc)
		rc = lab_error(s, lab_begin(s, tick, ctx), e);
	if (!rc) {
		rc = put_locked(s, put, &head, e);
		if (rc)
			store_rollback(s);
		else
			rc = lab_error(s, store_commit(s), e);
	}
	life_head_release(&head);
	return rc;
}

/* --- a set --------------------------------------------------------------- */

static enum err_code read_rows(struct store *s, const char *set,
			       struct store_bag *bag, struct store_life **rows,
			       size_t *count, struct err *e)
{
	struct store_run run;
	int64_t id = 0;
	enum err_code rc = ERR_OK;

	*count = 0;
	if (s && set)
		rc = life_rows_set(s, set, &id, &run, bag, e);
	if (!rc && s && (id || !set))
		rc = lab_error(s, store_life_list(s, bag, id, rows, count), e);
	return rc;
}

/* Sets by name, where there are several. */
static int by_seed(const void *a, const void *b)
{
	const struct store_life *x = a, *y = b;
	int sets = strcmp(x->run ? x->run : "", y->run ? y->run : "");

	if (sets)
		return sets;
	if (x->seed != y->seed)
		return x->seed < y->seed ? -1 : 1;
	return -strcmp(x->part, y->part); /* before, after */
}

static void hash_set(struct lives_set *s)
{
	struct buf lines;

	buf_init(&lines);
	for (size_t i = 0; i < s->count; i++) {
		buf_printf(&lines, "%llu %s %s\n",
			   (unsigned long long)s->rows[i].seed, s->rows[i].part,
			   s->rows[i].sha256);
		s->packed += s->rows[i].packed;
	}
	digest_hex(lines.data, lines.len, s->sha256);
	buf_release(&lines);
}

enum err_code lives_list(struct lab *lab, const char *set,
			 struct lives_set *out, struct err *e)
{
	struct store_life *here, *apart;
	size_t here_count, apart_count = 0;
	struct store *after = NULL;
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	rc = read_rows(lab_store(lab), set, &out->bag, &here, &here_count, e);
	if (!rc)
		rc = lab_after(lab, false, &after, e);
	if (!rc)
		rc = read_rows(after, set, &out->bag, &apart, &apart_count, e);
	if (rc)
		return rc;
	out->count = here_count + apart_count;
	out->rows = store_bag_alloc(&out->bag,
				    (out->count + 1) * sizeof(*out->rows));
	if (here_count)
		memcpy(out->rows, here, here_count * sizeof(*here));
	if (apart_count)
		memcpy(out->rows + here_count, apart,
		       apart_count * sizeof(*apart));
	qsort(out->rows, out->count, sizeof(*out->rows), by_seed);
	hash_set(out);
	return ERR_OK;
}

void lives_release(struct lives_set *s)
{
	store_bag_release(&s->bag);
}
