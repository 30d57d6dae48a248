/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/extrapolate.h"
#include "core/study/kept_net.h"
#include "core/study/mix_agent.h"
#include "core/study/nowcast.h"
#include "core/study/offline.h"
#include "core/study/study.h"

/*
 * The learner's path continued without a model of its games: by its weights, or
 * by what its stages say.  The running statistics of norms are made anew from
 * the games before the cut, whatever the weights; what that is worth by itself
 * is an arm, too.
 */

/* Batches that norms are made anew from. */
enum { SHARDS = 40 };

/* The networks that a life had before its cut, each once: stages without a step
 * between them are one. */
struct path {
	struct life *life; /* owned */
	const float **w;   /* owned; [count], of the life */
	double *t;         /* owned; logarithms of games */
	int *stage;        /* owned */
	int count;
	struct weight_path weights; /* of the above */
};

static enum err_code path_open(struct path *p, const struct claim_run *x,
			       uint64_t seed, struct err *e)
{
	size_t most;
	enum err_code rc;

	memset(p, 0, sizeof(*p));
	rc = claim_life(x, seed, false, &p->life, e);
	if (rc)
		return rc;
	most = (size_t)life_stages(p->life);
	p->w = mem_zalloc(most, sizeof(*p->w));
	p->t = mem_zalloc(most, sizeof(*p->t));
	p->stage = mem_zalloc(most, sizeof(*p->stage));
	for (int i = 0; i < life_stages(p->life); i++) {
		struct life_stage s = life_stage(p->life, i);

		/* The last of those that are one: from it on they move. */
		if (p->count &&
		    life_stage(p->life, p->stage[p->count - 1]).step == s.step)
			p->count--;
		p->w[p->count] = s.weights;
		p->t[p->count] = log((double)s.games);
		p->stage[p->count++] = i;
	}
	p->weights = (struct weight_path){p->w, p->t, p->count,
					  net_param_count(life_net(p->life))};
	return ERR_OK;
}

static void path_close(struct path *p)
{
	life_free(p->life);
	free(p->w);
	free(p->t);
	free(p->stage);
}

static int at_most(int n, int most)
{
	return n < most ? n : most;
}

/* --- weights ------------------------------------------------------------- */

static enum err_code make_norms(const struct claim_run *x, const struct life *l,
				float *weights, struct err *e)
{
	int64_t games = life_own_games(l);
	struct offline *o =
		offline_new(x->g, life_recipe(l), games * x->g->max_plies);
	enum err_code rc = ERR_OK;

	for (int64_t i = 0; i < games && !rc; i++) {
		struct self_play_game g = life_own_game(l, i);

		rc = offline_add(o, &g, false, e);
	}
	if (!rc && offline_positions(o))
		offline_norms(o, life_net(l), rng_mix(x->seed, CLAIM_NORMS),
			      SHARDS, weights);
	offline_free(o);
	return rc;
}

enum err_code claim_score_weights(const struct claim_run *x,
				  const struct life *l, float *weights,
				  struct err *e)
{
	struct kept_net net = {0};
	enum err_code rc = make_norms(x, l, weights, e);

	if (rc)
		return rc;
	kept_net_set(&net, life_net(l), weights);
	claim_keep_net(x, &net, x->c->cut);
	rc = claim_score_net(x, &net, e);
	kept_net_release(&net);
	return rc;
}

/* How weights go on, into out[n]. */
typedef enum err_code (*go_on)(const struct claim_run *x, const struct path *p,
			       float *out, struct err *e);

static enum err_code score_path(const struct claim_run *x, go_on how,
				struct err *e)
{
	struct path p;
	float *weights = NULL;
	enum err_code rc = path_open(&p, x, x->seed, e);

	if (!rc) {
		weights = mem_floats(p.weights.n);
		rc = how(x, &p, weights, e);
	}
	if (!rc)
		rc = claim_score_weights(x, p.life, weights, e);
	free(weights);
	path_close(&p);
	return rc;
}

static enum err_code not_at_all(const struct claim_run *x, const struct path *p,
				float *out, struct err *e)
{
	(void)x;
	(void)e;
	memcpy(out, p->w[p->count - 1], p->weights.n * sizeof(*out));
	return ERR_OK;
}

static enum err_code by_line(const struct claim_run *x, const struct path *p,
			     float *out, struct err *e)
{
	(void)e;
	extrapolate_linear(&p->weights,
			   at_most(x->c->linear_back, p->count - 1),
			   (double)x->c->linear_strength, out);
	return ERR_OK;
}

static enum err_code from_first(const struct claim_run *x, const struct path *p,
				float *out, struct err *e)
{
	(void)e;
	extrapolate_linear(&p->weights, p->count - 1,
			   (double)x->c->expo_strength, out);
	return ERR_OK;
}

static enum err_code by_mean(const struct claim_run *x, const struct path *p,
			     float *out, struct err *e)
{
	(void)e;
	extrapolate_mean(&p->weights, at_most(x->c->swa_last, p->count), out);
	return ERR_OK;
}

static enum err_code by_direction(const struct claim_run *x,
				  const struct path *p, float *out,
				  struct err *e)
{
	double share = 0;

