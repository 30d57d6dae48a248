/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_EVALUATOR_H
#define CORE_SEARCH_EVALUATOR_H

#include "core/game/game.h"

/*
 * What a search asks about positions.  Search never sees a network: rollouts,
 * a table and a test's fake are evaluators too.
 *
 * For n <= max_batch states, none of them over:
 *   policy(n, move_count)  logits; the caller masks illegal moves
 *   wdl(n, 3)              probabilities of win, draw, loss for the player to
 *                          act; they sum to 1
 * One thread at a time per evaluator.  The same states in the same batch give
 * the same bits.
 */
struct evaluator {
	const char *name;
	int max_batch;
	void (*evaluate)(void *self, const struct game *g, int n,
			 const void *const *states, float *policy, float *wdl);
	/*
	 * (optional) The same of x(n, planes, rows, cols), positions as the
	 * game encodes them: by evaluators that see nothing else of a position,
	 * so that what is said of one holds wherever it comes up again.  A
	 * fleet asks in this way alone, and whoever has no other user may leave
	 * `evaluate` NULL.
	 */
	void (*evaluate_encoded)(void *self, const struct game *g, int n,
				 const float *x, float *policy, float *wdl);
	/* (optional) What the last evaluate() expects the player to act to lead
	 * by, (n) in parts of the game's lead_scale(); valid until the next. */
	const float *(*leads)(void *self);
	void *self; /* owned by whoever built the evaluator */
};

static inline void evaluator_run(const struct evaluator *ev,
				 const struct game *g, int n,
				 const void *const *states, float *policy,
				 float *wdl)
{
	ev->evaluate(ev->self, g, n, states, policy, wdl);
}

/* Equal logits and a draw everywhere: search on the rules alone. */
extern const struct evaluator evaluator_uniform;

/*
 * Equal logits, and the mean of `games` random games played to the end.  A
 * position's games are drawn from `seed` and its hash, so it has one value
 * whatever was asked before.  `g` is borrowed; close frees what open made.
 */
void evaluator_rollout_open(struct evaluator *ev, const struct game *g,
			    int games, uint64_t seed);
void evaluator_rollout_close(struct evaluator *ev);

#endif
