/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_MOMENTS_H
#define CORE_SESSION_MOMENTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/session/review.h"

/*
 * Where games turned: moves that swung the value, and searches that overturned
 * the network, of one game or of all that a filter chooses; by the searches
 * that are stored, or by an agent that is asked about every position.
 */
struct moments_asked {
	int64_t game_id; /* this game; 0: those of the filter, newest first */
	struct game_filter filter;
	int64_t limit;     /* games at most; 0: all */
	const char *agent; /* NULL: what is stored */
};

struct moments_row {
	int64_t game_id;
	int player;              /* who moved; GAME_CHANCE */
	struct review_moment at; /* its event lives as long as the program */
	char move[GAME_TEXT_SIZE];
	char best[GAME_TEXT_SIZE]; /* of who searched there; "": nobody */
	const char *agent;         /* who that was; NULL; during the call */
};

struct moments_sum {
	int64_t games, positions; /* looked at; with a search, of theirs */
	int64_t overturned, swings, blunders;
	/* Moves whose cost is known, and their costs, by player. */
	int64_t moves[2];
	double cost[2]; /* the sum of what was lost; gains count nothing */
};

struct moments_sink {
	void (*row)(void *ctx, const struct moments_row *row);
	/* (optional) After each game, and of how many it was. */
	void (*game)(void *ctx, int64_t done, int64_t total);
	void *ctx;
};

/* In the asking thread; one that a screen starts has a lab of its own.  A
 * cancel (may be NULL) is no error: `sum` is then of what was seen.
 * ERR_NOTFOUND: no such game or run; ERR_USAGE: no such agent.  A game that
 * cannot be read is an error that names it. */
ATTR_NODISCARD enum err_code
moments_find(struct lab *lab, const struct moments_asked *asked,
	     const atomic_bool *cancel, const struct moments_sink *to,
	     struct moments_sum *sum, struct err *e);

#endif
