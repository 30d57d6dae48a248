/* SPDX-License-Identifier: MIT */
/* How the game will end for the player to act: win, draw, loss. */
#include "config.h"

#include "core/net/head_int.h"
#include "core/net/loss.h"

static int size(const struct net_config *c)
{
	(void)c;
	return 3;
}

/* The target sums to 1. */
static void loss(const struct net_head_row *r)
{
	const float *t = r->target, *p = r->p;
	double cross =
		loss_cross_entropy(r->size, r->y, t, r->scale, r->p, r->dy);
	double off = (double)(p[0] - p[2]) - (double)(t[0] - t[2]);

	r->figure[0] += (double)r->weight * cross;
	r->figure[1] += (double)r->weight * off * off;
}

static void finish(int n, const float *y, float *out)
{
	loss_softmax(n, y, out);
}

const struct net_head net_head_value = {
	.name = "value",
	.weight = 1,
	.figures = {{"loss.value", true},    /* cross-entropy, nats */
		    {"value_error", false}}, /* of win minus loss, squared */
	.size = size,
	.target_size = size,
	.loss = loss,
	.finish = finish,
};
