/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_PACMAN_WATCH_H
#define CORE_STUDY_PACMAN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/net/net.h"

/*
 * Games of Pac-Man by one agent, and what happened in them.  An opportunity is
 * a ghost that takes fright: it can be eaten until the fright ends.  One that
 * is frightened again before counts once.
 */
struct pacman_seen {
	int64_t games, ticks;
	int64_t opportunities, eaten, deaths;
	double score, squares; /* sums over games */
	/* Where he was with the ghosts where they were, in fright or not: a
	 * sorted set of keys. */
	uint64_t *places; /* owned */
	size_t place_count, place_cap;
	/* The first game, as text. */
	struct buf line;
	int plies, opening;
	double result;
};
void pacman_seen_init(struct pacman_seen *s);
void pacman_seen_release(struct pacman_seen *s);

/* A finished game; then, before places are asked for, pacman_seen_sort(). */
void pacman_seen_add(struct pacman_seen *s, const struct game *g,
		     const game_move *moves, int count, int opening);
void pacman_seen_sort(struct pacman_seen *s);

struct pacman_watch {
	const struct game *game;
	const char *agent;                 /* spec */
	const struct agent_source *source; /* of its networks; may be NULL */
	int games;
	uint64_t seed;
	bool (*goes_on)(void *ctx);
	void *ctx;
};
/* Adds to *out.  ERR_CANCELLED: goes_on() said no. */
ATTR_NODISCARD enum err_code pacman_watch(const struct pacman_watch *w,
					  struct pool *pool,
					  struct pacman_seen *out,
					  struct err *e);

/* The key of a place. */
uint64_t pacman_place(const struct game *g, const void *state);
bool pacman_was_at(const struct pacman_seen *s, uint64_t place);

/* States with a choice, of games that an agent played. */
struct pacman_states {
	unsigned char *at; /* owned; (count, state_size) */
	int count;
};
void pacman_states_release(struct pacman_states *s);
ATTR_NODISCARD enum err_code pacman_states(const struct pacman_watch *w,
					   struct pool *pool,
					   struct pacman_states *out,
					   struct err *e);

/* KL(first || second) of the policies at each state, nats, into kl[count]. */
void pacman_drift(const struct game *g, const struct pacman_states *s,
		  const struct net_plan *first, const struct net_plan *second,
		  double *kl);

#endif
