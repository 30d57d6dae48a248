/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/net.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/conv.h"
#include "core/net/graph.h"
#include "core/net/head.h"
#include "core/net/kernel.h"
#include "core/net/pool_board.h"

enum {
	PANEL = 2 * KERNEL_PAD, /* columns of a product done together */
	PRODUCT_ROWS = 48,
};

/* A layer with the norm that follows it folded in. */
struct plan_step {
	const struct layer_type *type;
	struct layer_shape sh;
	int x, skip, y; /* values of the graph */
	float *w;       /* owned; 3x3 convolution: transformed; products: in
			 * panels */
	float *bias;    /* owned */
	float *pooled;  /* owned; layer_moves: v and d; NULL if none */
	unsigned heads; /* bit h: head h comes from it */
};

struct net_plan {
	struct net_graph g;
	struct plan_step *steps; /* owned */
	int step_count;
	int *slot;         /* owned; [value]: its buffer, -1 if never made */
	size_t *slot_size; /* owned; floats of one sample */
	int slot_count;
};

struct net_work {
	int max_batch;
	float **slot; /* owned, each: (max_batch, slot_size) */
	int slot_count;
	float *scratch; /* owned */
};

/* norm(w x) = (w mul) x + (beta - mul mean) */
static void fold_norm(struct plan_step *s, const float *norm, size_t products)
{
	int n = s->sh.out;

	for (int o = 0; o < n; o++) {
		float mul = norm[o] / sqrtf(norm[3 * n + o] + NORM_EPSILON);

		for (size_t i = o; i < products; i += n)
			s->w[i] *= mul;
		s->bias[o] = norm[n + o] - mul * norm[2 * n + o];
	}
}

static struct conv_shape conv_of(const struct layer_shape *sh)
{
	return (struct conv_shape){sh->rows, sh->cols, sh->in, sh->out};
}

static void transform_kernel(struct plan_step *s)
{
	struct conv_shape c = conv_of(&s->sh);
	float *u = mem_floats(conv_kernel_count(&c));

	conv_prepare(&c, s->w, u);
	free(s->w);
	s->w = u;
}

/* w(in, out) to panels of PANEL columns, each (in, PANEL), the last one
 * padded: a product then reads its panel from end to end. */
static void pack_product(struct plan_step *s, int in, int out)
{
	int padded = kernel_pad(out);
	float *panels = mem_floats((size_t)in * padded), *to = panels;

	for (int c = 0; c < padded; c += PANEL)
		for (int i = 0; i < in; i++)
			for (int o = c; o < c + PANEL && o < padded; o++)
				*to++ = o < out ? s->w[(size_t)i * out + o] : 0;
	free(s->w);
	s->w = panels;
}

static size_t scratch_of(const struct plan_step *s, int max_batch)
{
	struct conv_shape c = conv_of(&s->sh);

	if (s->type == &layer_conv3)
		return conv_forward_scratch(&c);
	if (s->type == &layer_moves)
		return (size_t)PRODUCT_ROWS * kernel_pad(s->sh.planes) +
		       (size_t)s->sh.rows * s->sh.cols * s->sh.planes +
		       s->sh.pooled + 3 * (size_t)s->sh.in;
	if (s->type == &layer_pool)
		return (size_t)(3 * max_batch + 1) * s->sh.in +
		       (size_t)PRODUCT_ROWS * kernel_pad(s->sh.out);
	return (size_t)PRODUCT_ROWS * kernel_pad(s->sh.out);
}

/* w, c(P), v and d go apart. */
static void make_moves(struct plan_step *s, const float *params)
{
	const struct layer_shape *sh = &s->sh;
	size_t w = (size_t)sh->in * sh->planes;
	size_t v = (size_t)(2 * sh->in + 1) * sh->pooled;

	s->w = mem_floats(w);
	s->bias = mem_floats(sh->planes);
	s->pooled = mem_floats(v);
	memcpy(s->w, params, w * sizeof(*params));
	memcpy(s->bias, params + w, sh->planes * sizeof(*params));
	memcpy(s->pooled, params + w + sh->planes, v * sizeof(*params));
	pack_product(s, sh->in, sh->planes);
}

