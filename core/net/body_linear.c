/* SPDX-License-Identifier: MIT */
/* Body `linear`: a decoder that mixes by linear attention, whose state does not
 * grow. */
#include "config.h"

#include <stddef.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/net/body.h"
#include "core/net/decoder.h"
#include "core/net/graph.h"
#include "core/net/layer.h"
#include "core/net/net.h"

static const struct conf_spec conf[] = {
	NET_DECODER_SIZE, NET_DECODER_HEADS, NET_DECODER_FF,
	NET_DECODER_REST, {.name = NULL},
};

static enum err_code check(const void *self, struct err *e)
{
	return net_decoder_check(self, e);
}

static int attention(struct net_graph *g, const struct net_decoder *d,
		     const char *part, float gain, int x, int skip)
{
	int n = d->width;
	struct layer_shape sh = net_decoder_cell(3 * n, n);

	sh.heads = d->heads;
	x = net_decoder_affine(g, part, n, 3 * n, GAIN_ONE, x, NET_NO_VALUE);
	x = net_graph_add(g, &layer_linear_attention, part, sh, x,
			  NET_NO_VALUE);
	return net_decoder_affine(g, part, n, n, gain, x, skip);
}

static void build(const struct net_config *c, const void *self,
		  struct net_graph *g)
{
	net_decoder_build(c, self, attention, g);
}

const struct net_body net_body_linear = {
	.name = "linear",
	.conf = conf,
	.conf_size = sizeof(struct net_decoder),
	.reads_ids = true,
	.bare_heads = true,
	.check = check,
	.brief = net_decoder_brief,
	.build = build,
};
