/* SPDX-License-Identifier: MIT */
/*
 * Causal self-attention, head by head over blocks of queries.  The forward pass
 * keeps the logarithm of each softmax's sum alone; the backward pass makes the
 * weights again from it (Dao et al. 2022, arXiv:2205.14135), so that no T x T
 * matrix is ever whole.
 */
#include "config.h"

/* -O2 leaves these loops scalar. */
#pragma GCC optimize("O3")

#include "core/net/layer.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/net/kernel.h"

enum { QUERIES = 32 }; /* of a block */

/* What one head of a shape takes. */
struct head_size {
	int d, pad;   /* channels, and padded */
	int most;     /* samples of a sequence */
	int step;     /* the same, padded: from a row of scores to the next */
	float scale;  /* of the scores */
	size_t plane; /* floats of (pad, step), or (step, pad) */
};

static struct head_size size_of(const struct layer_shape *sh, int batch)
{
	struct head_size z = {.d = sh->out / sh->heads,
			      .most = batch < sh->context ? batch
							  : sh->context};

	z.pad = kernel_pad(z.d);
	z.step = kernel_pad(z.most);
	z.scale = 1 / sqrtf((float)z.d);
	z.plane = (size_t)z.pad * z.step;
	return z;
}

static void attention_text(const struct layer_shape *sh, char *out, size_t size)
{
	snprintf(out, size, "%d heads of %d, %d%s", sh->heads,
		 sh->out / sh->heads, sh->context,
		 sh->rotary ? ", rotary" : "");
}

/* At the middle of a full context. */
static double attention_flops(const struct layer_shape *sh)
{
	return 2 * (double)sh->out * (sh->context + 1);
}

/* Rotary positions */

/* Angle t base^(-2 i / d) turns the pair (i, i + d / 2): cos and sin by pair,
 * (d / 2, 2) each t. */
static size_t turn_count(const struct layer_shape *sh, int most)
{
	return sh->rotary ? (size_t)most * (sh->out / sh->heads) : 0;
}

static void make_turns(const struct layer_shape *sh, int most, float *turn)
{
	int d = sh->out / sh->heads;

	for (int i = 0; sh->rotary && i < d / 2; i++) {
		double angle = pow(ROTARY_BASE, -2.0 * i / d);
		double c = cos(angle), s = sin(angle), re = 1, im = 0;

		for (int t = 0; t < most; t++) {
			double next = re * c - im * s;

			turn[(size_t)t * d + 2 * i] = (float)re;
			turn[(size_t)t * d + 2 * i + 1] = (float)im;
			im = re * s + im * c;
			re = next;
		}
	}
}

/* to(d) <- scale from(d), turned forth, or back if `sign` is -1. */
static void take(int d, const float *from, float scale, const float *turn,
		 float sign, float *to)
{
	if (!turn) {
		for (int i = 0; i < d; i++)
			to[i] = scale * from[i];
		return;
	}
	for (int i = 0; i < d / 2; i++) {
		float c = turn[2 * i], s = sign * turn[2 * i + 1];
		float a = scale * from[i], b = scale * from[i + d / 2];

		to[i] = a * c - b * s;
		to[i + d / 2] = a * s + b * c;
	}
}

static const float *turn_at(const float *turn, int t, int d)
{
	return turn ? turn + (size_t)t * d : NULL;
}

/* (rows, pad) to columns first .. of (pad, step). */
static void turn_over(const struct head_size *z, int rows, int first,
		      const float *from, float *to)
{
	for (int c = 0; c < z->d; c++)
		for (int t = 0; t < rows; t++)
			to[(size_t)c * z->step + first + t] =
				from[(size_t)t * z->pad + c];
}

/* Training */

/* The logarithm of each softmax's sum, by sample and head. */
static size_t attention_keep(const struct layer_shape *sh, int batch)
{
	return (size_t)batch * sh->heads;
}

