/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/decoder.h"

#include <math.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/net/graph.h"
#include "core/net/layer.h"
#include "core/net/net.h"

enum { GELU, SWIGLU };
enum { LINEAR, CONV };

#define PLACE_GAIN 0.2f

enum err_code net_decoder_check(const struct net_decoder *d, struct err *e)
{
	int head;

	if (d->width % d->heads)
		return err_set(e, ERR_USAGE,
			       "network: width = %d is not a multiple of heads "
			       "= %d",
			       d->width, d->heads);
	head = d->width / d->heads;
	if (head > LAYER_MAX_HEAD)
		return err_set(e, ERR_USAGE,
			       "network: heads of %d channels: more than %d",
			       head, LAYER_MAX_HEAD);
	return ERR_OK;
}

void net_decoder_brief(const void *self, struct buf *out)
{
	const struct net_decoder *d = self;

	buf_printf(out, "%dx%d", d->width, d->layers);
	if (d->context)
		buf_printf(out, ", %d", d->context);
}

struct layer_shape net_decoder_cell(int in, int out)
{
	return (struct layer_shape){.rows = 1, .cols = 1, .in = in, .out = out};
}

int net_decoder_affine(struct net_graph *g, const char *part, int in, int out,
		       float gain, int x, int skip)
{
	struct layer_shape sh = net_decoder_cell(in, out);

	sh.gain = gain;
	return net_graph_add(g, &layer_affine, part, sh, x, skip);
}

static int norm(struct net_graph *g, const char *part, int width, int x)
{
	struct layer_shape sh = net_decoder_cell(width, width);

	sh.gain = GAIN_ONE;
	return net_graph_add(g, &layer_row_norm, part, sh, x, NET_NO_VALUE);
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
		 const struct net_decoder *d)
{
	int cells = c->rows * c->cols, channels = c->planes, x = 0;

	if (!c->planes)
		return NET_NO_VALUE;
	if (d->board == CONV) {
		channels = d->filters;
		x = conv(g, c, c->planes, channels, x, NET_NO_VALUE);
		for (int i = 0; i < d->blocks; i++) {
			int u = conv(g, c, channels, channels, x, NET_NO_VALUE);

			x = conv(g, c, channels, channels, u, x);
		}
	}
	return net_decoder_affine(g, "board", cells * channels, d->width,
				  GAIN_ONE, x, NET_NO_VALUE);
}

static int token(struct net_graph *g, const struct net_config *c,
		 const struct net_decoder *d)
{
	struct layer_shape sh = net_decoder_cell(net_config_ids(c), d->width);
	int x = board(g, c, d);

	sh.gain = GAIN_ONE;
	sh.id_size = c->id_size;
	if (sh.in)
		x = net_graph_add(g, &layer_embed, "token", sh, g->ids, x);
	if (!d->context || d->position != NET_PLACES_LEARNED)
		return x;
	sh = net_decoder_cell(d->width, d->width);
	sh.gain = PLACE_GAIN;
	sh.context = d->context;
	return net_graph_add(g, &layer_position, "token", sh, x, NET_NO_VALUE);
}

/* What followed where the last tokens were the same before. */
static int ngram(struct net_graph *g, const struct net_config *c,
		 const struct net_decoder *d, float gain, int x)
{
	struct layer_shape sh = net_decoder_cell(d->width, d->width);
	int u = norm(g, "n-gram", d->width, x);

	sh.context = d->context;
	sh.gram = d->ngram;
	sh.ids = net_config_ids(c);
	sh.matched = d->ngram_ids < sh.ids ? d->ngram_ids : sh.ids;
	u = net_graph_add(g, &layer_ngram, "n-gram", sh, u, g->ids);
	return net_decoder_affine(g, "n-gram", d->width, d->width, gain, u, x);
}

/* As many parameters with either: two products of three make SwiGLU's. */
static int mlp(struct net_graph *g, const struct net_decoder *d,
	       const char *part, float gain, int x)
{
	int n = d->width, hidden = d->ff * n;
	int u = norm(g, part, n, x);

	if (d->mlp == SWIGLU) {
		hidden = (hidden * 2 / 3 + 15) & ~15;
		u = net_decoder_affine(g, part, n, 2 * hidden, GAIN_ONE, u,
				       NET_NO_VALUE);
		u = net_graph_add(g, &layer_swiglu, part,
				  net_decoder_cell(2 * hidden, hidden), u,
				  NET_NO_VALUE);
	} else {
		u = net_decoder_affine(g, part, n, hidden, GAIN_ONE, u,
				       NET_NO_VALUE);
		u = net_graph_add(g, &layer_gelu, part,
				  net_decoder_cell(hidden, hidden), u,
				  NET_NO_VALUE);
	}
	return net_decoder_affine(g, part, hidden, n, gain, u, x);
}

/* What a branch adds is small beside what all of them add up to. */
void net_decoder_build(const struct net_config *c, const struct net_decoder *d,
		       net_decoder_mix *mix, struct net_graph *g)
{
	float gain = 1 / sqrtf(2.0f * (float)d->layers);
	int x = token(g, c, d);

	if (d->ngram && g->ids != NET_NO_VALUE)
		x = ngram(g, c, d, gain, x);
	for (int i = 1; i <= d->layers; i++) {
		char part[12];
		int u;

		snprintf(part, sizeof(part), "layer %d", i % 1000);
		u = norm(g, part, d->width, x);
		x = mix(g, d, part, gain, u, x);
		x = mlp(g, d, part, gain, x);
	}
	g->trunk = (struct net_trunk){
		.value = norm(g, "end", d->width, x),
		.rows = 1,
		.cols = 1,
		.channels = d->width,
	};
}
