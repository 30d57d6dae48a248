/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/train.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/lab/grade_run.h"
#include "core/lab/lab.h"
#include "core/lab/rate_run.h"
#include "core/lab/run_begin.h"
#include "core/lab/run_sink.h"
#include "core/learn/course.h"
#include "core/net/net.h"
#include "core/rate/graded.h"
#include "store/game.h"
#include "store/run.h"

struct training {
	struct lab *lab;                     /* borrowed */
	struct store *store;                 /* borrowed */
	const struct train_options *options; /* borrowed */
	struct job job;
	struct run_begun run;
	char *agent; /* owned; who plays, for the game rows */
	struct run_sink sink;
	struct course *course;
	struct pool *pool;
	struct graded_set graded; /* what checkpoints are graded on */
	double first_began;       /* clock_seconds(): call */
	int64_t games_at_start;
	double score; /* of the checkpoint rated last, in a one-player game; NAN
		       */
};

static bool tick(void *ctx)
{
	struct training *t = ctx;

	return job_tick(&t->job);
}

static double goal_games(const struct training *t)
{
	if (t->options->games > 0)
		return (double)t->options->games;
	if (t->options->minutes > 0)
		return 0;
	return t->run.recipe.rate_games;
}

static double worked_seconds(const struct training *t)
{
	return clock_seconds() - t->first_began - t->job.paused;
}

static void say_progress(struct training *t, const char *doing)
{
	const struct course_mark *at = course_at(t->course);
	double goal = goal_games(t);
	double seconds = worked_seconds(t);
	double rate =
		seconds > 0 ? (double)(at->games - t->games_at_start) / seconds
			    : 0;
	char score[40] = "";

	if (isfinite(t->score))
		snprintf(score, sizeof(score), ", score %.1f", t->score);
	if (goal > 0)
		job_progress(&t->job, (double)at->games, goal,
			     "%s: %lld of %.0f games, step %lld, %.1f "
			     "games/s%s",
			     doing, (long long)at->games, goal,
			     (long long)at->step, rate, score);
	else
		job_progress(&t->job, seconds / 60, t->options->minutes,
			     "%s: %lld games, step %lld, %.1f games/s%s", doing,
			     (long long)at->games, (long long)at->step, rate,
			     score);
}

static void doing(void *ctx, enum course_phase phase)
{
	say_progress(ctx, phase == COURSE_PLAYS ? "self-play" : "training");
}

/* --- going on ------------------------------------------------------------ */

struct refill {
	struct training *t;
	game_move *moves;
	struct err *e;
	int64_t count;
};

static bool refill_game(void *ctx, const struct store_game *row)
{
	struct refill *f = ctx;
	struct training *t = f->t;
	void *state = game_state_new(&t->run.game, 0);
	enum err_code rc;
	int n;

	rc = game_play_text(&t->run.game, state, row->moves, f->moves, &n,
			    f->e);
	if (!rc)
		rc = course_load_game(t->course, f->moves, n,
				      (float)row->result, row->targets,
				      row->targets_len, f->e);
	free(state);
	if (rc)
		err_prefix(f->e, "game %lld of run %s", (long long)row->id,
			   t->options->run);
	f->count += !rc;
	return !rc;
}

/* The course's games are rows of the lab. */
static enum err_code refill(struct training *t, struct err *e)
{
	int64_t games = course_at(t->course)->games;
	struct refill f = {.t = t, .e = e};
	enum err_code rc;

	f.moves = mem_zalloc((size_t)t->run.game.max_plies, sizeof(*f.moves));
	rc = lab_error(t->store,
		       store_game_each(t->store, t->run.id, 1, refill_game, &f),
		       e);
	free(f.moves);
	if (!rc && e->code)
		rc = e->code;
	if (!rc && f.count != games)
		rc = err_set(e, ERR_FORMAT,
			     "run %s has %lld stored games where %lld were "
			     "saved: it cannot go on",
			     t->options->run, (long long)f.count,
			     (long long)games);
	return rc;
}

static enum err_code prepare(struct training *t, struct err *e)
{
	const struct recipe *r = &t->run.recipe;
	char *name = mem_printf("run %s", t->options->run);
	struct course_config config = {
		.name = name,
		.game = &t->run.game,
		.recipe = r,
		.seed = t->run.seed,
		.goal_games = (int64_t)goal_games(t),
	};
	enum err_code rc;
	bool resumed;

	t->agent = mem_printf("selfplay:%s", t->options->run);
	t->sink = (struct run_sink){
		.store = t->store,
		.job = &t->job,
		.run = &t->run,
		.agent = t->agent,
		.doing = doing,
		.ctx = t,
	};
	t->pool = pool_new(t->options->threads);
	rc = run_sink_course(&t->sink, &config, t->pool, &t->course, &resumed,
			     e);
	free(name);
	if (!rc && resumed && course_remembers(t->course))
		rc = refill(t, e);
	if (!rc)
		rc = grade_run_positions(&t->graded, &t->run.game, r, t->pool,
					 tick, t, e);
	return rc;
}

