/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_GRAPH_H
#define CORE_NET_GRAPH_H

#include <stddef.h>

#include "core/net/layer.h"
#include "core/net/net.h"

/*
 * A network as a list: layer i reads value `x` (and `skip`) and writes value
 * `y`; values are numbered in the order in which they are written, and value 0
 * is the input.  Extra heads come last, so that what stands before them is as
 * it would be without them.  Private to this folder; a graph points into
 * itself: it is not moved.
 */
enum { NET_NO_VALUE = -1 };

enum net_extra_head { NET_NO_EXTRA, NET_OWNERSHIP, NET_LEAD };

struct net_layer {
	const struct layer_type *type;
	struct layer_shape sh;
	char part[12];             /* "stem", "block 3", "policy", "value" */
	enum net_extra_head extra; /* not 0: needed by that head alone */
	int x, skip, y;
	size_t param; /* offset into the parameter block */
	size_t stat;  /* offset into the batch statistics */
};

struct net_graph {
	struct net_config config;
	struct net_layer *layers; /* owned */
	size_t *value_size;       /* owned; floats of one sample */
	int layer_count, value_count;
	int policy, wdl; /* values of the two heads: logits */
	int ownership;   /* before tanh; NET_NO_VALUE if none */
	int lead;        /* NET_NO_VALUE if none */
	size_t param_count, stat_count;
};

void net_graph_init(struct net_graph *g, const struct net_config *c);
void net_graph_release(struct net_graph *g);

#endif
