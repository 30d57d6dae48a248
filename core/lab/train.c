/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/train.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/lab/grade_run.h"
#include "core/lab/keep.h"
#include "core/lab/rate_run.h"
#include "core/lab/run_begin.h"
#include "core/learn/learner.h"
#include "core/learn/self_play.h"
#include "store/game.h"

enum { RESUME_VERSION = 1 };

/* A finished game until its iteration is committed. */
struct pending {
	char *moves;   /* owned, as text */
	void *targets; /* owned */
	size_t targets_len;
	int plies, opening;
	float result;
	int64_t seed;
};

struct training {
	struct lab *lab;                     /* borrowed */
	struct store *store;                 /* borrowed */
	const struct train_options *options; /* borrowed */
	struct job job;
	struct run_begun run;
	char *agent; /* owned; who plays, for the game rows */
	struct learner *learner;
	struct self_play *play;
	struct replay *replay;
	struct pool *pool;
	struct graded_set graded; /* what checkpoints are graded on */
	void *start;              /* owned; starting state */

	/* what the resume record keeps beside learner and self-play */
	int64_t iteration, games, positions, samples;
	int64_t worked_ms;
	double next_checkpoint; /* games */

	struct pending *pending; /* owned; [pending_count] */
	size_t pending_count, pending_cap;
	double began, first_began; /* clock_seconds(): iteration, call */
	double paused;             /* job.paused when the iteration began */
	struct pool_times play_times, step_times; /* of the iteration */
	double cpu_began; /* clock_thread_seconds(): iteration */
	int64_t games_at_start;
	double score; /* of the checkpoint rated last, in a game for one; NAN */
	struct err failed; /* first error inside a callback */
};

/* --- one iteration ------------------------------------------------------- */

static void keep_game(void *ctx, const struct self_play_game *g)
{
	struct training *t = ctx;
	struct pending *p;
	struct buf text;

	if (t->failed.code ||
	    replay_add(t->replay, g->moves, g->count, g->result, g->targets,
		       g->targets_len, &t->failed))
		return;
	if (t->pending_count == t->pending_cap) {
		t->pending_cap = t->pending_cap ? 2 * t->pending_cap : 256;
		t->pending = mem_realloc(t->pending,
					 t->pending_cap * sizeof(*t->pending));
	}
	p = &t->pending[t->pending_count++];
	buf_init(&text);
	game_line_text(&t->run.game, t->start, g->moves, g->count, &text);
	p->moves = buf_detach(&text, NULL);
	buf_release(&text);
	p->targets = mem_alloc(g->targets_len);
	memcpy(p->targets, g->targets, g->targets_len);
	p->targets_len = g->targets_len;
	p->plies = g->count;
	p->opening = g->opening;
	p->result = g->result;
	p->seed = g->number;
}

static void drop_pending(struct training *t)
{
	for (size_t i = 0; i < t->pending_count; i++) {
		free(t->pending[i].moves);
		free(t->pending[i].targets);
	}
	t->pending_count = 0;
}

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

static double iteration_seconds(const struct training *t)
{
	return clock_seconds() - t->began - (t->job.paused - t->paused);
}

static double worked_seconds(const struct training *t)
{
	return clock_seconds() - t->first_began - t->job.paused;
}

static void say_progress(struct training *t, const char *doing)
{
	double goal = goal_games(t);
	double seconds = worked_seconds(t);
	double rate = seconds > 0
			      ? (double)(t->games - t->games_at_start) / seconds
			      : 0;
	char score[40] = "";

	if (isfinite(t->score))
		snprintf(score, sizeof(score), ", score %.1f", t->score);
	if (goal > 0)
		job_progress(
			&t->job, (double)t->games, goal,
			"%s: %lld of %.0f games, step %llu, %.1f "
			"games/s%s",
			doing, (long long)t->games, goal,
			(unsigned long long)learner_step_number(t->learner),
			rate, score);
	else
		job_progress(
			&t->job, seconds / 60, t->options->minutes,
			"%s: %lld games, step %llu, %.1f games/s%s", doing,
			(long long)t->games,
			(unsigned long long)learner_step_number(t->learner),
			rate, score);
}

/* As many steps as the positions so far are worth. */
static void train_steps(struct training *t)
{
	const struct recipe *r = &t->run.recipe;
	int64_t total = replay_total(t->replay);
	uint64_t wanted;

	if (total < r->start_positions || total < 1)
		return;
	wanted = (uint64_t)((double)total * (double)r->reuse / r->batch);
	while (learner_step_number(t->learner) < wanted) {
		uint64_t step = learner_step_number(t->learner);

		learner_step(t->learner, t->replay, recipe_window(r, total),
			     recipe_rate(r, step, t->games), t->pool);
		t->samples += r->batch;
		/* A stop waits for the iteration's end: it is short. */
		job_tick(&t->job);
	}
}

