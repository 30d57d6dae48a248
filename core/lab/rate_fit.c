/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/rate_fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/mem.h"
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

static void add_pairings(struct rate_fit *f, const struct store_pairing *rows,
			 size_t count)
{
	for (size_t k = 0; k < count; k++) {
		f->names[f->count++] = rows[k].first;
		f->names[f->count++] = rows[k].second;
	}
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

static void add_pairs(struct rate_fit *f, const struct store_pairing *rows,
		      size_t count)
{
	for (size_t k = 0; k < count; k++) {
		int i = rate_fit_find(f, rows[k].first);
		int j = rate_fit_find(f, rows[k].second);
		bool turn = i > j;

		f->pairs[f->pair_count++] = (struct fit_pair){
			.i = turn ? j : i,
			.j = turn ? i : j,
			.wins = (double)(turn ? rows[k].losses : rows[k].wins),
			.draws = (double)rows[k].draws,
			.losses =
				(double)(turn ? rows[k].wins : rows[k].losses),
		};
	}
}

static int by_players(const void *a, const void *b)
{
	const struct fit_pair *p = a, *q = b;

	return p->i != q->i ? p->i - q->i : p->j - q->j;
}

/* Games are whole numbers: their sums do not depend on the order. */
static void sort_pairs(struct rate_fit *f)
{
	int n = 0;

	qsort(f->pairs, (size_t)f->pair_count, sizeof(*f->pairs), by_players);
	for (int k = 0; k < f->pair_count; k++) {
		struct fit_pair *q = &f->pairs[k];

		if (n && !by_players(q, &f->pairs[n - 1])) {
			f->pairs[n - 1].wins += q->wins;
			f->pairs[n - 1].draws += q->draws;
			f->pairs[n - 1].losses += q->losses;
		} else {
			f->pairs[n++] = *q;
		}
	}
	f->pair_count = n;
}

static enum err_code read_pool(struct rate_fit *f, struct store *s,
			       const char *game,
			       const struct store_pairing *more,
			       size_t more_count, struct err *e)
{
	struct store_pairing *rows = NULL;
	size_t count = 0;
	enum err_code rc;

	*f = (struct rate_fit){.zero = FIT_NO_ANCHOR};
	rc = lab_error(s, store_pairing_list(s, &f->bag, game, &rows, &count),
		       e);
	if (rc || !(count + more_count))
		return rc;
	f->names = mem_zalloc(2 * (count + more_count), sizeof(*f->names));
	f->pairs = mem_zalloc(count + more_count, sizeof(*f->pairs));
	add_pairings(f, rows, count);
	add_pairings(f, more, more_count);
	sort_names(f);
	add_pairs(f, rows, count);
	add_pairs(f, more, more_count);
	sort_pairs(f);
	f->zero = rate_fit_find(f, "random");
	if (f->zero < 0)
		f->zero = FIT_NO_ANCHOR;
	return ERR_OK;
}

enum err_code rate_fit_make(struct rate_fit *f, struct store *s,
			    const char *game, const struct store_pairing *more,
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
	store_bag_release(&f->bag);
	memset(f, 0, sizeof(*f));
}

static bool same_pool(const struct rate_fit *a, const struct rate_fit *b)
{
	if (a->count != b->count || a->pair_count != b->pair_count)
		return false;
	for (int i = 0; i < a->count; i++)
		if (strcmp(a->names[i], b->names[i]) != 0)
			return false;
	for (int k = 0; k < a->pair_count; k++) {
		const struct fit_pair *p = &a->pairs[k], *q = &b->pairs[k];

		if (by_players(p, q) || p->wins < q->wins ||
		    p->wins > q->wins || p->draws < q->draws ||
		    p->draws > q->draws || p->losses < q->losses ||
		    p->losses > q->losses)
			return false;
	}
	return true;
}

enum err_code rate_fit_holds(const struct rate_fit *f, struct store *s,
			     const char *game, bool *holds, struct err *e)
{
	struct rate_fit now;
	enum err_code rc = read_pool(&now, s, game, NULL, 0, e);

	*holds = !rc && same_pool(f, &now);
	rate_fit_release(&now);
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
		.games = (int64_t)fit->games[player],
		.score = fit->points[player] / fit->games[player],
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
		st = keep_checkpoints(s, game, f);
	return lab_error(s, st, e);
}
