/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_GRADED_H
#define CORE_RATE_GRADED_H

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

/* The set as lines with all scores; every position is solved. */
void graded_write(const struct graded_set *set, struct buf *out);

#endif
