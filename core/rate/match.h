/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_MATCH_H
#define CORE_RATE_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/pool.h"
#include "core/base/stat.h"
#include "core/rate/tally.h"

/*
 * A match: games between two agents, who take turns moving first.  Each opening
 * is played twice, once from either side.  Games are numbered, their random
 * streams are named by number and ply, so the result does not depend on the
 * number of threads.  Chance draws its outcomes from streams of its own, and
 * nobody thinks there.
 *
 * Openings are drawn without replacement: no two lead to the same position, in
 * another order of moves or as a mirror image either.  Where random moves find
 * no new one they become more, up to half of the longest game; "random:0" is
 * the start and nothing else.  When openings have run out they are played
 * again, for agents may draw their moves; the match ends if the first sixteen
 * pairs of these were all played before (tally.h).
 *
 * A one-player game is played by one agent alone: what counts is its points,
 * and each game has an opening of its own.
 */
struct match_openings {
	int random_plies; /* this many random moves, chance not counted */
	/* Positions whose value is known (balance.h) to be further from 0 than
	 * this are left out of the random ones, (0, 1]; 0: none are. */
	float balance;
	char **lines; /* owned; move text, or NULL; to distinct positions */
	int line_count;
};

/* "random:K", "random:K,balance=V", or the path of a file with a line of play
 * on each line (# begins a comment); NULL means "random:2".  Every line is
 * tried on the game, and one that leads where an earlier one does is left out.
 */
ATTR_NODISCARD enum err_code match_openings_read(struct match_openings *o,
						 const char *text,
						 const struct game *g,
						 struct err *e);
void match_openings_release(struct match_openings *o);

struct positions; /* core/rate/positions.h */

struct match_request {
	const struct game *game;
	const char *agents[2]; /* specs; the second NULL in a one-player game */
	const struct agent_source *source;
	const struct match_openings *openings;
	/* (optional) No opening that is drawn leads to one of these. */
	const struct positions *known;
	int games;
	/* Games in the life of an agent that learns: it is told each of them
	 * (agent_learn()), they are played in their order, and the next life
	 * begins as if it had seen nothing.  Games n * life to n * life + life
	 * - 1 are one life, whatever the threads.  0 and 1: nobody is told
	 * anything.  Agents that do not learn play the same games either way.
	 */
	int life;
	uint64_t seed;
	bool thoughts; /* keep what the agents thought, with traces */
	/* (optional) Asked after each game, in order, so that threads make no
	 * difference: true ends the match there. */
	bool (*enough)(void *ctx);
};

/* A finished game, valid during the callback. */
struct match_game {
	int number; /* from 0 */
	int first;  /* which agent moved first */
	const game_move *moves;
	int count, opening;
	float result;                  /* of agents[0], in [-1, 1] */
	float first_result;            /* of who moved first */
	double points;                 /* match_points() */
	const struct game_fact *facts; /* [fact_count]: of rules->facts() */
	int fact_count;
	const char *ended; /* how: as the rules call it, "rules", or
			    * why an agent forfeited it */
	const struct thought *thoughts; /* [count], or NULL; of opening plies
					 * and of chance: empty */
	const struct tally *tally; /* of all games up to this one; may be NULL
				    */
};

/* What a finished game is worth: its points where the game keeps a running
 * score, else in a one-player game the player's result; NAN in other games. */
double match_points(const struct game *g, const void *state);

struct match_result {
	int games, wins, draws,
		losses;          /* of agents[0], by sign of its result */
	struct stat_sums points; /* match_points(), NAN left out */
	struct stat_sums facts[GAME_MAX_FACTS]; /* in the rules' order */
	const char *fact_names[GAME_MAX_FACTS];
	int fact_count;
	struct tally tally;   /* what of that is evidence */
	int openings;         /* distinct ones that were drawn */
	int opening_plies;    /* random moves of the longest of them; 0 */
	int left_out;         /* positions that were not balanced */
	int balanced[3];      /* openings by enum balance_by, where asked */
	bool none_balanced;   /* so any were taken */
	bool ran_out;         /* of openings: some were played again */
	bool repeated_itself; /* and ended, for nothing new came of them */
};
void match_count(struct match_result *r, const struct match_game *g);

/* ERR_USAGE: as many agents as the game has players, the second else NULL. */
ATTR_NODISCARD enum err_code match_check_players(const struct game *g,
						 const char *const agents[2],
						 struct err *e);

/* Play.  `done` (may be NULL) gets the games in order, and after each `enough`
 * of the request may end the match: ERR_OK, *out counts those delivered. `tick`
 * (may be NULL) is called by the calling thread now and then; false ends the
 * match after the games delivered so far: ERR_CANCELLED, *out counts those. */
ATTR_NODISCARD enum err_code
match_play(const struct match_request *m, struct pool *pool,
	   void (*done)(void *ctx, const struct match_game *g),
	   bool (*tick)(void *ctx), void *ctx, struct match_result *out,
	   struct err *e);

#endif
