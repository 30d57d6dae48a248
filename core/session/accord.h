/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_ACCORD_H
#define CORE_SESSION_ACCORD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/session/opinion.h"

/*
 * Who else would have played it: several agents are asked about positions in
 * which somebody moved, and each is held against the move that was made,
 * against the others, and against the solver where it is quick.  Positions are
 * of stages - games of an early and of a late checkpoint, say - so that the
 * shares make a matrix of agent by stage.
 */
struct accord_place {
	const void *state;
	const game_move *line; /* [ply] that led there */
	int ply;
	game_move played; /* GAME_NO_MOVE: nobody moved here */
	int stage;        /* 0 .. stages - 1 */
};

/* All is borrowed. */
struct accord_asked {
	const struct game *game;
	const struct agent_source *source; /* may be NULL */
	const char *const *agents;         /* [agent_count] specs */
	const struct accord_place *places; /* [place_count] */
	int agent_count, place_count, stages;
	bool exact; /* ask the solver too, where it is quick */
};

/* Of an agent in the positions of a stage. */
struct accord_cell {
	int64_t moves;  /* that were made there */
	int64_t same;   /* of them, the agent's own choice */
	double chance;  /* sum of the probabilities that it gives them */
	double rank;    /* sum of their places in its order, from 0 */
	int64_t solved; /* positions that the solver knows */
	int64_t kept;   /* of them, where its choice keeps the result */
};

struct accord {
	int agent_count, stages, place_count;
	struct accord_cell *cells;  /* owned; [agent_count][stages] */
	struct accord_cell *played; /* owned; [stages]: solved and kept, of the
				     * moves that were made */
	int64_t *pairs; /* owned; [agent_count][agent_count]: positions in which
			 * both choose the same move */
	struct opinion **said; /* owned; [agent_count][place_count] where there
				* is one place, else NULL */
	signed char *exact;    /* owned; [move_count] where there is one place
				* and the solver knows it: 1 a win, 0 a draw,
				* -1 a loss of whoever moves, -2 no such move;
				* else NULL */
};

/* In the asking thread.  `progress` (may be NULL) is told of answers.  False:
 * `cancel` (may be NULL) ended it; the figures are of what was asked.  *wrong
 * gets what an agent could not be asked for, its ERR_OK if none. */
bool accord_find(struct accord *a, const struct accord_asked *asked,
		 const atomic_bool *cancel,
		 void (*progress)(void *ctx, int64_t done, int64_t total),
		 void *ctx, struct err *wrong);
void accord_release(struct accord *a);

/* Of all stages together. */
void accord_total(const struct accord *a, int agent, struct accord_cell *out);

#endif
