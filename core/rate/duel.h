/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_DUEL_H
#define CORE_RATE_DUEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/pool.h"
#include "core/base/stat.h"
#include "core/rate/match.h"
#include "core/rate/positions.h"

/*
 * A direct match as evidence for a study: two agents of a two-player game, so
 * many pairs of games, each pair from an opening of its own that leads to a
 * position that no other does and, where `known` is given, that was not met in
 * training.  Random moves become more where there are not openings enough;
 * where there are none left the duel is shorter, and says so by its count.
 * Duels of one seed begin alike, and with `skip` a duel goes on where another
 * ended: its parts may be played by agents that differ.
 *
 * Networks that are in memory and in no lab play by names: with {"m", plan} in
 * nets, "policy:m" and "mcts:m/0,sims=50" are agents with that network.  Other
 * names are asked of `source`.  An agent that reads games is given the past of
 * its network's name, "seq:m/0,context=tail".
 */
struct duel_net {
	const char *run;
	const struct net_plan *plan; /* borrowed */
};

struct duel_past {
	const char *run;
	const struct agent_past *games; /* [count], the oldest first */
	int count;
};

struct duel {
	const struct game *game;
	const char *agents[2];       /* specs */
	const struct duel_net *nets; /* [net_count]; may be NULL */
	int net_count;
	const struct duel_past *pasts; /* [past_count]; may be NULL */
	int past_count;
	const struct agent_source *source; /* may be NULL */
	const struct positions *known;     /* may be NULL */
	int plies;     /* random moves of an opening, at least */
	int skip;      /* openings that come first, and are left to others */
	int pairs;     /* >= 1 */
	uint64_t seed; /* of openings and agents: no other match has it */
	/* (optional) Each game, in order; and whether to go on. */
	void (*done)(void *ctx, const struct match_game *g);
	bool (*goes_on)(void *ctx);
	void *ctx;
};

/* Its networks, for agents that are asked elsewhere.  Borrows `d`. */
struct agent_source duel_source(struct duel *d);

struct duel_result {
	struct stat_elo elo;       /* of the first agent; by distinct pairs */
	struct stat_shares shares; /* its points: mean, variance of a pair */
	struct match_result games;
	/* With `known`: positions after the openings in which the first agent
	 * had the turn, and how many of them were met in training. */
	int64_t scored, known;
};

/* ERR_CANCELLED: goes_on() said no, *out is what was played.  Else as
 * match_play(); ERR_USAGE also where no opening is left at all. */
ATTR_NODISCARD enum err_code duel_play(const struct duel *d, struct pool *pool,
				       struct duel_result *out, struct err *e);

#endif
