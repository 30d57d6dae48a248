/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/lab/job.h"
#include "core/lab/lab.h"
#include "core/lab/lives.h"
#include "core/lab/program.h"
#include "core/lab/study_held.h"
#include "core/lab/study_keep.h"
#include "core/net/net.h"
#include "core/study/plan.h"
#include "core/study/result.h"
#include "store/job.h"
#include "store/life.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

struct running {
	const struct study_work *work;
	const struct study_plan *plan;
	struct lab *lab;     /* borrowed */
	struct store *store; /* borrowed; the lab's */
	struct job job;
	struct store_bag bag;
	struct store_arm *arms;
	struct store_trial *trials; /* as the plan numbers them */
	size_t arm_count, trial_count;
	struct buf program; /* this one */
	int at;             /* number of the trial at hand */
	double since;       /* of the process, when it began */
	double before;      /* seconds that it took before it was stopped */
};

static bool goes_on(void *self)
{
	struct running *r = self;

	return job_tick(&r->job);
}

/* "trial 3 of 12, commit at seed 2" */
static void name_trial(const struct running *r, char *out, size_t size)
{
	uint64_t seed;
	const struct study_arm *a = study_plan_trial(r->plan, r->at, &seed);

	snprintf(out, size, "trial %d of %zu, %s at seed %llu", r->at + 1,
		 r->trial_count, a->name, (unsigned long long)seed);
}

static void progress(void *self, double done, double total, const char *text)
{
	struct running *r = self;
	double part = total > 0 ? done / total : 0;
	char name[96];

	name_trial(r, name, sizeof(name));
	job_progress(&r->job, r->at + fmin(part, 1), (double)r->trial_count,
		     "%s: %s", name, text);
}

static enum err_code kept(void *self, const char *arm, uint64_t seed,
			  const char *name, struct buf *out, struct err *e)
{
	struct running *r = self;
	struct store_bag bag = {0};
	enum store_status st = STORE_OK;
	const void *data = NULL;
	size_t len = 0;

	for (size_t i = 0; i < r->arm_count; i++)
		if (!strcmp(r->arms[i].name, arm))
			st = store_kept_load(r->store, &bag, r->arms[i].id,
					     seed, name, &data, &len);
	if (!st)
		buf_add(out, data, len);
	store_bag_release(&bag);
	return lab_error(r->store, st, e);
}

/* Seconds of processors that the trial at hand took so far, its rests left
 * out; what was lost with a process is not known. */
static double spent(const struct running *r)
{
	return r->before + clock_process_seconds() - r->since;
}

static enum err_code save(void *self, const struct buf *state, struct err *e)
{
	struct running *r = self;
	enum store_status st = lab_begin(r->store, job_goes_on, &r->job);
	struct buf all;

	if (st)
		return lab_error(r->store, st, e);
	buf_init(&all);
	buf_text(&all, r->program.data);
	buf_f64(&all, spent(r));
	buf_add(&all, state->data, state->len);
	st = store_trial_save(r->store, r->trials[r->at].id, all.data, all.len);
	buf_release(&all);
	return lab_settle(r->store, st, e);
}

/* A trial is of one program: what another one kept is not gone on with. */
static void add_own(struct running *r, const void *data, size_t len,
		    struct buf *out)
{
	struct reader in;
	char *program;
	double seconds;

	reader_init(&in, data, len);
	program = reader_text(&in);
	seconds = reader_f64(&in);
	if (!in.failed && !strcmp(program, r->program.data)) {
		buf_add(out, (const char *)data + in.pos, len - in.pos);
		r->before = seconds;
	}
	free(program);
}

static enum err_code saved(void *self, struct buf *out, struct err *e)
{
	struct running *r = self;
	struct store_bag bag = {0};
	const void *data;
	size_t len;
	enum store_status st = store_trial_saved(
		r->store, &bag, r->trials[r->at].id, &data, &len);

	if (!st && len)
		add_own(r, data, len, out);
	store_bag_release(&bag);
	return lab_error(r->store, st, e);
}

static enum err_code held(void *self, const char *kind, const char *gate,
			  bool *yes, struct buf *which, struct err *e)
{
	struct running *r = self;

	return study_lab_held(r->store, kind, gate, yes, which, e);
}

static enum err_code life(void *self, const char *set, uint64_t seed,
			  enum life_part part, struct buf *out, struct err *e)
{
	struct running *r = self;

	return lives_load(r->lab, set, seed, part, out, e);
}

