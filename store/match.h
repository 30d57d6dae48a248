/* SPDX-License-Identifier: MIT */
#ifndef STORE_MATCH_H
#define STORE_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* Games between two agents, counted from the first agent's side; or games for
 * one, whose points count. */
struct store_match {
	int64_t id;
	const char *game;
	const char *first, *second; /* agents, by their specs; second NULL in a
				     * game for one */
	int64_t games, wins, draws, losses;
	double elo, elo_low, elo_high; /* difference, 95 % interval; NAN */
	/* Mean of the games, 95 % interval, in a game for one; else NAN. */
	double points, points_low, points_high;
	uint64_t seed;
	const char *openings; /* "random:4", a file's name, or NULL */
	int64_t run_id;       /* whose progress it measures; 0 */
	int64_t step;         /* of that run; -1: none */
	int64_t created_ms;
};

STORE_NODISCARD enum store_status store_match_add(struct store *s,
						  const struct store_match *m,
						  int64_t *id);
/* New counts and Elo of match m->id. */
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

/* Strength of an agent in a game, from a fit over many matches. */
struct store_rating {
	const char *agent, *game;
	double elo, elo_low, elo_high;
	int64_t games;
	int64_t updated_ms; /* only when read */
};

STORE_NODISCARD enum store_status
store_rating_set(struct store *s, const struct store_rating *r);
/* Strongest first; game NULL: all games. */
STORE_NODISCARD enum store_status
store_rating_list(struct store *s, struct store_bag *bag, const char *game,
		  struct store_rating **rows, size_t *count);

/* Specs of all agents that the file knows, in alphabetical order. */
STORE_NODISCARD enum store_status
store_agent_list(struct store *s, struct store_bag *bag, const char ***specs,
		 size_t *count);

#endif
