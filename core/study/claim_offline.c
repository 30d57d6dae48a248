/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/learn/teach.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/offline.h"
#include "core/study/study.h"

/*
 * Those who learn from what is before the cut, and from nothing else: D_c, the
 * zero of the scale, and the controls that it is the best of.
 *
 * An online learner has not exhausted its games: a fresh network that learns
 * from all of them at once beats the one that played them.  An imitator of the
 * learner may do that much without having seen how it learns.
 */

/* --- what is learned from ------------------------------------------------ */

/* Networks that label games, together. */
enum { MOST_TEACHERS = 8 };
struct teachers {
	struct kept_net net[MOST_TEACHERS]; /* owned */
	const struct net_plan *plan[MOST_TEACHERS];
	int count;
};

static void release_teachers(struct teachers *t)
{
	for (int i = 0; i < t->count; i++)
		kept_net_release(&t->net[i]);
}

/* Games of the life that are shown. */
struct shown {
	bool own;    /* its self-play, with the searches' targets */
	bool stages; /* games that its stages play, up to the cut */
	bool clones; /* games that T_c plays, as many, and nothing else */
	/* (borrowed) Who labels stages' games; NULL: each who played it. */
	const struct teachers *teachers;
	int stage; /* as if the cut were at the end of it; 0: where it is */
};

static enum err_code show_stage(struct offline *o, const struct life *l,
				int stage, const struct teachers *t,
				struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int i = 0; i < life_stage(l, stage).game_count && !rc; i++) {
		struct self_play_game g = life_game(l, stage, i);

		rc = t ? offline_add_labelled(o, &g, t->plan, t->count, 1,
					      false, e)
		       : offline_add(o, &g, false, e);
	}
	return rc;
}

static enum err_code show(struct offline *o, const struct life *l,
			  const struct shown *what, struct err *e)
{
	int stages = what->stage ? what->stage + 1 : life_grid(l)->before;
	int64_t own = life_own_games(l);
	enum err_code rc = ERR_OK;

	if (what->stage && life_stage(l, what->stage).games < own)
		own = life_stage(l, what->stage).games;
	for (int64_t i = 0; i < own && what->own && !rc; i++) {
		struct self_play_game g = life_own_game(l, i);

		rc = offline_add(o, &g, false, e);
	}
	for (int s = 0; s < stages && what->stages && !rc; s++)
		rc = show_stage(o, l, s, what->teachers, e);
	return rc;
}

/* --- games of the snapshot ----------------------------------------------- */

struct cloning {
	struct offline *o;
	struct study_run *r;
};

static enum err_code take_game(void *ctx, const struct self_play_game *g,
			       struct err *e)
{
	struct cloning *c = ctx;

	return offline_add(c->o, g, false, e);
}

static bool still_wanted(void *ctx)
{
	const struct cloning *c = ctx;

	return study_goes_on(c->r);
}

static enum err_code open_teachers(struct agent **agents, int count,
				   const struct game *g,
				   const struct agent_source *source,
				   struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int i = 0; i < count && !rc; i++) {
		rc = agent_open(&agents[i], "policy:teacher/0", g, source, e);
		if (!rc)
			agent_keep_trace(agents[i], false);
	}
	return rc;
}

/* As many games as all stages play, with the same beginnings, by T_c at
 * temperature 1. */
static enum err_code show_clones(struct offline *o, const struct claim_run *x,
				 const struct life *l, struct err *e)
{
	struct pool *pool = study_pool(x->r);
	int threads = pool_threads(pool), before = life_grid(l)->before;
	struct agent **agents =
		mem_zalloc((size_t)threads, sizeof(struct agent *));
	struct cloning c = {o, x->r};
	struct kept_net teacher;
	struct recipe r = *life_recipe(l);
	struct teaching t = {
		.game = x->g,
		.recipe = &r,
		.seed = rng_mix(x->seed, CLAIM_CLONES),
		.teachers = agents,
	};
	struct duel_net net = {.run = "teacher"};
	struct duel names = {.nets = &net, .net_count = 1};
	struct agent_source source = duel_source(&names);
	enum err_code rc;

	claim_stage_net(l, before - 1, &teacher);
	net.plan = teacher.plan;
	r.explore_plies = x->g->max_plies;
	r.teacher_lanes = 32;
	r.target = TEACH_POLICY;
	rc = open_teachers(agents, threads, x->g, &source, e);
	if (!rc)
		rc = teach_games(&t, 1, before * life_grid(l)->per_stage, pool,
				 take_game, still_wanted, &c, e);
	for (int i = 0; i < threads; i++)
		agent_close(agents[i]);
	free(agents);
	kept_net_release(&teacher);
	return rc;
}

/* No position is left out for want of room. */
static int64_t most_positions(const struct claim_run *x, const struct life *l)
{
	const struct life_grid *g = life_grid(l);
	int64_t games = life_own_games(l) + (int64_t)g->before * g->per_stage;

	return games * x->g->max_plies;
}

/* --- learning ------------------------------------------------------------ */

static bool goes_on(void *ctx, int64_t step, int64_t steps)
{
	const struct claim_run *x = ctx;

	study_progress(x->r, (double)step, (double)steps,
		       "%s learns from seed %llu: step %lld of %lld",
		       x->arm->name, (unsigned long long)x->seed,
		       (long long)step, (long long)steps);
	return study_goes_on(x->r);
}

