/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_BENCH_LOOP_H
#define TUI_CMD_BENCH_LOOP_H

#include "core/base/buf.h"
#include "core/base/json.h"

/* Self-play and training as a recipe wants them, on one thread. */
struct loop_figure {
	const char *name; /* "loop-c4": what --only takes; unique */
	const char *what; /* "64x5, 32 simulations" */
	const char *game;
	const char *recipe; /* beside the defaults, with commas between */
	int plies;          /* of a usual game, to say what a game costs */
};

extern const struct loop_figure loop_figures[]; /* name NULL ends */

/* Where the time goes: microseconds of processor time for each position that
 * is searched. */
struct loop_times {
	double network;
	double rules; /* planes, legal moves and keys of the leaves */
	double tree;  /* the rest of self-play */
	double training;
	double known; /* share of leaves whose answer was known */
	double batch; /* rows of a call of the network, mean */
};

/* With fresh weights.  Below half a second a small group plays. */
void loop_figure_times(const struct loop_figure *f, double seconds,
		       struct loop_times *out);

/* Searched positions a second, training included, and usual games. */
double loop_rate(const struct loop_times *t);
double loop_games(const struct loop_figure *f, const struct loop_times *t);

/* The head of a table, and a line of it; fields of an object. */
void loop_add_head(struct buf *out);
void loop_add_text(struct buf *out, const struct loop_figure *f,
		   const struct loop_times *t);
void loop_add_json(struct json *j, const struct loop_figure *f,
		   const struct loop_times *t);

#endif
