/* SPDX-License-Identifier: MIT */
/* What whole numbers and places in a sequence say: rows of tables. */
#include "config.h"

/* -O2 leaves these loops scalar. */
#pragma GCC optimize("O3")

#include "core/net/layer.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"

static void add_row(int n, const float *restrict from, float *restrict to)
{
	for (int i = 0; i < n; i++)
		to[i] += from[i];
}

static void put_row(int n, const float *restrict from, bool add,
		    float *restrict to)
{
	if (add)
		add_row(n, from, to);
	else
		memcpy(to, from, n * sizeof(*to));
}

static void init_table(struct rng *r, float *w, size_t n, float deviation)
{
	for (size_t i = 0; i < n; i++)
		w[i] = deviation * rng_normal(r);
}

static void no_decay(size_t n, float *decay, float *learn)
{
	for (size_t i = 0; i < n; i++) {
		decay[i] = 0;
		learn[i] = 1;
	}
}

/* embed */

static size_t table_rows(const struct layer_shape *sh)
{
	size_t n = 0;

	for (int f = 0; f < sh->in; f++)
		n += sh->id_size[f];
	return n;
}

static size_t embed_params(const struct layer_shape *sh)
{
	return (table_rows(sh) + 1) * sh->out;
}

static void embed_text(const struct layer_shape *sh, char *out, size_t size)
{
	snprintf(out, size, "%d of %zu -> %d", sh->in, table_rows(sh), sh->out);
}

static void embed_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	size_t n = table_rows(sh) * sh->out;

	init_table(r, w, n, sh->gain / sqrtf((float)sh->in));
	memset(w + n, 0, sh->out * sizeof(*w));
}

static void embed_masks(const struct layer_shape *sh, float *decay,
			float *learn)
{
	no_decay(embed_params(sh), decay, learn);
}

/* Where the row of table f that number `id` names begins. */
static size_t row_of(const struct layer_shape *sh, size_t table, int f,
		     float id)
{
	int i = (int)id;

	assert(i >= 0 && i < sh->id_size[f] && (float)i == id);
	return (table + i) * sh->out;
}

static void embed_run(const struct layer_shape *sh, const struct layer_run *r)
{
	size_t n = sh->out, bias = table_rows(sh) * n;
	const float *id = r->x;

	for (int b = 0; b < r->batch; b++, id += sh->in) {
		float *y = r->y + b * n;
		size_t table = 0;

		memcpy(y, r->w + bias, n * sizeof(*y));
		for (int f = 0; f < sh->in; table += sh->id_size[f++])
			add_row((int)n, r->w + row_of(sh, table, f, id[f]), y);
		if (r->skip)
			add_row((int)n, r->skip + b * n, y);
	}
}

/* Numbers have no gradient. */
static void embed_backward(const struct layer_shape *sh,
			   const struct layer_run *r)
{
	size_t n = sh->out, bias = table_rows(sh) * n;
	const float *id = r->x;

	assert(!r->dx);
	for (int b = 0; b < r->batch; b++, id += sh->in) {
		const float *dy = r->dy + b * n;
		size_t table = 0;

		for (int f = 0; f < sh->in; table += sh->id_size[f++])
			add_row((int)n, dy,
				r->dw + row_of(sh, table, f, id[f]));
		add_row((int)n, dy, r->dw + bias);
		if (r->dskip)
			put_row((int)n, dy, r->dskip_add, r->dskip + b * n);
	}
}

static void embed_prepare(const struct layer_shape *sh, const float *w,
			  const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	memcpy(ready, w, embed_params(sh) * sizeof(*w));
}

const struct layer_type layer_embed = {
	.name = "embed",
	.skips = true,
	.param_count = embed_params,
	.out_count = layer_board_count,
	.describe = embed_text,
	.init = embed_init,
	.masks = embed_masks,
	.keep_count = layer_no_room,
	.scratch_count = layer_no_room,
	.forward = embed_run,
	.backward = embed_backward,
	.ready_count = embed_params,
	.prepare = embed_prepare,
	.infer_scratch = layer_no_room,
	.infer = embed_run,
};

/* position */

static size_t position_params(const struct layer_shape *sh)
{
	return (size_t)sh->context * sh->out;
}

static void position_text(const struct layer_shape *sh, char *out, size_t size)
{
	snprintf(out, size, "%d x %d", sh->context, sh->out);
}

static void position_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	init_table(r, w, position_params(sh), sh->gain);
}

static void position_masks(const struct layer_shape *sh, float *decay,
			   float *learn)
{
	no_decay(position_params(sh), decay, learn);
}

static void position_run(const struct layer_shape *sh,
			 const struct layer_run *r)
{
	size_t n = sh->out;

	for (int s = 0; s < r->sequences; s++) {
		float *seen = layer_memory(r, s);
		int first = layer_begin(r, s), count = layer_begin(r, s + 1);
		int before = seen ? (int)*seen : 0;

		count -= first;
		assert(before + count <= sh->context);
		memcpy(r->y + first * n, r->x + first * n,
		       count * n * sizeof(*r->y));
		add_row(count * (int)n, r->w + before * n, r->y + first * n);
		if (seen)
			*seen = (float)(before + count);
	}
}

static void position_backward(const struct layer_shape *sh,
			      const struct layer_run *r)
{
	size_t n = sh->out;

	for (int s = 0; s < r->sequences; s++) {
		int first = layer_begin(r, s);
		int count = layer_begin(r, s + 1) - first;

		add_row(count * (int)n, r->dy + first * n, r->dw);
		if (r->dx)
			put_row(count * (int)n, r->dy + first * n, r->dx_add,
				r->dx + first * n);
	}
}

static void position_prepare(const struct layer_shape *sh, const float *w,
			     const float *mul, const float *add, float *ready)
{
	(void)mul;
	(void)add;
	memcpy(ready, w, position_params(sh) * sizeof(*w));
}

/* How many samples came before; the rest keeps lanes at whole vectors. */
static size_t position_memory(const struct layer_shape *sh)
{
	(void)sh;
	return LAYER_LANE_PAD;
}

const struct layer_type layer_position = {
	.name = "position",
	.param_count = position_params,
	.out_count = layer_board_count,
	.describe = position_text,
	.init = position_init,
	.masks = position_masks,
	.keep_count = layer_no_room,
	.scratch_count = layer_no_room,
	.forward = position_run,
	.backward = position_backward,
	.ready_count = position_params,
	.prepare = position_prepare,
	.infer_scratch = layer_no_room,
	.infer = position_run,
	.memory_count = position_memory,
};
