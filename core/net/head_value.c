/* SPDX-License-Identifier: MIT */
/* How the game will end for the player to act: win, draw, loss. */
#include "config.h"

#include <stddef.h>

#include "core/base/conf.h"
#include "core/net/body.h"
#include "core/net/graph.h"
#include "core/net/head_int.h"
#include "core/net/layer.h"
#include "core/net/loss.h"

struct value {
	int filters, hidden;
};

static const struct conf_spec conf[] = {
	{"value", CONF_INT, offsetof(struct value, filters), 1, 256, "8", NULL,
	 "channels before the value's dense layers"},
	{"hidden", CONF_INT, offsetof(struct value, hidden), 1, 4096, "64",
	 NULL, "width of the value's hidden layer"},
	{.name = NULL},
};

static int build(const struct net_config *c, struct net_graph *g)
{
	const struct value *v = (const void *)&c->head_conf[NET_VALUE];
	const struct net_trunk *t = &g->trunk;
	int x;

	if (c->body->bare_heads) {
		g->hidden = t->value;
		return net_graph_bare(g, "value", 3);
	}
	x = net_graph_conv_norm(g, &layer_conv1, "value", t->channels,
				v->filters, t->value, NET_NO_VALUE);
	g->hidden = net_graph_dense(g, "value", t->rows * t->cols * v->filters,
				    v->hidden, true, GAIN_RELU, x);
	return net_graph_dense(g, "value", v->hidden, 3, false, GAIN_HEAD,
			       g->hidden);
}

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
	.conf = conf,
	.weight = 1,
	.figures = {{"loss.value", true},    /* cross-entropy, nats */
		    {"value_error", false}}, /* of win minus loss, squared */
	.size = size,
	.target_size = size,
	.build = build,
	.loss = loss,
	.finish = finish,
};