static void offline_recipe(const struct claim_run *x, float epochs,
			   struct recipe *out)
{
	conf_defaults(recipe_spec, out);
	out->filters = x->c->zero_filters;
	out->blocks = x->c->zero_blocks;
	out->epochs = epochs;
	out->rate = x->c->zero_rate;
	out->rate_end = x->c->zero_rate / 20;
	out->search_share = x->c->zero_search;
}

/* What came of it, and how many games it was shown. */
struct learned {
	struct offline_net net;
	int64_t games;
};

/* How it does on what it learned from; and what that was. */
static void tell(const struct claim_run *x, const struct learned *l)
{
	const struct offline_net *n = &l->net;

	study_measure(x->r, "kl", 0, n->measured.kl, (double)NAN, (double)NAN,
		      n->measured.positions);
	study_measure(x->r, "samples", 0, (double)n->samples, (double)NAN,
		      (double)NAN, 0);
	study_facts(x->r, 0, net_flops(&n->net.config), l->games);
	claim_keep_net(x, &n->net, l->games);
}

/* A network of the given recipe that learns from what it is shown; by `number`
 * others of the same. */
static enum err_code learn(const struct claim_run *x, const struct recipe *r,
			   const struct shown *what, int number,
			   struct learned *out, struct err *e)
{
	struct claim_run asked = *x; /* whose address is not constant */
	struct offline_work w = {
		.recipe = r,
		.seed = rng_mix(rng_mix(x->seed, CLAIM_LEARNER),
				(uint64_t)number),
		.pool = study_pool(x->r),
		.goes_on = goes_on,
		.ctx = &asked,
	};
	struct offline *o;
	struct life *l;
	enum err_code rc = claim_life(x, x->seed, false, &l, e);

	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	o = offline_new(x->g, r, most_positions(x, l));
	rc = what->clones ? show_clones(o, x, l, e) : show(o, l, what, e);
	if (!rc)
		rc = offline_learn(o, &w, &out->net, e);
	out->games = offline_games(o);
	offline_free(o);
	life_free(l);
	return rc;
}

/* --- arms ---------------------------------------------------------------- */

/* Networks that learn from the teacher's own games, each by itself. */
static enum err_code learn_teachers(const struct claim_run *x, int stage,
				    struct teachers *out, struct err *e)
{
	const struct shown what = {.own = true, .stage = stage};
	struct recipe r;
	enum err_code rc = ERR_OK;

	offline_recipe(x, x->c->zero_epochs, &r);
	for (int i = 0; i < x->c->zero_votes && !rc; i++) {
		struct learned l;

		rc = learn(x, &r, &what, i + 1, &l, e);
		out->net[i] = l.net.net;
		out->plan[i] = l.net.net.plan;
		out->count++;
	}
	return rc;
}

/* D_c is born again: first networks learn from the teacher's own games; what
 * they say together of all stages' games is learned by the last, beside those
 * games. */
static enum err_code learn_twice(const struct claim_run *x, int stage,
				 struct learned *out, struct err *e)
{
	struct teachers t = {.count = 0};
	struct shown what = {
		.own = true,
		.stages = x->c->zero_votes > 0,
		.teachers = &t,
		.stage = stage,
	};
	struct recipe r;
	enum err_code rc = learn_teachers(x, stage, &t, e);

	memset(out, 0, sizeof(*out));
	offline_recipe(
		x, x->c->zero_votes ? x->c->zero_last : x->c->zero_epochs, &r);
	if (!rc)
		rc = learn(x, &r, &what, 0, out, e);
	release_teachers(&t);
	return rc;
}

enum err_code claim_offline(const struct claim_run *x, struct err *e)
{
	struct learned l;
	enum err_code rc = learn_twice(x, 0, &l, e);

	if (!rc)
		tell(x, &l);
	kept_net_release(&l.net.net);
	return rc;
}

enum err_code claim_offline_at(const struct claim_run *x, int stage,
			       struct kept_net *out, struct err *e)
{
	struct learned l;
	enum err_code rc = learn_twice(x, stage, &l, e);

	*out = l.net.net;
	return rc;
}

static enum err_code learn_and_score(const struct claim_run *x,
				     const struct recipe *r,
				     const struct shown *what, struct err *e)
{
	struct learned l;
	enum err_code rc = learn(x, r, what, 0, &l, e);

	if (!rc)
		rc = claim_score_net(x, &l.net.net, e);
	if (!rc)
		tell(x, &l);
	kept_net_release(&l.net.net);
	return rc;
}

enum err_code claim_small(const struct claim_run *x, struct err *e)
{
	struct recipe r;

	offline_recipe(x, x->c->zero_epochs, &r);
	r.filters = x->c->filters;
	r.blocks = x->c->blocks;
	return learn_and_score(x, &r, &(struct shown){.own = true}, e);
}

enum err_code claim_clone(const struct claim_run *x, struct err *e)
{
	struct recipe r;

	offline_recipe(x, x->c->zero_last, &r);
	return learn_and_score(x, &r, &(struct shown){.clones = true}, e);
}

enum err_code claim_coverage(const struct claim_run *x, struct err *e)
{
	struct teachers t = {.count = 1};
	struct shown what = {.stages = true, .teachers = &t};
	struct recipe r;
	enum err_code rc =
		kept_net_find(x->r, x->g, "teacher", "network", &t.net[0], e);

	offline_recipe(x, x->c->zero_last, &r);
	t.plan[0] = t.net[0].plan;
	if (!rc)
		rc = learn_and_score(x, &r, &what, e);
	release_teachers(&t);
	return rc;
}
