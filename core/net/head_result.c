/* SPDX-License-Identifier: MIT */
/* How the game ended for the player to act, as it was: win, draw, loss.  (The
 * value's target may be mixed with what a search thought.) */
#include "config.h"

#include "core/net/graph.h"
#include "core/net/head_int.h"
#include "core/net/loss.h"

static int build(const struct net_config *c, struct net_graph *g)
{
	(void)c;
	return net_graph_dense(g, "result", (int)g->value_size[g->hidden], 3,
			       false, GAIN_HEAD, g->hidden);
}

static int size(const struct net_config *c)
{
	(void)c;
	return 3;
}

/* The target sums to 1. */
static void loss(const struct net_head_row *r)
{
	r->figure[0] +=
		(double)r->weight * loss_cross_entropy(r->size, r->y, r->target,
						       r->scale, r->p, r->dy);
}

static void finish(int n, const float *y, float *out)
{
	loss_softmax(n, y, out);
}

const struct net_head net_head_result = {
	.name = "result",
	.optional = "a head for how the game ended",
	.weight = 1,
	.figures = {{"loss.result", true}}, /* cross-entropy, nats */
	.size = size,
	.target_size = size,
	.build = build,
	.loss = loss,
	.finish = finish,
};
