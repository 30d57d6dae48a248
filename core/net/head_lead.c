/* SPDX-License-Identifier: MIT */
/* By how much the player to act will be ahead, as a share of the game's
 * lead_scale(). */
#include "config.h"

#include "core/net/graph.h"
#include "core/net/head_int.h"
#include "core/net/loss.h"

static int size(const struct net_config *c)
{
	(void)c;
	return 1;
}

static int build(const struct net_config *c, struct net_graph *g)
{
	(void)c;
	return net_graph_dense(g, "lead", (int)g->value_size[g->hidden], 1,
			       false, GAIN_HEAD, g->hidden);
}

static void loss(const struct net_head_row *r)
{
	r->figure[0] += (double)r->weight *
			loss_lead(*r->y, *r->target, r->scale, r->dy);
}

static void finish(int n, const float *y, float *out)
{
	(void)n;
	*out = *y;
}

const struct net_head net_head_lead = {
	.name = "lead",
	.optional = "a head for the lead in points",
	.weight = 0.25f,
	.figures = {{"loss.lead", true}}, /* Huber's loss */
	.size = size,
	.target_size = size,
	.build = build,
	.loss = loss,
	.finish = finish,
};
