/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/claim_views.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/rate/seen.h"
#include "core/study/claim_doubled.h"
#include "core/study/claim_filter.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"
#include "core/study/views.h"

struct taking {
	struct views *v;
	const struct game *game;
	const struct life *life;
	int stages;       /* whose games are seen */
	void *state;      /* owned */
	struct seen seen; /* positions that were taken */
	struct rng rng;
	float share; /* of the positions that are met */
};

/* The end of a game is no position to say anything of. */
static void take_game(struct taking *t, const struct self_play_game *game)
{
	const struct game *g = t->game;

	g->rules->start(g, t->state, 0);
	for (int ply = 0; ply < game->count; ply++) {
		if (g->rules->to_act(g, t->state) >= 0 &&
		    rng_float(&t->rng) < t->share &&
		    seen_add(&t->seen, g->rules->hash(g, t->state)))
			views_add(t->v, t->state);
		g->rules->apply(g, t->state, game->moves[ply]);
	}
}

typedef void take_fn(struct taking *t, const struct self_play_game *game);

static void each_game(struct taking *t, take_fn *take)
{
	const struct life *l = t->life;

	for (int s = 0; s < t->stages; s++)
		for (int i = 0; i < life_stage(l, s).game_count; i++) {
			struct self_play_game g = life_game(l, s, i);

			take(t, &g);
		}
	for (int64_t i = 0; i < life_own_games(l); i++) {
		struct self_play_game g = life_own_game(l, i);

		take(t, &g);
	}
}

static void count_game(struct taking *t, const struct self_play_game *game)
{
	t->share += (float)game->count;
}

static void say(struct views *v, const struct life *l, int64_t first,
		struct pool *pool)
{
	struct net_plan **plans =
		mem_zalloc((size_t)v->stages, sizeof(struct net_plan *));

	assert(v->stages <= life_stages(l));
	for (int s = 0; s < v->stages; s++)
		plans[s] = net_plan_new(life_net(l), life_stage(l, s).weights);
	views_say(v, first, (const struct net_plan *const *)plans, pool);
	for (int s = 0; s < v->stages; s++)
		net_plan_free(plans[s]);
	free(plans);
}

void claim_views_add(struct views *v, const struct game *g,
		     const struct life *l, const struct net_plan *const *plans,
		     int64_t count, uint64_t seed, struct pool *pool)
{
	struct taking t = {
		.v = v,
		.game = g,
		.life = l,
		.stages = plans ? life_grid(l)->before : v->stages,
		.state = game_state_new(g, 0),
	};
	int64_t first = v->count;

	rng_init(&t.rng, seed, RNG_STUDY, life_seed(l, LIFE_BEFORE), 0);
	each_game(&t, count_game);
	/* Some are met more than once. */
	t.share = 1.25f * (float)count / t.share;
	each_game(&t, take_game);
	if (plans)
		views_say(v, first, plans, pool);
	else
		say(v, l, first, pool);
	free(t.state);
	seen_release(&t.seen);
}

int claim_views_stages(const struct claim_run *x, enum claim_seen seen)
{
	const struct claim_conf *c = x->c;

	if (seen == CLAIM_SEEN_DOUBLED)
		return c->doubled;
	return seen == CLAIM_SEEN_CUT || seen == CLAIM_SEEN_BEST
		       ? c->before
		       : c->before + c->after;
}

float claim_views_temperature(const struct claim_run *x, enum claim_seen seen)
{
	return seen == CLAIM_SEEN_DOUBLED ? 1 : x->c->views_temperature;
}

/* Of positions of the next life: on its own a learner says what it was told. */
static enum err_code add_doubled(const struct claim_run *x, uint64_t seed,
				 const struct life *l, struct views *v,
				 struct err *e)
{
	uint64_t next =
		CLAIM_TRAIN + (seed - CLAIM_TRAIN + 1) % (uint64_t)x->c->train;
	struct life *positions = NULL;
	struct kept_net nets[CLAIM_MOST_DOUBLED];
	const struct net_plan *plans[CLAIM_MOST_DOUBLED];
	enum err_code rc;

	memset(nets, 0, sizeof(nets));
	rc = claim_doubled_learn(x, l, nets, e);
	for (int i = 0; i < x->c->doubled; i++)
		plans[i] = nets[i].plan;
	if (!rc)
		rc = claim_life(x, next, false, &positions, e);
	if (!rc)
		claim_views_add(v, x->g, positions, plans,
				x->c->views_positions, CLAIM_IMITATOR,
				study_pool(x->r));
	life_free(positions);
	for (int i = 0; i < x->c->doubled; i++)
		kept_net_release(&nets[i]);
	return rc;
}

static enum err_code add_life(const struct claim_run *x, uint64_t seed,
			      enum claim_seen seen, struct views *v,
			      struct err *e)
{
	bool whole = seen == CLAIM_SEEN_WHOLE || seen == CLAIM_SEEN_RULES;
	struct life *l;
	enum err_code rc;

	study_progress(x->r, (double)v->count, 0, "asks the snapshots of %llu",
		       (unsigned long long)seed);
	if (!study_goes_on(x->r))
		return err_set(e, ERR_CANCELLED, "stopped");
	rc = claim_life(x, seed, whole, &l, e);
	if (rc)
		return rc;
	if (seen == CLAIM_SEEN_DOUBLED)
		rc = add_doubled(x, seed, l, v, e);
	else
		claim_views_add(v, x->g, l, NULL, x->c->views_positions,
				CLAIM_IMITATOR, study_pool(x->r));
	life_free(l);
	return rc;
}

static enum err_code add_rules(const struct claim_run *x, struct views *v,
			       struct err *e)
{
	struct claim_rule *rules;
	enum err_code rc = claim_rules_of(x, &rules, e);

	for (int i = 0; i < x->c->rules && !rc; i++) {
		if (rules[i].game.symmetries < v->symmetries)
			v->symmetries = rules[i].game.symmetries;
		rc = add_life(&rules[i].run, CLAIM_RULES + (uint64_t)i,
			      CLAIM_SEEN_RULES, v, e);
	}
	free(rules);
	return rc;
}

static enum err_code add_lives(const struct claim_run *x, enum claim_seen seen,
			       struct views *v, struct err *e)
{
	int n = x->c->train;
	bool *wanted = mem_alloc((size_t)n * sizeof(*wanted));
	enum err_code rc = ERR_OK;

	for (int i = 0; i < n; i++)
		wanted[i] = true;
	if (seen == CLAIM_SEEN_BEST)
		rc = claim_filter(x, wanted, e);
	for (int i = 0; i < n && !rc; i++)
		if (wanted[i])
			rc = add_life(x, CLAIM_TRAIN + (uint64_t)i, seen, v, e);
	free(wanted);
	return rc;
}

enum err_code claim_views_lives(const struct claim_run *x, enum claim_seen seen,
				struct views *v, struct err *e)
{
	const struct claim_conf *c = x->c;
	enum err_code rc = ERR_OK;

	views_init(v, x->g, claim_views_stages(x, seen));
	v->temperature = claim_views_temperature(x, seen);
	if (c->before < 2)
		return err_set(
			e, ERR_USAGE,
			"before = %d: what changes is seen by two stages "
			"or more",
			c->before);
	rc = seen == CLAIM_SEEN_RULES ? add_rules(x, v, e)
				      : add_lives(x, seen, v, e);
	study_measure(x->r, "positions", 0, (double)v->count, (double)NAN,
		      (double)NAN, v->count);
	return rc;
}
