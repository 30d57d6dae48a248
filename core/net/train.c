/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/net.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/blas.h"
#include "core/net/graph.h"
#include "core/net/loss.h"

/*
 * Every value is kept from forward to backward.  A value's gradient lives only
 * from its last reader back to its writer, so a few buffers are shared by all:
 * slot[v] says which one holds the gradient of value v.
 */
struct net_trainer {
	struct net_graph g;
	int max_batch;
	float **value; /* owned, each: (max_batch, value_size) */
	float **keep;  /* owned, each: a layer's own notes */
	int *slot;     /* owned; [value], -1 for the input */
	float **grad;  /* owned, each: [slot] */
	int slot_count;
	float *scratch;  /* owned */
	float *p;        /* owned; probabilities of one sample */
	bool *have_grad; /* owned; [value] */
};

static void take_slot(struct net_trainer *t, int value, bool *busy,
		      size_t *size)
{
	int s = 0;

	if (value <= 0 || t->slot[value] >= 0)
		return;
	while (busy[s])
		s++;
	busy[s] = true;
	t->slot[value] = s;
	if (size[s] < t->g.value_size[value])
		size[s] = t->g.value_size[value];
	if (s >= t->slot_count)
		t->slot_count = s + 1;
}

/* Walk the list backwards, as net_train() will, and give each value a free
 * buffer when its first gradient arrives: the heads' before everything. */
static void assign_slots(struct net_trainer *t)
{
	const struct net_graph *g = &t->g;
	bool *busy = mem_zalloc(g->value_count, sizeof(*busy));
	size_t *size = mem_zalloc(g->value_count, sizeof(*size));

	for (int v = 0; v < g->value_count; v++)
		t->slot[v] = -1;
	take_slot(t, g->policy, busy, size);
	take_slot(t, g->wdl, busy, size);
	take_slot(t, g->ownership, busy, size);
	take_slot(t, g->lead, busy, size);
	for (int i = g->layer_count - 1; i >= 0; i--) {
		const struct net_layer *l = &g->layers[i];

		take_slot(t, l->skip, busy, size);
		take_slot(t, l->x, busy, size);
		busy[t->slot[l->y]] = false;
	}
	t->grad = mem_zalloc(t->slot_count, sizeof(*t->grad));
	for (int s = 0; s < t->slot_count; s++)
		t->grad[s] = mem_floats(size[s] * t->max_batch);
	free(busy);
	free(size);
}

struct net_trainer *net_trainer_new(const struct net_config *c, int max_batch)
{
	struct net_trainer *t = mem_zalloc(1, sizeof(*t));
	const struct net_graph *g = &t->g;
	size_t scratch = 0;

	assert(max_batch > 0);
	blas_init();
	net_graph_init(&t->g, c);
	t->max_batch = max_batch;
	t->value = mem_zalloc(g->value_count, sizeof(*t->value));
	t->keep = mem_zalloc(g->layer_count, sizeof(*t->keep));
	t->slot = mem_zalloc(g->value_count, sizeof(*t->slot));
	t->have_grad = mem_zalloc(g->value_count, sizeof(*t->have_grad));
	for (int v = 0; v < g->value_count; v++)
		t->value[v] = mem_floats(g->value_size[v] * max_batch);
	for (int i = 0; i < g->layer_count; i++) {
		const struct net_layer *l = &g->layers[i];
		size_t n = l->type->scratch_count(&l->sh, max_batch);

		t->keep[i] = mem_floats(l->type->keep_count(&l->sh, max_batch));
		scratch = n > scratch ? n : scratch;
	}
	t->scratch = mem_floats(scratch);
	t->p = mem_floats(c->moves > 3 ? c->moves : 3);
	assign_slots(t);
	return t;
}

void net_trainer_free(struct net_trainer *t)
{
	if (!t)
		return;
	for (int v = 0; v < t->g.value_count; v++)
		free(t->value[v]);
	for (int i = 0; i < t->g.layer_count; i++)
		free(t->keep[i]);
	for (int s = 0; s < t->slot_count; s++)
		free(t->grad[s]);
	free(t->value);
	free(t->keep);
	free(t->slot);
	free(t->grad);
	free(t->have_grad);
	free(t->scratch);
	free(t->p);
	net_graph_release(&t->g);
	free(t);
}

static struct layer_run run_of(const struct net_trainer *t, int i,
			       const float *params, int n)
{
	const struct net_layer *l = &t->g.layers[i];

	return (struct layer_run){
		.batch = n,
		.w = params + l->param,
		.x = t->value[l->x],
		.skip = l->skip >= 0 ? t->value[l->skip] : NULL,
		.y = t->value[l->y],
		.keep = t->keep[i],
		.scratch = t->scratch,
	};
}

