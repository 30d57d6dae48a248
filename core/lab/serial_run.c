/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/serial_run.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/scribe.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/lab/grade_run.h"
#include "core/lab/lab.h"
#include "core/lab/run_begin.h"
#include "core/lab/serial_pages.h"
#include "core/learn/recipe.h"
#include "core/learn/serial.h"
#include "core/net/net.h"
#include "core/rate/grade.h"
#include "core/rate/graded.h"
#include "store/run.h"
#include "store/store.h"

enum {
	COMMIT_EVERY = 16,  /* rounds */
	PROBE_BOARDS = 128, /* written by itself, at a checkpoint */
};

struct work {
	struct lab *lab;                  /* borrowed */
	struct store *store;              /* borrowed */
	const struct serial_options *opt; /* borrowed */
	struct job job;
	struct run_begun run;
	struct serial_conf conf;
	struct serial *serial;
	struct serial_pages_kept pages;
	struct pool *pool;
	struct graded_set graded;
	double began;
	int64_t worked_ms; /* before this call */
	int64_t backups_at_start;
};

static enum err_code check_settings(const void *conf, const struct game *g,
				    struct err *e)
{
	return serial_check(conf, g, e);
}

static const struct run_form form = {
	.spec = serial_spec,
	.size = sizeof(struct serial_conf),
	.check = check_settings,
};

static struct run_request request_of(const struct serial_options *o,
				     struct serial_conf *conf)
{
	return (struct run_request){
		.name = o->run,
		.kind = "serial",
		.form = &form,
		.conf = conf,
		.game = o->game,
		.settings = o->settings,
		.setting_count = o->setting_count,
		.has_seed = o->has_seed,
		.seed = o->seed,
		.must_exist = o->must_exist,
		.take_over = o->take_over,
		.threads = o->threads,
	};
}

enum err_code serial_run_check(const struct serial_options *o, struct err *e)
{
	struct serial_conf conf;
	struct run_request want = request_of(o, &conf);

	return run_request_check(NULL, &want, NULL, e);
}

static double worked_seconds(const struct work *w)
{
	return clock_seconds() - w->began - w->job.paused;
}

static int64_t time_ms(const struct work *w)
{
	return w->worked_ms + (int64_t)(1000 * worked_seconds(w));
}

static int64_t goal(const struct work *w)
{
	return w->opt->backups ? w->opt->backups : w->conf.backups;
}

static bool tick(void *ctx)
{
	struct work *w = ctx;

	return job_tick(&w->job);
}

static void say_progress(struct work *w, const char *doing)
{
	const struct serial_mark *at = serial_at(w->serial);
	double seconds = worked_seconds(w);
	double rate =
		seconds > 0
			? (double)(at->backups - w->backups_at_start) / seconds
			: 0;

	if (at->rounds < at->drills)
		job_progress(&w->job, (double)at->rounds, (double)at->drills,
			     "drills: round %lld of %lld",
			     (long long)at->rounds, (long long)at->drills);
	else
		job_progress(&w->job, (double)at->backups, (double)goal(w),
			     "%s: %lld of %lld boards, %lld games, %.1f "
			     "boards/s",
			     doing, (long long)at->backups, (long long)goal(w),
			     (long long)at->games, rate);
}

/* --- rows ---------------------------------------------------------------- */

static enum store_status add_metric(struct work *w, const char *name,
				    double value)
{
	const struct serial_mark *at = serial_at(w->serial);
	struct store_metric m = {
		.step = at->backups,
		.games = at->games,
		.time_ms = time_ms(w),
		.value = value,
	};

	return store_metric_add(w->store, w->run.id, name, &m);
}

static double share(int64_t part, int64_t all)
{
	return all ? (double)part / (double)all : (double)NAN;
}

/* What the last rounds came to. */
static enum store_status add_figures(struct work *w)
{
	struct serial_figures f;
	enum store_status st;

	serial_take_figures(w->serial, &f);
	st = add_metric(w, "loss.tokens", f.loss / (double)f.steps);
	if (st == STORE_OK)
		st = add_metric(w, "surprise", f.surprise / (double)f.values);
	if (st == STORE_OK)
		st = add_metric(w, "surprise.left", f.left / f.first);
	if (st == STORE_OK)
		st = add_metric(w, "rollouts", share(f.rollouts, f.backups));
	return st;
}

