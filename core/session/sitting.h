/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_SITTING_H
#define CORE_SESSION_SITTING_H

#include <stdbool.h>

#include "core/session/round.h"
#include "core/session/seat.h"

/*
 * Players at one board, game after game: the round, who sits on each side, and
 * who is asked for hints.  A person's moves come by calls, an agent's out of
 * its thread: sitting_collect() tells what was thought, and what an agent has
 * decided waits until sitting_answer() plays it.  Where chance acts it moves by
 * itself, from the round's seed.
 *
 * Whoever is to act goes to work at once: after every call that changes the
 * position, and in the middle of what another thought about.
 *
 * It must not move in memory once somebody sits: seats borrow its game.  All
 * calls are for the one thread that made it.
 */
enum { SITTING_HINT = 2, SITTING_SEATS };

struct sitting {
	struct seat_host host;
	struct round round;
	struct seat seats[SITTING_SEATS]; /* by player; then who gives hints */
	int number;                       /* of the game, from 1 */
	int asked;                   /* player whose agent was asked last; -1 */
	bool hinted;                 /* a hint was asked for at this position */
	bool held;                   /* an agent's answer waits */
	int held_player;             /* whose */
	struct thought held_thought; /* owned while held */
	/* Owned; the hint for the position at hand, which is kept with the
	 * person's move as the judgement of it; .moves NULL: none came. */
	struct thought hint;
};

/* The first game of `g`, which is copied; every seat is a person's. */
void sitting_init(struct sitting *s, const struct game *g,
		  const struct seat_host *host);
void sitting_release(struct sitting *s); /* zeroed is allowed */

/* Seat whom `spec` names; what a predecessor has decided is dropped.  On
 * failure nothing changes. */
ATTR_NODISCARD enum err_code sitting_seat(struct sitting *s, int player,
					  const char *spec, struct err *e);
/* The player whose agent the person plays against; -1 if people play. */
int sitting_opponent(const struct sitting *s);
bool sitting_person_to_move(const struct sitting *s);

/* Have whoever is to act go to work, after the round was changed directly. */
void sitting_go_on(struct sitting *s);
/* Drop all that is thought and decided. */
void sitting_stop(struct sitting *s);
void sitting_hurry(struct sitting *s); /* be content with what was found */
bool sitting_is_thinking(const struct sitting *s);

/* A legal move of the person who is to act. */
void sitting_play(struct sitting *s, game_move m);
/* Back to the last position where a person was to move, and further with every
 * call.  False: there is no move to take back. */
bool sitting_take_back(struct sitting *s);
/* The person gives up, also while an agent thinks.  False: the game is over. */
bool sitting_resign(struct sitting *s);
/* The other side from here; false in a one-player game. */
bool sitting_swap(struct sitting *s);
/* A game from its start; the seed is that of its number.  Agents are told the
 * game before, if it was finished. */
void sitting_begin(struct sitting *s, int number);

/* Play on against another agent; between two people it takes the second side.
 * Hints come from it from now on. */
ATTR_NODISCARD enum err_code sitting_replace(struct sitting *s,
					     const char *spec, struct err *e);

/* Have a hint for the person who is to move; nothing happens if there is none.
 * Who is asked: whoever was named, else the opponent, else the strongest that
 * needs no network. */
ATTR_NODISCARD enum err_code sitting_hint(struct sitting *s, struct err *e);
void sitting_forget_hint(struct sitting *s);
/* Name whom to ask.  *person: it is one, who cannot be asked; then, and on
 * failure, nothing changes. */
ATTR_NODISCARD enum err_code sitting_hint_from(struct sitting *s,
					       const char *spec, bool *person,
					       struct err *e);

/* What is new, through `show` (may be NULL): snapshots, and answers,
 * which are not `running`.  A player's answer is held; a hint is the caller's
 * to show.  Returns whether there was anything. */
bool sitting_collect(struct sitting *s,
		     void (*show)(void *ctx, int seat, const struct thought *th,
				  int ply, bool running),
		     void *ctx);
/* Play what is held: a move, or a forfeit of whoever cannot go on. */
void sitting_answer(struct sitting *s);
void sitting_drop_answer(struct sitting *s);

/* As round_save(), under the names of those who sit. */
ATTR_NODISCARD enum err_code sitting_save(struct sitting *s,
					  struct store *store,
					  const char *purpose, struct err *e);

#endif
