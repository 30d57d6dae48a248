/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_GRAPH_H
#define CORE_NET_GRAPH_H

#include <stddef.h>

#include "core/net/layer.h"
#include "core/net/net.h"

/*
 * A network as a list: layer i reads value `x` (and `skip`) and writes value
 * `y`; values are numbered in the order in which they are written, and value 0
 * is the input.  Private to this folder.
 */
enum { NET_NO_VALUE = -1 };

struct net_layer {
	const struct layer_type *type;
	struct layer_shape sh;
	char part[12]; /* "stem", "block 3", "policy", "value" */
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
	size_t param_count, stat_count;
};

void net_graph_init(struct net_graph *g, const struct net_config *c);
void net_graph_release(struct net_graph *g);

#endif
