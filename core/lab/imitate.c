/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/imitate.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/lab/imitate_int.h"
#include "core/lab/lab.h"
#include "core/lab/run_begin.h"
#include "core/lab/run_sink.h"
#include "core/lab/source.h"
#include "core/lab/taught.h"
#include "core/lab/teach_run.h"
#include "core/lab/trust.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/teach.h"
#include "core/net/body.h"
#include "core/net/net.h"
#include "store/run.h"
#include "store/store.h"

/* --- training ------------------------------------------------------------ */

static void say_progress(void *ctx, enum course_phase phase)
{
	struct imitation *im = ctx;
	int64_t step = course_at(im->course)->step;
	int64_t steps = course_steps(im->course);

	(void)phase;
	job_progress(&im->job, (double)step, (double)steps,
		     "training: step %lld of %lld%s", (long long)step,
		     (long long)steps, im->repeats);
}

/* A new course, or one that takes up the run's record. */
static enum err_code open_course(struct imitation *im, struct err *e)
{
	char *name = mem_printf("run %s", im->options->run);
	struct dataset data = imitate_data(im, false);
	struct dataset held_out = imitate_data(im, true);
	struct course_config config = {
		.name = name,
		.game = &im->run.game,
		.recipe = &im->run.recipe,
		.seed = im->run.seed,
		.data = &data,
		.held_out = &held_out,
		.data_games = im->games,
	};
	enum err_code rc;
	bool resumed;

	im->sink = (struct run_sink){
		.store = im->store,
		.job = &im->job,
		.run = &im->run,
		.doing = say_progress,
		.ctx = im,
	};
	rc = run_sink_course(&im->sink, &config, im->pool, &im->course,
			     &resumed, e);
	free(name);
	return rc;
}

/* --- who labels what ----------------------------------------------------- */

/* The teacher's own games. */
static enum err_code teacher_plays(struct imitation *im, struct err *e)
{
	struct teach_request want = {
		.lab = im->lab,
		.job = &im->job,
		.run = &im->run,
		.teacher = im->source.text,
		.doing = "teaching",
		.first = 1,
		.games = im->run.recipe.teacher_games,
		.positions = im->run.recipe.teacher_positions,
	};
	enum err_code rc = teach_run(&want, im->pool, &im->last, e);

	im->lessons = im->last;
	return rc;
}

/* As it stands after a round, which is a checkpoint. */
static enum err_code student_plays(struct imitation *im, struct err *e)
{
	char *self = mem_printf("policy:%s/%lld", im->options->run,
				(long long)course_at(im->course)->step);
	struct teach_request want = {
		.lab = im->lab,
		.job = &im->job,
		.run = &im->run,
		.teacher = im->source.text,
		.student = self,
		.doing = "the student plays",
		.first = im->last + 1,
		.games = imitate_round_games(im),
	};
	enum err_code rc = teach_run(&want, im->pool, &im->last, e);

	free(self);
	if (!rc)
		rc = imitate_load(im, want.first, im->last, e);
	if (!rc)
		course_next_round(im->course, im->games);
	return rc;
}

/* Whether the games should have been others.  A history is what it is. */
static bool repeats(const struct imitation *im)
{
	return !im->watches && taught_repeats(&im->taught);
}

/* In what is seen of the job while it trains, for that is when there is time to
 * think again. */
static void say_repeats(struct imitation *im)
{
	const struct taught *t = &im->taught;

	if (repeats(im))
		snprintf(im->repeats, sizeof(im->repeats),
			 "; the games repeat each other: %lld of %lld, %lld of "
			 "%lld positions differ",
			 (long long)t->distinct_games, (long long)t->games,
			 (long long)t->distinct_positions,
			 (long long)t->positions);
}

static enum err_code learn(struct imitation *im, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (!im->source.games)
		rc = teacher_plays(im, e);
	if (!rc)
		rc = imitate_load(im, 1, im->last, e);
	if (!rc)
		say_repeats(im);
	if (!rc)
		rc = open_course(im, e);
	if (!rc)
		rc = course_run(im->course, im->pool, e);
	while (!rc && course_rounds_left(im->course)) {
		rc = student_plays(im, e);
		if (!rc)
			rc = course_run(im->course, im->pool, e);
	}
	return rc;
}

/* --- the whole ----------------------------------------------------------- */

/* What the lab holds now, however far it came. */
static enum err_code fill_outcome(struct imitation *im,
				  struct imitate_outcome *out, struct err *e)
{
	struct store_bag bag = {0};
	struct store_checkpoint c;
	enum store_status st =
		store_checkpoint_latest(im->store, &bag, im->run.id, &c);

