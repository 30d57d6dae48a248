/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_EVAL_CACHE_H
#define CORE_SEARCH_EVAL_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/game/game.h"

/*
 * What one network answered, by what it was asked: searches of one game visit
 * the positions under the move that was played again, and games share their
 * openings.  A question is known by 128 bits of hash over the network's whole
 * input and the legal moves, so two positions are the same here only where the
 * network cannot tell them apart, whatever the game's own hash covers.  The
 * logits of legal moves alone are kept.  Nothing is thrown out one by one: when
 * the cap is reached nothing more comes in, and a new network needs
 * eval_cache_clear().  What is kept depends on the order of questions alone.
 * One thread at a time.
 */
struct eval_cache;

struct eval_key {
	uint64_t a, b;
};

/* `cap_bytes` bounds the answers and their index; memory is taken as it is
 * needed and kept until the end.  0: nothing is ever kept. */
struct eval_cache *eval_cache_new(size_t cap_bytes);
void eval_cache_free(struct eval_cache *c); /* NULL is allowed */
/* Forget everything; the memory stays. */
void eval_cache_clear(struct eval_cache *c);

/* Of the input x[inputs] and the legal moves legal[count]. */
struct eval_key eval_cache_key(const float *x, size_t inputs,
			       const game_move *legal, int count);

/* A row of the batch at hand will answer the question: eval_cache_add(). */
struct eval_answer {
	int row;          /* >= 0: of the batch that will answer; -1: known */
	int count;        /* of legal moves */
	const float *wdl; /* [3]; all valid until eval_cache_clear() */
	const game_move *move; /* [count], the legal ones */
	const float *logit;    /* [count] */
};

/* False: the question is new. */
bool eval_cache_find(const struct eval_cache *c, struct eval_key key,
		     struct eval_answer *out);

/*
 * Remember that a question which is not there is asked with `row` of the next
 * batch.  Returns its number, for eval_cache_fill(), or -1: there is no room.
 */
int64_t eval_cache_add(struct eval_cache *c, struct eval_key key, int row,
		       const game_move *legal, int count);

/* The answer: logits of all moves, of which those of the legal ones are kept.
 */
void eval_cache_fill(struct eval_cache *c, int64_t number, const float *policy,
		     const float *wdl);

#endif
