/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/net.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/digest.h"
#include "core/base/mem.h"
#include "core/net/batch.h"
#include "core/net/graph.h"
#include "core/net/head.h"
#include "core/net/head_int.h"
#include "core/net/layer.h"

/* A layer with the one that it does on the way. */
struct plan_step {
	const struct layer_type *type;
	struct layer_shape sh;
	int x, skip, y;      /* values of the graph */
	const float *ready;  /* in the plan's pages */
	size_t memory;       /* offset into a lane */
	size_t memory_count; /* 0: it keeps nothing */
	unsigned heads;      /* as of struct net_layer */
};

struct net_plan {
	struct net_graph g;
	struct plan_step *steps; /* owned */
	int step_count;
	int *slot;         /* owned; [value]: its buffer, -1 if never made */
	size_t *slot_size; /* owned; floats of one sample */
	int slot_count;
	size_t lane_count;      /* floats of a lane of memory */
	struct mem_pages ready; /* of all steps; locked */
};

struct net_work {
	int max_batch;
	float **slot; /* owned, each: (max_batch, slot_size) */
	int slot_count;
	float *scratch; /* owned */
};

/* Floats of a layer's place among the pages: on lines of the cache. */
static size_t ready_room(const struct net_layer *l)
{
	return (l->type->ready_count(&l->sh) + 15) & ~(size_t)15;
}

static void make_step(struct net_plan *p, int i, const float *params,
		      float *ready)
{
	const struct net_layer *l = &p->g.layers[i];
	struct plan_step *s = &p->steps[p->step_count++];
	size_t n = (size_t)l->sh.out;
	const struct net_layer *f;
	float *mul, *add;

	*s = (struct plan_step){.type = l->type,
				.sh = l->sh,
				.x = l->x,
				.skip = l->skip,
				.y = l->y,
				.memory = p->lane_count,
				.memory_count = net_layer_memory(l),
				.heads = l->heads};
	p->lane_count += s->memory_count;
	s->ready = ready;
	if (l->fold < 0) {
		l->type->prepare(&l->sh, params + l->param, NULL, NULL, ready);
		return;
	}
	f = &p->g.layers[l->fold];
	mul = mem_floats(2 * n);
	add = mul + n;
	f->type->fold(&f->sh, params + f->param, mul, add);
	l->type->prepare(&l->sh, params + l->param, mul, add, ready);
	s->sh.relu = f->sh.relu;
	s->skip = f->skip;
	s->y = f->y;
	free(mul);
}

/* Give each value a buffer that nobody needs any more. */
static void assign_slots(struct net_plan *p)
{
	int n = p->g.value_count;
	int *last = mem_zalloc(n, sizeof(*last));
	bool *busy = mem_zalloc(n, sizeof(*busy));

	for (int v = 0; v < n; v++)
		p->slot[v] = -1;
	for (int h = 0; h < NET_HEADS; h++)
		if (p->g.head[h] != NET_NO_VALUE)
			last[p->g.head[h]] = p->step_count;
	for (int i = 0; i < p->step_count; i++) {
		const struct plan_step *s = &p->steps[i];

		last[s->x] = i > last[s->x] ? i : last[s->x];
		if (s->skip >= 0)
			last[s->skip] = i > last[s->skip] ? i : last[s->skip];
	}
	for (int i = -p->g.inputs; i < p->step_count; i++) {
		int y = i < 0 ? i + p->g.inputs : p->steps[i].y, slot = 0;

		while (busy[slot])
			slot++;
		busy[slot] = true;
		p->slot[y] = slot;
		if (p->slot_size[slot] < p->g.value_size[y])
			p->slot_size[slot] = p->g.value_size[y];
		if (slot >= p->slot_count)
			p->slot_count = slot + 1;
		for (int v = 0; v < n; v++)
			if (p->slot[v] >= 0 && last[v] == i)
				busy[p->slot[v]] = false;
	}
	free(last);
	free(busy);
}

static void make_steps(struct net_plan *p, const float *params)
{
	const struct net_graph *g = &p->g;
	size_t count = 0;
	float *at;

	for (int i = 0; i < g->layer_count; i++)
		if (!g->layers[i].folded)
			count += ready_room(&g->layers[i]);
	mem_pages_take(&p->ready, count * sizeof(float));
	at = p->ready.at;
	for (int i = 0; i < g->layer_count; i++) {
		if (g->layers[i].folded)
			continue;
		make_step(p, i, params, at);
		at += ready_room(&g->layers[i]);
	}
	mem_pages_lock(&p->ready);
}

struct net_plan *net_plan_new(const struct net_config *c, const float *params)
{
	struct net_plan *p = mem_zalloc(1, sizeof(*p));
	const struct net_graph *g = &p->g;

	net_graph_init(&p->g, c);
	p->steps = mem_zalloc(g->layer_count, sizeof(*p->steps));
	p->slot = mem_zalloc(g->value_count, sizeof(*p->slot));
	p->slot_size = mem_zalloc(g->value_count, sizeof(*p->slot_size));
	make_steps(p, params);
	assign_slots(p);
	return p;
}

void net_plan_free(struct net_plan *p)
{
	if (!p)
		return;
	mem_pages_release(&p->ready);
	free(p->steps);
	free(p->slot);
	free(p->slot_size);
	net_graph_release(&p->g);
	free(p);
}

void net_plan_digest(const struct net_plan *p, char out[DIGEST_SIZE])
{
	digest_floats(p->ready.at, p->ready.bytes / sizeof(float), out);
}

const struct net_config *net_plan_config(const struct net_plan *p)
{
	return &p->g.config;
}

struct net_work *net_work_new(const struct net_plan *p, int max_batch)
{
	struct net_work *w = mem_zalloc(1, sizeof(*w));
	size_t scratch = 0;

