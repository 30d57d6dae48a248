/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/net.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/graph.h"
#include "core/net/kernel.h"
#include "core/net/layer.h"

size_t net_param_count(const struct net_config *c)
{
	struct net_graph g;
	size_t n;

	net_graph_init(&g, c);
	n = g.param_count;
	net_graph_release(&g);
	return n;
}

size_t net_stat_count(const struct net_config *c)
{
	struct net_graph g;
	size_t n;

	net_graph_init(&g, c);
	n = g.stat_count;
	net_graph_release(&g);
	return n;
}

void net_init(const struct net_config *c, uint64_t seed, float *params)
{
	struct net_graph g;
	struct rng r;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];

		rng_init(&r, seed, RNG_INIT, i, 0);
		l->type->init(&l->sh, &r, params + l->param);
	}
	net_graph_release(&g);
}

void net_masks(const struct net_config *c, float *decay, float *learn)
{
	struct net_graph g;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];

		l->type->masks(&l->sh, decay + l->param, learn + l->param);
	}
	net_graph_release(&g);
}

void net_stats_update(const struct net_config *c, float *params,
		      const float *stats, float momentum)
{
	struct net_graph g;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];
		const float *now = stats + l->stat;
		float *running = params + net_layer_running(l);
		size_t n = net_layer_stats(l);

		for (size_t k = 0; k < n; k++)
			running[k] += (now[k] - running[k]) * momentum;
	}
	net_graph_release(&g);
}

static void describe_layer(const struct net_layer *l, bool first,
			   struct buf *out)
{
	char kind[32], shape[48];

	snprintf(kind, sizeof(kind), "%s%s%s", l->type->name,
		 l->skip != NET_NO_VALUE ? " + skip" : "",
		 l->sh.relu ? ", relu" : "");
	l->type->describe(&l->sh, shape, sizeof(shape));
	buf_printf(out, "%-10s %-18s %-18s %9zu\n", first ? l->part : "", kind,
		   shape, l->type->param_count(&l->sh));
}

void net_describe(const struct net_config *c, struct buf *out)
{
	struct net_graph g;
	size_t state = 0;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++)
		describe_layer(
			&g.layers[i],
			!i || strcmp(g.layers[i].part, g.layers[i - 1].part),
			out);
	buf_printf(out, "%-10s %-18s %-18s %9zu\n", "all", "", "",
		   g.param_count);
	for (int i = 0; i < g.layer_count; i++)
		state += net_layer_memory(&g.layers[i]);
	if (state)
		buf_printf(out,
			   "%-10s %zu bytes a sequence, %.0f FLOP a token\n",
			   "state", state * sizeof(float), net_flops(c));
	net_graph_release(&g);
}

int net_blocks(const struct net_config *c, struct net_block out[NET_MAX_BLOCKS])
{
	struct net_graph g;
	int n = 0;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];
		size_t count = l->type->param_count(&l->sh);

		if (!count)
			continue;
		if (!n || strcmp(l->part, out[n - 1].part)) {
			assert(n < NET_MAX_BLOCKS);
			out[n] = (struct net_block){.from = l->param};
			memcpy(out[n++].part, l->part, sizeof(l->part));
		}
		assert(out[n - 1].from + out[n - 1].count == l->param);
		out[n - 1].count += count;
	}
	net_graph_release(&g);
	return n;
}

double net_flops(const struct net_config *c)
{
	struct net_graph g;
	double flops = 0;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];

		if (l->type->flops)
			flops += l->type->flops(&l->sh);
	}
	net_graph_release(&g);
	return flops;
}

const char *net_vector_kernel(void)
{
	return kernel_get()->name;
}

const char *net_blas_kernel(void)
{
	return blas_kernel();
}
