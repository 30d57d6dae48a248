/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/own_games.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/recipe.h"
#include "core/learn/teach.h"
#include "core/rate/duel.h"

enum { LANES = 32, SPEC = 64 };

/* --- playing ------------------------------------------------------------- */

/* Who plays, and who says what is learned of it; one of each a thread. */
struct seats {
	struct agent **player, **labeller; /* owned; [threads] */
	int threads;
};

static void close_seats(struct seats *s)
{
	for (int i = 0; i < s->threads; i++) {
		agent_close(s->player[i]);
		agent_close(s->labeller[i]);
	}
	free(s->player);
	free(s->labeller);
}

/* A label that needs no other thought than the player's has no labeller. */
static enum err_code open_seats(struct seats *s, const struct own_games *o,
				const struct agent_source *source, int threads,
				struct err *e)
{
	char player[SPEC], labeller[SPEC];
	enum err_code rc = ERR_OK;

	snprintf(player, sizeof(player), "policy:own/0,temperature=%g",
		 (double)o->temperature);
	if (o->label == OWN_SEARCH)
		snprintf(labeller, sizeof(labeller), "mcts:own/0,sims=%d",
			 o->simulations);
	else
		snprintf(labeller, sizeof(labeller), "lookahead:own/0");
	*s = (struct seats){
		.player = mem_zalloc((size_t)threads, sizeof(*s->player)),
		.labeller = mem_zalloc((size_t)threads, sizeof(*s->labeller)),
		.threads = threads,
	};
	for (int i = 0; i < threads && !rc; i++) {
		rc = agent_open(&s->player[i], player, o->game, source, e);
		if (!rc && o->label >= OWN_ONE_PLY)
			rc = agent_open(&s->labeller[i], labeller, o->game,
					source, e);
		if (!rc && s->labeller[i])
			agent_keep_trace(s->labeller[i], false);
	}
	return rc;
}

/* A search's policy is its share of visits, and says something too where the
 * position was proven before any. */
static enum teach_target target_of(enum own_label label)
{
	return label == OWN_POLICY || label == OWN_SEARCH ? TEACH_POLICY
							  : TEACH_MOVE;
}

enum err_code
own_games_play(const struct own_games *o, int64_t first, int count,
	       struct pool *pool,
	       enum err_code (*take)(void *ctx, const struct self_play_game *g,
				     struct err *e),
	       bool (*goes_on)(void *ctx), void *ctx, struct err *e)
{
	struct duel_net net = {"own", o->plan};
	struct duel names = {.game = o->game, .nets = &net, .net_count = 1};
	struct agent_source source = duel_source(&names);
	struct recipe how;
	struct teaching t = {.game = o->game, .recipe = &how, .seed = o->seed};
	struct seats s;
	enum err_code rc;

	conf_defaults(recipe_spec, &how);
	how.explore_plies = 0; /* players draw by themselves */
	how.opening_share = o->opening_share;
	how.opening_plies = o->opening_plies;
	how.teacher_lanes = LANES;
	how.target = target_of(o->label);
	rc = open_seats(&s, o, &source, pool_threads(pool), e);
	if (!rc) {
		bool two = o->label >= OWN_ONE_PLY;

		t.teachers = two ? s.labeller : s.player;
		t.students = two ? s.player : NULL;
		rc = teach_games(&t, first, count, pool, take, goes_on, ctx, e);
	}
	close_seats(&s);
	return rc;
}

/* --- retelling ----------------------------------------------------------- */

static void sharpen(float *policy, int n, float temperature)
{
	float most = 0, sum = 0;

	for (int i = 0; i < n; i++)
		most = fmaxf(most, policy[i]);
	for (int i = 0; i < n; i++) {
		policy[i] =
			most > 0 ? powf(policy[i] / most, 1 / temperature) : 1;
		sum += policy[i];
	}
	for (int i = 0; i < n; i++)
		policy[i] /= sum;
}

/* Fisher and Yates. */
static void shuffle(float *policy, int n, struct rng *r)
{
	for (int i = n - 1; i > 0; i--) {
		int k = (int)rng_below(r, (uint32_t)i + 1);
		float swapped = policy[i];

		policy[i] = policy[k];
		policy[k] = swapped;
	}
}

static void retell(const struct own_retelling *how, float *policy, int n,
		   const struct self_play_game *in, int ply)
{
	struct rng r;

	if (how->how == OWN_SHARP)
		sharpen(policy, n, how->temperature);
	if (how->how != OWN_ANYHOW)
		return;
	rng_init(&r, how->seed, RNG_STUDY, (uint64_t)in->number, (uint64_t)ply);
	shuffle(policy, n, &r);
}

/* What one ply says, retold. */
static void tell_ply(const struct own_retelling *how, const struct target *t,
		     float *policy, const struct self_play_game *in, int ply,
		     bool lost, struct targets_writer *w)
{
	const float one = 65535;
	float wdl[3];

	if (!t->count || (how->how == OWN_WON && lost)) {
		targets_skip(w);
		return;
	}
	for (int i = 0; i < t->count; i++)
		policy[i] =
			(float)(t->policy[2 * i] | t->policy[2 * i + 1] << 8) /
			one;
	retell(how, policy, t->count, in, ply);
	wdl[0] = (float)t->win / one;
	wdl[1] = (float)t->draw / one;
	wdl[2] = fmaxf(0, 1 - wdl[0] - wdl[1]);
	targets_ply(w, t->count, policy, t->has_value ? wdl : NULL);
}

enum err_code own_games_retell(const struct game *g,
			       const struct self_play_game *in,
			       const struct own_retelling *how,
			       struct targets_writer *w, struct err *e)
{
	float *policy = mem_floats((size_t)g->move_count);
	void *state = game_state_new(g, 0);
	struct reader r;
	enum err_code rc = targets_open(&r, in->targets, in->targets_len, e);

	assert(how->how != OWN_SHARP || how->temperature > 0);
	targets_begin(w);
	for (int ply = 0; ply < in->count && !rc; ply++) {
		int player = g->rules->to_act(g, state);
		bool lost = player ? in->result > 0 : in->result < 0;
		struct target t;

		targets_next(&r, &t);
		if (r.failed || t.count > g->move_count)
			rc = err_set(e, ERR_FORMAT,
				     "a game and what it teaches do not fit");
		else
			tell_ply(how, &t, policy, in, ply, lost, w);
		g->rules->apply(g, state, in->moves[ply]);
	}
	free(state);
	free(policy);
	return rc;
}
