/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_FIGURES_H
#define CORE_SESSION_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/search/trace.h"

/*
 * What the inspector says about one node of a search as it stood after k
 * simulations.  Figures of a move are seen by the player who makes it; those
 * of the root by the player to act there.
 */
struct figures {
	uint32_t visits;
	double share;  /* N%: of the visits of all moves beside it, [0, 1] */
	double prior;  /* P, [0, 1]; NAN for the root */
	double diff;   /* N% - P; NAN while no move beside it was visited */
	double q;      /* [-1, 1]; NAN if unvisited */
	double v;      /* raw V; NAN if not evaluated by then */
	double u;      /* exploration term; NAN for the root */
	double wdl[3]; /* mean; NAN if unvisited */
	enum trace_proof proof; /* for the player who makes the move */
	bool on_path;           /* simulation k went through here */
	int change;             /* of Q by simulation k: -1, 0 or 1 */
};

/* The same one by one, as tables sort and show them. */
enum figure {
	FIGURE_N,     /* visits */
	FIGURE_SHARE, /* N%: visits in per cent of those beside it */
	FIGURE_P,     /* the network's prior in per cent */
	FIGURE_DIFF,  /* N% - P: what the search changed */
	FIGURE_Q,     /* mean value, and the way that it moved */
	FIGURE_V,     /* the network's own value */
	FIGURE_U,     /* exploration term */
	FIGURE_WIN,   /* mean win, draw, loss in per cent */
	FIGURE_DRAW,
	FIGURE_LOSS,
	FIGURE_PROOF, /* W, D, L where the result is proven */
	FIGURE_COUNT,
};

enum { SIM_PATH_CAP = 1024 };

/* The nodes of the k-th simulation, root first; empty at k = 0. */
struct sim_path {
	uint32_t node[SIM_PATH_CAP];
	int len;
};

void sim_path_of(const struct trace_view *v, struct sim_path *out);
bool sim_path_has(const struct sim_path *p, uint32_t node);

/* Visits of all children of `node`. */
uint64_t figures_total(const struct trace_view *v, uint32_t node);

/* `total` is figures_total() of the parent; 0 for the root. */
void figures_of(const struct trace_view *v, const struct sim_path *path,
		uint32_t node, uint64_t total, struct figures *out);
/* The same as the other of two players sees it. */
void figures_turn(struct figures *f);

#endif
