/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_REVIEW_H
#define CORE_SESSION_REVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/agent/agent.h"
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
	int64_t search_id; /* 0: no search is stored; REVIEW_UNKEPT: an agent
			    * did that was asked about the whole game */
	/* Policy and value that a run learned from stand for it, those of the
	 * search that moved or of the teacher. */
	bool taught;
	bool traced;
	bool overturned; /* the search chose a move other than the policy's */
	double wdl[3], raw; /* for the player to act; NAN: unknown */
	int64_t simulations;
	const char *agent, *best, *moves; /* in the bag, or of `heard` */
};

/* What the agent that was asked about the whole game said of a position. */
struct review_heard {
	bool known;
	struct thought thought;
	char best[GAME_TEXT_SIZE];
	char *moves; /* owned; as a stored search has them */
};

/* A move that is worth a look, by what was found before and after it. */
struct review_moment {
	int ply;              /* of the position before the move */
	double before, after; /* values for the first player; NAN: unknown */
	double cost; /* what its mover lost by it, in [-2, 2]; NAN: unknown */
	bool swing, overturned;
	const char *event; /* NULL: none */
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
	/* Owned; [plies + 1]: what the move to this position cost its mover
	 * by what one agent thought before and after it, or by how the game
	 * ended; NAN: unknown. */
	double *cost;
	const void *targets; /* in the bag; NULL: none */
	size_t targets_len;
	struct store_annotation *notes; /* in the bag */
	size_t note_count;
	struct store_search *searches; /* in the bag */
	size_t search_count;
	struct review_heard *heard; /* owned; [plies + 1] */
	char *heard_agent;          /* owned; NULL: nobody was asked */
	bool hearing; /* `ply` is what was heard, not what is stored */
};

enum { REVIEW_UNKEPT = -1 };

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

/* Ask anew: forget what `agent` or another said of the whole game, and show
 * what it says from now on.  Then its thoughts, which are taken over. */
void review_ask(struct review *r, const char *agent);
void review_hear(struct review *r, int ply, struct thought *th);
/* Show what was heard, or what is stored; false: nothing was heard. */
bool review_show_heard(struct review *r, bool heard);
/* Keep with the game what was heard, all or nothing; from then on it is stored.
 * ERR_USAGE: nothing was heard. */
ATTR_NODISCARD enum err_code review_keep(struct review *r, struct store *store,
					 struct err *e);

/* The moves of the game that swung the value, whose search overturned the
 * network, or at which something rose, in order, into out[plies]; returns how
 * many. */
int review_moments(const struct review *r, struct review_moment *out);

/* What was searched or learned where the line stands; NULL in a variation or
 * where there was nothing. */
const struct review_ply *review_here(const struct review *r);

/* Whether the search there can be made again: again.h. */
bool review_again(const struct review *r);

/* The search there: its recorded tree, else its figures one level deep, else
 * what was learned from it, the policy as priors; NULL:
 * there is none that can be shown.  The caller frees it. */
struct trace *review_trace(const struct review *r, struct store *store);

#endif
