/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_int.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"

/* The agent that looks two plies ahead, by the rules alone. */

struct tactical {
	void *after_reply; /* owned; a state: work space */
};

static enum err_code tactical_open(struct agent *a, struct err *e)
{
	struct tactical *t = a->self;

	(void)e;
	t->after_reply = mem_zalloc(1, a->g->state_size);
	return ERR_OK;
}

static void tactical_close(struct agent *a)
{
	struct tactical *t = a->self;

	free(t->after_reply);
}

/* Result of a finished game for `player`. */
static float result_for(const struct game *g, const void *state, int player)
{
	float value[GAME_MAX_PLAYERS];

	g->rules->score(g, state, value);
	return value[player];
}

/* Whether whoever acts at `state` can end the game and win it at once. */
static bool wins_at_once(struct agent *a, const void *state)
{
	const struct game *g = a->g;
	int player = g->rules->to_act(g, state);
	int n = g->rules->legal(g, state, a->legal);
	struct tactical *t = a->self;
	void *child = t->after_reply;

	for (int i = 0; i < n; i++) {
		memcpy(child, state, g->state_size);
		g->rules->apply(g, child, a->legal[i]);
		if (g->rules->to_act(g, child) == GAME_OVER &&
		    result_for(g, child, player) > 0)
			return true;
	}
	return false;
}

/*
 * A win if there is one; else a move after which the opponent has none at once;
 * else any, all equally likely.
 */
static void tactical_think(struct agent *a, const void *state, struct rng *r,
			   const atomic_bool *cancel, struct thought *out)
{
	const struct game *g = a->g;
	int player = g->rules->to_act(g, state);
	int rank[3] = {0}, best;

	(void)cancel;
	for (int i = 0; i < out->count; i++) {
		struct agent_move *m = &out->moves[i];
		int what = 1;

		memcpy(a->child, state, g->state_size);
		g->rules->apply(g, a->child, m->move);
		if (g->rules->to_act(g, a->child) == GAME_OVER) {
			m->q = m->value = result_for(g, a->child, player);
			what = m->q > 0 ? 2 : m->q < 0 ? 0 : 1;
		} else if (g->player_count > 1 &&
			   g->rules->to_act(g, a->child) >= 0 &&
			   wins_at_once(a, a->child)) {
			m->q = -1;
			what = 0;
		}
		a->weight[i] = (float)what;
		rank[what]++;
	}
	best = rank[2] ? 2 : rank[1] ? 1 : 0;
	for (int i = 0; i < out->count; i++)
		a->weight[i] = a->weight[i] == (float)best ? 1.0f : 0.0f;
	thought_draw(out, a, r);
}

const struct agent_kind agent_kind_tactical = {
	.name = "tactical",
	.form = "tactical",
	.help = "takes a win, blocks an immediate loss, else random",
	.self_size = sizeof(struct tactical),
	.open = tactical_open,
	.close = tactical_close,
	.think = tactical_think,
};
