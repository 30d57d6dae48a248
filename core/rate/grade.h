/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_GRADE_H
#define CORE_RATE_GRADE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/pool.h"
#include "core/rate/judge.h"

/*
 * A grade: how often an agent chooses a move that is as good as the best, by
 * positions with the exact scores of all moves, or of the best one: then a
 * solver judges the moves that were chosen, and no others.  A move keeps the
 * class if it wins where the best one wins and draws at least where the best
 * one draws; it keeps the score if none is better.
 *
 * Each position is asked about alone, as the first of its own game, so answers
 * depend neither on the threads nor on what was asked before.
 */
struct grade_tally {
	int positions, class_kept, score_kept;
};

struct grade_request {
	const struct graded_set *set; /* with a best score at least */
	const char *agent;            /* spec */
	const struct agent_source *source;
	uint64_t seed;
	/* (optional) Called now and then by the calling thread with the number
	 * of positions answered; false ends it. */
	bool (*tick)(void *ctx, int done);
	/* (optional) The same while the answers are judged. */
	bool (*judged)(void *ctx, int done);
	void *ctx;
	/* (optional) Of judging: what is known of moves, bytes for its solvers
	 * and what ends it at once, as in judge_work. */
	struct known *known;
	size_t memory;
	const atomic_bool *cancel;
};

struct grade_result {
	char *agent; /* owned; its name */
	struct grade_tally all;
	struct grade_tally *by_ply; /* owned; [plies] */
	int plies;                  /* of the last position, and one more */
	game_move *chosen; /* owned; [set->count]; GAME_NO_MOVE: it could not
			    * move, which keeps nothing */
	struct verdict *verdicts; /* owned; [set->count] */
	int forfeits;             /* of those */
	int asked;                /* questions that solvers answered */
	double seconds;           /* the agent took */
	double judge_seconds;
};

/* ERR_USAGE, ERR_NOTFOUND: as agent_open(), and as judge_moves().
 * ERR_CANCELLED: ended by `tick`. */
ATTR_NODISCARD enum err_code grade_agent(const struct grade_request *want,
					 struct pool *pool,
					 struct grade_result *out,
					 struct err *e);
void grade_result_release(struct grade_result *r);

/* What choosing `move` adds to a tally. */
void grade_count(struct grade_tally *t, const struct graded_position *p,
		 game_move move);

/* The share kept, in [0, 1]; NAN without positions. */
double grade_share(int kept, const struct grade_tally *t);

#endif