/* (planes, cells) to (cells, planes) */
static void load_input(struct net_trainer *t, int n, const float *x)
{
	int planes = t->g.config.planes;
	int cells = t->g.config.rows * t->g.config.cols;
	float *out = t->value[0];

	for (int b = 0; b < n; b++, x += planes * cells)
		for (int s = 0; s < cells; s++)
			for (int p = 0; p < planes; p++)
				*out++ = x[p * cells + s];
}

static bool is_trained(const struct net_extra *extra, enum net_extra_head head)
{
	return head == NET_NO_EXTRA ||
	       (extra &&
		(head == NET_OWNERSHIP ? extra->ownership : extra->lead));
}

/* As heads(), of the extra ones. */
static void extra_heads(struct net_trainer *t, int n, const float *weight,
			const struct net_extra *extra, struct net_loss *loss)
{
	const struct net_graph *g = &t->g;
	int cells = g->config.rows * g->config.cols;

	for (int b = 0; b < n; b++) {
		float w = extra->known[b] * (weight ? weight[b] : 1);
		size_t at = (size_t)b * cells;

		loss->known += (double)w;
		if (g->ownership >= 0 && extra->ownership)
			loss->ownership +=
				(double)w *
				loss_ownership(
					cells, t->value[g->ownership] + at,
					extra->ownership + at,
					w * extra->ownership_weight,
					t->grad[t->slot[g->ownership]] + at);
		if (g->lead >= 0 && extra->lead)
			loss->lead +=
				(double)w *
				loss_lead(t->value[g->lead][b], extra->lead[b],
					  w * extra->lead_weight,
					  t->grad[t->slot[g->lead]] + b);
	}
}

/* Figures of the two heads, and their gradients into the heads' slots. */
static void heads(struct net_trainer *t, int n, const float *policy_target,
		  const float *wdl_target, const float *weight,
		  float value_weight, struct net_loss *loss)
{
	const struct net_graph *g = &t->g;
	int moves = g->config.moves;

	for (int b = 0; b < n; b++) {
		size_t at = (size_t)b * moves;
		float w = weight ? weight[b] : 1;
		double ce;

		ce = loss_cross_entropy(moves, t->value[g->policy] + at,
					policy_target + at, w, t->p,
					t->grad[t->slot[g->policy]] + at);
		loss_add_policy(loss, moves, t->p, policy_target + at, ce,
				(double)w);
		ce = loss_cross_entropy(3, t->value[g->wdl] + 3 * b,
					wdl_target + 3 * b, w * value_weight,
					t->p, t->grad[t->slot[g->wdl]] + 3 * b);
		loss_add_value(loss, t->p, wdl_target + 3 * b, ce, (double)w);
	}
}

void net_train(struct net_trainer *t, const float *params, int n,
	       const float *x, const float *policy_target,
	       const float *wdl_target, const float *weight, float value_weight,
	       const struct net_extra *extra, float *grad, float *stats,
	       struct net_loss *loss)
{
	const struct net_graph *g = &t->g;

	assert(n > 0 && n <= t->max_batch);
	load_input(t, n, x);
	for (int i = 0; i < g->layer_count; i++) {
		const struct net_layer *l = &g->layers[i];
		struct layer_run r = run_of(t, i, params, n);

		if (!is_trained(extra, l->extra))
			continue;
		l->type->forward(&l->sh, &r);
		if (l->type->stat_count)
			memcpy(stats + l->stat, r.keep,
			       l->type->stat_count(&l->sh) * sizeof(*stats));
	}
	*loss = (struct net_loss){0};
	heads(t, n, policy_target, wdl_target, weight, value_weight, loss);
	if (extra)
		extra_heads(t, n, weight, extra, loss);

	memset(t->have_grad, 0, g->value_count * sizeof(*t->have_grad));
	for (int i = g->layer_count - 1; i >= 0; i--) {
		const struct net_layer *l = &g->layers[i];
		struct layer_run r = run_of(t, i, params, n);

		if (!is_trained(extra, l->extra))
			continue;
		r.dw = grad + l->param;
		r.dy = t->grad[t->slot[l->y]];
		if (l->skip >= 0) {
			r.dskip = t->grad[t->slot[l->skip]];
			r.dskip_add = t->have_grad[l->skip];
			t->have_grad[l->skip] = true;
		}
		if (l->x > 0) {
			r.dx = t->grad[t->slot[l->x]];
			r.dx_add = t->have_grad[l->x];
			t->have_grad[l->x] = true;
		}
		l->type->backward(&l->sh, &r);
	}
}
