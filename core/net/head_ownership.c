/* SPDX-License-Identifier: MIT */
/* Whose each cell will be at the end, in [-1, 1], 1 for the player to act: to
 * make the tower see it (Wu 2019, section 4.1). */
#include "config.h"

#include <math.h>

#include "core/net/head_int.h"
#include "core/net/loss.h"
#include "core/net/net.h"

static int size(const struct net_config *c)
{
	return c->rows * c->cols;
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
	.weight = 1,
	/* Cross-entropy of a cell's owner, nats, mean over the cells. */
	.figures = {{"loss.ownership", true}},
	.size = size,
	.target_size = size,
	.loss = loss,
	.finish = finish,
};
