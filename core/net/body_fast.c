/* SPDX-License-Identifier: MIT */
/* Body `fast`: a decoder that mixes by fast weights, which a learned rule
 * changes at every token. */
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

static int fast(struct net_graph *g, const struct net_decoder *d,
		const char *part, float gain, int x, int skip)
{
	int n = d->width, in = 3 * n + d->heads;
	struct layer_shape sh = net_decoder_cell(in, n);

	sh.heads = d->heads;
	sh.gain = GAIN_HEAD;
	x = net_decoder_affine(g, part, n, in, GAIN_ONE, x, NET_NO_VALUE);
	x = net_graph_add(g, &layer_fast_weights, part, sh, x, NET_NO_VALUE);
	return net_decoder_affine(g, part, n, n, gain, x, skip);
}

static void build(const struct net_config *c, const void *self,
		  struct net_graph *g)
{
	net_decoder_build(c, self, fast, g);
}

const struct net_body net_body_fast = {
	.name = "fast",
	.conf = conf,
	.conf_size = sizeof(struct net_decoder),
	.reads_ids = true,
	.bare_heads = true,
	.check = check,
	.brief = net_decoder_brief,
	.build = build,
};
