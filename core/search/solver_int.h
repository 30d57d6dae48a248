/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_SOLVER_INT_H
#define CORE_SEARCH_SOLVER_INT_H

#include "core/search/solver.h"

/* The inside of solvers: a kind for each family of games that one knows. */
struct solver_kind {
	const char *family;
	bool (*knows)(const struct game *g);
	bool (*is_quick)(const struct game *g, const void *state);
	void *(*open)(const struct game *g, size_t memory); /* 0: the usual */
	void (*close)(void *self);
	/* As line_solver_limit(). */
	void (*limit)(void *self, unsigned long long nodes);
	/* As solver_score(). */
	bool (*score)(void *self, const struct game *g, const void *state,
		      const atomic_bool *cancel, int *score);
	/* As solver_at_least(). */
	bool (*at_least)(void *self, const struct game *g, const void *state,
			 int bound, const atomic_bool *cancel, bool *yes);
	/* What a finished game is worth to `player`. */
	int (*ended)(const struct game *g, const void *state, int player);
	unsigned long long (*nodes)(const void *self);
};

extern const struct solver_kind solver_kind_drop, solver_kind_mnk;
extern const struct solver_kind solver_kind_othello;

#endif
