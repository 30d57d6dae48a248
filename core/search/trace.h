/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_TRACE_H
#define CORE_SEARCH_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"

/*
 * The record of one search: its tree, and for every simulation the leaf that
 * it reached and the value that it backed up.  From that, N and Q of every
 * node after any simulation can be rebuilt exactly: sums are kept in fixed
 * point (TRACE_ONE per unit), so adding and taking away are exact.
 *
 * Values: a node's `value` is win minus loss, in [-1, 1], for the player to
 * act AT that node.  Q of a move is seen by the player who makes it, that is
 * the parent's player: for two players, minus the child's mean.  Where chance
 * acts, values are for the player who acts after it, as are its outcomes'.
 */
enum { TRACE_ONE = 1 << 24 };

enum trace_proof {
	TRACE_OPEN = 0, /* not proven */
	TRACE_WIN,      /* for the player to act at the node */
	TRACE_DRAW,
	TRACE_LOSS,
};

/* Node 0 is the root.  Children of a node are neighbours, in move order. */
struct trace_node {
	uint32_t parent;      /* root: 0 */
	uint32_t first_child; /* 0: not expanded */
	uint16_t child_count;
	game_move move; /* that leads here; root: GAME_NO_MOVE */
	float prior;    /* P of that move, after masking and softmax */
	float value;    /* raw V of the evaluator here; 0 before evaluation */
	float draw;     /* raw draw probability here */
	int32_t evaluated; /* simulation that evaluated it, from 1; 0: before
			    * the first (the root, and what an earlier search
			    * left); -1: never */
	uint8_t proof;     /* enum trace_proof, final */
	bool chance;       /* children are outcomes, priors their chances, and
			    * `evaluated` tells who first came through */
	int32_t proven;    /* simulation that proved it; 0 with proof: before */
	/* Carried over when a tree was reused, else zero. */
	uint32_t base_visits;
	int64_t base_value, base_draw; /* sums, fixed point */
};

struct trace_sim {
	uint32_t leaf;
	float value; /* backed up, for the player to act at the leaf */
	float draw;
};

struct trace {
	struct trace_node *nodes; /* owned */
	struct trace_sim *sims;   /* owned */
	uint32_t node_count;
	uint32_t sim_count;
	/* Settings that the U column needs. */
	float c_puct, c_base;
	float fpu;
	int gumbel;    /* root was chosen by sequential halving */
	int alternate; /* 1: players alternate, so a child's value is negated;
			* 0: one player */
};

void trace_free(struct trace *t); /* NULL is allowed */
struct trace *trace_clone(const struct trace *t);

/* To and from the stored record.  ERR_FORMAT for bytes that are not one; every
 * index is checked, so a decoded trace is safe to walk. */
void trace_encode(const struct trace *t, struct buf *out);
ATTR_NODISCARD enum err_code trace_decode(const void *data, size_t len,
					  struct trace **out, struct err *e);

/*
 * The tree as it stood after `at` simulations, 0 .. sim_count.  Seeking costs
 * the distance moved times the depth.
 */
struct trace_view {
	const struct trace *trace; /* borrowed */
	uint32_t at;
	uint32_t *visits; /* owned, by node */
	int64_t *value;   /* owned; sum, fixed point, node's own player */
	int64_t *draw;    /* owned */
	/* Of the values backed up until each simulation, in one-player games;
	 * else NULL. */
	float *low, *high; /* owned; [sim_count + 1] */
};

/* A value at this node has the opposite sign one node up. */
static inline bool trace_turns(const struct trace *t, uint32_t node)
{
	return node && t->alternate && !t->nodes[t->nodes[node].parent].chance;
}
/* Values at this node are for who acts at the root. */
bool trace_is_own(const struct trace *t, uint32_t node);

void trace_view_init(struct trace_view *v, const struct trace *t);
void trace_view_release(struct trace_view *v);
void trace_view_seek(struct trace_view *v, uint32_t at);

bool trace_view_exists(const struct trace_view *v, uint32_t node);
/* Mean value for the player to act at the node; its raw V if unvisited, and
 * where that is not known either, what the search took for it (fpu). */
double trace_view_mean(const struct trace_view *v, uint32_t node);
/* As the table shows a move: seen by the player who makes it; exact once
 * proven. */
double trace_view_q(const struct trace_view *v, uint32_t node);
/* The exploration term of PUCT; noise at the root is not in it. */
double trace_view_u(const struct trace_view *v, uint32_t node);
enum trace_proof trace_view_proof(const struct trace_view *v, uint32_t node);
/* Mean win, draw, loss of a node for the player who moves into it (for the
 * root: who acts there). */
void trace_view_wdl(const struct trace_view *v, uint32_t node, double wdl[3]);

/* The path of simulation `sim` (from 1), root first; returns its length,
 * at most `cap`. */
int trace_path(const struct trace *t, uint32_t sim, uint32_t *out, int cap);
/* The principal variation below `node`: most visits, then prior; without
 * `node` itself. */
int trace_view_pv(const struct trace_view *v, uint32_t node, uint32_t *out,
		  int cap);

#endif
