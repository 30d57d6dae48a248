/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/run_begin.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/parent.h"
#include "core/lab/source.h"
#include "core/learn/memory.h"
#include "core/net/body.h"
#include "core/net/net.h"
#include "store/job.h"
#include "store/run.h"
#include "store/store.h"

static enum err_code check_name(const char *name, struct err *e)
{
	size_t n = strlen(name);
	bool good = n >= 1 && n <= 64;

	for (const char *p = name; *p; p++)
		good = good &&
		       (isalnum((unsigned char)*p) || strchr("-_.", *p));
	if (good)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "run name '%s': must be 1 to 64 letters, digits, '-', "
		       "'_' or '.'",
		       name);
}

static enum err_code read_recipe(const struct run_request *want,
				 struct recipe *r, struct err *e)
{
	enum err_code rc = ERR_OK;
	int usual;

	conf_defaults(recipe_spec, r);
	if (want->ground)
		rc = conf_read(recipe_spec, r, want->ground, want->kind, e);
	if (!rc && !want->recipe && want->usual)
		rc = conf_read(recipe_spec, r, want->usual, want->usual_origin,
			       e);
	/* The rate falls over the run's own length unless told otherwise: no
	 * setting is 0. */
	usual = r->rate_games;
	r->rate_games = 0;
	if (!rc && want->recipe)
		rc = conf_read(recipe_spec, r, want->recipe,
			       want->recipe_origin, e);
	for (int i = 0; i < want->setting_count && !rc; i++)
		rc = conf_read_list(recipe_spec, r, want->settings[i], "recipe",
				    e);
	if (!r->rate_games)
		r->rate_games = want->games > 0 && want->games <= 1000000000
					? (int)want->games
					: usual;
	return rc;
}

static enum err_code busy_with(const char *name, const struct store_job *job,
			       struct err *e)
{
	if (job->life == STORE_LIFE_ALIVE)
		return err_set(e, ERR_BUSY,
			       "run %s is being worked on by process %lld on "
			       "%s: stop that one first",
			       name, (long long)job->pid, job->host);
	return err_set(
		e, ERR_BUSY,
		"run %s is being worked on by process %lld on %s, which "
		"cannot be seen from here: stop it, or wait until it has "
		"been silent for %d minutes, or say --take-over",
		name, (long long)job->pid, job->host, STORE_SILENT_MS / 60000);
}

/* Is another process at work on the run? */
static enum err_code check_idle(struct store *s, int64_t run_id,
				int64_t own_job, const char *name,
				bool take_over, struct err *e)
{
	struct store_bag bag = {0};
	struct store_job *jobs;
	enum err_code rc;
	size_t n;

	if (take_over)
		return lab_error(s, store_job_take_over(s, run_id, own_job), e);
	rc = lab_error(s, store_job_list(s, &bag, run_id, true, &jobs, &n), e);
	for (size_t i = 0; i < n && !rc; i++)
		if (jobs[i].id != own_job && jobs[i].life != STORE_LIFE_DEAD)
			rc = busy_with(name, &jobs[i], e);
	store_bag_release(&bag);
	return rc;
}

/* What a run of a form of its own says now must be what it said. */
static enum err_code check_conf(const struct run_request *want,
				const struct conf_spec *spec, const void *have,
				const void *asked, const char *run,
				struct err *e)
{
	const char *what = want->form ? "settings" : "recipe";
	enum err_code rc = ERR_OK;
	struct buf a, b;

	for (const struct conf_spec *c = spec; c->name && !rc; c++) {
		buf_init(&a);
		buf_init(&b);
		conf_format_value(c, have, &a);
		conf_format_value(c, asked, &b);
		if (strcmp(a.data, b.data))
			rc = err_set(e, ERR_USAGE,
				     "run %s was begun with %s = %s, not %s: a "
				     "run keeps its %s; choose another "
				     "name",
				     run, c->name, a.data, b.data, what);
		buf_release(&a);
		buf_release(&b);
	}
	return rc;
}

/* Settings of a form of its own: the run's, and as they are asked for. */
static enum err_code check_own(const struct run_request *want, const char *run,
			       struct err *e)
{
	void *asked = mem_alloc(want->form->size);
	enum err_code rc = ERR_OK;

	memcpy(asked, want->conf, want->form->size);
	for (int i = 0; i < want->setting_count && !rc; i++)
		rc = conf_read_list(want->form->spec, asked, want->settings[i],
				    want->kind, e);
	if (!rc)
		rc = check_conf(want, want->form->spec, want->conf, asked, run,
				e);
	free(asked);
	return rc;
}

/* Settings given again must say what the run says already. */
static enum err_code check_same(struct store *s, const struct run_request *want,
				const struct store_run *run,
				struct run_begun *out, struct err *e)
{
	struct recipe asked = out->recipe;
	enum err_code rc = ERR_OK;

