/* SPDX-License-Identifier: MIT */
/* By how much the player to act will be ahead, as a share of the game's
 * lead_scale(). */
#include "config.h"

#include "core/net/head_int.h"
#include "core/net/loss.h"

static int size(const struct net_config *c)
{
	(void)c;
	return 1;
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
	.weight = 0.25f,
	.figures = {{"loss.lead", true}}, /* Huber's loss */
	.size = size,
	.target_size = size,
	.loss = loss,
	.finish = finish,
};
