/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_MCTS_INT_H
#define CORE_SEARCH_MCTS_INT_H

#include <math.h>
#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/rng.h"
#include "core/search/mcts.h"

/*
 * The inside of a search, shared by the files of this folder alone.
 *
 * Nodes stand in one array, the arena: the children of a node are neighbours
 * in move order, after their parent, and blocks follow each other in the order
 * of expansion.  A node is its index, so the array can be copied into a trace
 * as it is.  Positions are not kept: they are replayed from the root.
 */
enum { MCTS_ROOT_NODE = 0, MCTS_NO_NODE = 0xffffffff };

struct mcts_node {
	int64_t value; /* sums, TRACE_ONE per unit, for the player to act */
	int64_t draw;
	uint32_t visits;
	uint32_t parent;
	uint32_t first; /* child; 0: not expanded */
	game_move move;
	uint16_t count; /* of children */
	float prior;
	float raw_value, raw_draw; /* evaluator's */
	int32_t evaluated;         /* as in struct trace_node */
	int32_t proven;
	uint8_t proof; /* enum trace_proof */
	bool terminal;
	uint16_t in_flight; /* chosen, not yet backed up: virtual losses */
	bool chance;        /* its children are outcomes, drawn by prior */
	uint8_t player;     /* whose values these are; see mcts.h */
	int16_t lead;       /* of that player, in parts of lead_scale() by
			     * MCTS_LEAD_ONE; 0: not known */
	float squares;      /* sum of the values' */
};
_Static_assert(sizeof(struct mcts_node) == 64, "one node, one cache line");

/* Leads of up to 4 times the scale fit. */
enum { MCTS_LEAD_ONE = 8192, MCTS_LEAD_MAX = 32767 };

/* What nodes held when their tree was taken over from an earlier search. */
struct mcts_base {
	int64_t value, draw;
	uint32_t visits;
};

/* Sequential halving at the root; indices are children, not moves. */
struct mcts_gumbel {
	double *bias; /* owned; [move_count]; g + logit, drawn once a search */
	int *list;    /* owned; children still considered, best first */
	int count;    /* of the list */
	int next;     /* place in the list within this round */
	int rounds;   /* left before the list is halved */
	int depth;    /* log2 of the first list, rounded up */
};

struct mcts {
	const struct game *g; /* borrowed */
	struct mcts_config cfg;
	struct arena arena;
	struct mcts_node *nodes; /* in the arena */
	uint32_t node_count;
	bool alternate, solve;

	uint64_t search;   /* number of this search */
	void *root_state;  /* owned */
	bool root_counted; /* the root's visits hold one of its own */
	float *root_prior; /* owned; [move_count]; with noise */
	bool *only;        /* owned; [move_count] by move */
	bool limited;      /* the root's moves are those of `only` */
	struct mcts_gumbel gumbel;
	struct rng chance;   /* outcomes of this search */
	float q_low, q_high; /* of what was backed up; a one-player game */

	uint32_t *sim_leaf; /* owned; [sim_cap] */
	int sim_count, sim_cap;
	enum mcts_stop stop;

	struct mcts_base *base; /* owned; [base_count] */
	uint32_t base_count, base_cap;

	/* Leaves that wait for the evaluator. */
	uint32_t *pending;     /* owned; [slot_count] */
	unsigned char *states; /* owned; [slot_count], state_size each */
	int pending_count, slot_count;
	bool in_flight;     /* they are marked in the tree */
	const float *leads; /* of those that wait, for the scatter; borrowed;
			     * NULL: not known */
	bool has_leads;     /* the evaluator of this search says leads */

	/* Work space. */
	void *child_state; /* owned */
	game_move *legal;  /* owned; [move_count] */
	int legal_count; /* > 0: `legal` holds those of the one leaf that waits
			  */
	float *weight;   /* owned; [move_count] */
	double *score;   /* owned; [move_count] */
	struct mcts_move *moves; /* owned; [move_count]; last result */
	const void **run_states; /* owned; [run_cap] */
	float *run_policy;       /* owned; [run_cap, move_count] */
	float *run_wdl;          /* owned; [run_cap, 3] */
	int run_cap;
};

/* To fixed point; a float made from fixed point comes back the same. */
static inline int64_t mcts_fixed(float x)
{
	return (int64_t)((double)x * TRACE_ONE + (x < 0 ? -0.5 : 0.5));
}

/* c(N) of PUCT, growing with the visits; a base of 0 means it stays. */
static inline float mcts_exploration(float c_puct, float c_base, float visits)
{
	return c_base > 0 ? c_puct + logf((visits + c_base + 1) / c_base)
			  : c_puct;
}

