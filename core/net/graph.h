/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_GRAPH_H
#define CORE_NET_GRAPH_H

#include <stddef.h>

#include "core/net/layer.h"
#include "core/net/net.h"

/*
 * A network as a list: layer i reads value `x` (and `skip`) and writes value
 * `y`; values are numbered in the order in which they are written, and value 0
 * is the input.  Heads that not every network has come last, so that what
 * stands before them is as it would be without them.  Private to this folder; a
 * graph points into itself: it is not moved.
 */
enum { NET_NO_VALUE = -1 };

struct net_layer {
	const struct layer_type *type;
	struct layer_shape sh;
	char part[12];  /* "stem", "block 3", "policy", "value" */
	unsigned heads; /* bit h: head h comes from it */
	int x, skip, y;
	size_t param; /* offset into the parameter block */
	size_t stat;  /* offset into the batch statistics */
};

struct net_graph {
	struct net_config config;
	struct net_layer *layers; /* owned */
	size_t *value_size;       /* owned; floats of one sample */
	int layer_count, value_count;
	int head[NET_HEADS]; /* their values; NET_NO_VALUE if none */
	size_t param_count, stat_count;
};

void net_graph_init(struct net_graph *g, const struct net_config *c);
void net_graph_release(struct net_graph *g);

/* Floats of batch statistics, and where the running ones stand among the
 * parameters. */
size_t net_layer_stats(const struct net_layer *l);
size_t net_layer_running(const struct net_layer *l);

/* out(rows, cells, planes) <- x(rows, planes, cells) */
void net_graph_input(const struct net_graph *g, int rows, const float *x,
		     float *out);

#endif