/* One head of one sequence: rows of (pad) each, columns of (step). */
struct room {
	float *q, *k, *v, *g;   /* rows: queries, keys, values, gradient of y */
	float *dq, *dk, *dv;    /* rows */
	float *k_over, *v_over; /* columns */
	float *score, *d_score; /* (QUERIES, step) */
	float *turn;            /* NULL: no rotary positions */
	float inverse[QUERIES], log_sum[QUERIES], mean[QUERIES];
};
enum { ROOM_PLANES = 9 };

static size_t attention_scratch(const struct layer_shape *sh, int batch)
{
	struct head_size z = size_of(sh, batch);

	return ROOM_PLANES * z.plane + (size_t)2 * QUERIES * z.step +
	       turn_count(sh, z.most);
}

/* Padding is zero from here on. */
static void lay_out(const struct layer_shape *sh, const struct head_size *z,
		    float *scratch, struct room *m)
{
	float **plane[ROOM_PLANES] = {&m->q,  &m->k,      &m->v,
				      &m->g,  &m->dq,     &m->dk,
				      &m->dv, &m->k_over, &m->v_over};

	memset(scratch, 0, ROOM_PLANES * z->plane * sizeof(*scratch));
	for (int i = 0; i < ROOM_PLANES; i++, scratch += z->plane)
		*plane[i] = scratch;
	m->score = scratch;
	m->d_score = m->score + (size_t)QUERIES * z->step;
	m->turn = NULL;
	if (sh->rotary) {
		m->turn = m->d_score + (size_t)QUERIES * z->step;
		make_turns(sh, z->most, m->turn);
	}
}

/* x of `rows` samples, whose head is `h`. */
static void read_head(const struct layer_shape *sh, const struct head_size *z,
		      int h, int rows, const float *x, struct room *m)
{
	for (int t = 0; t < rows; t++, x += sh->in) {
		const float *q = x + h * z->d, *k = q + sh->out;
		const float *turn = turn_at(m->turn, t, z->d);
		size_t at = (size_t)t * z->pad;

		take(z->d, q, z->scale, turn, 1, m->q + at);
		take(z->d, k, 1, turn, 1, m->k + at);
		memcpy(m->v + at, k + sh->out, z->d * sizeof(*x));
	}
	turn_over(z, rows, 0, m->k, m->k_over);
}

/* y and log_sum begin at the sequence's first sample. */
static void forward_head(const struct layer_shape *sh,
			 const struct head_size *z, int h, int rows,
			 struct room *m, float *y, float *log_sum)
{
	const struct kernel *k = kernel_get();
	float *out = m->dq; /* not needed yet */

	for (int from = 0; from < rows; from += QUERIES) {
		int n = rows - from < QUERIES ? rows - from : QUERIES;
		int keys = from + n, width = kernel_pad(keys);

		k->product(n, width, z->d, m->q + (size_t)from * z->pad, z->pad,
			   1, m->k_over, z->step, m->score, z->step, false);
		k->softmax(n, from + 1, width, m->score, z->step, m->inverse,
			   m->log_sum);
		k->product(n, z->pad, keys, m->score, z->step, 1, m->v, z->pad,
			   out, z->pad, false);
		for (int i = 0; i < n; i++) {
			float *to = y + (size_t)(from + i) * sh->out + h * z->d;

			for (int c = 0; c < z->d; c++)
				to[c] = out[i * z->pad + c] * m->inverse[i];
			log_sum[(from + i) * sh->heads + h] = m->log_sum[i];
		}
	}
}

static void attention_forward(const struct layer_shape *sh,
			      const struct layer_run *r)
{
	struct head_size z = size_of(sh, r->batch);
	struct room m;

	lay_out(sh, &z, r->scratch, &m);
	for (int s = 0; s < r->sequences; s++) {
		size_t first = layer_begin(r, s);
		int rows = layer_begin(r, s + 1) - (int)first;

		assert(rows <= z.most);
		for (int h = 0; h < sh->heads; h++) {
			read_head(sh, &z, h, rows, r->x + first * sh->in, &m);
			forward_head(sh, &z, h, rows, &m,
				     r->y + first * sh->out,
				     r->keep + first * sh->heads);
		}
	}
}

/* Gradients of one block of queries, into dq, dk and dv. */
static void back_block(const struct head_size *z, int from, int n,
		       struct room *m)
{
	const struct kernel *k = kernel_get();
	int keys = from + n, width = kernel_pad(keys);
	size_t at = (size_t)from * z->pad;

