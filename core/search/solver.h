/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_SOLVER_H
#define CORE_SEARCH_SOLVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/game/game.h"

/*
 * Perfect play: the exact score of a position by exhaustive search, for games
 * that allow it.  A score is for the player to act: 0 a draw, positive a win,
 * negative a loss, and the larger the better: the sooner a win, the later a
 * loss.  In games of pieces in line it is the number of pieces that the winner
 * has left, and one more (Pons' convention); in Othello the difference of discs
 * at the end.
 *
 * A solver keeps a transposition table of a fixed size from one question to
 * the next; answers do not depend on it.  One thread at a time per solver.
 */
struct solver;

enum { SOLVER_NO_MOVE = -1000 };

/* Whether positions of a game can be solved at all, and whether this one can be
 * within about a second, its moves one by one included. */
bool solver_knows(const struct game *g);
bool solver_is_quick(const struct game *g, const void *state);

/* `g` is borrowed and must outlive the solver.  `memory` bytes for the table,
 * 0: the usual.  ERR_USAGE names the game that no solver knows. */
ATTR_NODISCARD enum err_code solver_open(struct solver **out,
					 const struct game *g, size_t memory,
					 struct err *e);
void solver_close(struct solver *s); /* NULL is allowed */

/* The score of `state`, which is not over.  `cancel` may be NULL; false: it was
 * cancelled, and *score is unchanged. */
bool solver_score(struct solver *s, const void *state,
		  const atomic_bool *cancel, int *score);

/* Whether the score of `state` is `bound` or better: cheaper than the score, by
 * far where only the sign is asked for.  And the same of making `move` there,
 * for the player who makes it. */
bool solver_at_least(struct solver *s, const void *state, int bound,
		     const atomic_bool *cancel, bool *yes);
bool solver_move_at_least(struct solver *s, const void *state, game_move move,
			  int bound, const atomic_bool *cancel, bool *yes);

/* Give up on a question after about this many positions, as if it were
 * cancelled; 0: never. */
void solver_limit(struct solver *s, unsigned long long nodes);

/* The score of every move for the player who makes it, into out[move_count];
 * SOLVER_NO_MOVE where there is no such move.  False: it was cancelled, and
 * moves that were not reached have SOLVER_NO_MOVE too.  The middle of the list
 * of legal moves comes first. */
bool solver_moves(struct solver *s, const void *state,
		  const atomic_bool *cancel, int *out);

/* Positions looked at since the solver was opened. */
unsigned long long solver_nodes(const struct solver *s);

#endif
