/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_BENCH_RULES_H
#define TUI_CMD_BENCH_RULES_H

#include <stdint.h>

#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/mcts.h"
#include "core/search/solver.h"

/* What a figure of rules or search works with. */
struct rules_bench {
	const struct rules_figure *figure; /* borrowed */
	struct game g;
	void *start, *state;   /* owned */
	struct mcts *mcts;     /* owned; NULL until a search wants it */
	struct solver *solver; /* owned; NULL until solving wants it */
	void *along;           /* owned; states along a random game, or NULL */
	int along_count;
	struct rng r;
	game_move *moves; /* owned; [move_count] */
	uint64_t count;
	double units; /* done by one call */
};

/* A figure of `plyscope bench`: how many units a second one thread does. */
struct rules_figure {
	const char *name; /* "perft-c4": what --only takes; unique */
	const char *work; /* "perft" */
	const char *what; /* "depth 7" */
	const char *unit; /* "leaves/s" */
	const char *game;
	/* Does some and sets b->units. */
	void (*run)(void *b);
	int number; /* a depth, where the work has one */
};

extern const struct rules_figure rules_figures[]; /* name NULL ends */

double rules_bench_rate(const struct rules_figure *f, double seconds);

#endif
