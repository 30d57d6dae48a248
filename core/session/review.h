/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_REVIEW_H
#define CORE_SESSION_REVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/search/trace.h"
#include "core/session/line.h"
#include "store/game.h"

/*
 * A stored game to step through: its moves as a line that variations leave and
 * come back to, what was searched before each move, what was said, and where
 * the value jumps.  Zeroed before the first load.
 */
struct review_ply {
	int64_t search_id; /* 0: nobody searched here */
	bool traced;
	bool overturned; /* the search chose a move other than the policy's */
	double wdl[3], raw; /* for the player to act; NAN: unknown */
	int64_t simulations;
	const char *agent, *best, *moves; /* in the bag */
};

struct review {
	struct store_bag bag; /* of what was read */
	struct store_game row;
	struct game game;
	bool ready; /* game and line are there */
	struct line line;
	struct review_ply *ply; /* owned; [max_plies + 1] */
	double *value;          /* owned; [plies + 1], for the first player;
				 * NAN: never searched */
	bool *swing;            /* owned; [plies + 1] */
	/* Owned; [plies + 1]: the figure of the game's record that rose there,
	 * of those that seldom do ("ghosts"), or NULL. */
	const char **event;
	int plies;
	struct store_annotation *notes; /* in the bag */
	size_t note_count;
};

/* How much the value that an agent gives must move to count as a swing. */
#define REVIEW_SWING 0.3
/* The share of plies at which a figure may rise and still be an event. */
#define REVIEW_SELDOM 0.1

/* Read game `id`, at the first call or again, when searches or notes may have
 * come; the line stays where it is, but leaves a variation.  ERR_NOTFOUND,
 * ERR_FORMAT name the game.  It must not move in memory: the line borrows its
 * game. */
ATTR_NODISCARD enum err_code review_load(struct review *r, struct store *store,
					 int64_t id, struct err *e);
void review_release(struct review *r); /* also after a failure */

/* What was searched where the line stands; NULL in a variation or where nobody
 * searched. */
const struct review_ply *review_here(const struct review *r);

/* The search there: its recorded tree, else its figures one level deep; NULL:
 * there is none that can be shown.  The caller frees it. */
struct trace *review_trace(const struct review *r, struct store *store);

#endif
