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
#include "core/study/claim_int.h"
#include "core/study/study.h"
#include "core/study/views.h"

struct taking {
	struct views *v;
	const struct life *life;
	void *state;      /* owned */
	struct seen seen; /* positions that were taken */
	struct rng rng;
	float share; /* of the positions that are met */
};

/* The end of a game is no position to say anything of. */
static void take_game(struct taking *t, const struct self_play_game *game)
{
	const struct game *g = t->v->game;

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

	for (int s = 0; s < life_grid(l)->before; s++)
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

void claim_views_add(struct views *v, const struct life *l, int64_t count,
		     uint64_t seed, struct pool *pool)
{
	struct taking t = {
		.v = v,
		.life = l,
		.state = game_state_new(v->game, 0),
	};
	struct net_plan **plans =
		mem_zalloc((size_t)v->stages, sizeof(struct net_plan *));
	int64_t first = v->count;

	assert(v->stages <= life_stages(l));
	rng_init(&t.rng, seed, RNG_STUDY, life_seed(l, LIFE_BEFORE), 0);
	each_game(&t, count_game);
	/* Some are met more than once. */
	t.share = 1.25f * (float)count / t.share;
	each_game(&t, take_game);
	for (int s = 0; s < v->stages; s++)
		plans[s] = net_plan_new(life_net(l), life_stage(l, s).weights);
	views_say(v, first, (const struct net_plan *const *)plans, pool);
	for (int s = 0; s < v->stages; s++)
		net_plan_free(plans[s]);
	free(plans);
	free(t.state);
	seen_release(&t.seen);
}

enum err_code claim_views_lives(const struct claim_run *x, struct views *v,
				struct err *e)
{
	const struct claim_conf *c = x->c;
	enum err_code rc = ERR_OK;

	views_init(v, x->g, c->before);
	if (c->before < 2)
		return err_set(
			e, ERR_USAGE,
			"before = %d: what changes is seen by two stages "
			"or more",
			c->before);
	for (int i = 0; i < c->train && !rc; i++) {
		struct life *l;

		study_progress(x->r, i, c->train, "asks the snapshots of %d",
			       CLAIM_TRAIN + i);
		if (!study_goes_on(x->r))
			return err_set(e, ERR_CANCELLED, "stopped");
		rc = claim_life(x, (uint64_t)(CLAIM_TRAIN + i), false, &l, e);
		if (rc)
			break;
		claim_views_add(v, l, c->views_positions, CLAIM_IMITATOR,
				study_pool(x->r));
		life_free(l);
	}
	study_measure(x->r, "positions", 0, (double)v->count, (double)NAN,
		      (double)NAN, v->count);
	return rc;
}
