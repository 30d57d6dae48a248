/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/offline.h"
#include "core/study/study.h"

/*
 * The data that imitators have and D_c has not: D_c learns from one life before
 * its cut, they from all that are trained on.  This is D_c's learner on what
 * they saw, the games that the stages of these lives play, without order, stage
 * or life; and then, for each seed, on what D_c sees of the life that is gone
 * on from, so that it has what both have.  It is stronger than D_c.  Who does
 * not beat it has many lives to thank and nothing of how they learn. Of the
 * same lives' searched games, which no imitator sees, it is a ceiling of what
 * data give.
 */

static bool goes_on(void *ctx, int64_t step, int64_t steps)
{
	const struct claim_run *x = ctx;

	study_progress(x->r, (double)step, (double)steps,
		       "learns from all lives: step %lld of %lld",
		       (long long)step, (long long)steps);
	return study_goes_on(x->r);
}

static void pooled_recipe(const struct claim_conf *c, float epochs, float rate,
			  struct recipe *out)
{
	conf_defaults(recipe_spec, out);
	out->filters = c->zero_filters;
	out->blocks = c->zero_blocks;
	out->epochs = epochs;
	out->rate = rate;
	out->rate_end = rate / 20;
	out->search_share = c->zero_search;
}

/* What a life before its cut has at most: a game or so is played beyond it by
 * each slot. */
static int64_t most_positions(const struct claim_run *x)
{
	const struct claim_conf *c = x->c;
	int64_t games =
		2 * (int64_t)c->cut + 64 + (int64_t)c->before * c->per_stage;

	return games * x->g->max_plies;
}

/* The later part: the first games are all but random. */
static enum err_code add_searched(float from, struct offline *o,
				  const struct life *l, struct err *e)
{
	int64_t n = life_own_games(l);
	enum err_code rc = ERR_OK;

	for (int64_t k = (int64_t)(from * (float)n); k < n && !rc; k++) {
		struct self_play_game g = life_own_game(l, k);

		rc = offline_add(o, &g, false, e);
	}
	return rc;
}

/* Networks at the cut that label games together. */
enum { MOST_VOTERS = 32 };
struct voters {
	struct kept_net net[MOST_VOTERS + 1]; /* owned */
	const struct net_plan *plan[MOST_VOTERS + 1];
	int count;
};

static void voters_add(struct voters *v, const struct life *l)
{
	struct kept_net *n = &v->net[v->count];

	claim_stage_net(l, life_grid(l)->before - 1, n);
	v->plan[v->count++] = n->plan;
}

static void voters_release(struct voters *v)
{
	for (int i = 0; i < v->count; i++)
		kept_net_release(&v->net[i]);
}

/* Those of the first lives that are trained on; none: a game is labelled by who
 * played it. */
static enum err_code voters_open(const struct claim_run *x, struct voters *v,
				 struct err *e)
{
	enum err_code rc = ERR_OK;

	v->count = 0;
	for (int i = 0; i < x->c->pooled_votes && i < x->c->train && !rc; i++) {
		struct life *l;

		rc = claim_life(x, CLAIM_TRAIN + (uint64_t)i, false, &l, e);
		if (!rc)
			voters_add(v, l);
		life_free(l);
	}
	return rc;
}

static enum err_code add_replayed(const struct claim_run *x, struct offline *o,
				  const struct life *l, const struct voters *v,
				  struct err *e)
{
	int n = life_grid(l)->before;
	enum err_code rc = ERR_OK;

	for (int s = (int)(x->c->pooled_from * (float)n); s < n; s++)
		for (int i = 0; i < life_stage(l, s).game_count && !rc; i++) {
			struct self_play_game g = life_game(l, s, i);

			rc = v->count ? offline_add_labelled(
						o, &g, v->plan, v->count,
						x->c->replay_temperature, false,
						e)
				      : offline_add(o, &g, false, e);
		}
	return rc;
}

static bool searched(const struct claim_run *x)
{
	return strstr(x->arm->name, "searched") != NULL;
}

