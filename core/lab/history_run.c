/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/history_run.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/lab/lives.h"
#include "core/lab/run_begin.h"
#include "core/learn/recipe.h"

/* Lives whose bytes are in memory at once, for each thread. */
enum { LIVES_PER_THREAD = 8 };

struct history {
	const struct history_options *options;
	struct lab *lab;
	struct job job;
	struct run_begun run;
	struct recipe *recipes; /* owned; [teachers] */
	struct history_outcome *out;
	/* the batch at hand */
	struct life_task *tasks; /* owned; [batch] */
	struct buf *before;      /* owned; [batch] */
	int *which;              /* owned; [batch]: numbers of their lives */
	int batch, count;
	int64_t begun_ms;
};

/* --- settings ------------------------------------------------------------ */

/* The value of a setting that varies which the life of this number gets. */
static char *value_of(const char *setting, int number)
{
	const char *at = strchr(setting, '=') + 1;
	int choices = 1;
	size_t len;

	for (const char *p = at; *p; p++)
		choices += *p == '|';
	for (int i = number % choices; i; i--)
		at = strchr(at, '|') + 1;
	len = strcspn(at, "|");
	return mem_printf("%.*s=%.*s", (int)strcspn(setting, "="), setting,
			  (int)len, at);
}

/* A network may be written with bars of its own; nothing else is. */
static bool varies(const char *setting)
{
	const char *value = strchr(setting, '=');

	return value && strchr(value, '|') &&
	       strncmp(setting, "network=", strlen("network=")) != 0;
}

/* The settings of life `number`: those that vary get its values. */
static char **settings_of(const struct history_options *o, int number)
{
	char **out = mem_zalloc((size_t)o->setting_count + 1, sizeof(*out));

	for (int i = 0; i < o->setting_count; i++)
		out[i] = varies(o->settings[i])
				 ? value_of(o->settings[i], number)
				 : mem_strdup(o->settings[i]);
	return out;
}

static void settings_free(char **settings)
{
	for (int i = 0; settings[i]; i++)
		free(settings[i]);
	free(settings);
}

static enum err_code make_recipes(struct history *h, struct err *e)
{
	const struct history_options *o = h->options;
	enum err_code rc = ERR_OK;

	h->recipes = mem_zalloc((size_t)o->teachers, sizeof(*h->recipes));
	for (int i = 0; i < o->teachers && !rc; i++) {
		char **settings = settings_of(o, i);

		h->recipes[i] = h->run.recipe;
		for (int k = 0; settings[k] && !rc; k++)
			rc = conf_read_list(recipe_spec, &h->recipes[i],
					    settings[k], "recipe", e);
		if (!rc)
			rc = recipe_check(&h->recipes[i], e);
		if (!rc)
			rc = recipe_check_game(&h->recipes[i], &h->run.game, e);
		settings_free(settings);
	}
	return rc;
}

/* --- making -------------------------------------------------------------- */

static uint64_t seed_of(const struct history *h, int number)
{
	return h->options->first_seed + (uint64_t)number;
}

static bool goes_on(void *ctx, int64_t games)
{
	struct history *h = ctx;
	const struct history_options *o = h->options;
	int parts = o->teachers * (o->until_cut ? 1 : 2);

	job_progress(&h->job, h->out->made + h->out->there, parts,
		     "%s: %d of %d parts of lives, %lld games in those that "
		     "are made",
		     o->set, h->out->made + h->out->there, parts,
		     (long long)games);
	return job_tick(&h->job);
}

static enum err_code keep(void *ctx, int task, struct err *e)
{
	struct history *h = ctx;
	struct life_task *t = &h->tasks[task];
	struct lives_put put = {
		.set = h->options->set,
		.seed = t->config.seed,
		.part = t->part,
		.begun_ms = h->begun_ms,
		.data = t->out.data,
		.len = t->out.len,
	};
	struct buf settings;
	enum err_code rc;

	buf_init(&settings);
	life_settings(t->config.recipe, &t->config.grid, &settings);
	put.settings = settings.data;
	rc = lives_put(h->lab, &put, job_goes_on, &h->job, e);
	buf_release(&settings);
	buf_release(&t->out);
	buf_init(&t->out);
	h->out->made += !rc;
	return rc;
}

/* Is it what is asked for now? */
static enum err_code check_there(struct history *h, int number,
				 const char *settings, struct err *e)
{
	if (!life_settings_say(settings, &h->recipes[number],
			       &h->options->grid))
		return err_set(e, ERR_USAGE,
			       "life %s/%llu was made with other settings: "
			       "choose another name",
			       h->options->set,
			       (unsigned long long)seed_of(h, number));
	h->out->there++;
	return ERR_OK;
}

static const struct store_life *find_row(const struct lives_set *set,
					 uint64_t seed, const char *part)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->rows[i].seed == seed &&
		    !strcmp(set->rows[i].part, part))
			return &set->rows[i];
	return NULL;
}

static enum err_code add_task(struct history *h, int number,
			      enum life_part part, struct err *e)
{
	const struct history_options *o = h->options;
	struct life_task *t = &h->tasks[h->count];
	uint64_t seed = seed_of(h, number);
	struct buf *before = &h->before[h->count];
	enum err_code rc = ERR_OK;

