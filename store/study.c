/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/study.h"

#include "store/store_int.h"

#include <string.h>

#define STUDY_COLUMNS                                                 \
	"s.id, s.name, s.question, s.metric, s.thresholds, s.frozen," \
	" s.plan, s.plan_sha256, s.planned_ms, s.verdict, s.reason,"  \
	" s.decided_ms, s.kind, s.size, s.job_id"
#define STUDY_SELECT "select " STUDY_COLUMNS " from study s "

enum store_status store_study_plan(struct store *s, const struct store_study *p,
				   int64_t *id)
{
	enum store_status st;
	char hex[65];
	struct sql q;

	bytes_sha256(p->plan, strlen(p->plan), hex);
	sql_write(&q, s, "save the plan of the study",
		  "insert into study(name, question, metric, thresholds,"
		  " frozen, plan, plan_sha256, planned_ms, kind, size)"
		  " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_text(&q, p->name);
	sql_text(&q, p->question);
	sql_text(&q, p->metric);
	sql_text(&q, p->thresholds);
	sql_text(&q, p->frozen);
	sql_text(&q, p->plan);
	sql_text(&q, hex);
	sql_int(&q, p->planned_ms ? p->planned_ms : now_ms());
	sql_text(&q, p->kind ? p->kind : "");
	sql_text(&q, p->size ? p->size : "");
	st = sql_add(&q, id);
	if (st == STORE_EXISTS)
		return store_say(
			s, st,
			"%s has a study named %s already: its plan stays "
			"as it is, choose another name",
			s->path, p->name);
	return st;
}

enum store_status store_study_decide(struct store *s, int64_t study_id,
				     const char *verdict, const char *reason,
				     int64_t decided_ms)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the verdict of the study",
		  "update study set verdict = ?, reason = ?, decided_ms = ?"
		  " where id = ? and verdict is null");
	sql_text(&q, verdict);
	sql_text(&q, reason);
	sql_int(&q, decided_ms ? decided_ms : now_ms());
	sql_int(&q, study_id);
	st = sql_run(&q);
	if (st == STORE_OK && sql_changes(s) == 0)
		return store_say(s, STORE_REFUSED,
				 "%s: study %lld does not exist or is decided "
				 "already: a verdict is given once",
				 s->path, (long long)study_id);
	return st;
}

enum store_status store_study_claim(struct store *s, int64_t study_id,
				    int64_t job_id)
{
	struct sql q;

	sql_write(&q, s, "save who works on the study",
		  "update study set job_id = ? where id = ?");
	sql_id(&q, job_id);
	sql_int(&q, study_id);
	return sql_run(&q);
}

/* Whoever reads a plan may rest on it: it is the one that was written. */
static void study_take(struct sql *q, struct store_bag *bag,
		       struct store_study *p)
{
	char hex[65];

	p->id = sql_col_int(q);
	p->name = sql_col_need(q, bag);
	p->question = sql_col_need(q, bag);
	p->metric = sql_col_need(q, bag);
	p->thresholds = sql_col_need(q, bag);
	p->frozen = sql_col_text(q, bag);
	p->plan = sql_col_need(q, bag);
	p->plan_sha256 = sql_col_need(q, bag);
	bytes_sha256(p->plan, strlen(p->plan), hex);
	if (strcmp(hex, p->plan_sha256))
		sql_col_wrong(q, "not that of its plan");
	p->planned_ms = sql_col_count(q);
	p->verdict = sql_col_text(q, bag);
	p->reason = sql_col_text(q, bag);
	p->decided_ms = sql_col_int(q);
	p->kind = sql_col_need(q, bag);
	p->size = sql_col_need(q, bag);
	p->job_id = sql_col_int(q);
}

enum store_status store_study_find(struct store *s, struct store_bag *bag,
				   const char *name, struct store_study *out)
{
	enum store_status st;
	struct sql q;
	bool found;

	memset(out, 0, sizeof(*out));
	sql_read(&q, s, "read the study", STUDY_SELECT "where name = ?");
	sql_text(&q, name);
	found = sql_next(&q);
	if (found)
		study_take(&q, bag, out);
	st = sql_end(&q);
	if (st == STORE_OK && !found)
		return store_say(s, STORE_NOTFOUND, "%s has no study named %s",
				 s->path, name);
	return st;
}