	if (im->data || im->seen) {
		struct dataset data = imitate_data(im, false);

		out->games = im->games - im->held_out_games;
		out->held_out_games = im->held_out_games;
		out->positions = dataset_rows(&data);
		out->labelled_games = im->taught.games;
		out->distinct_games = im->taught.distinct_games;
		out->labelled_positions = im->taught.positions;
		out->distinct_positions = im->taught.distinct_positions;
		out->repeats = repeats(im);
	}
	if (im->course)
		out->best_step = course_best_step(im->course);
	if (st == STORE_OK) {
		out->step = c.step;
		snprintf(out->sha256, sizeof(out->sha256), "%s", c.sha256);
	}
	store_bag_release(&bag);
	out->stopped = im->job.stop;
	out->seconds = clock_seconds() - im->began - im->job.paused;
	return st == STORE_NOTFOUND ? ERR_OK : lab_error(im->store, st, e);
}

static enum err_code work(struct imitation *im, struct imitate_outcome *out,
			  struct err *e)
{
	enum err_code rc;

	im->pool = pool_new(im->options->threads);
	rc = learn(im, e);
	if (!rc) {
		course_measure(im->course, im->pool, &out->held_out);
		rc = imitate_meet(im, out, e);
	}
	if (rc == ERR_CANCELLED)
		rc = ERR_OK;
	if (!rc)
		rc = fill_outcome(im, out, e);
	if (!rc && !out->stopped)
		job_progress(&im->job, (double)course_steps(im->course),
			     (double)course_steps(im->course),
			     "done: checkpoint %s/%lld agrees on %.1f%% of "
			     "held-out positions",
			     im->options->run, (long long)out->step,
			     100 * out->held_out.agree);
	return rc;
}

static void release(struct imitation *im)
{
	course_free(im->course);
	run_sink_release(&im->sink);
	replay_free(im->data);
	replay_free(im->held_out);
	history_free(im->seen);
	history_free(im->seen_held_out);
	taught_release(&im->taught);
	pool_free(im->pool);
	source_release(&im->source);
}

/* Source of an existing run when none is given, and always as it was resolved
 * then, with its game.  Caller frees both. */
static char *existing_source(struct imitation *im, char **game)
{
	struct store_bag bag = {0};
	struct store_run row;
	char *text = NULL;

	*game = NULL;

	if (store_run_find(im->store, &bag, im->options->run, &row) ==
		    STORE_OK &&
	    row.source &&
	    (!im->options->source ||
	     source_means(im->options->source, row.source))) {
		text = mem_strdup(row.source);
		*game = mem_strdup(row.game);
	}
	store_bag_release(&bag);
	return text;
}

/* What was typed now is this person's; what was stored may be anybody's.  Asked
 * here, and not only when an agent is opened: whom the learner meets at the end
 * would else be refused after all the work. */
static enum err_code may_ask(struct imitation *im, const char *source,
			     struct err *e)
{
	const struct imitate_options *o = im->options;

	if (o->trust_engines)
		trust_all(lab_trust(im->lab));
	/* Where it cannot be kept, it was said for this time. */
	if (o->source)
		source_allow(im->lab, o->source, NULL);
	return source_allowed(im->lab, source, e);
}

/* Whether the recipe's network reads sequences. */
static bool watches(const struct recipe *r, const struct game *g)
{
	struct net_config net;

	if (recipe_check_game(r, g, NULL))
		return false;
	recipe_net(r, g, &net);
	return net.body->reads_ids;
}

/* The same of what is asked for, before it is known to be in order. */
static bool asks_to_watch(const struct imitate_options *o, const struct game *g)
{
	struct recipe r;
	bool good;

	conf_defaults(recipe_spec, &r);
	good = !o->recipe || !conf_read(recipe_spec, &r, o->recipe, "", NULL);
	for (int i = 0; i < o->setting_count; i++)
		good = good && !conf_read_list(recipe_spec, &r, o->settings[i],
					       "", NULL);
	return good && watches(&r, g);
}

/* Only a teacher can be asked about more. */
static enum err_code check_stored(const struct run_begun *run, struct err *e)
{
	if (run->recipe.dagger_rounds)
		return err_set(e, ERR_USAGE,
			       "stored games cannot label what the student "
			       "plays: dagger_rounds is for a teacher");
	if (run->recipe.target != TEACH_POLICY)
		return err_set(e, ERR_USAGE,
			       "of stored games their policies are learned: "
			       "target is for a teacher");
	return ERR_OK;
}

