/* SPDX-License-Identifier: MIT */
/* Which move to play: logits of all moves.  What it says of illegal ones is
 * never asked and not trained. */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/net/body.h"
#include "core/net/graph.h"
#include "core/net/head_int.h"
#include "core/net/layer.h"
#include "core/net/loss.h"
#include "core/net/net.h"

struct policy {
	int filters, kind;
};
enum { DENSE, PLANES };

static const struct conf_spec conf[] = {
	{"policy", CONF_INT, offsetof(struct policy, filters), 1, 256, "16",
	 NULL, "channels before the policy's dense layer"},
	{.name = NULL},
};

static const struct conf_spec options[] = {
	{"head", CONF_CHOICE, offsetof(struct policy, kind), 0, 0, "dense",
	 "dense|planes", "policy: one dense layer, or moves on planes"},
	{.name = NULL},
};

static const struct policy *settings(const struct net_config *c)
{
	return (const void *)&c->head_conf[NET_POLICY];
}

static enum err_code check(const struct net_config *c, struct err *e)
{
	if (settings(c)->kind == PLANES && !c->place_planes)
		return err_set(e, ERR_FORMAT,
			       "the network's policy is on planes, where this "
			       "game's moves have no places");
	return ERR_OK;
}

/* What each cell says after a look at the whole board, then the moves. */
static int on_planes(const struct net_config *c, struct net_graph *g, int x)
{
	struct layer_shape sh = {.rows = c->rows,
				 .cols = c->cols,
				 .in = settings(c)->filters,
				 .out = settings(c)->filters,
				 .gain = GAIN_HEAD};

	assert(c->place_planes > 0);
	x = net_graph_add(g, &layer_pool, "policy", sh, x, NET_NO_VALUE);
	x = net_graph_conv_norm(g, &layer_conv1, "policy", sh.in, sh.out, x,
				NET_NO_VALUE);
	sh.out = c->moves;
	sh.planes = c->place_planes;
	sh.pooled = c->place_pooled;
	sh.at = c->place;
	return net_graph_add(g, &layer_moves, "policy", sh, x, NET_NO_VALUE);
}

static int build(const struct net_config *c, struct net_graph *g)
{
	const struct net_trunk *t = &g->trunk;
	int n = settings(c)->filters, x;

	if (c->body->bare_heads)
		return net_graph_bare(g, "policy", c->moves);
	x = net_graph_conv_norm(g, &layer_conv1, "policy", t->channels, n,
				t->value, NET_NO_VALUE);
	return settings(c)->kind == PLANES
		       ? on_planes(c, g, x)
		       : net_graph_dense(g, "policy", t->rows * t->cols * n,
					 c->moves, false, GAIN_HEAD, x);
}

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

/* The target sums to 1 over the legal moves and is NET_LEFT_OUT at the others:
 * every figure is of the legal ones alone. */
static void loss(const struct net_head_row *r)
{
	double w = (double)r->weight;
	double cross =
		loss_choice(r->size, r->y, r->target, r->scale, r->p, r->dy);

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
	.conf = conf,
	.options = options,
	.weight = 1,
	.figures = {{"loss.policy", true}, /* cross-entropy, nats */
		    {"agree", true},       /* top move is the target's */
		    {"entropy", false},    /* of the network's policy, nats */
		    {"kl", false}},        /* KL(target || network), nats */
	.size = size,
	.target_size = size,
	.check = check,
	.build = build,
	.loss = loss,
	.finish = finish,
};
