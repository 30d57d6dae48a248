/* SPDX-License-Identifier: MIT */
#ifndef STORE_MATCH_H
#define STORE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* Games between two agents, counted from the first agent's side; or one-player
 * games, whose points count. */
struct store_match {
	int64_t id;
	const char *game;
	const char *first, *second; /* agents, by their specs; second NULL in a
				       one-player game */
	int64_t games, wins, draws, losses;
	double elo, elo_low, elo_high; /* difference, 95 % interval; NAN */
	/* Mean of the games, 95 % interval, in a one-player game; else NAN. */
	double points, points_low, points_high;
	/* Pairs of games from one opening, and the distinct ones by what they
	 * were worth, in half points of the first agent; all 0: not counted. */
	int64_t pairs, distinct[5];
	uint64_t seed;
	const char *openings; /* "random:4", a file's name, or NULL */
	int64_t run_id;       /* whose progress it measures; 0 */
	int64_t step;         /* of that run; -1: none */
	/* A sequential test that may end it early, as a JSON object: elo0,
	 * elo1, alpha, beta, llr, verdict ("H0", "H1" or "undecided"); NULL */
	const char *sprt;
	int64_t created_ms;
};

STORE_NODISCARD enum store_status
store_match_add(struct store *s, const struct store_match *m, int64_t *id);
/* New counts, Elo and state of the test of match m->id. */
STORE_NODISCARD enum store_status
store_match_update(struct store *s, const struct store_match *m);
STORE_NODISCARD enum store_status store_match_get(struct store *s,
						  struct store_bag *bag,
						  int64_t match_id,
						  struct store_match *out);
/* Newest first; run_id 0: all. */
STORE_NODISCARD enum store_status
store_match_list(struct store *s, struct store_bag *bag, int64_t run_id,
		 struct store_match **rows, size_t *count);

/* Those of agents with `text` in their spec, on either side; newest first. */
STORE_NODISCARD enum store_status
store_match_like(struct store *s, struct store_bag *bag, const char *text,
		 struct store_match **rows, size_t *count);

/* Of a game, with games between different agents, by their specs: those of one
 * pair of agents follow each other, whoever is the first. */
STORE_NODISCARD enum store_status
store_match_list_met(struct store *s, struct store_bag *bag, const char *game,
		     struct store_match **rows, size_t *count);
/* Games of which there are such matches, in alphabetical order. */
STORE_NODISCARD enum store_status store_pairing_games(struct store *s,
						      struct store_bag *bag,
						      const char ***games,
						      size_t *count);

/* Strength of an agent in a game, from one fit over all its matches. */
struct store_rating {
	const char *agent, *game;
	double elo, elo_low, elo_high; /* 95 % interval */
	int64_t games;
	double score; /* share of the points of its games, [0, 1]; NAN */
	bool linked;  /* a chain of games leads to the agent whose Elo is 0;
		       * else its Elo is hardly more than a guess */
	int64_t updated_ms; /* only when read */
};

STORE_NODISCARD enum store_status
store_rating_set(struct store *s, const struct store_rating *r);
/* Forget the ratings of a game, before those of a new fit. */
STORE_NODISCARD enum store_status store_rating_clear(struct store *s,
						     const char *game);
/* Strongest first; game NULL: all games. */
STORE_NODISCARD enum store_status
store_rating_list(struct store *s, struct store_bag *bag, const char *game,
		  struct store_rating **rows, size_t *count);

/* Specs of all agents that the file knows, in alphabetical order. */
STORE_NODISCARD enum store_status store_agent_list(struct store *s,
						   struct store_bag *bag,
						   const char ***specs,
						   size_t *count);

#endif