	k->product(n, width, z->d, m->q + at, z->pad, 1, m->k_over, z->step,
		   m->score, z->step, false);
	k->product(n, width, z->d, m->g + at, z->pad, 1, m->v_over, z->step,
		   m->d_score, z->step, false);
	k->softmax_back(n, from + 1, width, m->score, m->d_score, z->step,
			m->log_sum, m->mean);
	k->product(keys, z->pad, n, m->score, 1, z->step, m->g + at, z->pad,
		   m->dv, z->pad, true);
	k->product(n, z->pad, keys, m->d_score, z->step, 1, m->k, z->pad,
		   m->dq + at, z->pad, false);
	k->product(keys, z->pad, n, m->d_score, 1, z->step, m->q + at, z->pad,
		   m->dk, z->pad, true);
}

static void put(int n, const float *from, bool add, float *to)
{
	for (int i = 0; i < n; i++)
		to[i] = add ? to[i] + from[i] : from[i];
}

/* dx of the samples whose dq, dk and dv are there. */
static void write_head(const struct layer_shape *sh, const struct head_size *z,
		       int h, int rows, const struct room *m, bool add,
		       float *dx)
{
	for (int t = 0; t < rows; t++, dx += sh->in) {
		const float *turn = turn_at(m->turn, t, z->d);
		size_t at = (size_t)t * z->pad;
		float *q = dx + h * z->d, *k = q + sh->out;

		take(z->d, m->dq + at, z->scale, turn, -1, m->g + at);
		put(z->d, m->g + at, add, q);
		take(z->d, m->dk + at, 1, turn, -1, m->g + at);
		put(z->d, m->g + at, add, k);
		put(z->d, m->dv + at, add, k + sh->out);
	}
}

static void back_head(const struct layer_shape *sh, const struct layer_run *r,
		      const struct head_size *z, int h, size_t first, int rows,
		      struct room *m)
{
	const float *y = r->y + first * sh->out + h * z->d;
	const float *dy = r->dy + first * sh->out + h * z->d;
	const float *log_sum = r->keep + first * sh->heads + h;

	read_head(sh, z, h, rows, r->x + first * sh->in, m);
	turn_over(z, rows, 0, m->v, m->v_over);
	for (int t = 0; t < rows; t++)
		memcpy(m->g + (size_t)t * z->pad, dy + (size_t)t * sh->out,
		       z->d * sizeof(*dy));
	memset(m->dk, 0, z->plane * sizeof(*m->dk));
	memset(m->dv, 0, z->plane * sizeof(*m->dv));
	for (int from = 0; from < rows; from += QUERIES) {
		int n = rows - from < QUERIES ? rows - from : QUERIES;

		for (int i = 0; i < n; i++) {
			size_t t = from + i;

			m->log_sum[i] = log_sum[t * sh->heads];
			m->mean[i] = 0;
			for (int c = 0; c < z->d; c++)
				m->mean[i] += y[t * sh->out + c] *
					      dy[t * sh->out + c];
		}
		back_block(z, from, n, m);
	}
	write_head(sh, z, h, rows, m, r->dx_add, r->dx + first * sh->in);
}

static void attention_backward(const struct layer_shape *sh,
			       const struct layer_run *r)
{
	struct head_size z = size_of(sh, r->batch);
	struct room m;

	if (!r->dx)
		return;
	lay_out(sh, &z, r->scratch, &m);
	for (int s = 0; s < r->sequences; s++) {
		size_t first = layer_begin(r, s);
		int rows = layer_begin(r, s + 1) - (int)first;

		for (int h = 0; h < sh->heads; h++)
			back_head(sh, r, &z, h, first, rows, &m);
	}
}

/* Inference */

/*
 * A lane: how many samples it holds (LAYER_LANE_PAD floats), then by head the
 * keys by columns (pad, step) and the values by rows (step, pad).  What is
 * beyond those held is finite.
 */
static size_t attention_memory(const struct layer_shape *sh)
{
	struct head_size z = size_of(sh, sh->context);

	return LAYER_LANE_PAD + 2 * sh->heads * z.plane;
}