static enum err_code add_lives(const struct claim_run *x, struct offline *o,
			       struct err *e)
{
	struct voters v;
	enum err_code rc = voters_open(x, &v, e);

	for (int i = 0; i < claim_lives(x->c, false) && !rc; i++) {
		struct life *l;

		rc = claim_life(x, CLAIM_TRAIN + (uint64_t)i, false, &l, e);
		if (rc)
			break;
		rc = searched(x) ? add_searched(x->c->pooled_from, o, l, e)
				 : add_replayed(x, o, l, &v, e);
		study_progress(x->r, i, claim_lives(x->c, false),
			       "labels the games of %d lives", i);
		if (!rc && !study_goes_on(x->r))
			rc = err_set(e, ERR_CANCELLED, "stopped");
		life_free(l);
	}
	voters_release(&v);
	return rc;
}

enum err_code claim_net_pooled(const struct claim_run *x, struct err *e)
{
	struct claim_run asked = *x; /* whose address is not constant */
	struct offline_net out;
	struct recipe r;
	struct offline_work w = {
		.recipe = &r,
		.seed = CLAIM_LEARNER,
		.pool = study_pool(x->r),
		.goes_on = goes_on,
		.ctx = &asked,
	};
	struct offline *o;
	enum err_code rc;

	memset(&out, 0, sizeof(out));
	pooled_recipe(x->c, x->c->pooled_epochs, x->c->zero_rate, &r);
	o = offline_new(x->g, &r, claim_lives(x->c, false) * most_positions(x));
	rc = add_lives(x, o, e);
	if (!rc)
		rc = offline_learn(o, &w, &out, e);
	if (!rc) {
		study_measure(x->r, "kl", 0, out.measured.kl, (double)NAN,
			      (double)NAN, out.measured.positions);
		study_facts(x->r, 0, net_flops(&out.net.config),
			    offline_games(o));
		kept_net_put(x->r, "network", &out.net);
	}
	kept_net_release(&out.net);
	offline_free(o);
	return rc;
}

/* It goes on with the life at hand: with its searched games, or with what its
 * stages play. */
static enum err_code learn_own(const struct claim_run *x, struct kept_net *net,
			       struct err *e)
{
	struct claim_run asked = *x; /* whose address is not constant */
	struct offline_net out;
	struct recipe r;
	struct offline_work w = {
		.recipe = &r,
		.seed = rng_mix(x->seed, CLAIM_LEARNER),
		.from = net->weights,
		.pool = study_pool(x->r),
		.goes_on = goes_on,
		.ctx = &asked,
	};
	struct voters v;
	struct offline *o;
	struct life *l;
	enum err_code rc = claim_life(x, x->seed, false, &l, e);

	if (rc)
		return rc;
	memset(&out, 0, sizeof(out));
	pooled_recipe(x->c, x->c->pooled_own, x->c->pooled_rate, &r);
	o = offline_new(x->g, &r, most_positions(x));
	rc = voters_open(x, &v, e);
	if (x->c->pooled_votes)
		voters_add(&v, l);
	if (!rc)
		rc = searched(x) || x->c->pooled_search
			     ? add_searched(0, o, l, e)
			     : ERR_OK;
	if (!rc && !searched(x) && !x->c->pooled_search)
		rc = add_replayed(x, o, l, &v, e);
	voters_release(&v);
	if (!rc)
		rc = offline_learn(o, &w, &out, e);
	if (!rc) {
		kept_net_release(net);
		*net = out.net;
	} else {
		kept_net_release(&out.net);
	}
	offline_free(o);
	life_free(l);
	return rc;
}

enum err_code claim_pooled(const struct claim_run *x, struct err *e)
{
	char *arm = mem_printf("net-%s", x->arm->name);
	struct kept_net net = {0};
	enum err_code rc = kept_net_find(x->r, x->g, arm, "network", &net, e);

	if (!rc && x->c->pooled_own > 0)
		rc = learn_own(x, &net, e);
	if (!rc)
		rc = claim_score_net(x, &net, e);
	kept_net_release(&net);
	free(arm);
	return rc;
}
