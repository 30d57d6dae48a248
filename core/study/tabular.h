/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_TABULAR_H
#define CORE_STUDY_TABULAR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/study/env.h"

/*
 * Worlds that fit into a table, and learners whose whole mind is a table: a
 * number for each action in each state.  Given what happened, such a learner is
 * a fixed function, so how likely it was to act as somebody did is exact.
 *
 * In a world of two players a learner plays both.  Pure; any thread.
 */
enum { TABULAR_ACTIONS = 16, TABULAR_STEPS = 32 };
enum { TABULAR_ILLEGAL = -1, TABULAR_OVER = -2 };

struct tabular_world {
	int states, actions; /* state 0 is where episodes begin */
	int *next;           /* owned; [states][actions]: a later state, whose
			      * number is larger, or one of the above */
	float *result;       /* owned; [states][actions] where it is over: for
			      * who acted, -1 .. 1.  A world of chance: unused */
	/* (optional) One state, whose results are this world's: its rewards are
	 * odd where they pay. */
	const struct env *chance;
	union env_bytes task;
};
/* A two-player game without chance, of at most TABULAR_STEPS plies: positions
 * that are the same but for a symmetry of the board are one state. */
void tabular_world_of_game(struct tabular_world *w, const struct game *g);
/* A task of a world in which an episode is one action without a look. */
void tabular_world_of_env(struct tabular_world *w, const struct env *e,
			  int64_t task);
void tabular_world_release(struct tabular_world *w);

/* What happened: result is for who acted last, -1 .. 1. */
struct tabular_episode {
	int count;
	int16_t state[TABULAR_STEPS];
	int8_t action[TABULAR_STEPS];
	float result;
};

enum tabular_kind {
	/* The table has values of actions, that move to what came of them by
	 * `rate`: the result, as far as `lambda` says, and what the state after
	 * is worth, for the rest (lambda returns, from the end of an episode).
	 * All other values of a visited state fade to `start` by `forget`. */
	TABULAR_VALUE,
	/* It has preferences, that a gradient of the result moves: `rate` times
	 * the result less `start` (REINFORCE with a baseline). */
	TABULAR_GRADIENT,
	/* It counts actions, from `start` on, and is told no results: a player
	 * who does not learn, as far as is known of it. */
	TABULAR_COUNT,
};

struct tabular_learner {
	enum tabular_kind kind;
	/* Of values and preferences: a softmax of this temperature, or, greedy,
	 * the best but for a share of actions by chance. */
	bool greedy;
	float noise;
	float rate;
	bool averages; /* the rate is 1 / visits while that is more */
	float start, lambda, forget;
};

/* A mind: [states][actions] numbers, then as many visits. */
size_t tabular_mind_size(const struct tabular_world *w);
void tabular_begin(const struct tabular_world *w,
		   const struct tabular_learner *l, float *mind);
/* Chances of actions into out[w->actions]; 0 where illegal. */
void tabular_policy(const struct tabular_world *w,
		    const struct tabular_learner *l, const float *mind,
		    int state, float *out);
/* It has seen an episode, its own or another's. */
void tabular_learn(const struct tabular_world *w,
		   const struct tabular_learner *l, float *mind,
		   const struct tabular_episode *e);

/* An episode; choose() gives chances as tabular_policy(). */
void tabular_play(const struct tabular_world *w,
		  void (*choose)(void *ctx, int state, float *out), void *ctx,
		  struct rng *r, struct tabular_episode *out);

/*
 * Of a policy for every state, [states][actions], the best action alone, or the
 * best ones alike: into *p itself.
 */
void tabular_best(const struct tabular_world *w, float *p);
/* What the first scores against the second, 0 .. 1, exactly: each begins as
 * often, from every line of `plies` moves by chance.  Worlds of two players. */
double tabular_match(const struct tabular_world *w, const float *first,
		     const float *second, int plies);
/* What an episode of a world of chance is worth on average. */
double tabular_pay(const struct tabular_world *w, const float *p);

#endif