static void release(struct training *t)
{
	graded_release(&t->graded);
	course_free(t->course);
	run_sink_release(&t->sink);
	free(t->agent);
	pool_free(t->pool);
}

static bool reached_end(const struct training *t)
{
	return course_done(t->course) ||
	       (t->options->minutes > 0 &&
		worked_seconds(t) >= 60 * t->options->minutes);
}

static enum err_code rate(struct training *t, struct err *e)
{
	const struct course_mark *at = course_at(t->course);
	struct rate_request want = {
		.run_id = t->run.id,
		.run = t->options->run,
		.game = &t->run.game,
		.recipe = &t->run.recipe,
		.seed = t->run.seed,
		.games = at->games,
		.time_ms = at->time_ms,
	};
	enum err_code rc = ERR_OK;

	t->sink.checkpoint = false;
	if (t->run.recipe.rate_match_games > 0) {
		say_progress(t, "rating");
		rc = rate_run(t->lab, &want, t->pool, tick, t, &t->score, e);
	}
	if (!rc && t->graded.count) {
		say_progress(t, "grading");
		rc = grade_run(t->lab, &want, &t->graded, t->pool, tick, t, e);
	}
	return rc;
}

static enum err_code work(struct training *t, struct err *e)
{
	enum err_code rc = prepare(t, e);

	if (!t->course)
		return rc;
	t->games_at_start = course_at(t->course)->games;
	t->first_began = clock_seconds();
	if (!rc)
		rc = rate(t, e);
	while (!rc && !t->job.stop && !reached_end(t)) {
		rc = course_advance(t->course, t->pool, e);
		if (!rc && t->sink.checkpoint)
			rc = rate(t, e);
	}
	if (rc == ERR_CANCELLED)
		rc = ERR_OK;
	if (!rc)
		rc = course_finish(t->course, e);
	if (!rc && !t->job.stop)
		rc = rate(t, e);
	return rc == ERR_CANCELLED ? ERR_OK : rc;
}

static void fill_outcome(struct training *t, struct train_outcome *out)
{
	const struct course_mark *at = course_at(t->course);

	out->games = at->games;
	out->positions = course_positions(t->course);
	out->step = at->step;
	store_weights_sha256(course_weights(t->course),
			     net_param_count(course_net(t->course)),
			     out->sha256);
	out->stopped = t->job.stop;
	out->seconds = worked_seconds(t);
	job_progress(&t->job, (double)at->games, goal_games(t),
		     "%s at %lld games, checkpoint %s/%lld",
		     out->stopped ? "stopped" : "done", (long long)at->games,
		     t->options->run, (long long)out->step);
}

static struct run_request request_of(const struct train_options *options)
{
	return (struct run_request){
		.name = options->run,
		.kind = "train",
		.game = options->game,
		.recipe = options->recipe,
		.recipe_origin = options->recipe_origin,
		.usual = options->usual,
		.usual_origin = options->usual_origin,
		.settings = options->settings,
		.setting_count = options->setting_count,
		.games = options->games,
		.from = options->from,
		.has_seed = options->has_seed,
		.seed = options->seed,
		.must_exist = options->must_exist,
		.take_over = options->take_over,
		.threads = options->threads,
	};
}

enum err_code train_check(const struct train_options *options, struct err *e)
{
	struct run_request want = request_of(options);

	return run_request_check(NULL, &want, NULL, e);
}

enum err_code train_run(struct lab *lab, const struct train_options *options,
			struct train_outcome *out, struct err *e)
{
	struct training t = {
		.lab = lab,
		.store = lab_store(lab),
		.options = options,
		.score = (double)NAN,
		.job = {.interrupt = options->interrupt,
			.report = options->report,
			.ctx = options->ctx},
	};
	struct run_request want = request_of(options);
	struct err local = ERR_INIT;
	enum err_code rc;

	assert(options->threads >= 1);
	memset(out, 0, sizeof(*out));
	if (!e)
		e = &local;
	rc = run_request_check(t.store, &want, NULL, e);
	if (!rc)
		rc = job_begin(&t.job, t.store, "train", options->command, e);
	if (!rc)
		rc = run_begin(lab, &t.job, &want, &t.run, e);
	if (!rc) {
		rc = work(&t, e);
		if (!rc)
			fill_outcome(&t, out);
		rc = run_end(&t.job, t.run.id, rc, e);
	}
	job_end(&t.job, rc ? e : NULL);
	release(&t);
	return rc;
}
