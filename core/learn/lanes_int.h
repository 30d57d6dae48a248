/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LANES_INT_H
#define CORE_LEARN_LANES_INT_H

#include <stdatomic.h>

#include "core/base/rng.h"
#include "core/learn/lanes.h"
#include "core/learn/pg.h"

/* The inside of lanes, for lanes.c, its data set and the two ways to choose. */

struct lane {
	int64_t number;   /* of the game at hand */
	void *state;      /* owned */
	game_move *moves; /* owned; [max_plies] */
	int count, opening;
};

/* A move that somebody chose, and what came of it. */
struct lanes_step {
	struct pg_move chosen; /* its anchor: of the lanes' `policy` */
	uint8_t player;
	bool ends;     /* the game */
	float reward;  /* points; at the end of a game of two, its result */
	float said[3]; /* win, draw, loss, for the player */
	float target[3];
};

struct lanes_group {
	struct lane *lanes;    /* owned; [slots] */
	struct net_work *work; /* owned; of `rows` */
	int rows;              /* that the network is asked at once */
	/* owned; work space of `rows` */
	float *x, *logits, *wdl;
	float *chance;       /* owned; [move_count] */
	game_move *legal;    /* owned; [move_count] */
	void *child;         /* owned; a state */
	struct buf finished; /* records of games, see lanes.c */
	struct lanes_figures figures;
};

struct lanes {
	const struct game *game; /* borrowed */
	struct recipe recipe;
	struct method method;
	struct net_config net;
	uint64_t seed;
	struct lanes_group *groups;   /* owned; [recipe.groups] */
	struct lanes_step *steps;     /* owned; (lane, plies) */
	unsigned char *states;        /* owned; the states before them */
	float *policy;                /* owned; (step, move_count), or NULL */
	float *anchor;                /* owned; weights, or NULL */
	struct net_plan *anchor_plan; /* owned; of these */
	struct dataset demonstrations;
	bool has_demonstrations;
	int64_t total;
	struct lanes_figures figures;
	/* the call at hand */
	const struct net_plan *plan;
	bool played; /* there are steps to learn from */
	atomic_bool cancelled;
	bool (*tick)(void *ctx);
	void *ctx;
};

static inline size_t lanes_planes(const struct lanes *l)
{
	const struct game *g = l->game;

	return (size_t)g->planes * (size_t)g->rows * (size_t)g->cols;
}

/* The step of a lane, numbered over all groups, and the policy there. */
static inline size_t lanes_number(const struct lanes *l, int lane, int ply)
{
	return (size_t)lane * (size_t)l->recipe.plies + (size_t)ply;
}

static inline struct lanes_step *lanes_step(const struct lanes *l, int lane,
					    int ply)
{
	return &l->steps[lanes_number(l, lane, ply)];
}

static inline float *lanes_policy(const struct lanes *l, int lane, int ply)
{
	return l->policy +
	       lanes_number(l, lane, ply) * (size_t)l->game->move_count;
}

/* For each lane of a group a move at its state, into its step at `ply`: what
 * is chosen, by what chance, and what was said of the state.  The drawing is
 * lanes_draw(). */
void pg_choose(struct lanes *l, int group, int ply);
void td_choose(struct lanes *l, int group, int ply);

/* The network about n rows of gr->x, into gr->logits (if wanted) and wdl. */
void lanes_ask(struct lanes_group *gr, const struct net_plan *plan, int n,
	       bool policy, bool value);
/* A move by chance[n] over gr->legal, noted in the step. */
void lanes_draw(struct lanes *l, struct lanes_group *gr, const struct lane *at,
		int n, struct lanes_step *s);

#endif
