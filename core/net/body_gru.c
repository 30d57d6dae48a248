/* SPDX-License-Identifier: MIT */
/* Body `gru`: a decoder whose layers mix by a gated recurrent unit. */
#include "config.h"

#include <stddef.h>

#include "core/base/conf.h"
#include "core/net/body.h"
#include "core/net/decoder.h"
#include "core/net/graph.h"
#include "core/net/layer.h"
#include "core/net/net.h"

static const struct conf_spec conf[] = {
	NET_DECODER_SIZE,
	NET_DECODER_FF,
	NET_DECODER_REST,
	{.name = NULL},
};

static int unit(struct net_graph *g, const struct net_decoder *d,
		const char *part, float gain, int x, int skip)
{
	int n = d->width;
	struct layer_shape sh = net_decoder_cell(3 * n, n);

	sh.gain = GAIN_ONE;
	x = net_decoder_affine(g, part, n, 3 * n, GAIN_ONE, x, NET_NO_VALUE);
	x = net_graph_add(g, &layer_gru, part, sh, x, NET_NO_VALUE);
	return net_decoder_affine(g, part, n, n, gain, x, skip);
}

static void build(const struct net_config *c, const void *self,
		  struct net_graph *g)
{
	net_decoder_build(c, self, unit, g);
}

const struct net_body net_body_gru = {
	.name = "gru",
	.conf = conf,
	.conf_size = sizeof(struct net_decoder),
	.reads_ids = true,
	.bare_heads = true,
	.brief = net_decoder_brief,
	.build = build,
};
