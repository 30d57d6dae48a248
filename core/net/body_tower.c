/* SPDX-License-Identifier: MIT */
/* Body `tower`: 3x3 convolution, then residual blocks (He et al. 2015; AlphaGo
 * Zero 2017, methods), batch norm, optional global pooling (Wu 2019,
 * arXiv:1902.10565). */
#include "config.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/net/body.h"
#include "core/net/graph.h"
#include "core/net/layer.h"
#include "core/net/net.h"

struct tower {
	int filters, blocks, pool_blocks;
};
static_assert(sizeof(struct tower) <= NET_CONF_BYTES, "");

static const struct conf_spec conf[] = {
	{"filters", CONF_INT, offsetof(struct tower, filters), 1, 1024, "32",
	 NULL, "channels of the tower"},
	{"blocks", CONF_INT, offsetof(struct tower, blocks), 0, 100, "4", NULL,
	 "residual blocks, two convolutions each"},
	{"pool", CONF_INT, offsetof(struct tower, pool_blocks), 0, 100, "0",
	 NULL, "how many of the last blocks also pool over the whole board"},
	{.name = NULL},
};

static enum err_code check(const void *self, struct err *e)
{
	const struct tower *t = self;

	if (t->pool_blocks > t->blocks)
		return err_set(e, ERR_USAGE,
			       "network: pool = %d: there are only %d blocks",
			       t->pool_blocks, t->blocks);
	return ERR_OK;
}

static void brief(const void *self, struct buf *out)
{
	const struct tower *t = self;

	buf_printf(out, "%dx%d", t->filters, t->blocks);
	if (t->pool_blocks)
		buf_printf(out, ", %d pool", t->pool_blocks);
}

static int block(struct net_graph *g, const struct net_config *c,
		 const struct tower *t, int number, int x)
{
	int f = t->filters, u;
	char part[12];

	snprintf(part, sizeof(part), "block %d", number % 1000);
	u = net_graph_conv_norm(g, &layer_conv3, part, f, f, x, NET_NO_VALUE);
	if (number > t->blocks - t->pool_blocks) {
		struct layer_shape sh = {.rows = c->rows,
					 .cols = c->cols,
					 .in = f,
					 .out = f,
					 .gain = GAIN_HEAD};

		u = net_graph_add(g, &layer_pool, part, sh, u, NET_NO_VALUE);
	}
	return net_graph_conv_norm(g, &layer_conv3, part, f, f, u, x);
}

static void build(const struct net_config *c, const void *self,
		  struct net_graph *g)
{
	const struct tower *t = self;
	int x = net_graph_conv_norm(g, &layer_conv3, "stem", c->planes,
				    t->filters, 0, NET_NO_VALUE);

	for (int i = 1; i <= t->blocks; i++)
		x = block(g, c, t, i, x);
	g->trunk = (struct net_trunk){
		.value = x,
		.rows = c->rows,
		.cols = c->cols,
		.channels = t->filters,
	};
}

const struct net_body net_body_tower = {
	.name = "tower",
	.conf = conf,
	.conf_size = sizeof(struct tower),
	.check = check,
	.brief = brief,
	.build = build,
};