	(void)e;
	/* One network has no direction. */
	memcpy(out, p->w[p->count - 1], p->weights.n * sizeof(*out));
	if (p->count > 1)
		share = extrapolate_rank1(&p->weights,
					  at_most(x->c->rank1_fit, p->count),
					  (double)x->c->rank1_ahead, out);
	study_measure(x->r, "share", 0, share, (double)NAN, (double)NAN, 0);
	return ERR_OK;
}

/* The nowcaster learns from the lives that imitators learn from, up to their
 * cuts. */
static enum err_code by_nowcast(const struct claim_run *x, const struct path *p,
				float *out, struct err *e)
{
	int n = x->c->train;
	struct nowcast_plan plan = NOWCAST_PLAN_DEFAULT;
	struct path *lives = mem_zalloc((size_t)n, sizeof(*lives));
	struct weight_path *paths = mem_zalloc((size_t)n, sizeof(*paths));
	enum err_code rc = ERR_OK;
	struct nowcast *k;

	plan.seed = CLAIM_NOWCAST;
	for (int i = 0; i < n && !rc; i++) {
		rc = path_open(&lives[i], x, CLAIM_TRAIN + (uint64_t)i, e);
		paths[i] = lives[i].weights;
		if (!rc && !study_goes_on(x->r))
			rc = ERR_CANCELLED;
	}
	memcpy(out, p->w[p->count - 1], p->weights.n * sizeof(*out));
	if (!rc && p->count >= NOWCAST_PAST) {
		k = nowcast_new(paths, n, &plan);
		nowcast_apply(k, &p->weights, x->c->nowcast_ahead, out);
		nowcast_free(k);
	}
	for (int i = 0; i < n; i++)
		path_close(&lives[i]);
	free(lives);
	free(paths);
	return rc;
}

enum err_code claim_norms(const struct claim_run *x, struct err *e)
{
	return score_path(x, not_at_all, e);
}

enum err_code claim_linear(const struct claim_run *x, struct err *e)
{
	return score_path(x, by_line, e);
}

enum err_code claim_expo(const struct claim_run *x, struct err *e)
{
	return score_path(x, from_first, e);
}

enum err_code claim_swa(const struct claim_run *x, struct err *e)
{
	return score_path(x, by_mean, e);
}

enum err_code claim_rank1(const struct claim_run *x, struct err *e)
{
	return score_path(x, by_direction, e);
}

enum err_code claim_nowcast(const struct claim_run *x, struct err *e)
{
	return score_path(x, by_nowcast, e);
}

/* --- policies ------------------------------------------------------------ */

/* The networks of these stages of the path, the last first, by the names that
 * agents have for them. */
enum { MOST_VOTES = 32, NAME = 16 };
struct asked {
	struct kept_net nets[MOST_VOTES]; /* owned */
	struct claim_net named[MOST_VOTES];
	char names[MOST_VOTES][NAME];
	int count;
};

static void ask(struct asked *a, const struct path *p, int back,
		const char *name)
{
	int i = a->count++;

	claim_stage_net(p->life, p->stage[p->count - 1 - back], &a->nets[i]);
	snprintf(a->names[i], NAME, "%s", name);
	a->named[i] = (struct claim_net){
		.name = a->names[i], .net = &a->nets[i], .arm = "teacher"};
}

static enum err_code score_asked(const struct claim_run *x,
				 const struct asked *a, const char *spec,
				 struct err *e)
{
	const struct claim_player p = {
		.spec = spec,
		.nets = a->named,
		.net_count = a->count,
		.kinds = mix_kinds,
	};
	enum err_code rc = claim_score(x, &p, e);

	if (!rc)
		study_facts(x->r, 0, a->count * net_flops(&a->nets->config),
			    x->c->cut);
	return rc;
}

static void release_asked(struct asked *a)
{
	for (int i = 0; i < a->count; i++)
		kept_net_release(&a->nets[i]);
}

enum err_code claim_vote(const struct claim_run *x, struct err *e)
{
	struct asked a = {0};
	char spec[64], name[NAME];
	struct path p;
	enum err_code rc = path_open(&p, x, x->seed, e);

	for (int i = 0; !rc && i < at_most(x->c->vote_members, p.count); i++) {
		snprintf(name, sizeof(name), "v%d", i + 1);
		ask(&a, &p, i, name);
	}
	snprintf(spec, sizeof(spec), "vote:v,members=%d", a.count);
	if (!rc)
		rc = score_asked(x, &a, spec, e);
	release_asked(&a);
	path_close(&p);
	return rc;
}

enum err_code claim_contrast(const struct claim_run *x, struct err *e)
{
	struct asked a = {0};
	char spec[96];
	struct path p;
	enum err_code rc = path_open(&p, x, x->seed, e);

	snprintf(spec, sizeof(spec), "contrast:new/0,old=old,strength=%g",
		 (double)x->c->contrast_strength);
	if (!rc) {
		ask(&a, &p, 0, "new");
		ask(&a, &p, at_most(x->c->contrast_back, p.count - 1), "old");
		rc = score_asked(x, &a, spec, e);
	}
	release_asked(&a);
	path_close(&p);
	return rc;
}
