/* SPDX-License-Identifier: MIT */
/*
 * Body `transformer`: a decoder that mixes by attention, with learned places or
 * rotary ones (Su et al. 2021, arXiv:2104.09864), and perhaps an induction head
 * of its own before the layers (layer_ngram).  Body `tokens` is the same over
 * boards that are written as tokens (tokens.h).
 */
#include "config.h"

#include <stddef.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/net/body.h"
#include "core/net/decoder.h"
#include "core/net/graph.h"
#include "core/net/layer.h"
#include "core/net/net.h"
#include "core/net/tokens.h"

static const struct conf_spec conf[] = {
	NET_DECODER_SIZE,
	NET_DECODER_HEADS,
	NET_DECODER_FF,
	NET_DECODER_INT(context, 1, 16384, "256",
			"tokens that it reads at most"),
	NET_DECODER_CHOICE(position, "learned", "learned|rotary",
			   "how it knows places"),
	NET_DECODER_REST,
	NET_DECODER_INT(ngram, 0, 16, "0",
			"tokens that must be the same for it to look what "
			"followed; 0 = none"),
	NET_DECODER_INT(ngram_ids, 1, 16, "1",
			"how many of a token's numbers, the first, count "
			"there"),
	{.name = NULL},
};

static enum err_code check(const void *self, struct err *e)
{
	const struct net_decoder *d = self;
	enum err_code rc = net_decoder_check(d, e);

	if (!rc && d->position == NET_PLACES_ROTARY && d->width / d->heads % 2)
		rc = err_set(e, ERR_USAGE,
			     "network: rotary positions turn pairs, and heads "
			     "have %d channels",
			     d->width / d->heads);
	return rc;
}

static int attention(struct net_graph *g, const struct net_decoder *d,
		     const char *part, float gain, int x, int skip)
{
	int n = d->width;
	struct layer_shape sh = net_decoder_cell(3 * n, n);

	sh.heads = d->heads;
	sh.context = d->context;
	sh.rotary = d->position == NET_PLACES_ROTARY;
	x = net_decoder_affine(g, part, n, 3 * n, GAIN_ONE, x, NET_NO_VALUE);
	x = net_graph_add(g, &layer_attention, part, sh, x, NET_NO_VALUE);
	return net_decoder_affine(g, part, n, n, gain, x, skip);
}

static void build(const struct net_config *c, const void *self,
		  struct net_graph *g)
{
	net_decoder_build(c, self, attention, g);
}

const struct net_body net_body_transformer = {
	.name = "transformer",
	.conf = conf,
	.conf_size = sizeof(struct net_decoder),
	.reads_ids = true,
	.bare_heads = true,
	.check = check,
	.brief = net_decoder_brief,
	.build = build,
};

const struct net_body net_body_tokens = {
	.name = "tokens",
	.conf = conf,
	.conf_size = sizeof(struct net_decoder),
	.reads_ids = true,
	.bare_heads = true,
	.rows = net_tokens_rows,
	.check = check,
	.brief = net_decoder_brief,
	.build = build,
};
