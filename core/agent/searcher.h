/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_SEARCHER_H
#define CORE_AGENT_SEARCHER_H

#include "core/agent/agent_int.h"
#include "core/agent/mind.h"
#include "core/search/mcts.h"

/* The agent that searches: what searcher.c, one position at a time, and
 * searcher_many.c, many at a time, share. */

struct fleet;

struct searcher_conf {
	int simulations, batch; /* batch 0: by what is asked */
	float c_puct, fpu, lcb, noise, temperature;
	float prior_temperature;
	int symmetries;
	bool gumbel, reuse;
	int gumbel_moves;
	int rollouts;
	int memory; /* MB */
};

struct searcher {
	struct mind mind;
	/* Of many positions or games at once; NULL: not yet. */
	struct fleet *fleet;   /* owned */
	struct net_eval *wide; /* owned: whom it asks */
};

/* What is kept of a game: where the tree of the last search stands, for the
 * move after next. */
struct searcher_game {
	struct mcts *mcts; /* owned; NULL: no search yet */
	bool valid;
	uint64_t seed, game;
	int ply;
	void *state;   /* owned; after our own move */
	game_move own; /* that move, where the tree stands before it since
			* chance came next; else GAME_NO_MOVE */
};

/* The search that the settings ask for, of the position in hand. */
struct mcts_config searcher_config(const struct agent *a);
/* Of a tree among many, for so many searches: no more than the settings say. */
size_t searcher_tree_cap(const struct agent *a, int searches);
/* Begin it, in the tree of the game where that leads here; and when it is over,
 * take what it found and leave the tree for the next turn. */
void searcher_begin(struct agent *a, const void *state,
		    const struct mcts_config *c);
void searcher_end(struct agent *a, const void *state, struct rng *r,
		  const atomic_bool *cancel, struct thought *out);
void searcher_take(struct thought *t, struct mcts *search);

/* Where its searches advance side by side, and whom they ask; of an agent with
 * a network. */
struct fleet *searcher_fleet(struct agent *a, struct evaluator *ev);

/* searcher_many.c: `think_many` and `together` of the kind. */
bool searcher_many(struct agent *a, const struct agent_question *q, int count,
		   uint64_t seed, const atomic_bool *cancel,
		   const struct agent_answers *answers);
bool searcher_together(struct agent *a, struct agent_turn *turns, int count,
		       const atomic_bool *cancel);

#endif
