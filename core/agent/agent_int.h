/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_AGENT_INT_H
#define CORE_AGENT_AGENT_INT_H

#include "core/agent/kind.h"
#include "core/agent/net_eval.h"
#include "core/base/rng.h"
#include "core/search/mcts.h"

/* The inside of agents, shared by the files of this folder alone. */

struct agent_conf {
	int simulations, batch; /* batch 0: by what is asked */
	float c_puct, fpu, lcb, noise, temperature;
	float prior_temperature;
	int symmetries;
	bool gumbel, reuse;
	int gumbel_moves;
	int rollouts;
	int memory; /* MB */
};

struct fleet;

/* Looked at between two calls of a network; `cancel` may be NULL. */
static inline bool agent_goes_on(const atomic_bool *cancel)
{
	return !(cancel && atomic_load(cancel));
}

/* Where the tree of the last search stands, for the move after next. */
struct agent_memory {
	bool valid;
	uint64_t seed, game;
	int ply;
	void *state;   /* owned; after our own move */
	game_move own; /* that move, where the tree stands before it since
			* chance came next; else GAME_NO_MOVE */
};

struct agent {
	const struct agent_kind *kind;
	const struct game *g;              /* borrowed */
	const struct agent_source *source; /* borrowed */
	void *own;  /* owned; its settings, as its kind has them */
	void *self; /* owned; what its kind keeps */
	struct agent_conf conf;
	int batch;       /* leaves asked about at once */
	int simulations; /* of the search in hand */
	char *name;      /* owned */
	char mind[240];  /* what stands after the colon: "c4/500" */
	enum agent_company company;

	struct net_eval *net; /* borrowed; NULL without a network */
	struct evaluator evaluator;

	struct mcts *mcts; /* owned */
	struct agent_memory memory;
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

/* many.c: one position after the other, and searches side by side. */
bool agent_think_in_turn(struct agent *a, const struct agent_question *q,
			 int count, uint64_t seed, const atomic_bool *cancel,
			 const struct agent_answers *answers);
bool agent_search_many(struct agent *a, const struct agent_question *q,
		       int count, uint64_t seed, const atomic_bool *cancel,
		       const struct agent_answers *answers);
/* searcher.c: where its searches advance side by side, and whom they ask; of an
 * agent with a network. */
struct fleet *agent_fleet(struct agent *a, struct evaluator *ev);
/* The search that the settings ask for, of the game in hand, and
 * what it found. */
struct mcts_config agent_search_config(const struct agent *a);
/* Of a tree among many, for so many searches: no more than the settings say. */
size_t search_tree_cap(const struct agent *a, int searches);
void search_begin(struct agent *a, const void *state,
		  const struct mcts_config *c);
void search_end(struct agent *a, const void *state, struct rng *r,
		const atomic_bool *cancel, struct thought *out);
void thought_take_search(struct thought *t, struct mcts *search);

/* together.c: the game in hand becomes that of `turn`, or stops being it. */
void agent_swap_kept(struct agent *a, struct agent_kept *kept);
void agent_turn_to(struct agent *a, const struct agent_turn *turn,
		   struct rng *r);
/* Searches side by side. */
bool agent_search_together(struct agent *a, struct agent_turn *turns, int count,
			   const atomic_bool *cancel);
/* agent.c: before and after the thinking itself. */
void agent_begin_thought(struct agent *a, const void *state,
			 struct thought *out);
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
 * as far as its search has followed it. */
void thought_lines(struct thought *t, const struct agent *a);
/* The move again, where the one chosen is not among those allowed. */
void thought_limit(struct thought *t, const struct agent *a);
/* softmax of the legal logits into moves[].prior and .policy. */
void thought_priors(struct thought *t, const float *logits);

#endif
