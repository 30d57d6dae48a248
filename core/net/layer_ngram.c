/* SPDX-License-Identifier: MIT */
/* An induction head by equal samples; see layer.h. */
#include "config.h"

/* -O2 leaves these loops scalar. */
#pragma GCC optimize("O3")

#include "core/net/layer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void describe(const struct layer_shape *sh, char *out, size_t size)
{
	snprintf(out, size, "%d of %d in %d", sh->gram, sh->matched,
		 sh->context);
}

/* A lane: how many samples there were, their ids that are compared, (context,
 * matched), and x, (context, O). */
static size_t memory_count(const struct layer_shape *sh)
{
	size_t n = 1 + (size_t)sh->context * (sh->matched + sh->out);

	return (n + LAYER_LANE_PAD - 1) / LAYER_LANE_PAD * LAYER_LANE_PAD;
}

/* Samples of one sequence; the ids of each are `step` after those before. */
struct samples {
	const float *ids, *x;
	size_t step;
};

/* Whether sample `at` follows what sample t ends: the n before the one are the
 * n up to the other. */
static bool follows(const struct layer_shape *sh, const struct samples *s,
		    int at, int t)
{
	for (int k = 0; k < sh->gram; k++) {
		const float *a = s->ids + (size_t)(at - 1 - k) * s->step;
		const float *b = s->ids + (size_t)(t - k) * s->step;

		for (int f = 0; f < sh->matched; f++)
			if (a[f] < b[f] || a[f] > b[f])
				return false;
	}
	return true;
}

/* The next sample from `at` on that follows sample t; t + 1: none. */
static int next_after(const struct layer_shape *sh, const struct samples *s,
		      int at, int t)
{
	at = at < sh->gram ? sh->gram : at;
	while (at <= t && !follows(sh, s, at, t))
		at++;
	return at < t + 1 ? at : t + 1;
}

/* y(O) of sample t: the mean of those that follow. */
static void mean_of(const struct layer_shape *sh, const struct samples *s,
		    int t, float *y)
{
	int n = sh->out, count = 0;

	memset(y, 0, (size_t)n * sizeof(*y));
	for (int at = next_after(sh, s, 0, t); at <= t;
	     at = next_after(sh, s, at + 1, t), count++) {
		const float *x = s->x + (size_t)at * n;

		for (int i = 0; i < n; i++)
			y[i] += x[i];
	}
	for (int i = 0; count && i < n; i++)
		y[i] /= (float)count;
}

/* Those of a call's sequence. */
static struct samples of_sequence(const struct layer_shape *sh,
				  const struct layer_run *r, int sequence)
{
	size_t first = (size_t)layer_begin(r, sequence);

	return (struct samples){
		.ids = r->skip + first * sh->ids,
		.x = r->x + first * sh->out,
		.step = sh->ids,
	};
}

static void forward(const struct layer_shape *sh, const struct layer_run *r)
{
	for (int q = 0; q < r->sequences; q++) {
		struct samples s = of_sequence(sh, r, q);
		int first = layer_begin(r, q);

		for (int t = 0; t < layer_begin(r, q + 1) - first; t++)
			mean_of(sh, &s, t,
				r->y + (size_t)(first + t) * sh->out);
	}
}

static void backward(const struct layer_shape *sh, const struct layer_run *r)
{
	int n = sh->out;

	if (!r->dx)
		return;
	if (!r->dx_add)
		memset(r->dx, 0, (size_t)r->batch * n * sizeof(*r->dx));
	for (int q = 0; q < r->sequences; q++) {
		struct samples s = of_sequence(sh, r, q);
		int first = layer_begin(r, q), len;

		len = layer_begin(r, q + 1) - first;
		for (int t = 0; t < len; t++) {
			const float *dy = r->dy + (size_t)(first + t) * n;
			int count = 0;

			for (int at = next_after(sh, &s, 0, t); at <= t;
			     at = next_after(sh, &s, at + 1, t))
				count++;
			for (int at = next_after(sh, &s, 0, t); at <= t;
			     at = next_after(sh, &s, at + 1, t)) {
				float *dx = r->dx + (size_t)(first + at) * n;

				for (int i = 0; i < n; i++)
					dx[i] += dy[i] / (float)count;
			}
		}
	}
}

/* Add a call's samples to a lane, and answer each. */
static void go_on(const struct layer_shape *sh, const struct layer_run *r,
		  int sequence, float *memory)
{
	int n = sh->out, m = sh->matched, t = (int)memory[0];
	float *ids = memory + 1, *x = ids + (size_t)sh->context * m;
	struct samples s = {.ids = ids, .x = x, .step = m};

	for (int b = layer_begin(r, sequence); b < layer_begin(r, sequence + 1);
	     b++, t++) {
		assert(t < sh->context);
		memcpy(ids + (size_t)t * m, r->skip + (size_t)b * sh->ids,
		       (size_t)m * sizeof(*ids));
		memcpy(x + (size_t)t * n, r->x + (size_t)b * n,
		       (size_t)n * sizeof(*x));
		mean_of(sh, &s, t, r->y + (size_t)b * n);
	}
	memory[0] = (float)t;
}

static void infer(const struct layer_shape *sh, const struct layer_run *r)
{
	if (!r->memory) {
		forward(sh, r);
		return;
	}
	for (int q = 0; q < r->sequences; q++)
		go_on(sh, r, q, layer_memory(r, q));
}

const struct layer_type layer_ngram = {
	.name = "n-gram",
	.skips = true,
	.out_count = layer_board_count,
	.describe = describe,
	.param_count = layer_nothing,
	.keep_count = layer_no_room,
	.scratch_count = layer_no_room,
	.init = layer_no_init,
	.masks = layer_no_masks,
	.forward = forward,
	.backward = backward,
	.ready_count = layer_nothing,
	.prepare = layer_no_prepare,
	.infer_scratch = layer_no_room,
	.infer = infer,
	.memory_count = memory_count,
};
