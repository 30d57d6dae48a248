/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/graph.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/mem.h"

/* Gains: He et al. 2015 before a rectifier; a residual branch starts as
 * nothing, and heads start near "all moves alike, all results alike". */
#define GAIN_RELU ((float)M_SQRT2)
#define GAIN_ONE 1.0f
#define GAIN_ZERO 0.0f
#define GAIN_HEAD 0.1f

enum { LAYERS_OF_BLOCK = 5, LAYERS_OF_REST = 16 };

static int add(struct net_graph *g, const struct layer_type *type,
	       const char *part, struct layer_shape sh, int x, int skip)
{
	struct net_layer *l = &g->layers[g->layer_count++];

	*l = (struct net_layer){
		.type = type,
		.sh = sh,
		.x = x,
		.skip = skip,
		.y = g->value_count,
		.param = g->param_count,
		.stat = g->stat_count,
	};
	snprintf(l->part, sizeof(l->part), "%s", part);
	g->param_count += type->param_count(&l->sh);
	if (type->stat_count)
		g->stat_count += type->stat_count(&l->sh);
	/* A list of moves is not a board. */
	g->value_size[g->value_count] =
		type == &layer_moves ? (size_t)sh.out
				     : (size_t)sh.rows * sh.cols * sh.out;
	return g->value_count++;
}

/* A convolution and its norm, rectified. */
static int conv_norm(struct net_graph *g, const struct layer_type *conv,
		     const char *part, int in, int out, int x, int skip)
{
	const struct net_config *c = &g->config;
	struct layer_shape sh = {.rows = c->rows,
				 .cols = c->cols,
				 .in = in,
				 .out = out,
				 .gain = GAIN_RELU};
	int u = add(g, conv, part, sh, x, NET_NO_VALUE);

	sh.in = out;
	sh.relu = true;
	sh.gain = skip == NET_NO_VALUE ? GAIN_ONE : GAIN_ZERO;
	return add(g, &layer_norm, part, sh, u, skip);
}

static int dense(struct net_graph *g, const char *part, int in, int out,
		 bool relu, float gain, int x)
{
	struct layer_shape sh = {.rows = 1,
				 .cols = 1,
				 .in = in,
				 .out = out,
				 .relu = relu,
				 .gain = gain};

	return add(g, &layer_dense, part, sh, x, NET_NO_VALUE);
}

/* What each cell says after a look at the whole board, then the moves. */
static int policy_on_planes(struct net_graph *g, int x)
{
	const struct net_config *c = &g->config;
	struct layer_shape sh = {.rows = c->rows,
				 .cols = c->cols,
				 .in = c->policy_filters,
				 .out = c->policy_filters,
				 .gain = GAIN_HEAD};

	x = add(g, &layer_pool, "policy", sh, x, NET_NO_VALUE);
	x = conv_norm(g, &layer_conv1, "policy", sh.in, sh.out, x,
		      NET_NO_VALUE);
	sh.out = c->moves;
	sh.planes = c->place_planes;
	sh.pooled = c->place_pooled;
	sh.at = c->place;
	return add(g, &layer_moves, "policy", sh, x, NET_NO_VALUE);
}

static void extra_heads(struct net_graph *g, int tower, int hidden)
{
	const struct net_config *c = &g->config;
	struct layer_shape sh = {.rows = c->rows,
				 .cols = c->cols,
				 .in = c->filters,
				 .out = 1,
				 .gain = GAIN_HEAD};

	if (c->ownership)
		g->head[NET_OWNERSHIP] = add(g, &layer_point, "ownership", sh,
					     tower, NET_NO_VALUE);
	if (c->lead)
		g->head[NET_LEAD] = dense(g, "lead", c->value_hidden, 1, false,
					  GAIN_HEAD, hidden);
}