static enum err_code life_put(void *self, const char *set, uint64_t seed,
			      enum life_part part, const char *settings,
			      const void *data, size_t len, struct err *e)
{
	struct running *r = self;
	const struct lives_put put = {
		.set = set,
		.seed = seed,
		.part = part,
		.settings = settings,
		.begun_ms = r->trials[r->at].started_ms,
		.data = data,
		.len = len,
	};

	return lives_put(r->lab, &put, job_goes_on, &r->job, e);
}

/* Was it begun after the plan was written? */
static bool life_follows(void *self, const char *set, uint64_t seed,
			 enum life_part part)
{
	struct running *r = self;
	struct store_bag bag = {0};
	struct store_study row;
	struct store_life at;
	bool follows = !lives_find(r->lab, set, seed, part, &at, NULL) &&
		       store_study_find(r->store, &bag, r->plan->name, &row) ==
			       STORE_OK &&
		       at.begun_ms >= row.planned_ms;

	store_bag_release(&bag);
	return follows;
}

static void processor_kind(char *out, size_t size)
{
	snprintf(out, size, "%s kernels, BLAS %s", net_vector_kernel(),
		 net_blas_kernel());
}

static struct store_arm *find_arm(struct running *r, int64_t id)
{
	for (size_t i = 0; i < r->arm_count; i++)
		if (r->arms[i].id == id)
			return &r->arms[i];
	return NULL;
}

/* An arm is done when all of its trials are. */
static enum store_status mark_arm(struct running *r, int64_t id,
				  const char *failed)
{
	struct store_arm *arm = find_arm(r, id);
	bool all = true;

	for (size_t i = 0; i < r->trial_count; i++)
		if (r->trials[i].arm_id == id)
			all = all && !strcmp(r->trials[i].status, "done");
	arm->status = failed ? "failed" : all ? "done" : "running";
	return store_arm_update(r->store, arm);
}

/* All of a trial, or nothing. */
static enum err_code keep(struct running *r, const struct study_result *made,
			  double seconds, struct err *e)
{
	struct store_trial *t = &r->trials[r->at];
	enum store_status st = lab_begin(r->store, job_goes_on, &r->job);
	enum err_code rc;

	if (st)
		return lab_error(r->store, st, e);
	t->seconds = seconds;
	rc = study_lab_keep(r->store, r->plan->name, find_arm(r, t->arm_id), t,
			    made, e);
	if (rc) {
		store_rollback(r->store);
		return rc;
	}
	t->status = "done";
	return lab_settle(r->store, mark_arm(r, t->arm_id, NULL), e);
}

static enum err_code start(struct running *r, struct err *e)
{
	struct store_trial *t = &r->trials[r->at];
	enum store_status st = lab_begin(r->store, job_goes_on, &r->job);
	char kind[64];

	if (st)
		return lab_error(r->store, st, e);
	processor_kind(kind, sizeof(kind));
	t->processor = store_bag_strdup(&r->bag, kind);
	t->started_ms = clock_now_ms();
	st = store_trial_start(r->store, t->id, kind);
	t->status = "running";
	if (!st)
		st = mark_arm(r, t->arm_id, NULL);
	return lab_settle(r->store, st, e);
}

/* Why it failed, for who looks later; the error stays what it is. */
static void say_failed(struct running *r, const struct err *why)
{
	struct store_trial *t = &r->trials[r->at];
	enum store_status st = lab_begin(r->store, job_goes_on, &r->job);

	if (st)
		return;
	st = store_trial_fail(r->store, t->id, why->msg);
	if (!st)
		st = mark_arm(r, t->arm_id, why->msg);
	(void)lab_settle(r->store, st, NULL);
}

static enum err_code run_one(struct running *r, struct lab *lab,
			     struct pool *pool, struct err *e)
{
	const struct study_sink sink = {
		.goes_on = goes_on,
		.progress = progress,
		.kept = kept,
		.save = save,
		.saved = saved,
		.life = life,
		.life_put = life_put,
		.life_follows = life_follows,
		.held = held,
		.self = r,
	};
	struct study_result made;
	enum err_code rc = start(r, e);
	char name[96];

	if (rc)
		return rc;
	r->since = clock_process_seconds();
	r->before = 0;
	progress(r, 0, 0, "begins");
	rc = study_try(r->plan, r->at, pool, lab_agents(lab), &sink, &made, e);
	study_result_keep(&made, STUDY_PROGRAM, r->program.data,
			  r->program.len);
	if (!rc)
		rc = keep(r, &made, spent(r), e);
	else if (rc != ERR_CANCELLED)
		say_failed(r, e);
	study_result_release(&made);
	if (rc && rc != ERR_CANCELLED) {
		name_trial(r, name, sizeof(name));
		err_prefix(e, "%s", name);
	}
	return rc;
}

