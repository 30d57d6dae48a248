/* SPDX-License-Identifier: MIT */
/*
 * Body `transformer`: a decoder over sequences (Vaswani et al. 2017,
 * arXiv:1706.03762), with norms before each branch and one at the end (Radford
 * et al. 2019), learned places or rotary ones (Su et al. 2021,
 * arXiv:2104.09864), GELU or SwiGLU (Shazeer 2020, arXiv:2002.05202).
 * A token is a small network over the board and the row's ids.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/net/body.h"
#include "core/net/graph.h"
#include "core/net/layer.h"
#include "core/net/net.h"

struct transformer {
	int width, layers, heads, ff, context;
	int position, mlp;
	int board, filters, blocks;
};
static_assert(sizeof(struct transformer) <= NET_CONF_BYTES, "");

enum { LEARNED, ROTARY };
enum { GELU, SWIGLU };
enum { LINEAR, CONV };

#define PLACE_GAIN 0.2f

#define INT(key, lo, hi, dflt, text)                                       \
	{                                                                  \
#key, CONF_INT, offsetof(struct transformer, key), lo, hi, \
			dflt, NULL, text                                   \
	}
#define CHOICE(key, dflt, names, text)                                      \
	{                                                                   \
#key, CONF_CHOICE, offsetof(struct transformer, key), 0, 0, \
			dflt, names, text                                   \
	}

static const struct conf_spec conf[] = {
	INT(width, 8, 1024, "64", "channels of a token"),
	INT(layers, 1, 48, "4", "layers of attention, each with its MLP"),
	INT(heads, 1, 32, "4", "heads of attention; they divide the width"),
	INT(ff, 1, 16, "4", "width of the MLPs, in widths of a token"),
	INT(context, 1, 16384, "256", "tokens that it reads at most"),
	CHOICE(position, "learned", "learned|rotary", "how it knows places"),
	CHOICE(mlp, "gelu", "gelu|swiglu", "activation of the MLPs"),
	CHOICE(board, "linear", "linear|conv", "what reads the board"),
	INT(filters, 1, 256, "16", "channels of the board's convolutions"),
	INT(blocks, 0, 16, "0", "residual blocks over the board"),
	{.name = NULL},
};

static enum err_code check(const void *self, struct err *e)
{
	const struct transformer *t = self;
	int head = t->width / t->heads;

	if (t->width % t->heads)
		return err_set(e, ERR_USAGE,
			       "network: width = %d is not a multiple of heads "
			       "= %d",
			       t->width, t->heads);
	if (head > LAYER_MAX_HEAD)
		return err_set(e, ERR_USAGE,
			       "network: heads of %d channels: more than %d",
			       head, LAYER_MAX_HEAD);
	if (t->position == ROTARY && head % 2)
		return err_set(
			e, ERR_USAGE,
			"network: rotary positions turn pairs, and heads "
			"have %d channels",
			head);
	return ERR_OK;
}

static void brief(const void *self, struct buf *out)
{
	const struct transformer *t = self;

	buf_printf(out, "%dx%d, %d", t->width, t->layers, t->context);
}

static struct layer_shape cell(int in, int out, float gain)
{
	return (struct layer_shape){
		.rows = 1, .cols = 1, .in = in, .out = out, .gain = gain};
}

static int affine(struct net_graph *g, const char *part, int in, int out,
		  float gain, int x, int skip)
{
	return net_graph_add(g, &layer_affine, part, cell(in, out, gain), x,
			     skip);
}

static int norm(struct net_graph *g, const char *part, int width, int x)
{
	return net_graph_add(g, &layer_row_norm, part,
			     cell(width, width, GAIN_ONE), x, NET_NO_VALUE);
}

/* A convolution over the board and a norm of its cells, rectified. */
static int conv(struct net_graph *g, const struct net_config *c, int in,
		int out, int x, int skip)
{
	struct layer_shape sh = {.rows = c->rows,
				 .cols = c->cols,
				 .in = in,
				 .out = out,
				 .gain = GAIN_RELU};

	x = net_graph_add(g, &layer_conv3, "board", sh, x, NET_NO_VALUE);
	sh.in = out;
	sh.relu = true;
	sh.gain = skip == NET_NO_VALUE ? GAIN_ONE : GAIN_ZERO;
	return net_graph_add(g, &layer_row_norm, "board", sh, x, skip);
}