enum store_status store_study_list(struct store *s, struct store_bag *bag,
				   struct store_study **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_study);
	struct sql q;

	sql_read(&q, s, "read the studies", STUDY_SELECT "order by id");
	while (sql_next(&q))
		study_take(&q, bag, rows_push(&all));
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_study_states(struct store *s, struct store_bag *bag,
				     struct store_study_state **rows,
				     size_t *count)
{
	struct rows all = ROWS_OF(struct store_study_state);
	struct sql q;

	sql_read(
		&q, s, "read the studies",
		"select " STUDY_COLUMNS ","
		" (select count(*) from arm a where a.study_id = s.id),"
		" count(t.id), coalesce(sum(t.status = 'done'), 0),"
		" coalesce(sum(t.status = 'failed'), 0),"
		" (select count(*) from gate g where g.study_id = s.id),"
		" (select count(g.passed) from gate g where g.study_id = s.id),"
		" (select coalesce(sum(g.passed), 0) from gate g"
		"  where g.study_id = s.id)"
		" from study s left join arm a on a.study_id = s.id"
		" left join trial t on t.arm_id = a.id"
		" group by s.id order by s.planned_ms desc, s.id desc");
	while (sql_next(&q)) {
		struct store_study_state *x = rows_push(&all);

		study_take(&q, bag, &x->study);
		x->arms = sql_col_count(&q);
		x->trials = sql_col_count(&q);
		x->done = sql_col_count(&q);
		x->failed = sql_col_count(&q);
		x->gates = sql_col_count(&q);
		x->judged = sql_col_count(&q);
		x->passed = sql_col_count(&q);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_arm_add(struct store *s, const struct store_arm *a,
				int64_t *id)
{
	struct sql q;

	sql_write(&q, s, "save the arm of the study",
		  "insert into arm(study_id, name, role, config, run_id,"
		  " data_sha256, weights_before, weights_after, state_bytes,"
		  " flops_per_move, status)"
		  " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_int(&q, a->study_id);
	sql_text(&q, a->name);
	sql_text(&q, a->role);
	sql_text(&q, a->config ? a->config : "");
	sql_id(&q, a->run_id);
	sql_text(&q, a->data_sha256);
	sql_text(&q, a->weights_before);
	sql_text(&q, a->weights_after);
	sql_int(&q, a->state_bytes);
	sql_real(&q, a->flops_per_move);
	sql_text(&q, a->status ? a->status : "planned");
	return sql_add(&q, id);
}

enum store_status store_arm_update(struct store *s, const struct store_arm *a)
{
	enum store_status st;
	struct sql q;

	sql_write(&q, s, "save the arm of the study",
		  "update arm set run_id = ?, data_sha256 = ?,"
		  " weights_before = ?, weights_after = ?, state_bytes = ?,"
		  " flops_per_move = ?, status = ? where id = ?");
	sql_id(&q, a->run_id);
	sql_text(&q, a->data_sha256);
	sql_text(&q, a->weights_before);
	sql_text(&q, a->weights_after);
	sql_int(&q, a->state_bytes);
	sql_real(&q, a->flops_per_move);
	sql_text(&q, a->status);
	sql_int(&q, a->id);
	st = sql_run(&q);
	if (st == STORE_OK && sql_changes(s) == 0)
		return store_say(s, STORE_NOTFOUND, "%s has no arm %lld",
				 s->path, (long long)a->id);
	return st;
}

enum store_status store_arm_list(struct store *s, struct store_bag *bag,
				 int64_t study_id, struct store_arm **rows,
				 size_t *count)
{
	struct rows all = ROWS_OF(struct store_arm);
	struct sql q;

	sql_read(&q, s, "read the arms of the study",
		 "select id, study_id, name, role, config, run_id, data_sha256,"
		 " weights_before, weights_after, state_bytes, flops_per_move,"
		 " status from arm where study_id = ? order by id");
	sql_int(&q, study_id);
	while (sql_next(&q)) {
		struct store_arm *a = rows_push(&all);

		a->id = sql_col_int(&q);
		a->study_id = sql_col_int(&q);
		a->name = sql_col_need(&q, bag);
		a->role = sql_col_need(&q, bag);
		a->config = sql_col_need(&q, bag);
		a->run_id = sql_col_int(&q);
		a->data_sha256 = sql_col_text(&q, bag);
		a->weights_before = sql_col_text(&q, bag);
		a->weights_after = sql_col_text(&q, bag);
		a->state_bytes = sql_col_count(&q);
		a->flops_per_move = sql_col_real(&q);
		a->status = sql_col_need(&q, bag);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}

enum store_status store_measure_add(struct store *s,
				    const struct store_measure *m)
{
	struct sql q;

	sql_write(&q, s, "save the figure",
		  "insert or replace into measure(arm_id, name, seed, x, value,"
		  " low, high, n, created_ms)"
		  " values(?, ?, ?, ?, ?, ?, ?, ?, ?)");
	sql_int(&q, m->arm_id);
	sql_text(&q, m->name);
	sql_int(&q, (int64_t)m->seed);
	sql_real(&q, m->x);
	sql_real(&q, m->value);
	sql_real(&q, m->low);
	sql_real(&q, m->high);
	sql_int(&q, m->n);
	sql_int(&q, now_ms());
	return sql_run(&q);
}

enum store_status store_measure_list(struct store *s, struct store_bag *bag,
				     int64_t arm_id,
				     struct store_measure **rows, size_t *count)
{
	struct rows all = ROWS_OF(struct store_measure);
	struct sql q;

	sql_read(&q, s, "read the figures",
		 "select arm_id, name, seed, x, value, low, high, n, created_ms"
		 " from measure where arm_id = ? order by name, seed, x");
	sql_int(&q, arm_id);
	while (sql_next(&q)) {
		struct store_measure *m = rows_push(&all);

		m->arm_id = sql_col_int(&q);
		m->name = sql_col_need(&q, bag);
		m->seed = (uint64_t)sql_col_int(&q);
		m->x = sql_col_real(&q);
		m->value = sql_col_real(&q);
		m->low = sql_col_real(&q);
		m->high = sql_col_real(&q);
		m->n = sql_col_count(&q);
		m->created_ms = sql_col_count(&q);
	}
	return rows_give(&all, sql_end(&q), bag, rows, count);
}
