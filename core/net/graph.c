/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/graph.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/net/head.h"

static void make_room(struct net_graph *g)
{
	if (g->value_count < g->room)
		return;
	g->room = g->room ? 2 * g->room : 32;
	g->layers = mem_realloc(g->layers, g->room * sizeof(*g->layers));
	g->value_size =
		mem_realloc(g->value_size, g->room * sizeof(*g->value_size));
}

static bool is_whole(const struct layer_type *t)
{
	return t->param_count && t->out_count && t->describe && t->init &&
	       t->masks && t->keep_count && t->scratch_count && t->forward &&
	       t->backward && t->ready_count && t->prepare &&
	       t->infer_scratch && t->infer;
}

int net_graph_add(struct net_graph *g, const struct layer_type *type,
		  const char *part, struct layer_shape sh, int x, int skip)
{
	struct net_layer *l;

	make_room(g);
	l = &g->layers[g->layer_count++];
	*l = (struct net_layer){
		.type = type,
		.sh = sh,
		.x = x,
		.skip = skip,
		.y = g->value_count,
		.param = g->param_count,
		.stat = g->stat_count,
		.fold = -1,
	};
	assert(is_whole(type));
	assert(x >= 0 && x < l->y && skip < l->y);
	assert(skip == NET_NO_VALUE || type->skips);
	snprintf(l->part, sizeof(l->part), "%s", part);
	g->param_count += type->param_count(&l->sh);
	g->stat_count += net_layer_stats(l);
	g->value_size[g->value_count] = type->out_count(&l->sh);
	return g->value_count++;
}

int net_graph_conv_norm(struct net_graph *g, const struct layer_type *conv,
			const char *part, int in, int out, int x, int skip)
{
	const struct net_config *c = &g->config;
	struct layer_shape sh = {.rows = c->rows,
				 .cols = c->cols,
				 .in = in,
				 .out = out,
				 .gain = GAIN_RELU};
	int u = net_graph_add(g, conv, part, sh, x, NET_NO_VALUE);

	sh.in = out;
	sh.relu = true;
	sh.gain = skip == NET_NO_VALUE ? GAIN_ONE : GAIN_ZERO;
	return net_graph_add(g, &layer_norm, part, sh, u, skip);
}

int net_graph_dense(struct net_graph *g, const char *part, int in, int out,
		    bool relu, float gain, int x)
{
	struct layer_shape sh = {.rows = 1,
				 .cols = 1,
				 .in = in,
				 .out = out,
				 .relu = relu,
				 .gain = gain};

	return net_graph_add(g, &layer_dense, part, sh, x, NET_NO_VALUE);
}

int net_graph_bare(struct net_graph *g, const char *part, int out)
{
	assert(g->config.body->bare_heads &&
	       g->trunk.rows * g->trunk.cols == 1);
	return net_graph_dense(g, part, g->trunk.channels, out, false,
			       GAIN_HEAD, g->trunk.value);
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
		if (net_layer_memory(l))
			l->heads |= NET_MEMORY;
		needed[l->x] |= l->heads;
		if (l->skip != NET_NO_VALUE)
			needed[l->skip] |= l->heads;
	}
	free(needed);
}

/*
 * Layers that are a multiplication and an addition of each channel, and the
 * only reader of a layer that can do both on the way.  The skip must be there
 * when the earlier one runs.
 */
static void mark_folds(struct net_graph *g)
{
	int *readers = mem_zalloc(g->value_count, sizeof(*readers));

	for (int i = 0; i < g->layer_count; i++) {
		readers[g->layers[i].x]++;
		if (g->layers[i].skip != NET_NO_VALUE)
			readers[g->layers[i].skip]++;
	}
	for (int h = 0; h < NET_HEADS; h++)
		if (g->head[h] != NET_NO_VALUE)
			readers[g->head[h]]++;
	for (int i = 0; i < g->layer_count; i++) {
		struct net_layer *l = &g->layers[i], *by;

		if (!l->type->fold || l->x < g->inputs)
			continue;
		by = &g->layers[l->x - g->inputs];
		if (!by->type->takes_fold || by->sh.relu || by->skip >= 0 ||
		    readers[l->x] != 1)
			continue;
		if (l->skip >= 0 && (!by->type->takes_skip || l->skip >= by->y))
			continue;
		by->fold = i;
		l->folded = true;
	}
	free(readers);
}

void net_graph_init(struct net_graph *g, const struct net_config *c)
{
	int ids = net_config_ids(c);

	assert(net_config_row(c) > 0 && c->moves > 0);
	*g = (struct net_graph){
		.config = *c, .hidden = NET_NO_VALUE, .ids = NET_NO_VALUE};
	make_room(g);
	g->value_size[g->value_count++] = (size_t)c->planes * c->rows * c->cols;
	if (ids) {
		g->ids = g->value_count;
		g->value_size[g->value_count++] = (size_t)ids;
	}
	g->inputs = g->value_count;
	c->body->build(&g->config, &g->config.body_conf, g);
	for (int h = 0; h < NET_HEADS; h++) {
		g->head[h] = NET_NO_VALUE;
		if (!c->has[h])
			continue;
		g->head[h] = net_heads[h]->build(&g->config, g);
		assert(g->value_size[g->head[h]] ==
		       (size_t)net_heads[h]->size(c));
	}
	mark_heads(g);
	mark_folds(g);
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

size_t net_layer_memory(const struct net_layer *l)
{
	return l->type->memory_count ? l->type->memory_count(&l->sh) : 0;
}

void net_graph_input(const struct net_graph *g, int rows, const float *x,
		     float *board, float *ids)
{
	int planes = g->config.planes, cells = g->config.rows * g->config.cols;
	int count = net_config_ids(&g->config);

	for (int b = 0; b < rows; b++) {
		for (int s = 0; s < cells; s++)
			for (int p = 0; p < planes; p++)
				*board++ = x[p * cells + s];
		x += planes * cells;
		for (int f = 0; f < count; f++)
			*ids++ = *x++;
	}
}
