/* SPDX-License-Identifier: MIT */
/* Which move to play: logits of all moves, illegal ones among them. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/net/head_int.h"
#include "core/net/loss.h"
#include "core/net/net.h"

static int size(const struct net_config *c)
{
	return c->moves;
}

static double entropy(int n, const float *p)
{
	double h = 0;

	for (int i = 0; i < n; i++)
		if (p[i] > 0)
			h -= (double)p[i] * log((double)p[i]);
	return h;
}

static int top_of(int n, const float *p)
{
	int top = 0;

	for (int i = 1; i < n; i++)
		if (p[i] > p[top])
			top = i;
	return top;
}

/* The target sums to 1. */
static void loss(const struct net_head_row *r)
{
	double w = (double)r->weight;
	double cross = loss_cross_entropy(r->size, r->y, r->target, r->scale,
					  r->p, r->dy);

	r->figure[0] += w * cross;
	r->figure[1] +=
		w * (top_of(r->size, r->p) == top_of(r->size, r->target));
	r->figure[2] += w * entropy(r->size, r->p);
	r->figure[3] += w * (cross - entropy(r->size, r->target));
}

static void finish(int n, const float *y, float *out)
{
	memcpy(out, y, n * sizeof(*out));
}

const struct net_head net_head_policy = {
	.name = "policy",
	.weight = 1,
	.figures = {{"loss.policy", true}, /* cross-entropy, nats */
		    {"agree", true},       /* top move is the target's */
		    {"entropy", false},    /* of the network's policy, nats */
		    {"kl", false}},        /* KL(target || network), nats */
	.size = size,
	.target_size = size,
	.loss = loss,
	.finish = finish,
};