/* --- writing ------------------------------------------------------------- */

static void figure(struct training *t, const char *name, double value,
		   enum store_status *st)
{
	struct store_metric m = {
		.step = (int64_t)learner_step_number(t->learner),
		.games = t->games,
		.time_ms = t->worked_ms,
		.value = value,
	};

	if (*st == STORE_OK && isfinite(value))
		*st = store_metric_add(t->store, t->run.id, name, &m);
}

/* Processor time, so that other programs do not show: milliseconds for each
 * finished game, and the share of the threads' time that was spent waiting for
 * the last of them or for work that one does alone. */
static void write_times(struct training *t, const struct self_play_figures *p,
			enum store_status *st)
{
	const struct pool_times *play = &t->play_times, *step = &t->step_times;
	double alone =
		clock_thread_seconds() - t->cpu_began - play->own - step->own;
	double busy = play->busy + step->busy + alone;
	double longest = play->busiest + step->busiest + alone;

	if (longest > 0)
		figure(t, "idle", 1 - busy / (pool_threads(t->pool) * longest),
		       st);
	if (!p->games)
		return;
	figure(t, "time.network", 1e3 * p->net_seconds / (double)p->games, st);
	figure(t, "time.search",
	       1e3 * (p->busy_seconds - p->net_seconds) / (double)p->games, st);
	figure(t, "time.training",
	       1e3 * (step->busy + alone) / (double)p->games, st);
}

static enum store_status write_figures(struct training *t)
{
	struct learner_figures l;
	struct self_play_figures p;
	enum store_status st = STORE_OK;
	double seconds = iteration_seconds(t);

	learner_take_figures(t->learner, &l);
	self_play_take_figures(t->play, &p);
	if (l.samples) {
		double n = (double)l.samples;

		figure(t, "loss.policy", l.loss.policy / n, &st);
		figure(t, "loss.value", l.loss.value / n, &st);
		if (l.loss.ownership > 0)
			figure(t, "loss.ownership",
			       l.loss.ownership / l.loss.known, &st);
		if (l.loss.lead > 0)
			figure(t, "loss.lead", l.loss.lead / l.loss.known, &st);
		figure(t, "agree", l.loss.agree / n, &st);
		figure(t, "gradient", l.gradient_norm / (double)l.steps, &st);
		figure(t, "rate",
		       (double)recipe_rate(&t->run.recipe,
					   learner_step_number(t->learner),
					   t->games),
		       &st);
	}
	if (p.positions) {
		double n = (double)p.positions;

		figure(t, "kl", p.kl / n, &st);
		figure(t, "entropy", p.entropy / n, &st);
		figure(t, "search.entropy", p.search_entropy / n, &st);
		figure(t, "search.changed", (double)p.best_changed / n, &st);
		figure(t, "network.share", p.net_seconds / p.busy_seconds, &st);
		figure(t, "cache.share", 1 - (double)p.rows / (double)p.leaves,
		       &st);
		figure(t, "positions_per_second", n / seconds, &st);
		write_times(t, &p, &st);
	}
	if (p.games) {
		figure(t, "length", (double)p.plies / (double)p.games, &st);
		if (t->run.game.player_count > 1)
			figure(t, "first_score",
			       p.first_score / (double)p.games, &st);
		if (t->run.game.rules->points)
			figure(t, "selfplay.score", p.points / (double)p.games,
			       &st);
		figure(t, "games_per_second", (double)p.games / seconds, &st);
	}
	return st;
}

static enum store_status write_games(struct training *t)
{
	enum store_status st = STORE_OK;
	int64_t number = t->games - (int64_t)t->pending_count;

	for (size_t i = 0; i < t->pending_count && st == STORE_OK; i++) {
		const struct pending *p = &t->pending[i];
		struct store_game row = {
			.run_id = t->run.id,
			.number = ++number,
			.game = t->run.game.name,
			.first = t->agent,
			.second =
				t->run.game.player_count > 1 ? t->agent : NULL,
			.opening = p->opening,
			.moves = p->moves,
			.plies = p->plies,
			.result = (double)p->result,
			.ended = "rules",
			.purpose = "selfplay",
			.seed = (uint64_t)p->seed,
			.step = (int64_t)learner_step_number(t->learner),
			.targets = p->targets,
			.targets_len = p->targets_len,
		};
		struct buf facts;
		int64_t id;

		buf_init(&facts);
		keep_line_facts(&t->run.game, &row, &facts);
		st = store_game_add(t->store, &row, &id);
		buf_release(&facts);
	}
	return st;
}

static enum store_status write_resume(struct training *t)
{
	enum store_status st;
	struct buf b;

