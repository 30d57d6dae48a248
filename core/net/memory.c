/* SPDX-License-Identifier: MIT */
/* How much memory networks take, from their lists of layers alone. */
#include "config.h"

#include "core/net/conv.h"
#include "core/net/graph.h"
#include "core/net/net.h"

static size_t largest_value(const struct net_graph *g)
{
	size_t most = 0;

	for (int v = 0; v < g->value_count; v++)
		most = g->value_size[v] > most ? g->value_size[v] : most;
	return most;
}

static struct conv_shape conv_of(const struct layer_shape *sh)
{
	return (struct conv_shape){sh->rows, sh->cols, sh->in, sh->out};
}

size_t net_plan_bytes(const struct net_config *c)
{
	struct net_graph g;
	size_t floats = 0;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];
		struct conv_shape sh = conv_of(&l->sh);

		floats += l->type == &layer_conv3
				  ? conv_kernel_count(&sh)
				  : l->type->param_count(&l->sh);
	}
	net_graph_release(&g);
	return floats * sizeof(float);
}

size_t net_work_bytes(const struct net_config *c, int max_batch)
{
	struct net_graph g;
	size_t scratch = 0, floats;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		struct conv_shape sh = conv_of(&g.layers[i].sh);
		size_t n = g.layers[i].type == &layer_conv3
				   ? conv_forward_scratch(&sh)
				   : 0;

		scratch = n > scratch ? n : scratch;
	}
	/* A block's input, its middle and its output. */
	floats = 3 * largest_value(&g) * (size_t)max_batch + scratch;
	net_graph_release(&g);
	return floats * sizeof(float);
}

size_t net_trainer_bytes(const struct net_config *c, int max_batch)
{
	struct net_graph g;
	size_t floats = 0, scratch = 0;

	net_graph_init(&g, c);
	for (int v = 0; v < g.value_count; v++)
		floats += g.value_size[v] * (size_t)max_batch;
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];
		size_t n = l->type->scratch_count(&l->sh, max_batch);

		floats += l->type->keep_count(&l->sh, max_batch);
		scratch = n > scratch ? n : scratch;
	}
	/* Gradients of a block's input, its middle and its output. */
	floats += 3 * largest_value(&g) * (size_t)max_batch + scratch;
	net_graph_release(&g);
	return floats * sizeof(float);
}
