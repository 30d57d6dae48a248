/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_DECODER_H
#define CORE_NET_DECODER_H

#include <assert.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/net/graph.h"
#include "core/net/net.h"

/*
 * What bodies over sequences have in common (Vaswani et al. 2017,
 * arXiv:1706.03762; norms as Radford et al. 2019): a token is a small network
 * over the board and the row's ids; residual layers of two branches, each after
 * a norm, one that mixes the tokens of a sequence and an MLP (GELU, or SwiGLU,
 * Shazeer 2020, arXiv:2002.05202); a norm at the end.  Such a body is how it
 * mixes.  Private to this folder.
 */
struct net_decoder {
	int width, layers, heads, ff;
	int context; /* tokens at most; 0: any number */
	int position, mlp;
	int board, filters, blocks;
	int ngram, ngram_ids;
};
static_assert(sizeof(struct net_decoder) <= NET_CONF_BYTES, "");

enum { NET_PLACES_LEARNED, NET_PLACES_ROTARY };

#define NET_DECODER_INT(key, lo, hi, dflt, text)                           \
	{                                                                  \
#key, CONF_INT, offsetof(struct net_decoder, key), lo, hi, \
			dflt, NULL, text                                   \
	}
#define NET_DECODER_CHOICE(key, dflt, names, text)                          \
	{                                                                   \
#key, CONF_CHOICE, offsetof(struct net_decoder, key), 0, 0, \
			dflt, names, text                                   \
	}

/* Settings that all of them have; `heads` only where a branch has heads. */
#define NET_DECODER_SIZE                                              \
	NET_DECODER_INT(width, 8, 1024, "64", "channels of a token"), \
		NET_DECODER_INT(layers, 1, 48, "4",                   \
				"layers, each with its MLP")
#define NET_DECODER_HEADS \
	NET_DECODER_INT(heads, 1, 32, "4", "heads; they divide the width")
#define NET_DECODER_FF                  \
	NET_DECODER_INT(ff, 1, 16, "4", \
			"width of the MLPs, in widths of a token")
#define NET_DECODER_REST                                                 \
	NET_DECODER_CHOICE(mlp, "gelu", "gelu|swiglu",                   \
			   "activation of the MLPs"),                    \
		NET_DECODER_CHOICE(board, "linear", "linear|conv",       \
				   "what reads the board"),              \
		NET_DECODER_INT(filters, 1, 256, "16",                   \
				"channels of the board's convolutions"), \
		NET_DECODER_INT(blocks, 0, 16, "0",                      \
				"residual blocks over the board")

/* A branch that mixes: from the normed tokens x to what is added to them, with
 * `gain` in its last product and `skip` as that product's skip. */
typedef int net_decoder_mix(struct net_graph *g, const struct net_decoder *d,
			    const char *part, float gain, int x, int skip);

void net_decoder_build(const struct net_config *c, const struct net_decoder *d,
		       net_decoder_mix *mix, struct net_graph *g);

/* y = x w + b + skip, width by width. */
int net_decoder_affine(struct net_graph *g, const char *part, int in, int out,
		       float gain, int x, int skip);
/* A layer of one cell; gain 0. */
struct layer_shape net_decoder_cell(int in, int out);

/* ERR_USAGE: the heads do not divide the width, or are too large. */
ATTR_NODISCARD enum err_code net_decoder_check(const struct net_decoder *d,
					       struct err *e);
/* For struct net_body: "64x4". */
void net_decoder_brief(const void *self, struct buf *out);

#endif