	if (strcmp(run->kind, want->kind))
		return err_set(e, ERR_USAGE,
			       "run %s is of kind '%s', not '%s': choose "
			       "another name",
			       run->name, run->kind, want->kind);
	if (want->game) {
		struct game g;

		rc = game_init(&g, want->game, e);
		if (!rc && !game_same_rules(&g, &out->game))
			rc = err_set(e, ERR_USAGE,
				     "run %s plays %s, not %s: choose another "
				     "name",
				     run->name, game_short_name(&out->game),
				     game_short_name(&g));
	}
	if (!rc && want->source && run->source &&
	    !source_means(want->source, run->source))
		rc = err_set(e, ERR_USAGE,
			     "run %s imitates %s, not %s: choose another name",
			     run->name, run->source, want->source);
	if (!rc && want->from)
		rc = parent_check(s, want->from, run, e);
	if (!rc && want->has_seed && want->seed != run->seed)
		rc = err_set(e, ERR_USAGE,
			     "run %s has seed %llu, not %llu: choose another "
			     "name",
			     run->name, (unsigned long long)run->seed,
			     (unsigned long long)want->seed);
	if (!rc && want->form)
		return check_own(want, run->name, e);
	if (!rc && want->recipe)
		rc = conf_read(recipe_spec, &asked, want->recipe,
			       want->recipe_origin, e);
	for (int i = 0; i < want->setting_count && !rc; i++)
		rc = conf_read_list(recipe_spec, &asked, want->settings[i],
				    "recipe", e);
	if (rc)
		return rc;
	return check_conf(want, recipe_spec, &out->recipe, &asked, run->name,
			  e);
}

static enum err_code take_existing(struct store *s,
				   const struct run_request *want,
				   const struct store_run *run,
				   struct run_begun *out, struct err *e)
{
	enum err_code rc;

	out->id = run->id;
	out->seed = run->seed;
	out->parent = run->parent_checkpoint;
	out->existed = true;
	rc = err_of_stored(e, game_init(&out->game, run->game, e));
	conf_defaults(recipe_spec, &out->recipe);
	/* A run that does not say was begun before there was a choice. */
	out->recipe.mask_illegal = false;
	if (!rc && want->form && !strcmp(run->kind, want->kind)) {
		conf_defaults(want->form->spec, want->conf);
		rc = err_of_stored(e, conf_read(want->form->spec, want->conf,
						run->config, run->name, e));
	} else if (!rc && !want->form)
		rc = conf_read(recipe_spec, &out->recipe, run->config,
			       run->name, e);
	return rc ? rc : check_same(s, want, run, out, e);
}

/* A search asks about positions that were not played. */
static enum err_code check_self_play(const struct run_request *want,
				     const struct run_begun *run, struct err *e)
{
	struct net_config net;

	recipe_net(&run->recipe, &run->game, &net);
	if (want->source || !net.body->reads_ids)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "a network that reads sequences does not learn by "
		       "self-play, but from the games of a run: plyscope "
		       "imitate games:run=NAME");
}

/* Settings of a form of its own. */
static enum err_code plan_own(const struct run_request *want,
			      const struct game *g, struct err *e)
{
	enum err_code rc = ERR_OK;

	conf_defaults(want->form->spec, want->conf);
	for (int i = 0; i < want->setting_count && !rc; i++)
		rc = conf_read_list(want->form->spec, want->conf,
				    want->settings[i], want->kind, e);
	return rc ? rc : want->form->check(want->conf, g, e);
}

/* The recipe, and what the network begins with. */
static enum err_code plan_recipe(struct store *s,
				 const struct run_request *want,
				 struct run_begun *out, struct err *e)
{
	enum err_code rc = read_recipe(want, &out->recipe, e);

	if (!rc)
		rc = recipe_check(&out->recipe, e);
	if (!rc)
		rc = recipe_check_game(&out->recipe, &out->game, e);
	if (!rc)
		rc = check_self_play(want, out, e);
	if (!rc && want->from)
		rc = parent_find(s, want->from, &out->game, &out->recipe,
				 &out->parent, e);
	return rc;
}

/* Everything about a new run but its row. */
static enum err_code plan_new(struct store *s, const struct run_request *want,
			      struct run_begun *out, struct err *e)
{
	enum err_code rc;

	if (!want->game)
		return err_set(e, ERR_USAGE, "a new run needs a game");
	rc = game_init(&out->game, want->game, e);
	out->parent = 0;
	if (!rc)
		rc = want->form ? plan_own(want, &out->game, e)
				: plan_recipe(s, want, out, e);
	out->seed = want->has_seed ? want->seed : 1;
	out->existed = false;
	return rc;
}

static enum err_code make_new(struct store *s, const struct run_request *want,
			      struct run_begun *out, struct err *e)
{
	struct store_run row = {.name = want->name, .kind = want->kind};
	enum err_code rc = plan_new(s, want, out, e);
	struct buf config, build, host;

