/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_AGENT_INT_H
#define CORE_AGENT_AGENT_INT_H

#include "core/agent/kind.h"
#include "core/base/rng.h"

/* The inside of agents, for files with a kind and the few that all share. */

struct mcts;

/* Looked at between two calls of a network; `cancel` may be NULL. */
static inline bool agent_goes_on(const atomic_bool *cancel)
{
	return !(cancel && atomic_load(cancel));
}

/* Of one game, whichever agent has the turn in it. */
struct agent_kept {
	void (*release)(void *self); /* NULL: nothing to release */
	void *self;                  /* owned; as its kind has it */
};

struct agent {
	const struct agent_kind *kind;
	const struct game *g;              /* borrowed */
	const struct agent_source *source; /* borrowed */
	void *conf; /* owned; its settings, as its kind has them */
	void *self; /* owned; what its kind keeps */
	/* What its kind keeps of the game in hand: of `alone`, or of a game
	 * among many. */
	void *kept;
	struct agent_kept *alone; /* owned */
	char *name;               /* owned */
	char mind[240];           /* after the colon: "c4/500" */
	enum agent_company company;

	bool keep_trace;
	void (*report)(void *ctx, const struct thought *so_far);
	void *report_ctx;

	/* The position in hand, and the moves that led to it (borrowed; NULL:
	 * not told). */
	uint64_t seed, game;
	int ply;
	const game_move *line;
	int line_count;

	struct agent_limits limits; /* its `only` is this: */
	game_move *only;            /* owned */

	/* Work space. */
	game_move *legal; /* owned; [move_count] */
	void *child;      /* owned; a state */
	float *weight;    /* owned; [move_count] */
};

/* Whether the game in hand is one of many, each with something kept. */
static inline bool agent_in_company(const struct agent *a)
{
	return a->kept != a->alone->self;
}

/* together.c: the game of `turn` becomes the one in hand. */
void agent_turn_to(struct agent *a, const struct agent_turn *turn,
		   struct rng *r);
/*
 * agent_think_together() of a kind that asks about several turns in one call:
 * `ask` about the first n of them, n <= rows, then `choose` for each of these,
 * row 0 .. n - 1, with the chances of its turn.  False: cancelled between two
 * such calls.
 */
bool agent_rows_together(struct agent *a, struct agent_turn *turns, int count,
			 int rows,
			 void (*ask)(struct agent *a, struct agent_turn *turns,
				     int n),
			 void (*choose)(struct agent *a, int row, struct rng *r,
					struct thought *out),
			 const atomic_bool *cancel);
/* After the thinking itself. */
void agent_end_thought(struct agent *a, struct thought *out);

/* moves[] with the legal moves of `state`; figures unknown. */
void thought_begin(struct thought *t, const struct agent *a, const void *state);
/* Draw from moves[].policy ^ (1 / temperature); 0: the largest, and of equals
 * the larger prior. */
void thought_choose(struct thought *t, struct agent *a, float temperature,
		    struct rng *r);
/* Of the moves whose a->weight is 1 and not 0, any, all equally likely. */
void thought_draw(struct thought *t, struct agent *a, struct rng *r);
/* As many lines as were asked for: moves by what the agent thinks of them, each
 * as far as `search` has followed it (NULL: there is none). */
void thought_lines(struct thought *t, const struct agent *a,
		   struct mcts *search);
/* The move again, where the one chosen is not among those allowed. */
void thought_limit(struct thought *t, const struct agent *a);
/* softmax of the legal logits into moves[].prior and .policy. */
void thought_priors(struct thought *t, const float *logits);

#endif
