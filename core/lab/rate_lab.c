/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/rate_lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/rate/fit.h"
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

/* The players of a game and their games, as the fit wants them. */
struct pool_of {
	const char **names; /* owned; sorted, the texts are in a bag */
	int count;
	struct fit_pair *pairs; /* owned */
	int pair_count;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* -1: not among them. */
static int find_player(const struct pool_of *p, const char *name)
{
	const char *const *found = bsearch(&name, p->names, (size_t)p->count,
					   sizeof(*p->names), by_name);

	return found ? (int)(found - p->names) : -1;
}

static void fill_pool(struct pool_of *p, const struct store_pairing *rows,
		      size_t count)
{
	p->names = mem_zalloc(2 * count, sizeof(*p->names));
	p->pairs = mem_zalloc(count, sizeof(*p->pairs));
	for (size_t i = 0; i < count; i++) {
		p->names[2 * i] = rows[i].first;
		p->names[2 * i + 1] = rows[i].second;
	}
	qsort(p->names, 2 * count, sizeof(*p->names), by_name);
	for (size_t i = 0; i < 2 * count; i++)
		if (!i || strcmp(p->names[i], p->names[i - 1]) != 0)
			p->names[p->count++] = p->names[i];
	p->pair_count = (int)count;
	for (size_t i = 0; i < count; i++)
		p->pairs[i] = (struct fit_pair){
			.i = find_player(p, rows[i].first),
			.j = find_player(p, rows[i].second),
			.wins = (double)rows[i].wins,
			.draws = (double)rows[i].draws,
			.losses = (double)rows[i].losses,
		};
}

static void release_pool(struct pool_of *p)
{
	free(p->names);
	free(p->pairs);
}

struct place {
	bool guess; /* not linked, while others are */
	double elo;
	int player;
};

/* Equals by name, so that a table never depends on chance. */
static int by_elo(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->guess != y->guess)
		return x->guess - y->guess;
	if (x->elo != y->elo)
		return x->elo < y->elo ? 1 : -1;
	return x->player - y->player;
}

static void fill_table(struct rate_table *t, const struct pool_of *p,
		       const struct fit *f, const char *game)
{
	size_t n = (size_t)p->count;
	struct place *places = mem_zalloc(n, sizeof(*places));

	t->count = n;
	t->rows = store_bag_alloc(&t->bag, n * sizeof(*t->rows));
	t->above = store_bag_alloc(&t->bag, n * sizeof(*t->above));
	for (size_t i = 0; i < n; i++)
		places[i] = (struct place){
			.guess = f->anchor != FIT_NO_ANCHOR && !f->linked[i],
			.elo = f->elo[i],
			.player = (int)i,
		};
	qsort(places, n, sizeof(*places), by_elo);
	for (size_t i = 0; i < n; i++) {
		int who = places[i].player;

		t->rows[i] = (struct store_rating){
			.agent = p->names[who],
			.game = store_bag_strdup(&t->bag, game),
			.elo = f->elo[who],
			.elo_low = f->low[who],
			.elo_high = f->high[who],
			.games = (int64_t)f->games[who],
			.score = f->points[who] / f->games[who],
			.linked = f->anchor != FIT_NO_ANCHOR && f->linked[who],
		};
		t->above[i] = i + 1 < n ? fit_superiority(f, who,
							  places[i + 1].player)
					: (double)NAN;
	}
	free(places);
}

static enum store_status keep_rows(struct store *s, const struct rate_table *t,
				   const char *game)
{
	enum store_status st = store_rating_clear(s, game);

	for (size_t i = 0; i < t->count && st == STORE_OK; i++)
		st = store_rating_set(s, &t->rows[i]);
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
				  const struct pool_of *p, const struct fit *f)
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
		who = find_player(p, name);
		if (who >= 0)
			st = keep_checkpoint(s, &rows[i], f->elo[who],
					     f->low[who], f->high[who]);
	}
	return st;
}

static enum store_status keep_checkpoints(struct store *s, const char *game,
					  const struct pool_of *p,
					  const struct fit *f)
{
	struct store_bag bag = {0};
	struct store_run *runs;
	size_t count;
	enum store_status st = store_run_list(s, &bag, &runs, &count);

	for (size_t i = 0; i < count && st == STORE_OK; i++)
		if (!strcmp(runs[i].game, game))
			st = keep_run(s, &bag, &runs[i], p, f);
	store_bag_release(&bag);
	return st;
}

enum err_code rate_lab_within(struct store *s, const char *game,
			      struct rate_table *out, struct err *e)
{
	struct store_pairing *rows;
	struct pool_of pool = {0};
	enum store_status st;
	struct fit fit;
	size_t count;
	int anchor;

	memset(out, 0, sizeof(*out));
	st = store_pairing_list(s, &out->bag, game, &rows, &count);
	if (st == STORE_OK && count) {
		fill_pool(&pool, rows, count);
		anchor = find_player(&pool, "random");
		fit_init(&fit, pool.count, pool.pairs, pool.pair_count,
			 anchor < 0 ? FIT_NO_ANCHOR : anchor);
		fill_table(out, &pool, &fit, game);
		if (!store_readonly(s)) {
			st = keep_rows(s, out, game);
			if (st == STORE_OK)
				st = keep_checkpoints(s, game, &pool, &fit);
		}
		fit_release(&fit);
		release_pool(&pool);
	}
	if (st != STORE_OK)
		rate_table_release(out);
	return lab_error(s, st, e);
}

enum err_code rate_lab(struct lab *lab, const char *game,
		       struct rate_table *out, struct err *e)
{
	struct store *s = lab_store(lab);
	enum err_code rc;

	if (store_readonly(s))
		return rate_lab_within(s, game, out, e);
	memset(out, 0, sizeof(*out));
	rc = lab_error(s, store_begin(s), e);
	if (rc)
		return rc;
	rc = rate_lab_within(s, game, out, e);
	if (rc) {
		store_rollback(s);
		return rc;
	}
	rc = lab_error(s, store_commit(s), e);
	if (rc)
		rate_table_release(out);
	return rc;
}

void rate_table_release(struct rate_table *t)
{
	store_bag_release(&t->bag);
	memset(t, 0, sizeof(*t));
}