/* Which heads come from which layers, from the end to the beginning. */
static void mark_heads(struct net_graph *g)
{
	unsigned *needed = mem_zalloc(g->value_count, sizeof(*needed));

	for (int h = 0; h < NET_HEADS; h++)
		if (g->head[h] != NET_NO_VALUE)
			needed[g->head[h]] |= 1u << h;
	for (int i = g->layer_count - 1; i >= 0; i--) {
		struct net_layer *l = &g->layers[i];

		l->heads = needed[l->y];
		needed[l->x] |= l->heads;
		if (l->skip != NET_NO_VALUE)
			needed[l->skip] |= l->heads;
	}
	free(needed);
}

static int block(struct net_graph *g, int number, int x)
{
	const struct net_config *c = &g->config;
	int f = c->filters, u;
	char part[12];

	snprintf(part, sizeof(part), "block %d", number % 1000);
	u = conv_norm(g, &layer_conv3, part, f, f, x, NET_NO_VALUE);
	if (number > c->blocks - c->pool_blocks) {
		struct layer_shape sh = {.rows = c->rows,
					 .cols = c->cols,
					 .in = f,
					 .out = f,
					 .gain = GAIN_HEAD};

		u = add(g, &layer_pool, part, sh, u, NET_NO_VALUE);
	}
	return conv_norm(g, &layer_conv3, part, f, f, u, x);
}

void net_graph_init(struct net_graph *g, const struct net_config *c)
{
	int most = LAYERS_OF_REST + LAYERS_OF_BLOCK * c->blocks;
	int cells = c->rows * c->cols, t, u;

	assert(c->planes > 0 && c->rows > 0 && c->cols > 0 && c->moves > 0);
	assert(c->filters > 0 && c->blocks >= 0);
	assert(c->head == NET_HEAD_DENSE || c->place_planes > 0);
	assert(c->policy_filters > 0 && c->value_filters > 0 &&
	       c->value_hidden > 0);
	*g = (struct net_graph){.config = *c};
	g->layers = mem_zalloc(most + 1, sizeof(*g->layers));
	g->value_size = mem_zalloc(most + 1, sizeof(*g->value_size));
	g->value_size[g->value_count++] = (size_t)cells * c->planes;

	t = conv_norm(g, &layer_conv3, "stem", c->planes, c->filters, 0,
		      NET_NO_VALUE);
	for (int i = 1; i <= c->blocks; i++)
		t = block(g, i, t);

	u = conv_norm(g, &layer_conv1, "policy", c->filters, c->policy_filters,
		      t, NET_NO_VALUE);
	for (int h = 0; h < NET_HEADS; h++)
		g->head[h] = NET_NO_VALUE;
	g->head[NET_POLICY] =
		c->head == NET_HEAD_PLANES
			? policy_on_planes(g, u)
			: dense(g, "policy", cells * c->policy_filters,
				c->moves, false, GAIN_HEAD, u);
	u = conv_norm(g, &layer_conv1, "value", c->filters, c->value_filters, t,
		      NET_NO_VALUE);
	u = dense(g, "value", cells * c->value_filters, c->value_hidden, true,
		  GAIN_RELU, u);
	g->head[NET_VALUE] =
		dense(g, "value", c->value_hidden, 3, false, GAIN_HEAD, u);
	extra_heads(g, t, u);
	mark_heads(g);
	assert(g->layer_count <= most);
}

void net_graph_release(struct net_graph *g)
{
	free(g->layers);
	free(g->value_size);
}

size_t net_layer_stats(const struct net_layer *l)
{
	return l->type->stat_count ? l->type->stat_count(&l->sh) : 0;
}

size_t net_layer_running(const struct net_layer *l)
{
	return l->param + l->type->param_count(&l->sh) - net_layer_stats(l);
}

void net_graph_input(const struct net_graph *g, int rows, const float *x,
		     float *out)
{
	int planes = g->config.planes, cells = g->config.rows * g->config.cols;

	for (int b = 0; b < rows; b++, x += planes * cells)
		for (int s = 0; s < cells; s++)
			for (int p = 0; p < planes; p++)
				*out++ = x[p * cells + s];
}
