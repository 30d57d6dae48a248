/* SPDX-License-Identifier: MIT */
/* How much memory networks take, from their lists of layers alone. */
#include "config.h"

#include "core/net/graph.h"
#include "core/net/layer.h"
#include "core/net/net.h"

static size_t largest_value(const struct net_graph *g)
{
	size_t most = 0;

	for (int v = 0; v < g->value_count; v++)
		most = g->value_size[v] > most ? g->value_size[v] : most;
	return most;
}

size_t net_plan_bytes(const struct net_config *c)
{
	struct net_graph g;
	size_t floats = 0;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++)
		if (!g.layers[i].folded)
			floats +=
				g.layers[i].type->ready_count(&g.layers[i].sh);
	net_graph_release(&g);
	return floats * sizeof(float);
}

size_t net_work_bytes(const struct net_config *c, int max_batch)
{
	struct net_graph g;
	size_t scratch = 0, floats;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];
		size_t n = l->type->infer_scratch(&l->sh, max_batch);

		scratch = n > scratch ? n : scratch;
	}
	/* A block's input, its middle and its output. */
	floats = 3 * largest_value(&g) * (size_t)max_batch + scratch;
	net_graph_release(&g);
	return floats * sizeof(float);
}

size_t net_memory_bytes(const struct net_config *c, int lanes)
{
	struct net_graph g;
	size_t floats = 0;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++)
		floats += net_layer_memory(&g.layers[i]);
	net_graph_release(&g);
	return floats * (size_t)lanes * sizeof(float);
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
