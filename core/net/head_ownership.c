/* SPDX-License-Identifier: MIT */
/* Who will own each cell at the end, in [-1, 1], 1 for the player to act: to
 * make the tower see it (Wu 2019, section 4.1). */
#include "config.h"

#include <math.h>

#include "core/net/body.h"
#include "core/net/graph.h"
#include "core/net/head_int.h"
#include "core/net/layer.h"
#include "core/net/loss.h"
#include "core/net/net.h"

static int size(const struct net_config *c)
{
	return c->rows * c->cols;
}

static int build(const struct net_config *c, struct net_graph *g)
{
	const struct net_trunk *t = &g->trunk;
	struct layer_shape sh = {.rows = c->rows,
				 .cols = c->cols,
				 .in = t->channels,
				 .out = 1,
				 .gain = GAIN_HEAD};

	if (c->body->bare_heads)
		return net_graph_bare(g, "ownership", size(c));
	return net_graph_add(g, &layer_point, "ownership", sh, t->value,
			     NET_NO_VALUE);
}

static void loss(const struct net_head_row *r)
{
	r->figure[0] +=
		(double)r->weight *
		loss_ownership(r->size, r->y, r->target, r->scale, r->dy);
}

static void finish(int n, const float *y, float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = tanhf(y[i]);
}

const struct net_head net_head_ownership = {
	.name = "ownership",
	.optional = "a head for who will own each cell",
	.weight = 1,
	/* Cross-entropy of a cell's owner, nats, mean over the cells. */
	.figures = {{"loss.ownership", true}},
	.size = size,
	.target_size = size,
	.build = build,
	.loss = loss,
	.finish = finish,
};