	buf_init(&b);
	buf_u32(&b, RESUME_VERSION);
	buf_u64(&b, (uint64_t)t->iteration);
	buf_u64(&b, (uint64_t)t->games);
	buf_u64(&b, (uint64_t)t->samples);
	buf_u64(&b, (uint64_t)t->worked_ms);
	buf_u64(&b, (uint64_t)llround(t->next_checkpoint * 1024));
	learner_save(t->learner, &b);
	self_play_save(t->play, &b);
	st = store_resume_save(t->store, t->run.id,
			       (int64_t)learner_step_number(t->learner), b.data,
			       b.len);
	buf_release(&b);
	return st;
}

static enum err_code write_checkpoint(struct training *t, struct err *e)
{
	return run_checkpoint(t->store, t->run.id, learner_net(t->learner),
			      (int64_t)learner_step_number(t->learner),
			      t->games, t->samples,
			      learner_checkpoint(t->learner), e);
}

/* Is a checkpoint due?  Moves the schedule on if it is. */
static bool checkpoint_due(struct training *t)
{
	bool due = false;

	if (!learner_step_number(t->learner))
		return t->iteration == 0;
	while ((double)t->games >= t->next_checkpoint) {
		t->next_checkpoint *= (double)t->run.recipe.checkpoint_growth;
		due = true;
	}
	return due;
}

/* Keep what was written if all of it was; else why not. */
static enum err_code close_commit(struct training *t, enum err_code rc,
				  struct err *e)
{
	if (!rc)
		return lab_error(t->store, store_commit(t->store), e);
	store_rollback(t->store);
	return rc;
}

/* Everything of an iteration, together or not at all. */
static enum err_code commit(struct training *t, bool checkpoint, struct err *e)
{
	enum err_code rc = lab_error(t->store, lab_begin(t->store, tick, t), e);

	if (rc)
		return rc;
	rc = lab_error(t->store, write_games(t), e);
	if (!rc)
		rc = lab_error(t->store, write_figures(t), e);
	if (!rc && checkpoint)
		rc = write_checkpoint(t, e);
	if (!rc)
		rc = lab_error(t->store, write_resume(t), e);
	rc = close_commit(t, rc, e);
	drop_pending(t);
	return rc;
}

/* The end of a run is a checkpoint, if there is none yet. */
static enum err_code commit_last(struct training *t, struct err *e)
{
	enum err_code rc = lab_error(t->store, lab_begin(t->store, tick, t), e);

	if (rc)
		return rc;
	return close_commit(t, write_checkpoint(t, e), e);
}

/* ERR_CANCELLED: asked to stop; the lab holds the iterations before. */
static enum err_code iterate(struct training *t, bool *checkpoint,
			     struct err *e)
{
	struct net_plan *plan;
	enum err_code rc;

	t->began = clock_seconds();
	t->paused = t->job.paused;
	t->cpu_began = clock_thread_seconds();
	pool_take_times(t->pool, &t->play_times); /* rating games used it */
	say_progress(t, "self-play");
	plan = net_plan_new(learner_net(t->learner),
			    learner_average(t->learner));
	rc = self_play_advance(t->play, plan, t->run.recipe.plies, t->pool,
			       keep_game, tick, t);
	net_plan_free(plan);
	if (rc)
		return rc;
	if (t->failed.code) {
		*e = t->failed;
		return e->code;
	}
	t->games += (int64_t)t->pending_count;
	pool_take_times(t->pool, &t->play_times);
	say_progress(t, "training");
	train_steps(t);
	pool_take_times(t->pool, &t->step_times);
	t->iteration++;
	t->worked_ms += llround(1000 * iteration_seconds(t));
	*checkpoint = checkpoint_due(t);
	return commit(t, *checkpoint, e);
}

/* --- beginning and going on --------------------------------------------- */

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
	int n;

	if (!game_play_text(&t->run.game, state, row->moves, f->moves, &n,
			    f->e))
		replay_add(t->replay, f->moves, n, (float)row->result,
			   row->targets, row->targets_len, f->e) == ERR_OK
			? (void)f->count++
			: (void)0;
	free(state);
	if (f->e->code)
		err_prefix(f->e, "game %lld of run %s", (long long)row->id,
			   t->options->run);
	return f->e->code == ERR_OK;
}

