/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_MCTS_H
#define CORE_SEARCH_MCTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/search/evaluator.h"
#include "core/search/trace.h"

/*
 * Monte-Carlo tree search over an evaluator, for one or two players.
 *
 * PUCT (Silver et al. 2018, "A general reinforcement learning algorithm...",
 * methods), for play and analysis; at the root, for training, Gumbel with
 * sequential halving (Danihelka et al., ICLR 2022, "Policy improvement by
 * planning with Gumbel").  Won, lost and drawn nodes are proven exactly
 * (Winands et al. 2008, MCTS-Solver, with draws): a proven child backs up its
 * exact value, a proven loss is never searched again, and a proven root ends
 * the search.
 *
 * Where chance acts, a simulation draws an outcome from the search's own random
 * stream; the children of such a node are all outcomes, and their values are
 * averaged by the draws.  Leaves are always positions where a player acts.  A
 * node's values are for whoever acts there, at a node of chance for the player
 * who acts after it: players alternate, however often chance comes between
 * them.  A chance node is proven once all its outcomes are proven the same.
 *
 * A PUCT root's visits say where the search looked, and the move played is the
 * one with the greatest lower confidence bound of Q among those with a fair
 * share of visits (van Rooijen, Leela Zero 0.17, 2019; Wu's KataGo, with its
 * values): a move that was found late need not overtake the visits of the one
 * before.
 *
 * One-player games may end with any result in [-1, 1], and nothing is proven.
 */
enum mcts_root { MCTS_ROOT_PUCT, MCTS_ROOT_GUMBEL };

struct mcts_config {
	int simulations; /* per search; 1 .. 1e6.  Evaluating a new root is not
			  * one: the root's children share them all */
	enum mcts_root root;
	float c_puct; /* exploration constant of PUCT, [0, 100] */
	float c_base; /* its logarithmic growth: c + log((N+base+1)/base) */
	float fpu;    /* first-play urgency: parent's Q minus this times
		       * sqrt(sum of visited priors) */
	float lcb;    /* of a PUCT root's moves the best is the one whose Q less
		       * this many standard errors is greatest; 0: the most
		       * visits.  Not in a one-player game */
	float noise_alpha;  /* Dirichlet at a PUCT root; total = alpha, spread
			     * over legal moves; 0 = none */
	float noise_share;  /* [0, 1]: weight of the noise */
	int gumbel_moves;   /* root moves considered at first, m */
	float gumbel_visit; /* c_visit */
	float gumbel_scale; /* c_scale; Q is rescaled to [0, 1] */
	float gumbel_noise; /* 1 in training, 0 to play the mode */
	int batch;          /* leaves gathered before one evaluation */
	bool solve;         /* proofs on */
	size_t memory_cap;  /* bytes for the tree */
	uint64_t seed;      /* same seed, same evaluator: same tree */
};
#define MCTS_CONFIG_DEFAULT                                                   \
	{                                                                     \
		.simulations = 200, .root = MCTS_ROOT_PUCT, .c_puct = 1.25f,  \
		.c_base = 19652, .fpu = 0.2f, .lcb = 5, .noise_alpha = 0,     \
		.noise_share = 0.25f, .gumbel_moves = 16, .gumbel_visit = 50, \
		.gumbel_scale = 1, .gumbel_noise = 1, .batch = 8,             \
		.solve = true, .memory_cap = (size_t)256 << 20, .seed = 1,    \
	}

enum mcts_stop {
	MCTS_DONE,      /* all simulations */
	MCTS_PROVEN,    /* the root's result is known */
	MCTS_MEMORY,    /* the tree's memory is full: results stand */
	MCTS_CANCELLED, /* results stand */
};

/* Bytes of a tree in which `positions` have `moves` children each. */
double mcts_tree_bytes(double positions, double moves);

/*
 * A memory_cap for trees that need no more: what `searches` of so many
 * simulations take in one tree, one after the other.  One search alone, that
 * asks about one leaf at a time, never reaches it, short of positions with
 * hundreds of legal moves.  It follows from the numbers alone, and it is small,
 * so that many trees fit.
 */
size_t mcts_tree_cap(const struct game *g, int simulations, int searches);

struct mcts;

/* `g` is borrowed and must outlive the searcher.  `cfg` is copied. */
struct mcts *mcts_new(const struct game *g, const struct mcts_config *cfg);
void mcts_free(struct mcts *t); /* NULL is allowed */