/* How it does when it writes everything itself. */
static enum store_status add_probe(struct work *w)
{
	struct scribe_counts c;
	enum store_status st;

	serial_probe(w->serial, PROBE_BOARDS, w->pool, &c);
	st = add_metric(w, "written.cells", share(c.cells_right, c.cells));
	if (st == STORE_OK)
		st = add_metric(w, "written.boards",
				share(c.boards_right, c.boards));
	if (st == STORE_OK)
		st = add_metric(w, "written.legal",
				share(c.boards_legal, c.boards));
	if (st == STORE_OK)
		st = add_metric(w, "written.ends",
				2 * share(c.ends, 2 * c.ends + c.ends_false +
							  c.ends_missed));
	if (st == STORE_OK)
		st = add_metric(w, "written.values",
				share(c.values_right, c.values));
	return st;
}

static enum store_status save_record(struct work *w)
{
	enum store_status st;
	struct buf b;

	buf_init(&b);
	serial_pages_write(&w->pages, &b);
	buf_u64(&b, (uint64_t)time_ms(w));
	serial_save(w->serial, &b);
	st = store_resume_save(w->store, w->run.id,
			       serial_at(w->serial)->backups, b.data, b.len);
	buf_release(&b);
	return st;
}

/* All since the last record, in one transaction. */
static enum err_code commit(struct work *w, bool checkpoint, bool figures,
			    struct err *e)
{
	const struct serial_mark *at = serial_at(w->serial);
	enum store_status st = lab_begin(w->store, job_goes_on, &w->job);
	enum err_code rc = ERR_OK;

	if (st != STORE_OK)
		return lab_error(w->store, st, e);
	if (checkpoint)
		rc = run_checkpoint(w->store, w->run.id,
				    serial_net_of(w->serial), at->backups,
				    at->games, at->words,
				    serial_weights(w->serial), e);
	if (rc) {
		store_rollback(w->store);
		return rc;
	}
	if (checkpoint)
		st = add_probe(w);
	if (figures && st == STORE_OK)
		st = add_figures(w);
	if (st == STORE_OK)
		st = save_record(w);
	return lab_settle(w->store, st, e);
}

/* --- grading ------------------------------------------------------------- */

static bool graded(void *ctx, int done)
{
	(void)done;
	return tick(ctx);
}

/* The newest checkpoint, by its estimates alone. */
static enum err_code grade(struct work *w, struct err *e)
{
	const struct serial_mark *at = serial_at(w->serial);
	char *agent = mem_printf("serial:%s/%lld", w->opt->run,
				 (long long)at->backups);
	struct grade_request want = {
		.set = &w->graded,
		.agent = agent,
		.source = lab_agents(w->lab),
		.seed = w->run.seed,
		.tick = graded,
		.ctx = w,
	};
	struct grade_point point = {
		.step = at->backups, .games = at->games, .time_ms = time_ms(w)};
	struct grade_result result;
	enum err_code rc = ERR_OK;

	if (w->graded.count) {
		say_progress(w, "grading");
		rc = grade_agent(&want, w->pool, &result, e);
		if (!rc) {
			rc = grade_keep(w->store, w->run.id, &point,
					&result.all, tick, w, e);
			grade_result_release(&result);
		}
	}
	free(agent);
	return rc;
}

/* --- going on ------------------------------------------------------------ */

static enum err_code load_record(struct work *w, struct err *e)
{
	struct store_bag bag = {0};
	const void *data;
	struct reader r;
	int64_t step;
	size_t len;
	enum store_status st = store_resume_load(w->store, &bag, w->run.id,
						 &step, &data, &len);
	enum err_code rc = ERR_OK;

	if (st != STORE_NOTFOUND)
		rc = lab_error(w->store, st, e);
	if (st == STORE_OK) {
		reader_init(&r, data, len);
		rc = serial_pages_read(&w->pages, &r, e);
		w->worked_ms = reader_count(&r, (int64_t)1 << 60);
		if (!rc)
			rc = serial_load(w->serial, &r, e);
		if (rc)
			err_prefix(e, "run %s", w->opt->run);
	}
	store_bag_release(&bag);
	return rc;
}