static void make_step(struct plan_step *s, const struct net_graph *g, int i,
		      const float *params)
{
	const struct net_layer *l = &g->layers[i];
	size_t count = l->type->param_count(&l->sh);
	bool bias = l->type == &layer_dense || l->type == &layer_point ||
		    l->type == &layer_pool;
	size_t products = bias ? count - l->sh.out : count;

	*s = (struct plan_step){.type = l->type,
				.sh = l->sh,
				.x = l->x,
				.skip = l->skip,
				.y = l->y,
				.heads = l->heads};
	if (s->type == &layer_moves) {
		make_moves(s, params + l->param);
		return;
	}
	s->w = mem_floats(products);
	s->bias = mem_floats(l->sh.out);
	memcpy(s->w, params + l->param, products * sizeof(*params));
	if (products < count)
		memcpy(s->bias, params + l->param + products,
		       l->sh.out * sizeof(*params));
	if (i + 1 < g->layer_count && l[1].type == &layer_norm) {
		fold_norm(s, params + l[1].param, products);
		s->sh.relu = l[1].sh.relu;
		s->skip = l[1].skip;
		s->y = l[1].y;
	}
	if (s->type == &layer_conv3)
		transform_kernel(s);
	else
		pack_product(s,
			     s->type == &layer_pool ? 2 * s->sh.in : s->sh.in,
			     s->sh.out);
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
	for (int i = -1; i < p->step_count; i++) {
		int y = i < 0 ? 0 : p->steps[i].y, slot = 0;

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

struct net_plan *net_plan_new(const struct net_config *c, const float *params)
{
	struct net_plan *p = mem_zalloc(1, sizeof(*p));
	const struct net_graph *g = &p->g;

	net_graph_init(&p->g, c);
	p->steps = mem_zalloc(g->layer_count, sizeof(*p->steps));
	p->slot = mem_zalloc(g->value_count, sizeof(*p->slot));
	p->slot_size = mem_zalloc(g->value_count, sizeof(*p->slot_size));
	for (int i = 0; i < g->layer_count; i++)
		if (g->layers[i].type != &layer_norm)
			make_step(&p->steps[p->step_count++], g, i, params);
	assign_slots(p);
	return p;
}

void net_plan_free(struct net_plan *p)
{
	if (!p)
		return;
	for (int i = 0; i < p->step_count; i++) {
		free(p->steps[i].w);
		free(p->steps[i].bias);
		free(p->steps[i].pooled);
	}
	free(p->steps);
	free(p->slot);
	free(p->slot_size);
	net_graph_release(&p->g);
	free(p);
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
		size_t n = scratch_of(&p->steps[i], max_batch);

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

/* y(rows, out) <- relu?(x(rows, in) w + bias) */
static void run_product(const struct plan_step *s, int in, int out, int rows,
			const float *x, float *y, float *scratch)
{
	const struct kernel *k = kernel_get();
	int padded = kernel_pad(out);

	for (int from = 0; from < rows; from += PRODUCT_ROWS) {
		int n = rows - from < PRODUCT_ROWS ? rows - from : PRODUCT_ROWS;

		for (int c = 0; c < padded; c += PANEL) {
			int wide = padded - c < PANEL ? padded - c : PANEL;

			k->product(n, wide, in, x, in, 1, s->w + (size_t)c * in,
				   wide, scratch + c, padded, false);
		}
		k->finish(n, out, scratch, padded, s->bias, s->sh.relu, y);
		x += (size_t)n * in;
		y += (size_t)n * out;
	}
}

/* One board: its planes, what it says as a whole, then the list of moves. */
static void run_moves(const struct plan_step *s, const float *x, float *y,
		      float *scratch)
{
	const struct layer_shape *sh = &s->sh;
	int cells = sh->rows * sh->cols, placed = cells * sh->planes;
	float *z = scratch + (size_t)PRODUCT_ROWS * kernel_pad(sh->planes);
	float *q = z + placed, *g = q + sh->pooled;
	const float *d = s->pooled + (size_t)2 * sh->in * sh->pooled;

	run_product(s, sh->in, sh->planes, cells, x, z, scratch);
	if (sh->pooled)
		pool_board(x, cells, sh->in, g, g + 2 * (size_t)sh->in);
	for (int k = 0; k < sh->pooled; k++) {
		q[k] = d[k];
		for (int i = 0; i < 2 * sh->in; i++)
			q[k] += g[i] * s->pooled[(size_t)i * sh->pooled + k];
	}
	for (int m = 0; m < sh->out; m++)
		y[m] = z[sh->at[m]]; /* q follows z */
}

/* By our own products, not BLAS: a board's bits must not depend on how many
 * others there are. */
static void run_pool(const struct plan_step *s, int batch, const float *x,
		     float *y, float *scratch)
{
	int n = s->sh.in, cells = s->sh.rows * s->sh.cols;
	float *g = scratch, *cell = g + (size_t)2 * batch * n;
	float *c = cell + n;

	for (int b = 0; b < batch; b++)
		pool_board(x + (size_t)b * cells * n, cells, n,
			   g + (size_t)2 * b * n, cell);
	run_product(s, 2 * n, n, batch, g, c, c + (size_t)batch * n);
	for (int b = 0; b < batch; b++, c += n)
		for (int k = 0; k < cells; k++, x += n, y += n)
			for (int i = 0; i < n; i++)
				y[i] = x[i] + c[i];
}

static void run_step(const struct net_plan *p, const struct net_work *w, int i,
		     int n)
{
	const struct plan_step *s = &p->steps[i];
	const float *x = w->slot[p->slot[s->x]];
	const float *skip = s->skip >= 0 ? w->slot[p->slot[s->skip]] : NULL;
	float *y = w->slot[p->slot[s->y]];
	int rows = n * s->sh.rows * s->sh.cols;

	if (s->type == &layer_conv3) {
		struct conv_shape c = conv_of(&s->sh);

		conv_forward(&c, n, s->w, x, s->bias, skip, s->sh.relu, y,
			     w->scratch);
	} else if (s->type == &layer_pool) {
		run_pool(s, n, x, y, w->scratch);
	} else if (s->type == &layer_moves) {
		int cells = s->sh.rows * s->sh.cols;

		for (int b = 0; b < n; b++)
			run_moves(s, x + (size_t)b * cells * s->sh.in,
				  y + (size_t)b * s->sh.out, w->scratch);
	} else {
		run_product(s, s->sh.in, s->sh.out, rows, x, y, w->scratch);
	}
}

void net_infer(const struct net_plan *p, struct net_work *w,
	       const struct net_batch *in, float *const out[NET_HEADS])
{
	const struct net_graph *g = &p->g;
	int rows = net_batch_rows(in);
	unsigned wanted = 0;

	assert(rows > 0 && rows <= w->max_batch);
	for (int h = 0; h < NET_HEADS; h++) {
		assert(!out[h] || g->head[h] != NET_NO_VALUE);
		wanted |= out[h] ? 1u << h : 0;
	}
	net_graph_input(g, rows, in->x, w->slot[p->slot[0]]);
	for (int i = 0; i < p->step_count; i++)
		if (p->steps[i].heads & wanted)
			run_step(p, w, i, rows);
	for (int h = 0; h < NET_HEADS; h++) {
		const float *y;
		int size;

		if (!out[h])
			continue;
		y = w->slot[p->slot[g->head[h]]];
		size = net_heads[h]->size(&g->config);
		for (size_t b = 0; b < (size_t)rows; b++)
			net_heads[h]->finish(size, y + b * size,
					     out[h] + b * size);
	}
}