/* Is another process at work on the study?  If not, this one is. */
static enum err_code claim(struct running *r, struct err *e)
{
	struct store_bag bag = {0};
	struct store_study row;
	struct store_job other;
	enum store_status st =
		store_study_find(r->store, &bag, r->plan->name, &row);
	enum err_code rc = ERR_OK;

	if (!st && row.job_id && row.job_id != r->job.id) {
		st = store_job_get(r->store, &bag, row.job_id, &other);
		if (!st && (other.life == STORE_LIFE_ALIVE ||
			    other.life == STORE_LIFE_FAR))
			rc = err_set(e, ERR_BUSY,
				     "study %s is being worked on by process "
				     "%lld on %s: stop that one first",
				     r->plan->name, (long long)other.pid,
				     other.host);
	}
	if (!st && !rc)
		st = store_study_claim(r->store, row.id, r->job.id);
	store_bag_release(&bag);
	return st ? lab_error(r->store, st, e) : rc;
}

static enum err_code read_rows(struct running *r, struct err *e)
{
	int64_t id = r->work->study_id;
	enum store_status st =
		store_arm_list(r->store, &r->bag, id, &r->arms, &r->arm_count);

	if (!st)
		st = store_trial_list(r->store, &r->bag, id, &r->trials,
				      &r->trial_count);
	if (st)
		return lab_error(r->store, st, e);
	if ((int)r->trial_count == study_plan_trials(r->plan))
		return ERR_OK;
	return err_set(e, ERR_FORMAT,
		       "%s: study %s has %zu trials where its plan has %d: "
		       "restore a copy of the file",
		       store_path(r->store), r->plan->name, r->trial_count,
		       study_plan_trials(r->plan));
}

static bool any_to_do(const struct running *r)
{
	for (size_t i = 0; i < r->trial_count; i++)
		if (strcmp(r->trials[i].status, "done"))
			return true;
	return false;
}

static enum err_code begin(struct running *r, struct err *e)
{
	enum err_code rc = lab_error(
		r->store, lab_begin(r->store, job_goes_on, &r->job), e);

	if (rc)
		return rc;
	rc = read_rows(r, e);
	/* Who finds nothing to do is not who did it. */
	if (!rc && any_to_do(r))
		rc = claim(r, e);
	if (rc) {
		store_rollback(r->store);
		return rc;
	}
	return lab_error(r->store, store_commit(r->store), e);
}

static enum err_code run_all(struct running *r, struct lab *lab,
			     struct study_work *work, struct err *e)
{
	struct pool *pool = pool_new(work->threads);
	enum err_code rc = ERR_OK;

	work->total = (int)r->trial_count;
	for (int i = 0; i < work->total; i++)
		work->done += !strcmp(r->trials[i].status, "done");
	for (r->at = 0; r->at < work->total && !rc; r->at++) {
		if (!strcmp(r->trials[r->at].status, "done"))
			continue;
		rc = job_tick(&r->job) ? run_one(r, lab, pool, e)
				       : err_set(e, ERR_CANCELLED, "stopped");
		work->done += !rc;
	}
	if (!rc)
		job_progress(&r->job, work->total, work->total,
			     "all %d trials are done", work->total);
	pool_free(pool);
	return rc;
}

enum err_code study_lab_run(struct lab *lab, struct study_work *work,
			    struct err *e)
{
	struct running r = {
		.work = work,
		.plan = work->plan,
		.lab = lab,
		.store = lab_store(lab),
		.job = {.interrupt = work->interrupt,
			.report = work->report,
			.ctx = work->ctx},
	};
	enum err_code rc = study_plan_fits(work->plan, mem_available(), e);

	work->done = work->total = 0;
	buf_init(&r.program);
	if (!rc)
		rc = job_begin(&r.job, r.store, "study", work->command, e);
	if (rc)
		return rc;
	lab_program(&r.program);
	rc = begin(&r, e);
	if (!rc)
		rc = run_all(&r, lab, work, e);
	job_end(&r.job, rc && rc != ERR_CANCELLED ? e : NULL);
	store_bag_release(&r.bag);
	buf_release(&r.program);
	return rc;
}
