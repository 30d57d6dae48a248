/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/imitate.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/lab/imitate_int.h"
#include "core/lab/lab.h"
#include "core/lab/run_begin.h"
#include "core/lab/run_sink.h"
#include "core/lab/source.h"
#include "core/lab/teach_run.h"
#include "core/lab/trust.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/replay.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

enum { PAGE = 256 };

/* --- the positions ------------------------------------------------------- */

struct loading {
	struct imitation *im;
	game_move *moves; /* owned; [max_plies] */
	int64_t plies;    /* counted, when there is no replay yet */
	struct err *e;
};

/* Which sides of a stored game are to be imitated. */
static int players_of(const struct imitation *im, const struct store_game *row)
{
	int players = 0;

	if (!im->source.agent)
		return 3;
	if (!strcmp(row->first, im->source.agent))
		players |= 1;
	if (row->second && !strcmp(row->second, im->source.agent))
		players |= 2;
	return players;
}

static bool load_game(void *ctx, const struct store_game *row)
{
	struct loading *l = ctx;
	struct imitation *im = l->im;
	struct rng split;
	struct replay *into;
	void *state;
	int n;

	if (!im->data) {
		l->plies += row->plies;
		return true;
	}
	/* Whole games are held out: positions of one game are alike. */
	rng_init(&split, im->run.seed, RNG_SPLIT,
		 (uint64_t)(row->number ? row->number : row->id), 0);
	into = rng_float(&split) < im->run.recipe.held_out ? im->held_out
							   : im->data;
	state = game_state_new(&im->run.game, 0);
	if (!game_play_text(&im->run.game, state, row->moves, l->moves, &n,
			    l->e)) {
		if (row->targets_len)
			(void)(replay_add(into, l->moves, n, (float)row->result,
					  row->targets, row->targets_len,
					  l->e) == ERR_OK);
		else
			replay_add_plain(into, l->moves, n, row->opening,
					 players_of(im, row),
					 (float)row->result);
	}
	free(state);
	if (l->e->code) {
		err_prefix(l->e, "game %lld", (long long)row->id);
		return false;
	}
	im->games++;
	im->held_out_games += into == im->held_out;
	return true;
}

/* Stored games by the source's filter, a page at a time. */
static enum err_code each_stored(struct loading *l, struct err *e)
{
	struct store_game_filter f = l->im->source.filter;
	enum err_code rc = ERR_OK;
	size_t n = PAGE;

	f.oldest_first = true;
	f.limit = PAGE;
	for (f.offset = 0; !rc && n == PAGE; f.offset += PAGE) {
		struct store_bag bag = {0};
		struct store_game *rows;

		rc = lab_error(
			l->im->store,
			store_game_list(l->im->store, &bag, &f, &rows, &n), e);
		for (size_t i = 0; i < n && !rc; i++) {
			enum store_status st;

			/* Without a result it teaches no value. */
			if (rows[i].id > l->im->source.upto ||
			    isnan(rows[i].result))
				continue;
			st = store_game_targets(l->im->store, &bag, rows[i].id,
						&rows[i].targets,
						&rows[i].targets_len);
			if (st && st != STORE_NOTFOUND)
				rc = lab_error(l->im->store, st, e);
			else if (!load_game(l, &rows[i]))
				rc = e->code;
		}
		store_bag_release(&bag);
	}
	return rc;
}

static enum err_code each_game(struct loading *l, struct err *e)
{
	struct imitation *im = l->im;
	enum err_code rc;

	if (im->source.games)
		return each_stored(l, e);
	rc = lab_error(im->store,
		       store_game_each(im->store, im->run.id, 1, load_game, l),
		       e);
	return rc ? rc : e->code;
}

static enum err_code load_positions(struct imitation *im, struct err *e)
{
	const struct recipe *r = &im->run.recipe;
	struct loading l = {.im = im, .e = e};
	enum err_code rc = each_game(&l, e);
	/* What a teacher says is its value; of stored searches the recipe
	 * decides. */
	float share = im->source.games ? r->search_share : 1;

	if (rc)
		return rc;
	im->data = replay_new(&im->run.game, l.plies + 1, share);
	im->held_out = replay_new(&im->run.game, l.plies + 1, share);
	l.moves = mem_zalloc((size_t)im->run.game.max_plies, sizeof(*l.moves));
	rc = each_game(&l, e);
	free(l.moves);
	if (!rc && (!replay_held(im->data) || !replay_held(im->held_out)))
		rc = err_set(e, ERR_NOTFOUND,
			     "%s: %lld games are too few to train on some and "
			     "hold out others",
			     im->source.text, (long long)im->games);
	return rc;
}

/* --- training ------------------------------------------------------------ */

static void say_progress(void *ctx, enum course_phase phase)
{
	struct imitation *im = ctx;
	int64_t step = course_at(im->course)->step;
	int64_t steps = course_steps(im->course);

	(void)phase;
	job_progress(&im->job, (double)step, (double)steps,
		     "training: step %lld of %lld", (long long)step,
		     (long long)steps);
}

static enum err_code train(struct imitation *im, struct err *e)
{
	char *name = mem_printf("run %s", im->options->run);
	struct dataset data = replay_dataset(im->data);
	struct dataset held_out = replay_dataset(im->held_out);
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
	return rc ? rc : course_run(im->course, im->pool, e);
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

	if (im->data) {
		out->games = im->games - im->held_out_games;
		out->held_out_games = im->held_out_games;
		out->positions = replay_held(im->data);
	}
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
	enum err_code rc = ERR_OK;

	im->pool = pool_new(im->options->threads);
	if (!im->source.games) {
		struct teach_request want = {
			.lab = im->lab,
			.job = &im->job,
			.run = &im->run,
			.teacher = im->source.text,
			.games = im->run.recipe.teacher_games,
		};

		rc = teach_run(&want, im->pool, e);
	}
	if (!rc)
		rc = load_positions(im, e);
	if (!rc)
		rc = train(im, e);
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

static enum err_code begin(struct imitation *im, struct err *e)
{
	const struct imitate_options *o = im->options;
	char *existing_game;
	char *existing = existing_source(im, &existing_game);
	const char *source = existing ? existing : o->source;
	struct run_request want = {
		.name = o->run,
		.kind = "imitate",
		.recipe = o->recipe,
		.recipe_origin = o->recipe_origin,
		.settings = o->settings,
		.setting_count = o->setting_count,
		.from = o->from,
		.has_seed = o->has_seed,
		.seed = o->seed,
		.threads = o->threads,
		.take_over = o->take_over,
	};
	const char **settings =
		mem_zalloc((size_t)o->setting_count + 1, sizeof(*settings));
	char games[64];
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
	if (!rc) {
		want.game = im->source.game.name;
		want.source = im->source.text;
		memcpy(settings, o->settings,
		       (size_t)o->setting_count * sizeof(*settings));
		want.settings = settings;
		if (o->games) {
			snprintf(games, sizeof(games), "teacher_games=%d",
				 o->games);
			settings[want.setting_count++] = games;
		}
		rc = run_request_check(im->store, &want, e);
	}
	if (!rc)
		rc = job_begin(&im->job, im->store, "imitate", o->command, e);
	if (!rc)
		rc = run_begin(im->lab, &im->job, &want, &im->run, e);
	free(settings);
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
	out->step = -1;
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