static int board(struct net_graph *g, const struct net_config *c,
		 const struct transformer *t)
{
	int cells = c->rows * c->cols, channels = c->planes, x = 0;

	if (!c->planes)
		return NET_NO_VALUE;
	if (t->board == CONV) {
		channels = t->filters;
		x = conv(g, c, c->planes, channels, x, NET_NO_VALUE);
		for (int i = 0; i < t->blocks; i++) {
			int u = conv(g, c, channels, channels, x, NET_NO_VALUE);

			x = conv(g, c, channels, channels, u, x);
		}
	}
	return affine(g, "board", cells * channels, t->width, GAIN_ONE, x,
		      NET_NO_VALUE);
}

static int token(struct net_graph *g, const struct net_config *c,
		 const struct transformer *t)
{
	struct layer_shape sh = cell(net_config_ids(c), t->width, GAIN_ONE);
	int x = board(g, c, t);

	sh.id_size = c->id_size;
	if (sh.in)
		x = net_graph_add(g, &layer_embed, "token", sh, g->ids, x);
	if (t->position != LEARNED)
		return x;
	sh = cell(t->width, t->width, PLACE_GAIN);
	sh.context = t->context;
	return net_graph_add(g, &layer_position, "token", sh, x, NET_NO_VALUE);
}

/* As many parameters with either: two products of three make SwiGLU's. */
static int mlp(struct net_graph *g, const struct transformer *t,
	       const char *part, float gain, int x)
{
	int n = t->width, hidden = t->ff * n;
	int u = norm(g, part, n, x);

	if (t->mlp == SWIGLU) {
		hidden = (hidden * 2 / 3 + 15) & ~15;
		u = affine(g, part, n, 2 * hidden, GAIN_ONE, u, NET_NO_VALUE);
		u = net_graph_add(g, &layer_swiglu, part,
				  cell(2 * hidden, hidden, 0), u, NET_NO_VALUE);
	} else {
		u = affine(g, part, n, hidden, GAIN_ONE, u, NET_NO_VALUE);
		u = net_graph_add(g, &layer_gelu, part, cell(hidden, hidden, 0),
				  u, NET_NO_VALUE);
	}
	return affine(g, part, hidden, n, gain, u, x);
}

static int attention(struct net_graph *g, const struct transformer *t,
		     const char *part, float gain, int x)
{
	struct layer_shape sh = cell(3 * t->width, t->width, 0);
	int n = t->width, u = norm(g, part, n, x);

	sh.heads = t->heads;
	sh.context = t->context;
	sh.rotary = t->position == ROTARY;
	u = affine(g, part, n, 3 * n, GAIN_ONE, u, NET_NO_VALUE);
	u = net_graph_add(g, &layer_attention, part, sh, u, NET_NO_VALUE);
	return affine(g, part, n, n, gain, u, x);
}

/* What a branch adds is small beside what all of them add up to. */
static void build(const struct net_config *c, const void *self,
		  struct net_graph *g)
{
	const struct transformer *t = self;
	float gain = 1 / sqrtf(2.0f * (float)t->layers);
	int x = token(g, c, t);

	for (int i = 1; i <= t->layers; i++) {
		char part[12];

		snprintf(part, sizeof(part), "layer %d", i % 1000);
		x = attention(g, t, part, gain, x);
		x = mlp(g, t, part, gain, x);
	}
	g->trunk = (struct net_trunk){
		.value = norm(g, "end", t->width, x),
		.rows = 1,
		.cols = 1,
		.channels = t->width,
	};
}

const struct net_body net_body_transformer = {
	.name = "transformer",
	.conf = conf,
	.conf_size = sizeof(struct transformer),
	.reads_ids = true,
	.bare_heads = true,
	.check = check,
	.brief = brief,
	.build = build,
};
