/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_SOLVER_LINE_H
#define CORE_SEARCH_SOLVER_LINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Exhaustive search of games of pieces in line on boards of up to 64 bits, laid
 * out as drop_state.h says: column after column, with a bit between two that is
 * never set.  Two players, turn about; a line of `line` or more wins.
 *
 * Negamax with a null window on the score (Pons 2015-2019, "Solving Connect
 * Four"): moves that let the opponent win at once are not tried, the rest in
 * order of the threats they make; a table keeps bounds of positions.
 */
struct line_shape {
	int rows, cols, line; /* (rows + 1) * cols <= 64 */
	/* The directions in which lines win, of enum drop_dir (drop_lines.h);
	 * 0: all; others only where pieces fall. */
	int dirs;
	bool falls; /* pieces fall to the bottom of their column; else they may
		     * go to any cell, and (rows + 1) * cols <= 32 */
};

struct line_solver;

/* `memory` bytes for the table at most, 0: 64 MB; it grows as it fills. */
struct line_solver *line_solver_new(const struct line_shape *shape,
				    size_t memory);
void line_solver_free(struct line_solver *s); /* NULL is allowed */

/* The score, as in solver.h, for the player with `mine` to move; `all` are both
 * players' pieces.  No line is there yet and the board is not full.  false: it
 * was cancelled. */
bool line_solver_score(struct line_solver *s, uint64_t mine, uint64_t all,
		       const atomic_bool *cancel, int *score);

/* Whether it is `bound` or better, in one search with a null window. */
bool line_solver_at_least(struct line_solver *s, uint64_t mine, uint64_t all,
			  int bound, const atomic_bool *cancel, bool *yes);

/* Forget all, and give up, as if cancelled, after about this many nodes from
 * here on: what is then known follows from the questions alone. */
void line_solver_limit(struct line_solver *s, unsigned long long nodes);

unsigned long long line_solver_nodes(const struct line_solver *s);

#endif
