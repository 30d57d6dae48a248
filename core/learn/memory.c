/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/memory.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/net/net.h"
#include "core/net/optim.h"
#include "core/search/mcts.h"

/* Of a position in the replay: its place, its lesson, its state; of a move that
 * it teaches. */
enum { POSITION_BYTES = 320, MOVE_BYTES = 4 };
/* Moves with a share worth keeping. */
enum { TAUGHT_MOVES = 48 };

enum part { NETWORK, TRAINING, PLAYING, REPLAY, TREES, CACHE, PARTS };

static const struct {
	const char *what, *keys;
} parts[PARTS] = {
	[NETWORK] = {"the network and its optimiser", "filters or blocks"},
	[TRAINING] = {"a training step", "batch, shard, filters or blocks"},
	[PLAYING] = {"evaluating positions", "slots, filters or blocks"},
	[REPLAY] = {"the replay window", "window_max"},
	[TREES] = {"search trees", "slots, groups or simulations"},
	[CACHE] = {"the cache of evaluations", "cache"},
};

/* Legal moves of a usual position: games open up after the start. */
static double usual_moves(const struct game *g)
{
	void *state = game_state_new(g, 0);
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	double n = 2.0 * g->rules->legal(g, state, legal);

	free(state);
	free(legal);
	return fmin(n, g->move_count);
}

static void measure(const struct recipe *r, const struct game *g,
		    const struct memory_work *w, double *bytes)
{
	double cells = (double)g->rows * g->cols, moves = usual_moves(g);
	double row = (g->planes + 1) * cells + g->move_count + 5;
	double positions = r->window_max, params, shards;
	struct net_config net;
	struct optim_config optim;

	recipe_net(r, g, &net);
	recipe_optim(r, &optim);
	params = (double)net_param_count(&net) * sizeof(float);
	shards = fmax(1, (double)r->batch / r->shard);
	/* Weights, their average and two masks; the plan that plays, and one
	 * more for rating. */
	bytes[NETWORK] = 4 * params +
			 (double)optim_state_count(&optim, 1) * params +
			 2 * (double)net_plan_bytes(&net);
	bytes[TRAINING] =
		shards * (params + r->shard * row * sizeof(float)) +
		w->threads * (double)net_trainer_bytes(&net, r->shard);
	if (w->games > 0)
		positions = fmin(positions,
				 (double)w->games * (double)g->max_plies);
	bytes[REPLAY] = positions * (POSITION_BYTES +
				     MOVE_BYTES * fmin(moves, TAUGHT_MOVES));
	bytes[PLAYING] = bytes[TREES] = bytes[CACHE] = 0;
	if (!w->self_play)
		return;
	bytes[PLAYING] = w->threads * (double)net_work_bytes(&net, r->slots) +
			 (double)r->groups * r->slots * row * sizeof(float);
	bytes[TREES] = (double)r->groups * r->slots *
		       mcts_tree_bytes(r->simulations, moves);
	bytes[CACHE] = (double)r->cache * (1 << 20);
}

double memory_of(const struct recipe *r, const struct game *g,
		 const struct memory_work *w)
{
	double bytes[PARTS], all = 0;

	measure(r, g, w, bytes);
	for (int i = 0; i < PARTS; i++)
		all += bytes[i];
	return all;
}

enum err_code memory_check(const struct recipe *r, const struct game *g,
			   const struct memory_work *w, double available,
			   struct err *e)
{
	double bytes[PARTS], all = memory_of(r, g, w);
	int most = 0;

	if (available <= 0 || all <= available)
		return ERR_OK;
	measure(r, g, w, bytes);
	for (int i = 1; i < PARTS; i++)
		if (bytes[i] > bytes[most])
			most = i;
	return err_set(e, ERR_USAGE,
		       "this run needs about %.2f GB of memory and %.2f GB are "
		       "available: %.2f GB of it are for %s; %slower %s",
		       all * 1e-9, available * 1e-9, bytes[most] * 1e-9,
		       parts[most].what,
		       w->begun ? "free some, or begin another run with " : "",
		       parts[most].keys);
}