/* Value of a proof for the player to act. */
static inline float mcts_proof_value(enum trace_proof proof)
{
	return proof == TRACE_WIN ? 1.0f : proof == TRACE_LOSS ? -1.0f : 0.0f;
}

static inline struct mcts_node *mcts_child(const struct mcts *t,
					   const struct mcts_node *n, int i)
{
	return &t->nodes[n->first + (uint32_t)i];
}

/* A value at this node has the opposite sign one node up. */
static inline bool mcts_turns(const struct mcts *t, const struct mcts_node *n)
{
	return t->nodes[n->parent].player != n->player;
}

/* Q of a child of a player's node for that player; the child was visited or
 * proven. */
static inline float mcts_child_q(const struct mcts *t,
				 const struct mcts_node *c)
{
	float v = t->solve && c->proof ? mcts_proof_value(c->proof)
				       : (float)c->value / (float)TRACE_ONE /
						 (float)c->visits;

	return t->alternate ? -v : v;
}

static inline bool mcts_child_known(const struct mcts *t,
				    const struct mcts_node *c)
{
	return c->visits || (t->solve && c->proof);
}

/* A move into this child is proven to lose. */
static inline bool mcts_child_lost(const struct mcts *t,
				   const struct mcts_node *c)
{
	return t->solve && c->proof == TRACE_WIN;
}

/* Mean of the node for its own player; its raw value before any visit. */
static inline float mcts_mean(const struct mcts_node *n)
{
	return n->visits ? (float)n->value / (float)TRACE_ONE / (float)n->visits
			 : n->raw_value;
}

/* Whether a search may look at this child of the root. */
static inline bool mcts_root_open(const struct mcts *t,
				  const struct mcts_node *child)
{
	return !t->limited || t->only[child->move];
}

/* What Q differs by so far: in a one-player game, exploration is in proportion
 * to it (Schrittwieser et al. 2020, MuZero, appendix B: Q is normalized by the
 * least and the greatest value met in the tree), since results there may all be
 * alike.  In a two-player game winning is the measure. */
static inline float mcts_q_range(bool alternate, float low, float high)
{
	return alternate ? 1 : fmaxf(high - low, 1e-6f);
}

/* A lead in parts of lead_scale(), as nodes keep it. */
static inline int16_t mcts_lead_of(float lead)
{
	float x = lead * MCTS_LEAD_ONE;

	if (!(x > -MCTS_LEAD_MAX))
		return -MCTS_LEAD_MAX;
	if (x > MCTS_LEAD_MAX)
		return MCTS_LEAD_MAX;
	/* 0 stands for a lead that is not known. */
	return (int16_t)(fabsf(x) < 1 ? 1 : x);
}

/* tree.c */
bool mcts_tree_room(const struct mcts *t, int expansions);
/* Children of a node just evaluated, from logits[move_count]; `state` is the
 * node's.  There must be room. */
void mcts_tree_expand(struct mcts *t, uint32_t node, const void *state,
		      const float *logits);
/* Children of a node where chance acts, to draw from.  There must be room. */
void mcts_tree_outcomes(struct mcts *t, uint32_t node, const void *state);
/* The game ended at `node`, found by `simulation`. */
void mcts_tree_end(struct mcts *t, uint32_t node, const void *state,
		   int32_t simulation);
/* A simulation backs up `value`: widen the range of Q. */
static inline void mcts_tree_met(struct mcts *t, float value)
{
	t->q_low = fminf(t->q_low, value);
	t->q_high = fmaxf(t->q_high, value);
}
/* Draw from the children of a node of chance. */
uint32_t mcts_tree_draw(struct mcts *t, uint32_t node);

/* select.c */
uint32_t mcts_select_child(const struct mcts *t, uint32_t node);

/* gumbel.c */
void mcts_gumbel_begin(struct mcts *t);
/* MCTS_NO_NODE: leaves in flight must come home before the next round. */
uint32_t mcts_gumbel_child(struct mcts *t);
void mcts_gumbel_policy(const struct mcts *t, float *policy);
int mcts_gumbel_best(const struct mcts *t);

/* solve.c: set the proof of `node` from its children and go on upwards. */
void mcts_prove(struct mcts *t, uint32_t node, int32_t simulation);
/* Whether a root move may still be played, given what is proven: wins only at
 * a won root, draws only at a drawn one, no losses unless all lose. */
bool mcts_move_allowed(const struct mcts *t, const struct mcts_node *child);

/* trace.c: what simulation `sim` (from 1) backs up from `leaf`: exact if the
 * leaf was proven by then, else the evaluator's. */
struct trace_sim trace_sim_of(const struct trace *t, uint32_t sim,
			      uint32_t leaf);
/* trace_code.c: of a stored record without its own last four bytes. */
uint32_t trace_checksum(const void *data, size_t len);

#endif