/* Options that are settings come last: they are what was typed. */
struct extra_settings {
	const char **all; /* owned */
	int count;
	char games[64], student[64];
};

static void add_settings(struct extra_settings *x,
			 const struct imitate_options *o, const char *usual)
{
	struct recipe r;

	x->all = mem_zalloc((size_t)o->setting_count + 2, sizeof(*x->all));
	if (o->student > 0) {
		conf_defaults(recipe_spec, &r);
		if (conf_read(recipe_spec, &r, usual, "imitate", NULL))
			assert(!"the usual settings are none");
		snprintf(x->student, sizeof(x->student), "filters=%d",
			 (int)fmax(1, round(o->student * r.filters)));
		x->all[x->count++] = x->student;
	}
	for (int i = 0; i < o->setting_count; i++)
		x->all[x->count++] = o->settings[i];
	if (o->games) {
		snprintf(x->games, sizeof(x->games), "teacher_games=%d",
			 o->games);
		x->all[x->count++] = x->games;
	}
}

/* The run of an opened source. */
static enum err_code begin_run(struct imitation *im, struct err *e)
{
	const struct imitate_options *o = im->options;
	char *usual =
		imitate_usual(im->store, im->source.text, &im->source.game,
			      o->from, asks_to_watch(o, &im->source.game));
	struct extra_settings extra = {0};
	struct run_request want = {
		.name = o->run,
		.kind = "imitate",
		.game = im->source.game.name,
		.source = im->source.text,
		.recipe = o->recipe,
		.recipe_origin = o->recipe_origin,
		.ground = usual,
		.from = o->from,
		.has_seed = o->has_seed,
		.seed = o->seed,
		.threads = o->threads,
		.take_over = o->take_over,
	};
	enum err_code rc;

	add_settings(&extra, o, usual);
	want.settings = extra.all;
	want.setting_count = extra.count;
	rc = run_request_check(im->store, &want, &im->run, e);
	im->watches = !rc && watches(&im->run.recipe, &im->run.game);
	if (im->watches && !im->source.games)
		rc = err_set(e, ERR_USAGE,
			     "a network that reads sequences learns from games "
			     "in the order in which they were played, as in "
			     "games:run=c4: a teacher's have none");
	if (!rc)
		rc = im->source.games
			     ? check_stored(&im->run, e)
			     : teach_run_check(im->lab, im->source.text,
					       &im->run.game, &im->run.recipe,
					       e);
	if (!rc)
		rc = job_begin(&im->job, im->store, "imitate", o->command, e);
	if (!rc)
		rc = run_begin(im->lab, &im->job, &want, &im->run, e);
	free(extra.all);
	free(usual);
	return rc;
}

static enum err_code begin(struct imitation *im, struct err *e)
{
	const struct imitate_options *o = im->options;
	char *existing_game;
	char *existing = existing_source(im, &existing_game);
	const char *source = existing ? existing : o->source;
	enum err_code rc;

	if (!source)
		rc = err_set(e, ERR_NOTFOUND,
			     "there is no imitation run %s in %s: a new one "
			     "needs a SOURCE",
			     o->run, lab_path(im->lab));
	else
		rc = may_ask(im, source, e);
	if (!rc)
		rc = source_open(&im->source, im->lab, source,
				 o->game ? o->game : existing_game, e);
	if (!rc)
		rc = begin_run(im, e);
	free(existing);
	free(existing_game);
	return rc;
}

void imitate_outcome_release(struct imitate_outcome *out)
{
	free(out->teacher);
	out->teacher = NULL;
}

enum err_code imitate_run(struct lab *lab,
			  const struct imitate_options *options,
			  struct imitate_outcome *out, struct err *e)
{
	struct imitation im = {
		.lab = lab,
		.store = lab_store(lab),
		.options = options,
		.job = {.interrupt = options->interrupt,
			.report = options->report,
			.ctx = options->ctx},
		.began = clock_seconds(),
	};
	struct err local = ERR_INIT;
	enum err_code rc;

	assert(options->threads >= 1);
	memset(out, 0, sizeof(*out));
	out->step = out->best_step = -1;
	out->points = out->teacher_points =
		stat_mean_of(&(struct stat_sums){0});
	if (!e)
		e = &local;
	rc = begin(&im, e);
	if (!rc) {
		rc = work(&im, out, e);
		rc = run_end(&im.job, im.run.id, rc, e);
	}
	job_end(&im.job, rc ? e : NULL);
	release(&im);
	return rc;
}