	assert(max_batch > 0);
	w->max_batch = max_batch;
	w->slot_count = p->slot_count;
	w->slot = mem_zalloc(p->slot_count, sizeof(*w->slot));
	for (int s = 0; s < p->slot_count; s++)
		w->slot[s] = mem_floats(p->slot_size[s] * max_batch);
	for (int i = 0; i < p->step_count; i++) {
		const struct plan_step *s = &p->steps[i];
		size_t n = s->type->infer_scratch(&s->sh, max_batch);

		scratch = n > scratch ? n : scratch;
	}
	w->scratch = mem_floats(scratch);
	return w;
}

void net_work_free(struct net_work *w)
{
	if (!w)
		return;
	for (int s = 0; s < w->slot_count; s++)
		free(w->slot[s]);
	free(w->slot);
	free(w->scratch);
	free(w);
}

struct net_memory {
	int lanes;
	size_t lane_count; /* floats */
	float *lane;       /* owned; (lanes, lane_count) */
};

struct net_memory *net_memory_new(const struct net_plan *p, int lanes)
{
	struct net_memory *m = mem_zalloc(1, sizeof(*m));

	assert(lanes > 0);
	m->lanes = lanes;
	m->lane_count = p->lane_count;
	m->lane = mem_floats((size_t)lanes * m->lane_count);
	return m;
}

void net_memory_free(struct net_memory *m)
{
	if (m)
		free(m->lane);
	free(m);
}

void net_memory_reset(struct net_memory *m, int lane)
{
	assert(lane >= 0 && lane < m->lanes);
	memset(m->lane + (size_t)lane * m->lane_count, 0,
	       m->lane_count * sizeof(*m->lane));
}

void net_memory_copy(struct net_memory *to, int to_lane,
		     const struct net_memory *from, int from_lane)
{
	assert(to->lane_count == from->lane_count);
	assert(to_lane >= 0 && to_lane < to->lanes);
	assert(from_lane >= 0 && from_lane < from->lanes);
	memmove(to->lane + (size_t)to_lane * to->lane_count,
		from->lane + (size_t)from_lane * from->lane_count,
		to->lane_count * sizeof(*to->lane));
}

static void run_step(const struct net_plan *p, const struct net_work *w, int i,
		     const struct net_memory *m, const struct net_batch *in)
{
	const struct plan_step *s = &p->steps[i];
	struct layer_run r = {
		.batch = net_batch_rows(in),
		.sequences = in->sequences,
		.begin = in->begin,
		.w = s->ready,
		.x = w->slot[p->slot[s->x]],
		.skip = s->skip >= 0 ? w->slot[p->slot[s->skip]] : NULL,
		.y = w->slot[p->slot[s->y]],
		.scratch = w->scratch,
	};

	if (m && s->memory_count) {
		r.memory = m->lane + s->memory;
		r.lane_step = m->lane_count;
		r.lane = in->lane;
	}
	s->type->infer(&s->sh, &r);
}

static void check_lanes(const struct net_plan *p, const struct net_memory *m,
			const struct net_batch *in)
{
	assert(m->lane_count == p->lane_count);
	for (int s = 0; s < in->sequences; s++) {
		int lane = in->lane ? in->lane[s] : s;

		assert(lane >= 0 && lane < m->lanes);
		(void)lane;
	}
}

/* Run what the wanted heads need. */
static void run(const struct net_plan *p, const struct net_work *w,
		const struct net_memory *m, const struct net_batch *in,
		unsigned wanted)
{
	int rows = net_batch_rows(in);

	assert(rows > 0 && rows <= w->max_batch);
	if (m)
		check_lanes(p, m, in);
	wanted |= m ? NET_MEMORY : 0;
	net_graph_input(&p->g, rows, in->x, w->slot[p->slot[0]],
			p->g.ids >= 0 ? w->slot[p->slot[p->g.ids]] : NULL);
	for (int i = 0; i < p->step_count; i++)
		if (p->steps[i].heads & wanted)
			run_step(p, w, i, m, in);
}

/* What the layers of a head left. */
static const float *answers(const struct net_plan *p, const struct net_work *w,
			    int h)
{
	return w->slot[p->slot[p->g.head[h]]];
}

void net_infer(const struct net_plan *p, struct net_work *w,
	       struct net_memory *m, const struct net_batch *in,
	       float *const out[NET_HEADS])
{
	unsigned wanted = 0;

	for (int h = 0; h < NET_HEADS; h++) {
		assert(!out[h] || p->g.head[h] != NET_NO_VALUE);
		wanted |= out[h] ? 1u << h : 0;
	}
	run(p, w, m, in, wanted);
	for (int h = 0; h < NET_HEADS; h++) {
		int size = net_heads[h]->size(&p->g.config);

		for (int b = 0; out[h] && b < net_batch_rows(in); b++)
			net_heads[h]->finish(
				size, answers(p, w, h) + (size_t)b * size,
				out[h] + (size_t)b * size);
	}
}

void net_measure(const struct net_plan *p, struct net_work *w,
		 struct net_memory *m, const struct net_batch *in,
		 struct net_loss *loss)
{
	const struct net_config *c = &p->g.config;
	unsigned wanted = 0;

	for (int h = 0; h < NET_HEADS; h++)
		if (in->target[h] && p->g.head[h] != NET_NO_VALUE)
			wanted |= 1u << h;
	run(p, w, m, in, wanted);
	*loss = (struct net_loss){0};
	for (int h = 0; h < NET_HEADS; h++) {
		float *spare;

		if (!(wanted >> h & 1))
			continue;
		spare = mem_floats(2 * (size_t)net_heads[h]->size(c));
		net_head_loss(c, h, in, 0, answers(p, w, h), NULL, spare, loss);
		free(spare);
	}
}
