/* SPDX-License-Identifier: MIT */
/* What follows a policy and a value that are given: what is to be added to the
 * logarithms of their probabilities.  The target is what was given, logarithms
 * of the moves and of win, draw and loss, then what followed, probabilities in
 * the same order; moves that cannot be played are NET_LEFT_OUT there. */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/net/graph.h"
#include "core/net/head_int.h"
#include "core/net/net.h"

static int size(const struct net_config *c)
{
	return c->moves + 3;
}

static int target_size(const struct net_config *c)
{
	return 2 * size(c);
}

static int build(const struct net_config *c, struct net_graph *g)
{
	const struct net_trunk *t = &g->trunk;

	return net_graph_dense(g, "next", t->rows * t->cols * t->channels,
			       size(c), false, GAIN_HEAD, t->value);
}

/* Cross-entropy and KL of what followed, and the gradient of the former. */
static void part(const struct net_head_row *r, int from, int n)
{
	const float *y = r->y + from, *given = r->target + from;
	const float *want = r->target + r->size + from;
	float *p = r->p + from, *dy = r->dy + from;
	float top = -INFINITY, sum = 0, all = 0;
	double loss = 0, kl = 0;

	for (int i = 0; i < n; i++)
		if (!(want[i] < 0))
			top = fmaxf(top, given[i] + y[i]);
	for (int i = 0; i < n; i++) {
		p[i] = want[i] < 0 ? 0 : expf(given[i] + y[i] - top);
		sum += p[i];
		all += want[i] < 0 ? 0 : want[i];
	}
	for (int i = 0; i < n; i++) {
		double off =
			(double)(top + logf(sum)) - (double)(given[i] + y[i]);

		dy[i] = 0;
		if (want[i] < 0)
			continue;
		p[i] /= sum;
		loss += (double)want[i] * off;
		kl += want[i] > 0
			      ? (double)want[i] * (log((double)want[i]) + off)
			      : 0;
		dy[i] = r->scale * (all * p[i] - want[i]);
	}
	r->figure[0] += (double)r->weight * loss;
	r->figure[from ? 2 : 1] += (double)r->weight * kl;
}

static void loss(const struct net_head_row *r)
{
	part(r, 0, r->size - 3);
	part(r, r->size - 3, 3);
}

static void finish(int n, const float *y, float *out)
{
	memcpy(out, y, (size_t)n * sizeof(*out));
}

const struct net_head net_head_next = {
	.name = "next",
	.optional = "a head for what follows a policy and a value",
	.weight = 1,
	.figures = {{"loss.next", false}, /* both cross-entropies, nats */
		    {"kl.next", false},   /* KL(followed || said), nats */
		    {"kl.worth", false}}, /* the same of win, draw, loss */
	.size = size,
	.target_size = target_size,
	.build = build,
	.loss = loss,
	.finish = finish,
};