	if (rc)
		return rc;
	buf_init(&config);
	buf_init(&build);
	buf_init(&host);
	conf_format(want->form ? want->form->spec : recipe_spec,
		    want->form ? want->conf : (const void *)&out->recipe,
		    &config);
	row.game = out->game.name;
	row.config = config.data;
	row.seed = out->seed;
	row.source = want->source;
	row.parent_checkpoint = out->parent;
	lab_build(&build);
	row.build = build.data;
	lab_host(&host);
	row.host = host.data;
	row.status = "new";
	rc = lab_error(s, store_run_add(s, &row, &out->id), e);
	buf_release(&host);
	buf_release(&build);
	buf_release(&config);
	return rc;
}

static enum err_code check_memory(const struct run_request *want,
				  const struct run_begun *run, struct err *e)
{
	struct memory_work w = {
		.threads = want->threads,
		.self_play = !want->source,
		.games = want->source ? run->recipe.teacher_games : want->games,
		.begun = run->existed,
	};

	return memory_check(&run->recipe, &run->game, &w, mem_available(), e);
}

/* From its weights alone a run would begin again at its first game. */
static enum err_code check_resumable(struct store *s,
				     const struct store_run *run, struct err *e)
{
	bool possible;
	enum store_status st = store_resume_possible(s, run->id, &possible);

	if (st != STORE_OK)
		return lab_error(s, st, e);
	if (possible)
		return ERR_OK;
	return err_set(e, ERR_NOTFOUND,
		       "run %s cannot go on: this lab has its checkpoints, but "
		       "not what learning needs besides; begin another run "
		       "with its recipe, which 'plyscope show run %s' prints",
		       run->name, run->name);
}

/* Finds the run; one that is not there is planned, or made with `make`. */
static enum err_code find_run(struct store *s, const struct run_request *want,
			      bool make, struct run_begun *out, struct err *e)
{
	struct store_bag bag = {0};
	enum store_status st = STORE_NOTFOUND;
	struct store_run run;
	enum err_code rc;

	if (s)
		st = store_run_find(s, &bag, want->name, &run);
	if (st == STORE_OK) {
		rc = take_existing(s, want, &run, out, e);
		if (!rc)
			rc = check_resumable(s, &run, e);
	} else if (st != STORE_NOTFOUND || (s && want->must_exist)) {
		rc = lab_error(s, st, e);
	} else {
		rc = make ? make_new(s, want, out, e)
			  : plan_new(s, want, out, e);
	}
	store_bag_release(&bag);
	return rc;
}

enum err_code run_request_check(struct store *s, const struct run_request *want,
				struct run_begun *out, struct err *e)
{
	enum err_code rc = check_name(want->name, e);
	struct run_begun run = {0};

	if (!rc)
		rc = find_run(s, want, false, &run, e);
	if (!rc && out)
		*out = run;
	return rc || want->form ? rc : check_memory(want, &run, e);
}

static enum err_code begin_locked(struct store *s, struct job *job,
				  const struct run_request *want,
				  struct run_begun *out, struct err *e)
{
	enum err_code rc = find_run(s, want, true, out, e);

	if (!rc)
		rc = check_idle(s, out->id, job->id, want->name,
				want->take_over, e);
	if (!rc)
		rc = job_set_run(job, out->id, e);
	if (!rc)
		rc = lab_error(s, store_run_set_status(s, out->id, "running"),
			       e);
	return rc;
}

enum err_code run_begin(struct lab *lab, struct job *job,
			const struct run_request *want, struct run_begun *out,
			struct err *e)
{
	struct store *s = lab_store(lab);
	enum err_code rc = lab_error(s, store_begin(s), e);

	if (rc)
		return rc;
	rc = begin_locked(s, job, want, out, e);
	if (rc)
		store_rollback(s);
	else
		rc = lab_error(s, store_commit(s), e);
	return rc;
}

enum err_code run_end(struct job *job, int64_t run_id, enum err_code rc,
		      struct err *e)
{
	const char *status = rc ? "failed" : job->stop ? "stopped" : "done";

	enum store_status st = store_run_set_status(job->store, run_id, status);

	if (st == STORE_OK)
		return rc;
	/* Left as it is, it is buried with its run once this process is gone:
	 * a job that ended would leave the run at work for ever. */
	job->id = 0;
	return rc ? rc : lab_error(job->store, st, e);
}

enum err_code run_checkpoint(struct store *s, int64_t run_id,
			     const struct net_config *net, int64_t step,
			     int64_t games, int64_t samples,
			     const float *params, struct err *e)
{
	struct store_bag bag = {0};
	struct store_checkpoint c = {0};
	enum store_status st;
	struct buf text;
	int64_t id;

	st = store_checkpoint_at(s, &bag, run_id, step, &c);
	store_bag_release(&bag);
	if (st == STORE_OK)
		return ERR_OK;
	if (st != STORE_NOTFOUND)
		return lab_error(s, st, e);
	memset(&c, 0, sizeof(c));
	buf_init(&text);
	net_config_format(net, &text);
	c.run_id = run_id;
	c.step = step;
	c.network = text.data;
	c.games = games;
	c.samples = samples;
	c.elo = c.elo_low = c.elo_high = (double)NAN;
	st = store_checkpoint_add(s, &c, params, net_param_count(net), &id);
	buf_release(&text);
	return lab_error(s, st, e);
}
