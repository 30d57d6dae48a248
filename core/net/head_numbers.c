/* SPDX-License-Identifier: MIT */
/* As many numbers as there are moves, by their squared errors. */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "core/net/graph.h"
#include "core/net/head_int.h"
#include "core/net/net.h"

static int size(const struct net_config *c)
{
	return c->moves;
}

static int build(const struct net_config *c, struct net_graph *g)
{
	const struct net_trunk *t = &g->trunk;

	return net_graph_dense(g, "numbers", t->rows * t->cols * t->channels,
			       c->moves, false, GAIN_HEAD, t->value);
}

static void loss(const struct net_head_row *r)
{
	double sum = 0;

	for (int i = 0; i < r->size; i++) {
		float off = r->y[i] - r->target[i];

		sum += (double)off * (double)off / 2;
		r->dy[i] = r->scale * off / (float)r->size;
	}
	r->figure[0] += (double)r->weight * sum / r->size;
}

static void finish(int n, const float *y, float *out)
{
	memcpy(out, y, (size_t)n * sizeof(*out));
}

const struct net_head net_head_numbers = {
	.name = "numbers",
	.optional = "a head for numbers, one a move",
	.weight = 1,
	.figures = {{"loss.numbers", false}}, /* half the mean square */
	.size = size,
	.target_size = size,
	.build = build,
	.loss = loss,
	.finish = finish,
};
