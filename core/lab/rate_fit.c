/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/rate_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/lab/evidence.h"
#include "core/lab/lab.h"
#include "core/learn/recipe.h"
#include "store/run.h"
#include "store/store.h"

void rate_agent_name(const struct recipe *recipe, const char *run, int64_t step,
		     char out[128])
{
	if (recipe->rate_simulations)
		snprintf(out, 128, "mcts:%s/%lld,sims=%d", run, (long long)step,
			 recipe->rate_simulations);
	else
		snprintf(out, 128, "policy:%s/%lld", run, (long long)step);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int rate_fit_find(const struct rate_fit *f, const char *name)
{
	const char *const *found =
		f->count ? bsearch(&name, f->names, (size_t)f->count,
				   sizeof(*f->names), by_name)
			 : NULL;

	return found ? (int)(found - f->names) : -1;
}

static void sort_names(struct rate_fit *f)
{
	int n = 0;

	qsort(f->names, (size_t)f->count, sizeof(*f->names), by_name);
	for (int i = 0; i < f->count; i++)
		if (!n || strcmp(f->names[i], f->names[n - 1]) != 0)
			f->names[n++] = f->names[i];
	f->count = n;
}

/* As players are numbered by name and pairings sorted by it, these are too. */
static void add_pair(struct rate_fit *f, const struct evidence_pairing *p)
{
	int i = rate_fit_find(f, p->first), j = rate_fit_find(f, p->second);
	double points = (double)p->wins + 0.5 * (double)p->draws;

	f->pair_games[f->pair_count] = p->games;
	f->pairs[f->pair_count++] = (struct fit_pair){
		.i = i,
		.j = j,
		.wins = p->points,
		.losses = fmax(p->units - p->points, 0),
		.dispersion = p->dispersion,
	};
	f->played[i].games += p->games;
	f->played[i].points += points;
	f->played[j].games += p->games;
	f->played[j].points += (double)p->games - points;
}

static enum err_code read_pool(struct rate_fit *f, struct store *s,
			       const char *game, const struct store_match *more,
			       size_t more_count, struct err *e)
{
	const struct evidence_pairing *rows;
	enum err_code rc;
	size_t count;

	*f = (struct rate_fit){.zero = FIT_NO_ANCHOR};
	rc = lab_error(
		s,
		evidence_of_game(s, &f->bag, game, more, more_count, &f->pool),
		e);
	rows = f->pool.rows;
	count = f->pool.count;
	if (rc || !count)
		return rc;
	f->names = mem_zalloc(2 * count, sizeof(*f->names));
	f->pairs = mem_zalloc(count, sizeof(*f->pairs));
	f->pair_games = mem_zalloc(count, sizeof(*f->pair_games));
	for (size_t k = 0; k < count; k++) {
		f->names[f->count++] = rows[k].first;
		f->names[f->count++] = rows[k].second;
	}
	sort_names(f);
	f->played = mem_zalloc((size_t)f->count, sizeof(*f->played));
	for (size_t k = 0; k < count; k++)
		add_pair(f, &rows[k]);
	f->zero = rate_fit_find(f, "random");
	if (f->zero < 0)
		f->zero = FIT_NO_ANCHOR;
	return ERR_OK;
}

enum err_code rate_fit_make(struct rate_fit *f, struct store *s,
			    const char *game, const struct store_match *more,
			    size_t more_count, bool (*goes_on)(void *ctx),
			    void *ctx, struct err *e)
{
	enum err_code rc = read_pool(f, s, game, more, more_count, e);

	if (rc || !f->count)
		return rc;
	f->made = fit_try(&f->fit, f->count, f->pairs, f->pair_count, f->zero,
			  goes_on, ctx);
	return f->made ? ERR_OK
		       : err_set(e, ERR_CANCELLED, "the fit was stopped");
}

void rate_fit_release(struct rate_fit *f)
{
	if (f->made)
		fit_release(&f->fit);
	free(f->names);
	free(f->pairs);
	free(f->pair_games);
	free(f->played);
	store_bag_release(&f->bag);
	memset(f, 0, sizeof(*f));
}

enum err_code rate_fit_holds(const struct rate_fit *f, struct store *s,
			     const char *game, bool *holds, struct err *e)
{
	uint64_t now;
	enum err_code rc = lab_error(s, evidence_mark(s, game, &now), e);

	*holds = !rc && now == f->pool.mark;
	return rc;
}

struct store_rating rate_fit_row(const struct rate_fit *f, int player,
				 const char *game)
{
	const struct fit *fit = &f->fit;

	return (struct store_rating){
		.agent = f->names[player],
		.game = game,
		.elo = fit->elo[player],
		.elo_low = fit->low[player],
		.elo_high = fit->high[player],
		.games = f->played[player].games,
		.score = f->played[player].points /
			 (double)f->played[player].games,
		.linked = fit->anchor != FIT_NO_ANCHOR && fit->linked[player],
	};
}

static enum store_status keep_rows(const struct rate_fit *f, struct store *s,
				   const char *game)
{
	enum store_status st = store_rating_clear(s, game);

	for (int i = 0; i < f->count && st == STORE_OK; i++) {
		struct store_rating row = rate_fit_row(f, i, game);

		st = store_rating_set(s, &row);
	}
	return st;
}

/* Curves show the metrics, tables the checkpoints: both follow the fit. */
static enum store_status keep_checkpoint(struct store *s,
					 const struct store_checkpoint *c,
					 double elo, double low, double high)
{
	enum store_status st = STORE_OK;

	if (c->elo != elo || c->elo_low != low || c->elo_high != high)
		st = store_checkpoint_rate(s, c->id, elo, low, high);
	if (st == STORE_OK)
		st = store_metric_change(s, c->run_id, "elo", c->step, elo);
	if (st == STORE_OK)
		st = store_metric_change(s, c->run_id, "elo.low", c->step, low);
	if (st == STORE_OK)
		st = store_metric_change(s, c->run_id, "elo.high", c->step,
					 high);
	return st;
}

static enum store_status keep_run(struct store *s, struct store_bag *bag,
				  const struct store_run *run,
				  const struct rate_fit *f)
{
	struct store_checkpoint *rows;
	struct recipe recipe;
	enum store_status st;
	size_t count;

	/* What cannot be read (another version's settings) is at its default.
	 */
	conf_defaults(recipe_spec, &recipe);
	if (conf_read(recipe_spec, &recipe, run->config, run->name, NULL))
		recipe.rate_simulations = 0;
	st = store_checkpoint_list(s, bag, run->id, &rows, &count);
	for (size_t i = 0; i < count && st == STORE_OK; i++) {
		char name[128];
		int who;

		rate_agent_name(&recipe, run->name, rows[i].step, name);
		who = rate_fit_find(f, name);
		if (who >= 0)
			st = keep_checkpoint(s, &rows[i], f->fit.elo[who],
					     f->fit.low[who], f->fit.high[who]);
	}
	return st;
}

static enum store_status keep_checkpoints(struct store *s, const char *game,
					  const struct rate_fit *f)
{
	struct store_bag bag = {0};
	struct store_run *runs;
	size_t count;
	enum store_status st = store_run_list(s, &bag, &runs, &count);

	for (size_t i = 0; i < count && st == STORE_OK; i++)
		if (!strcmp(runs[i].game, game))
			st = keep_run(s, &bag, &runs[i], f);
	store_bag_release(&bag);
	return st;
}

enum err_code rate_fit_keep(struct rate_fit *f, struct store *s,
			    const char *game, struct err *e)
{
	enum store_status st;

	if (!f->made)
		return ERR_OK;
	if (f->fit.anchor != f->zero)
		fit_anchor(&f->fit, f->zero);
	st = keep_rows(f, s, game);
	if (st == STORE_OK)
		st = evidence_keep(s, &f->pool);
	if (st == STORE_OK)
		st = keep_checkpoints(s, game, f);
	return lab_error(s, st, e);
}