static enum err_code load_resume(struct training *t, const void *data,
				 size_t len, struct err *e)
{
	struct refill f = {.t = t};
	struct reader r;
	enum err_code rc;
	uint32_t version;

	reader_init(&r, data, len);
	version = reader_u32(&r);
	if (version != RESUME_VERSION)
		return err_set(e, ERR_VERSION,
			       "run %s was saved in format %u and this program "
			       "reads format %d: resume it with the plyscope "
			       "that began it",
			       t->options->run, version, RESUME_VERSION);
	t->iteration = (int64_t)reader_u64(&r);
	t->games = (int64_t)reader_u64(&r);
	t->samples = (int64_t)reader_u64(&r);
	t->worked_ms = (int64_t)reader_u64(&r);
	t->next_checkpoint = (double)reader_u64(&r) / 1024;
	rc = learner_load(t->learner, &r, e);
	if (!rc)
		rc = self_play_load(t->play, &r, e);
	if (rc)
		return rc;

	f.e = e;
	f.moves = mem_zalloc((size_t)t->run.game.max_plies, sizeof(*f.moves));
	rc = lab_error(t->store,
		       store_game_each(t->store, t->run.id, 1, refill_game, &f),
		       e);
	free(f.moves);
	if (!rc && f.e->code)
		rc = f.e->code;
	if (!rc && f.count != t->games)
		rc = err_set(e, ERR_FORMAT,
			     "run %s has %lld stored games where %lld were "
			     "saved: it cannot go on",
			     t->options->run, (long long)f.count,
			     (long long)t->games);
	return rc;
}

static enum err_code prepare(struct training *t, struct err *e)
{
	const struct recipe *r = &t->run.recipe;
	struct store_bag bag = {0};
	enum store_status st;
	const void *data;
	enum err_code rc;
	int64_t step;
	size_t len;

	t->agent = mem_printf("selfplay:%s", t->options->run);
	t->start = game_state_new(&t->run.game, 0);
	t->learner = learner_new(&t->run.game, r, t->run.seed);
	t->play = self_play_new(&t->run.game, r, t->run.seed);
	t->replay = replay_new(&t->run.game, r->window_max, r->search_share);
	replay_score_caps(t->replay, r->cap_lead);
	t->pool = pool_new(t->options->threads);
	t->next_checkpoint = r->checkpoint_first;
	st = store_resume_load(t->store, &bag, t->run.id, &step, &data, &len);
	if (st == STORE_OK)
		rc = load_resume(t, data, len, e);
	else if (st == STORE_NOTFOUND)
		rc = commit(t, true, e); /* the random network is step 0 */
	else
		rc = lab_error(t->store, st, e);
	store_bag_release(&bag);
	if (!rc)
		rc = grade_run_positions(&t->graded, &t->run.game, r, t->pool,
					 tick, t, e);
	return rc;
}

static void release(struct training *t)
{
	graded_release(&t->graded);
	drop_pending(t);
	free(t->pending);
	free(t->agent);
	free(t->start);
	learner_free(t->learner);
	self_play_free(t->play);
	replay_free(t->replay);
	pool_free(t->pool);
}

static bool reached_end(const struct training *t)
{
	double goal = goal_games(t);

	if (goal > 0 && (double)t->games >= goal)
		return true;
	return t->options->minutes > 0 &&
	       worked_seconds(t) >= 60 * t->options->minutes;
}

static enum err_code rate(struct training *t, struct err *e)
{
	struct rate_request want = {
		.run_id = t->run.id,
		.run = t->options->run,
		.game = &t->run.game,
		.recipe = &t->run.recipe,
		.seed = t->run.seed,
		.games = t->games,
		.time_ms = t->worked_ms,
	};
	enum err_code rc = ERR_OK;

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
	bool checkpoint = false;
	enum err_code rc = prepare(t, e);

	t->games_at_start = t->games;
	t->first_began = clock_seconds();
	if (!rc)
		rc = rate(t, e);
	while (!rc && !t->job.stop && !reached_end(t)) {
		rc = iterate(t, &checkpoint, e);
		if (!rc && checkpoint)
			rc = rate(t, e);
	}
	if (rc == ERR_CANCELLED)
		rc = ERR_OK;
	if (!rc)
		rc = commit_last(t, e);
	if (!rc && !t->job.stop)
		rc = rate(t, e);
	return rc == ERR_CANCELLED ? ERR_OK : rc;
}

static void fill_outcome(struct training *t, struct train_outcome *out)
{
	out->games = t->games;
	out->positions = replay_total(t->replay);
	out->step = (int64_t)learner_step_number(t->learner);
	store_weights_sha256(learner_checkpoint(t->learner),
			     learner_param_count(t->learner), out->sha256);
	out->stopped = t->job.stop;
	out->seconds = worked_seconds(t);
	job_progress(&t->job, (double)t->games, goal_games(t),
		     "%s at %lld games, checkpoint %s/%lld",
		     out->stopped ? "stopped" : "done", (long long)t->games,
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
		.has_seed = options->has_seed,
		.seed = options->seed,
		.must_exist = options->must_exist,
		.threads = options->threads,
	};
}

enum err_code train_check(const struct train_options *options, struct err *e)
{
	struct run_request want = request_of(options);

	return run_request_check(NULL, &want, e);
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
	rc = run_request_check(t.store, &want, e);
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
