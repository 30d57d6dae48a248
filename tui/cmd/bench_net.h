/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_BENCH_NET_H
#define TUI_CMD_BENCH_NET_H

#include <stdbool.h>

#include "core/net/net.h"

/* A network and a batch to time. */
struct net_figure {
	const char *name; /* "infer-c4": what --only takes; unique */
	bool training;    /* else inference */
	const char *net;  /* as net_config_parse() takes it */
	const char *game; /* whose boards and moves it has; NULL: ids alone */
	int planes;       /* in; 0: as many as the game encodes to */
	int batch;
	/* Rows of a sequence; 0: each stands alone.  Training takes batch /
	 * length sequences, inference a row at a time in `batch` lanes. */
	int length;
};

extern const struct net_figure net_figures[]; /* name NULL ends */

void net_figure_config(const struct net_figure *f, struct net_config *out);

/* Positions, or rows of sequences, a second on this many threads, each with
 * batches of its own.  On one thread by its processor time, on more by
 * wall-clock time. */
double net_figure_rate(const struct net_figure *f, int threads, double seconds);

/* Additions and multiplications for one of them, by the plain definitions; in a
 * sequence, the mean over a full context. */
double net_figure_flops(const struct net_figure *f);

#endif
