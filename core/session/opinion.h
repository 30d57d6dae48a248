/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_OPINION_H
#define CORE_SESSION_OPINION_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/game/game.h"

/*
 * What several agents say of several positions of one game: an agent's policy
 * over the legal moves, its value, and of a search the visits and Q.  All who
 * ask many agents the same thing, on a screen or by a command, ask here, so
 * that the same question has the same answer everywhere.
 *
 * Answers have a fixed seed and depend on no other question.  A search that was
 * not told its batch looks at one leaf at a time, as in matches: `analyze` says
 * the same of an agent with batch=1.
 */
struct opinion {
	int count;                /* of legal moves */
	struct agent_move *moves; /* owned; [count], in move order */
	game_move move;           /* that is chosen */
	bool has_value;
	float wdl[3]; /* for the player to act */
	int simulations;
	char *wrong; /* owned; not NULL: there is none, and this is why */
	int holders; /* see opinion_hold() */
};

/* A new one of a thought, or of what went wrong; held once. */
struct opinion *opinion_new(const struct thought *t);
struct opinion *opinion_of_error(const struct err *e);
/* Not from two threads at once.  opinion_drop(): NULL is allowed. */
struct opinion *opinion_hold(struct opinion *o);
void opinion_drop(struct opinion *o);

/* The move's figures; NULL: it is not legal there, or nothing is known. */
const struct agent_move *opinion_find(const struct opinion *o, game_move m);
/* Place of the move in the agent's order, by visits where it searched and by
 * policy else: 0 for the best; -1 as above.  Of equals the first comes first.
 */
int opinion_rank(const struct opinion *o, game_move m);
/* The move of rank 0, or GAME_NO_MOVE. */
game_move opinion_top(const struct opinion *o);
/* What the agent expects, in [-1, 1] for the player to act; NAN unknown. */
double opinion_value(const struct opinion *o);

/* A position where a player is to act, and what led there. */
struct opinion_place {
	const void *state;
	const game_move *line; /* [ply] */
	int ply;
};

struct opinion_agent {
	const char *spec;
	/* SHA-256 of its weights, for the answers to be known again; "" if it
	 * has none and always says the same; NULL: answers are not kept. */
	const char *network;
};

/* All is borrowed. */
struct opinion_question {
	const struct game *game;
	const struct agent_source *source; /* may be NULL */
	const struct opinion_agent *agents;
	const struct opinion_place *places;
	int agent_count, place_count;
	const bool *known; /* [agent_count][place_count] that need no answer;
			    * NULL: none is known */
};

/* Ask one agent after the other about all places.  `take` gets each answer, to
 * drop, from the asking thread; an agent that cannot be opened answers with
 * what went wrong.  False: `cancel` (may be NULL) ended it. */
bool opinion_ask(const struct opinion_question *q, const atomic_bool *cancel,
		 void (*take)(void *ctx, int agent, int place,
			      struct opinion *o),
		 void *ctx);

/*
 * Answers that were given, by network, settings and position, for as long as
 * somebody sits there.  A book that is full begins anew.  One thread.
 */
struct opinion_book;
struct opinion_book *opinion_book_new(size_t most_bytes);
void opinion_book_free(struct opinion_book *b); /* NULL is allowed */
/* Held for the caller; NULL: not there. */
struct opinion *opinion_book_find(struct opinion_book *b, const struct game *g,
				  const struct opinion_agent *a,
				  const struct opinion_place *p);
/* An answer that is no error, of an agent whose answers are kept; anything else
 * is left out. */
void opinion_book_add(struct opinion_book *b, const struct game *g,
		      const struct opinion_agent *a,
		      const struct opinion_place *p, struct opinion *o);

#endif
