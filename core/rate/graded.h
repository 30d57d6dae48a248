/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_GRADED_H
#define CORE_RATE_GRADED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/search/solver.h"

/*
 * Positions with the exact score of every move, as a solver gives them.  As
 * text, one a line, `#` begins a comment:
 *
 *	MOVES s1 s2 ... sN    the line of play, and for each move of the game,
 *	                      legal or not, its score for the player who makes
 *	                      it; "-" for a move that cannot be made
 *	MOVES SCORE           the score of the best move alone
 *
 * Scores are those of core/search/solver.h.
 */
struct graded_position {
	game_move *moves; /* owned; [plies] */
	int plies;
	void *state; /* owned; after them; a player acts */
	int line;    /* of the file; 0: none */
	int best;    /* score of the best move; SOLVER_NO_MOVE: not known */
	int *scores; /* owned; [move_count]; NULL: not solved */
};

struct graded_set {
	const struct game *game; /* borrowed */
	char *name;              /* owned; of the file, for sentences */
	struct graded_position *positions; /* owned; [count] */
	int count, cap;
};

/* Add a position, which becomes the set's. */
void graded_take(struct graded_set *set, const struct graded_position *p);
void graded_position_release(struct graded_position *p);

void graded_init(struct graded_set *set, const struct game *g,
		 const char *name);
void graded_release(struct graded_set *set);

/* Add what a file holds from here on, its first `limit` positions, 0: all.
 * ERR_IO; ERR_FORMAT names the file, the line and what is wrong. */
ATTR_NODISCARD enum err_code graded_read(struct graded_set *set, FILE *f,
					 int limit, struct err *e);
/* One line, without its newline; an empty one adds nothing. */
ATTR_NODISCARD enum err_code
graded_add(struct graded_set *set, const char *text, int line, struct err *e);

struct graded_work {
	struct pool *pool; /* one solver for each of its threads */
	/* (optional) Called now and then by the calling thread with how many
	 * positions are done; false ends it. */
	bool (*tick)(void *ctx, int done);
	void *ctx;
	/* (optional) Ends a position at once. */
	const atomic_bool *cancel;
};

/* Score every move of the positions that have no scores.  ERR_FORMAT: a
 * position whose best score is not the one that was read.  ERR_USAGE: no solver
 * knows the game.  ERR_CANCELLED: those done so far stand. */
ATTR_NODISCARD enum err_code graded_solve(struct graded_set *set,
					  const struct graded_work *work,
					  struct err *e);

/*
 * Add solved positions of random play: moves are drawn uniformly, and so is
 * their number.  No two are the same, and in each a move is worse in class than
 * another: where nothing can be lost, nothing is graded.  The same numbers give
 * the same positions.
 */
struct graded_sampling {
	int count;
	int least_ply, most_ply; /* 0 .. max_plies */
	bool quick; /* only where solver_is_quick(), and what is solved within
		     * a few hundredths of a second */
	uint64_t seed;
};

/* There may be fewer such positions than were asked for, even none.  Errors as
 * graded_solve(); nothing is added then. */
ATTR_NODISCARD enum err_code graded_sample(struct graded_set *set,
					   const struct graded_sampling *want,
					   const struct graded_work *work,
					   struct err *e);

/* The set as lines with all scores; every position is solved. */
void graded_write(const struct graded_set *set, struct buf *out);

#endif
