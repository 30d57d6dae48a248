/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_JUDGE_H
#define CORE_RATE_JUDGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/pool.h"
#include "core/rate/graded.h"
#include "core/rate/known.h"

/*
 * Whether moves keep the class and the score of their positions.  Where the
 * scores of all moves are known, they decide.  Where only the best score is, it
 * is taken for true, and a solver is asked about the one move: is it worth the
 * best score, and if not, is it of its class?  A move that keeps the score
 * keeps the class, and from a lost position every move is of the class, so one
 * question is usually enough; each is a search with a null window.
 */
struct verdict {
	bool class_kept, score_kept;
	int most; /* the move is worth that at most */
};

struct judge_work {
	struct pool *pool;   /* one solver for each of its threads */
	struct known *known; /* (optional) asked first, and told what is new */
	size_t memory;       /* of all solvers; 0: 256 MB */
	/* (optional) Called now and then by the calling thread with how many
	 * positions are judged; false ends it. */
	bool (*tick)(void *ctx, int done);
	void *ctx;
	const atomic_bool *cancel; /* (optional) ends a search at once */
};

/* Judge chosen[set->count], into out[set->count]; GAME_NO_MOVE keeps nothing.
 * *asked: questions put to solvers.  ERR_USAGE: no solver knows the game.
 * ERR_FORMAT: a move is known to be better than the best score that was read.
 * ERR_CANCELLED: what was answered is known, and *out is not whole. */
ATTR_NODISCARD enum err_code judge_moves(const struct graded_set *set,
					 const game_move *chosen,
					 const struct judge_work *work,
					 struct verdict *out, int *asked,
					 struct err *e);

/* By the scores of all moves. */
struct verdict judge_scored(const struct graded_position *p, game_move move);

#endif
