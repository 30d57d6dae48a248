/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/imitate.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/lab/run_begin.h"
#include "core/lab/run_sink.h"
#include "core/lab/source.h"
#include "core/lab/teach_run.h"
#include "core/learn/replay.h"
#include "core/rate/match.h"
#include "store/game.h"
#include "store/match.h"

enum { PAGE = 256 };

struct imitation {
	struct lab *lab;                       /* borrowed */
	struct store *store;                   /* borrowed */
	const struct imitate_options *options; /* borrowed */
	struct job job;
	struct run_begun run;
	struct source source;
	struct replay *data, *held_out;
	struct run_sink sink;
	struct course *course;
	struct pool *pool;
	int64_t games, held_out_games;
	double began;
};

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

/* --- meeting the teacher ------------------------------------------------- */

/* The agent that the learner is matched against, as typed; NULL if there is
 * none.  Caller frees. */
static char *teacher_of(const struct imitation *im)
{
	if (!im->source.games)
		return mem_strdup(im->source.text);
	if (im->source.run)
		return mem_printf("policy:%s/latest", im->source.run);
	if (im->source.agent && strcmp(im->source.agent, "human") != 0)
		return mem_strdup(im->source.agent);
	return NULL;
}

/* Under the name by which others met it: ratings tell agents apart by that,
 * and `latest` is another one tomorrow.  Caller frees. */
static enum err_code resolve(struct imitation *im, const char *spec,
			     char **name, struct err *e)
{
	struct agent *a;
	enum err_code rc =
		agent_open(&a, spec, &im->run.game, lab_agents(im->lab), e);

	if (rc)
		return rc;
	*name = mem_strdup(agent_name(a));
	agent_close(a);
	return ERR_OK;
}

static enum err_code keep_match(struct imitation *im,
				const struct match_request *m,
				const struct match_result *result,
				struct err *e)
{
	bool alone = !m->agents[1];
	struct stat_mean points = stat_mean_of(&result->points);
	struct stat_elo elo = {NAN, NAN, NAN, NAN};
	struct store_match row = {
		.game = im->run.game.name,
		.first = m->agents[0],
		.second = m->agents[1],
		.games = result->games,
		.wins = result->wins,
		.draws = result->draws,
		.losses = result->losses,
		.points = points.mean,
		.points_low = points.low,
		.points_high = points.high,
		.seed = m->seed,
		.openings = "random:4",
		.run_id = im->run.id,
		.step = course_at(im->course)->step,
	};
	int64_t id;

	if (!alone)
		elo = stat_elo_of(result->wins, result->draws, result->losses);
	row.elo = elo.elo;
	row.elo_low = elo.low;
	row.elo_high = elo.high;
	return lab_error(im->store, store_match_add(im->store, &row, &id), e);
}

/* In a one-player game each plays alone. */
static enum err_code compare_points(struct imitation *im,
				    struct match_request *m, const char *self,
				    const char *teacher,
				    struct imitate_outcome *out, struct err *e)
{
	struct match_result result;
	struct stat_mean own;
	enum err_code rc;

	m->agents[0] = self;
	m->agents[1] = NULL;
	rc = match_play(m, im->pool, NULL, job_goes_on, &im->job, &result, e);
	if (!rc)
		rc = keep_match(im, m, &result, e);
	if (rc)
		return rc;
	own = stat_mean_of(&result.points);
	m->agents[0] = teacher;
	rc = match_play(m, im->pool, NULL, job_goes_on, &im->job, &result, e);
	if (!rc)
		rc = keep_match(im, m, &result, e);
	if (rc)
		return rc;
	out->points = own;
	out->teacher_points = stat_mean_of(&result.points);
	return ERR_OK;
}

static enum err_code compare_results(struct imitation *im,
				     struct match_request *m, const char *self,
				     const char *teacher,
				     struct imitate_outcome *out, struct err *e)
{
	struct match_result result;
	enum err_code rc;

	m->agents[0] = self;
	m->agents[1] = teacher;
	rc = match_play(m, im->pool, NULL, job_goes_on, &im->job, &result, e);
	if (!rc)
		rc = keep_match(im, m, &result, e);
	if (rc)
		return rc;
	out->wins = result.wins;
	out->draws = result.draws;
	out->losses = result.losses;
	out->elo = stat_elo_of(result.wins, result.draws, result.losses);
	return ERR_OK;
}

static enum err_code meet(struct imitation *im, const char *teacher,
			  struct imitate_outcome *out, struct err *e)
{
	double steps = (double)course_steps(im->course);
	struct match_openings openings = {.random_plies = 4};
	char self[128];
	struct match_request m = {
		.game = &im->run.game,
		.source = lab_agents(im->lab),
		.openings = &openings,
		.games = im->options->match_games,
		.seed = im->run.seed,
	};

	snprintf(self, sizeof(self), "policy:%s/%lld", im->options->run,
		 (long long)course_at(im->course)->step);
	job_progress(&im->job, steps, steps, "match against %s", teacher);
	return im->run.game.player_count == 1
		       ? compare_points(im, &m, self, teacher, out, e)
		       : compare_results(im, &m, self, teacher, out, e);
}

/* The outcome names the teacher only once all games are played. */
static enum err_code meet_teacher(struct imitation *im,
				  struct imitate_outcome *out, struct err *e)
{
	char *spec = teacher_of(im), *teacher = NULL;
	enum err_code rc = ERR_OK;

	if (spec && im->options->match_games > 0)
		rc = resolve(im, spec, &teacher, e);
	if (!rc && teacher)
		rc = meet(im, teacher, out, e);
	if (rc)
		free(teacher);
	else
		out->teacher = teacher;
	free(spec);
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
		rc = meet_teacher(im, out, e);
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