static size_t attention_ready(const struct layer_shape *sh)
{
	return turn_count(sh, sh->context);
}

static void attention_prepare(const struct layer_shape *sh, const float *w,
			      const float *mul, const float *add, float *ready)
{
	(void)w;
	(void)mul;
	(void)add;
	make_turns(sh, sh->context, ready);
}

/* Queries and answers by rows, scores, and a lane where there is no memory. */
static size_t attention_infer_scratch(const struct layer_shape *sh, int batch)
{
	struct head_size z = size_of(sh, sh->context);

	(void)batch;
	return QUERIES * (2 * (size_t)z.pad + z.step) + attention_memory(sh);
}

/* `n` samples, of which `before` stand before the first, go on in a head's
 * keys and values. */
static void infer_block(const struct layer_shape *sh, const struct layer_run *r,
			const struct head_size *z, int h, int before, int n,
			const float *x, float *keys, float *y)
{
	const struct kernel *k = kernel_get();
	float *values = keys + z->plane, *q = r->scratch;
	float *out = q + (size_t)QUERIES * z->pad;
	float *score = out + (size_t)QUERIES * z->pad, inverse[QUERIES];
	int all = before + n, width = kernel_pad(all);

	for (int i = 0; i < n; i++) {
		const float *from = x + (size_t)i * sh->in + h * z->d;
		const float *turn =
			turn_at(sh->rotary ? r->w : NULL, before + i, z->d);
		float key[LAYER_MAX_HEAD];

		take(z->d, from, z->scale, turn, 1, q + i * z->pad);
		take(z->d, from + sh->out, 1, turn, 1, key);
		for (int c = 0; c < z->d; c++)
			keys[(size_t)c * z->step + before + i] = key[c];
		memcpy(values + (size_t)(before + i) * z->pad,
		       from + 2 * sh->out, z->d * sizeof(*values));
	}
	k->product(n, width, z->d, q, z->pad, 1, keys, z->step, score, z->step,
		   false);
	k->softmax(n, before + 1, width, score, z->step, inverse, NULL);
	k->product(n, z->pad, all, score, z->step, 1, values, z->pad, out,
		   z->pad, false);
	for (int i = 0; i < n; i++)
		for (int c = 0; c < z->d; c++)
			y[(size_t)i * sh->out + h * z->d + c] =
				out[i * z->pad + c] * inverse[i];
}

static void attention_infer(const struct layer_shape *sh,
			    const struct layer_run *r)
{
	struct head_size z = size_of(sh, sh->context);
	float *spare = r->scratch + QUERIES * (2 * (size_t)z.pad + z.step);

	if (!r->memory)
		memset(spare, 0, attention_memory(sh) * sizeof(*spare));
	for (int s = 0; s < r->sequences; s++) {
		float *lane = layer_memory(r, s);
		float *held = lane ? lane : spare;
		int first = layer_begin(r, s), end = layer_begin(r, s + 1);

		if (!lane)
			*held = 0;
		for (int n; first < end; first += n, *held += (float)n) {
			int before = (int)*held;

			n = end - first < QUERIES ? end - first : QUERIES;
			assert(before + n <= sh->context);
			for (int h = 0; h < sh->heads; h++)
				infer_block(sh, r, &z, h, before, n,
					    r->x + (size_t)first * sh->in,
					    held + LAYER_LANE_PAD +
						    2 * h * z.plane,
					    r->y + (size_t)first * sh->out);
		}
	}
}

const struct layer_type layer_attention = {
	.name = "attention",
	.param_count = layer_nothing,
	.out_count = layer_board_count,
	.describe = attention_text,
	.flops = attention_flops,
	.init = layer_no_init,
	.masks = layer_no_masks,
	.keep_count = attention_keep,
	.scratch_count = attention_scratch,
	.forward = attention_forward,
	.backward = attention_backward,
	.ready_count = attention_ready,
	.prepare = attention_prepare,
	.infer_scratch = attention_infer_scratch,
	.infer = attention_infer,
	.memory_count = attention_memory,
};