/* Change settings for the next search; memory_cap stays. */
void mcts_configure(struct mcts *t, const struct mcts_config *cfg);

/* Root moves to choose among, in the searches that begin from here on; count 0:
 * all.  For a PUCT root without proofs. */
void mcts_only(struct mcts *t, const game_move *moves, int count);

/* Begin a search at a copy of `state` (not over).  `search` numbers it within
 * the seed, so noise differs from move to move and repeats from run to run. */
void mcts_start(struct mcts *t, const void *state, uint64_t search);

/* Begin at the child of the last root under `m`, keeping its subtree, if it
 * was expanded; else as mcts_start().  For play; not with root noise or
 * Gumbel. Returns whether the subtree was kept. */
bool mcts_advance(struct mcts *t, game_move m, const void *state,
		  uint64_t search);

/* The same for several moves, those of chance among them, or none. */
bool mcts_advance_line(struct mcts *t, const game_move *moves, int count,
		       const void *state, uint64_t search);

/* Search to the end with `ev`, in batches.  `cancel` may be NULL. */
enum mcts_stop mcts_run(struct mcts *t, const struct evaluator *ev,
			const atomic_bool *cancel);

/* About `sims` more simulations, for a live view: MCTS_DONE is then either
 * "that many done" or all done; see mcts_simulations().  A batch under way is
 * finished, so that steps of any size give the same tree. */
enum mcts_stop mcts_run_some(struct mcts *t, const struct evaluator *ev,
			     int sims, const atomic_bool *cancel);

/*
 * The same by hand, for batching across parallel games: gather up to `max`
 * leaf states (1 at a time needs no virtual loss), evaluate them, scatter the
 * answers in the same order.  Returns 0 when the search is over (`*stop` says
 * why).  Simulations that end in finished or proven nodes are done inside.
 * The states stay valid until the scatter.
 */
int mcts_gather(struct mcts *t, int max, const void **states,
		enum mcts_stop *stop);
void mcts_scatter(struct mcts *t, int n, const float *policy, const float *wdl);

/* The legal moves at the leaf of mcts_gather() with `max` 1, found once for the
 * caller and the scatter; valid until that. */
const game_move *mcts_leaf_moves(struct mcts *t, int *count);

int mcts_simulations(const struct mcts *t); /* done in this search */

/* What the search says about the root. */
struct mcts_move {
	game_move move;
	uint32_t visits;
	float prior;  /* network's, without noise */
	float q;      /* in [-1, 1], for the player to act at the root;
		       * exact once proven; NAN if never visited */
	float value;  /* raw V of the position after the move, seen by the
		       * player to act at the root; NAN if never evaluated */
	float wdl[3]; /* mean, for the player to act at the root; NAN
		       * where q is */
	float policy; /* improved policy: visits share for PUCT;
		       * softmax(logits + sigma(completed Q)) for Gumbel */
	enum trace_proof proof; /* for the player to act at the root */
};

struct mcts_result {
	int count;               /* legal moves */
	struct mcts_move *moves; /* borrowed: valid until the next call on t */
	int best;                /* index: the move to play without chance */
	float value;             /* root mean, win minus loss */
	float wdl[3];            /* root mean */
	float raw_value, raw_wdl[3]; /* evaluator's own */
	enum trace_proof proof;
	int simulations;
	enum mcts_stop stop;
};
void mcts_result(struct mcts *t, struct mcts_result *out);

/* The line that the search expects if root move `first` is played: that move,
 * then the most visited (then the likeliest) each, and how often each was
 * visited.  Returns its length, at most `cap`; 0 if the move was never tried.
 */
int mcts_line(const struct mcts *t, game_move first, game_move *out,
	      uint32_t *visits, int cap);

/*
 * What the positions of a root move's own subtree lead by, in points and for
 * player 0: mean and standard deviation over those that were evaluated, each
 * once, and the ends of games by their visits.  False: nothing is known, or the
 * move is none of the root's.  Its cost is that of looking at the subtree.
 */
bool mcts_lead(const struct mcts *t, game_move first, double *mean,
	       double *spread);

/* A copy of the tree and its simulations so far; caller frees. */
struct trace *mcts_trace(const struct mcts *t);

#endif