static enum err_code prepare(struct work *w, struct err *e)
{
	struct recipe how = {.grade_positions = w->conf.grade_positions};
	enum err_code rc;

	w->pool = pool_new(w->opt->threads);
	w->serial = serial_new(&w->run.game, &w->conf, w->run.seed);
	serial_pages_init(&w->pages, &w->run.game);
	rc = load_record(w, e);
	w->backups_at_start = serial_at(w->serial)->backups;
	return rc ? rc
		  : grade_run_positions(&w->graded, &w->run.game, &how, w->pool,
					tick, w, e);
}

static void release(struct work *w)
{
	graded_release(&w->graded);
	serial_pages_release(&w->pages);
	serial_free(w->serial);
	pool_free(w->pool);
}

static bool reached_end(const struct work *w)
{
	return serial_at(w->serial)->backups >= goal(w) ||
	       (w->opt->minutes > 0 &&
		worked_seconds(w) >= 60 * w->opt->minutes);
}

/* The checkpoint of the weights as they are, and its grade. */
static enum err_code keep_checkpoint(struct work *w, struct err *e)
{
	const struct serial_mark *at = serial_at(w->serial);
	enum err_code rc;

	if (at->backups)
		serial_pages_add(&w->pages, at->backups,
				 serial_page(w->serial));
	rc = commit(w, true, at->backups > 0, e);
	return rc ? rc : grade(w, e);
}

/* One round, and what is due after it. */
static enum err_code go_on(struct work *w, struct err *e)
{
	const struct serial_mark *at = serial_at(w->serial);
	int64_t due = serial_next_checkpoint(&w->conf, at->backups);

	if (at->rounds == at->drills && !at->backups) {
		enum err_code rc = keep_checkpoint(w, e);

		if (rc)
			return rc;
	}
	serial_round(w->serial, w->pool);
	say_progress(w, "writing");
	if (at->backups >= due)
		return keep_checkpoint(w, e);
	if (at->rounds % COMMIT_EVERY)
		return ERR_OK;
	return commit(w, false, at->backups > 0, e);
}

static enum err_code work(struct work *w, struct err *e)
{
	enum err_code rc = prepare(w, e);

	w->began = clock_seconds();
	while (!rc && !w->job.stop && !reached_end(w)) {
		rc = go_on(w, e);
		if (!rc)
			job_tick(&w->job);
	}
	if (!rc)
		rc = commit(w, true, false, e);
	if (!rc && !w->job.stop)
		rc = grade(w, e);
	return rc == ERR_CANCELLED ? ERR_OK : rc;
}

static void fill_outcome(struct work *w, struct serial_outcome *out)
{
	const struct serial_mark *at = serial_at(w->serial);

	out->backups = out->step = at->backups;
	out->games = at->games;
	store_weights_sha256(serial_weights(w->serial),
			     net_param_count(serial_net_of(w->serial)),
			     out->sha256);
	out->stopped = w->job.stop;
	out->seconds = worked_seconds(w);
	job_progress(&w->job, (double)at->backups, (double)goal(w),
		     "%s at %lld boards, checkpoint %s/%lld",
		     out->stopped ? "stopped" : "done", (long long)at->backups,
		     w->opt->run, (long long)out->step);
}

enum err_code serial_run(struct lab *lab, const struct serial_options *o,
			 struct serial_outcome *out, struct err *e)
{
	struct work w = {
		.lab = lab,
		.store = lab_store(lab),
		.opt = o,
		.job = {.interrupt = o->interrupt,
			.report = o->report,
			.ctx = o->ctx},
	};
	struct run_request want = request_of(o, &w.conf);
	struct err local = ERR_INIT;
	enum err_code rc;

	assert(o->threads >= 1);
	memset(out, 0, sizeof(*out));
	if (!e)
		e = &local;
	rc = run_request_check(w.store, &want, NULL, e);
	if (!rc)
		rc = job_begin(&w.job, w.store, "serial", o->command, e);
	if (!rc)
		rc = run_begin(lab, &w.job, &want, &w.run, e);
	if (!rc) {
		rc = work(&w, e);
		if (!rc)
			fill_outcome(&w, out);
		rc = run_end(&w.job, w.run.id, rc, e);
	}
	job_end(&w.job, rc ? e : NULL);
	release(&w);
	return rc;
}
