/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/net.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/batch.h"
#include "core/net/blas.h"
#include "core/net/graph.h"
#include "core/net/head.h"
#include "core/net/head_int.h"
#include "core/net/layer.h"

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
	int *slot;     /* owned; [value], -1 for the inputs */
	float **grad;  /* owned, each: [slot] */
	int slot_count;
	float *scratch;  /* owned */
	float *spare;    /* owned; what a head needs for one sample */
	bool *have_grad; /* owned; [value] */
};

static void take_slot(struct net_trainer *t, int value, bool *busy,
		      size_t *size)
{
	int s = 0;

	if (value < t->g.inputs || t->slot[value] >= 0)
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
	for (int h = 0; h < NET_HEADS; h++)
		take_slot(t, g->head[h], busy, size);
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
	size_t scratch = 0, most = 0;

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
	for (int h = 0; h < NET_HEADS; h++) {
		size_t n = (size_t)net_heads[h]->size(c);

		most = g->head[h] != NET_NO_VALUE && n > most ? n : most;
	}
	t->spare = mem_floats(2 * most);
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
	free(t->spare);
	net_graph_release(&t->g);
	free(t);
}

static struct layer_run run_of(const struct net_trainer *t, int i,
			       const float *params, const struct net_batch *in)
{
	const struct net_layer *l = &t->g.layers[i];

	return (struct layer_run){
		.batch = net_batch_rows(in),
		.sequences = in->sequences,
		.begin = in->begin,
		.w = params + l->param,
		.x = t->value[l->x],
		.skip = l->skip >= 0 ? t->value[l->skip] : NULL,
		.y = t->value[l->y],
		.keep = t->keep[i],
		.scratch = t->scratch,
		.steady = in->steady,
	};
}

static void forward(struct net_trainer *t, const float *params,
		    const struct net_batch *in, unsigned trained, float *stats)
{
	for (int i = 0; i < t->g.layer_count; i++) {
		const struct net_layer *l = &t->g.layers[i];
		struct layer_run r = run_of(t, i, params, in);
		/* Running statistics that nothing moves stay as they are. */
		const float *now = params + net_layer_running(l);

		if (l->heads & trained) {
			l->type->forward(&l->sh, &r);
			now = r.keep;
		}
		if (l->type->stat_count)
			memcpy(stats + l->stat, now,
			       net_layer_stats(l) * sizeof(*stats));
	}
}

static void backward(struct net_trainer *t, const float *params,
		     const struct net_batch *in, unsigned trained, float *grad)
{
	const struct net_graph *g = &t->g;

	memset(t->have_grad, 0, g->value_count * sizeof(*t->have_grad));
	for (int i = g->layer_count - 1; i >= 0; i--) {
		const struct net_layer *l = &g->layers[i];
		struct layer_run r = run_of(t, i, params, in);

		if (!(l->heads & trained))
			continue;
		r.dw = grad + l->param;
		r.dy = t->grad[t->slot[l->y]];
		if (l->skip >= g->inputs) {
			r.dskip = t->grad[t->slot[l->skip]];
			r.dskip_add = t->have_grad[l->skip];
			t->have_grad[l->skip] = true;
		}
		if (l->x >= g->inputs) {
			r.dx = t->grad[t->slot[l->x]];
			r.dx_add = t->have_grad[l->x];
			t->have_grad[l->x] = true;
		}
		l->type->backward(&l->sh, &r);
	}
}

void net_train(struct net_trainer *t, const float *params,
	       const struct net_batch *in, const float *head_weight,
	       float *grad, float *stats, struct net_loss *loss)
{
	int rows = net_batch_rows(in);
	unsigned trained = 0;

	assert(rows > 0 && rows <= t->max_batch);
	for (int h = 0; h < NET_HEADS; h++)
		if (in->target[h] && t->g.head[h] != NET_NO_VALUE)
			trained |= 1u << h;
	net_graph_input(&t->g, rows, in->x, t->value[0],
			t->g.ids >= 0 ? t->value[t->g.ids] : NULL);
	forward(t, params, in, trained, stats);
	*loss = (struct net_loss){0};
	for (int h = 0; h < NET_HEADS; h++)
		if (trained >> h & 1)
			net_head_loss(&t->g.config, h, in,
				      head_weight ? head_weight[h]
						  : net_heads[h]->weight,
				      t->value[t->g.head[h]],
				      t->grad[t->slot[t->g.head[h]]], t->spare,
				      loss);
	backward(t, params, in, trained, grad);
}
