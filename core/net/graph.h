/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_GRAPH_H
#define CORE_NET_GRAPH_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/net/layer.h"
#include "core/net/net.h"

/*
 * A network as a list: layer i reads value `x` (and `skip`) and writes value
 * `y`; values are numbered in the order in which they are written, after the
 * inputs: value 0, the board, of no floats where there is none, and value `ids`
 * where the body reads them.  Heads that not every network has come last, so
 * that what stands before them is as it would be without them.  Private to this
 * folder; a graph points into itself: it is not moved.
 */
enum { NET_NO_VALUE = -1 };

/* As a bit of `heads`: a layer with a memory comes from it. */
#define NET_MEMORY (1u << NET_HEADS)

/* Gains: He et al. 2015 before a rectifier; a residual branch starts as
 * nothing, and heads start near "all moves alike, all results alike". */
#define GAIN_RELU ((float)M_SQRT2)
#define GAIN_ONE 1.0f
#define GAIN_ZERO 0.0f
#define GAIN_HEAD 0.1f

struct net_layer {
	const struct layer_type *type;
	struct layer_shape sh;
	char part[12];  /* "stem", "block 3", "policy", "value" */
	unsigned heads; /* bit h: head h comes from it; NET_MEMORY */
	int fold;       /* the layer that it does in inference, -1 if none */
	bool folded;    /* another does it */
	int x, skip, y;
	size_t param; /* offset into the parameter block */
	size_t stat;  /* offset into the batch statistics */
};

/* Where a body ends: a board of channels, or one cell of them. */
struct net_trunk {
	int value;
	int rows, cols, channels;
};

struct net_graph {
	struct net_config config;
	struct net_layer *layers; /* owned */
	size_t *value_size;       /* owned; floats of one sample */
	int layer_count, value_count, room;
	int inputs; /* values before the first layer's */
	int ids;    /* the value of the row's ids; NET_NO_VALUE */
	struct net_trunk trunk;
	int hidden;          /* what the value's head thinks; lead reads it */
	int head[NET_HEADS]; /* their values; NET_NO_VALUE if none */
	size_t param_count, stat_count;
};

void net_graph_init(struct net_graph *g, const struct net_config *c);
void net_graph_release(struct net_graph *g);

/* For bodies and heads: add a layer that reads x and skip; its value. */
int net_graph_add(struct net_graph *g, const struct layer_type *type,
		  const char *part, struct layer_shape sh, int x, int skip);
/* A convolution over the game's board and its norm, rectified. */
int net_graph_conv_norm(struct net_graph *g, const struct layer_type *conv,
			const char *part, int in, int out, int x, int skip);
int net_graph_dense(struct net_graph *g, const char *part, int in, int out,
		    bool relu, float gain, int x);
/* For bodies with bare heads: a dense layer of `out` numbers on the trunk. */
int net_graph_bare(struct net_graph *g, const char *part, int out);

/* Floats of batch statistics, and where the running ones stand among the
 * parameters. */
size_t net_layer_stats(const struct net_layer *l);
size_t net_layer_running(const struct net_layer *l);
/* Floats of a lane that it keeps between calls. */
size_t net_layer_memory(const struct net_layer *l);

/* The inputs from rows of a batch: board(rows, cells, planes) <- planes(planes,
 * cells) of each, ids(rows, ids), not written where the body reads none. */
void net_graph_input(const struct net_graph *g, int rows, const float *x,
		     float *board, float *ids);

#endif