	*t = (struct life_task){
		.config = {.game = &h->run.game,
			   .recipe = &h->recipes[number],
			   .grid = o->grid,
			   .seed = seed},
		.part = part,
		.seed = life_usual_seed(seed),
	};
	buf_clear(before);
	if (part == LIFE_AFTER)
		rc = lives_load(h->lab, o->set, seed, LIFE_BEFORE, before, e);
	t->before = before->data;
	t->before_len = before->len;
	h->count += !rc;
	return rc;
}

static enum err_code make_batch(struct history *h, struct pool *pool,
				struct err *e)
{
	enum err_code rc;

	if (!h->count)
		return ERR_OK;
	h->begun_ms = clock_now_ms();
	rc = lives_run(h->tasks, h->count, pool, keep, goes_on, h, e);
	for (int i = 0; i < h->count; i++)
		buf_release(&h->tasks[i].out);
	h->count = 0;
	return rc;
}

/* One part of all lives; those that are there are only looked at. */
static enum err_code make_part(struct history *h, enum life_part part,
			       const struct lives_set *set, struct pool *pool,
			       struct err *e)
{
	const char *name = part == LIFE_BEFORE ? "before" : "after";
	enum err_code rc = ERR_OK;

	for (int i = 0; i < h->options->teachers && !rc; i++) {
		const struct store_life *row =
			find_row(set, seed_of(h, i), name);

		if (row)
			rc = check_there(h, i, row->settings, e);
		else
			rc = add_task(h, i, part, e);
		if (!rc && h->count == h->batch)
			rc = make_batch(h, pool, e);
	}
	return rc ? rc : make_batch(h, pool, e);
}

static enum err_code make_all(struct history *h, struct err *e)
{
	const struct history_options *o = h->options;
	struct pool *pool = pool_new(o->threads);
	struct lives_set set;
	enum err_code rc;

	h->batch = LIVES_PER_THREAD * o->threads;
	h->tasks = mem_zalloc((size_t)h->batch, sizeof(*h->tasks));
	h->before = mem_zalloc((size_t)h->batch, sizeof(*h->before));
	for (int i = 0; i < h->batch; i++)
		buf_init(&h->before[i]);
	rc = lives_list(h->lab, o->set, &set, e);
	if (!rc)
		rc = make_part(h, LIFE_BEFORE, &set, pool, e);
	if (!rc && !o->until_cut)
		rc = make_part(h, LIFE_AFTER, &set, pool, e);
	lives_release(&set);
	for (int i = 0; i < h->batch; i++)
		buf_release(&h->before[i]);
	free(h->before);
	free(h->tasks);
	pool_free(pool);
	return rc;
}

/* --- the whole ----------------------------------------------------------- */

static enum err_code check_options(const struct history_options *o,
				   struct err *e)
{
	for (int i = 0; i < o->setting_count; i++)
		if (!strchr(o->settings[i], '='))
			return err_set(e, ERR_USAGE, "'%s' is not key=value",
				       o->settings[i]);
	if (o->first_seed > UINT64_MAX - (uint64_t)o->teachers)
		return err_set(e, ERR_USAGE,
			       "there are not so many seeds from %llu on",
			       (unsigned long long)o->first_seed);
	return life_grid_check(&o->grid, e);
}

static enum err_code sum_up(struct history *h, struct err *e)
{
	struct lives_set set;
	enum err_code rc = lives_list(h->lab, h->options->set, &set, e);

	if (!rc) {
		h->out->packed = set.packed;
		memcpy(h->out->sha256, set.sha256, sizeof(set.sha256));
		for (size_t i = 0; i < set.count; i++)
			h->out->lives +=
				!i || set.rows[i].seed != set.rows[i - 1].seed;
	}
	lives_release(&set);
	return rc;
}

static enum err_code run_lives(struct history *h, struct err *e)
{
	const struct history_options *o = h->options;
	char **settings = settings_of(o, 0);
	struct run_request want = {
		.name = o->set,
		.kind = "history",
		.game = o->game,
		.ground = life_usual,
		.settings = (const char *const *)settings,
		.setting_count = o->setting_count,
		.games = o->grid.games,
		.take_over = o->take_over,
		.threads = o->threads,
	};
	enum err_code rc = run_begin(h->lab, &h->job, &want, &h->run, e);

	settings_free(settings);
	if (rc)
		return rc;
	rc = make_recipes(h, e);
	if (!rc)
		rc = make_all(h, e);
	if (rc == ERR_CANCELLED) {
		h->out->stopped = true;
		rc = ERR_OK;
	}
	if (!rc)
		rc = sum_up(h, e);
	return run_end(&h->job, h->run.id, rc, e);
}

enum err_code history_run(struct lab *lab,
			  const struct history_options *options,
			  struct history_outcome *out, struct err *e)
{
	struct history h = {
		.options = options,
		.lab = lab,
		.out = out,
		.job = {.interrupt = options->interrupt,
			.report = options->report,
			.ctx = options->ctx},
	};
	double since = clock_seconds();
	enum err_code rc = check_options(options, e);

	memset(out, 0, sizeof(*out));
	if (!rc)
		rc = job_begin(&h.job, lab_store(lab), "history",
			       options->command, e);
	if (rc)
		return rc;
	rc = run_lives(&h, e);
	job_end(&h.job, rc ? e : NULL);
	free(h.recipes);
	out->seconds = clock_seconds() - since - h.job.paused;
	return rc;
}
