/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/conv.h"

#include <string.h>

#include "core/net/kernel.h"

/*
 * A batch is worked on in runs of boards whose transformed inputs and outputs
 * stay in the second-level cache together with some of the kernel: for 64
 * channels on 6x7 that is 14 boards, as many rows as the widest vector unit's
 * products hold in registers.
 */
enum { RUN_FLOATS = 128 * 1024, LINE = 16 };

struct cut {
	struct kernel_tiles t;
	int elements;   /* of a tile */
	int tiles;      /* of a board */
	int in, out;    /* padded channels */
	int boards;     /* of a run */
	size_t in_step; /* floats between elements: matrix (tiles, in) */
	size_t out_step;
	size_t u_count;
};

/* The tile that covers n cells with the fewest products; of two equal ones the
 * smaller is more exact. */
static int best_tile(int n)
{
	static const int sizes[] = {3, 4, 6, 7};
	int best = 0, least = 0;

	for (int i = 0; i < 4; i++) {
		int m = sizes[i], cost = (n + m - 1) / m * (m + 2);

		if (!best || cost < least) {
			best = m;
			least = cost;
		}
	}
	return best;
}

static struct cut cut_of(const struct conv_shape *sh)
{
	struct cut c = {.t = {.rows = sh->rows,
			      .cols = sh->cols,
			      .mr = best_tile(sh->rows),
			      .mc = best_tile(sh->cols)}};
	size_t floats;

	c.t.tr = (sh->rows + c.t.mr - 1) / c.t.mr;
	c.t.tc = (sh->cols + c.t.mc - 1) / c.t.mc;
	c.elements = (c.t.mr + 2) * (c.t.mc + 2);
	c.tiles = c.t.tr * c.t.tc;
	c.in = kernel_pad(sh->in);
	c.out = kernel_pad(sh->out);
	floats = (size_t)c.elements * c.tiles * (c.in + c.out);
	c.boards = (int)(RUN_FLOATS / floats);
	if (c.boards < 1)
		c.boards = 1;
	/* One line more than needed: steps of a power of two would put every
	 * element of a tile into the same few lines of the cache. */
	c.in_step = (size_t)c.boards * c.tiles * c.in + LINE;
	c.out_step = (size_t)c.boards * c.tiles * c.out + LINE;
	c.u_count = (size_t)c.elements * sh->in * c.out;
	return c;
}

size_t conv_kernel_count(const struct conv_shape *sh)
{
	return cut_of(sh).u_count;
}

size_t conv_forward_scratch(const struct conv_shape *sh)
{
	struct cut c = cut_of(sh);

	return c.elements * (c.in_step + c.out_step);
}

/* The transpose of a kernel: from `out` channels to `in`. */
static struct conv_shape back_shape(const struct conv_shape *sh)
{
	return (struct conv_shape){sh->rows, sh->cols, sh->out, sh->in};
}

size_t conv_backward_scratch(const struct conv_shape *sh)
{
	struct conv_shape back = back_shape(sh);
	struct cut c = cut_of(sh);

	return conv_forward_scratch(sh) + c.u_count + conv_kernel_count(&back) +
	       LINE + (size_t)9 * sh->in * sh->out;
}

void conv_prepare(const struct conv_shape *sh, const float *w, float *u)
{
	struct cut c = cut_of(sh);

	kernel_get()->weights(&c.t, sh->in, sh->out, w, u);
}

void conv_forward(const struct conv_shape *sh, int batch, const float *u,
		  const float *x, const float *bias, const float *skip,
		  bool relu, float *y, float *scratch)
{
	const struct kernel *k = kernel_get();
	struct cut c = cut_of(sh);
	float *v = scratch, *m = v + c.elements * c.in_step;
	size_t cells = (size_t)sh->rows * sh->cols;

	for (int from = 0; from < batch; from += c.boards) {
		int n = batch - from < c.boards ? batch - from : c.boards;

		k->input(&c.t, n, sh->in, x, v, c.in_step);
		for (int e = 0; e < c.elements; e++)
			k->product(n * c.tiles, c.out, sh->in,
				   v + e * c.in_step, c.in, 1,
				   u + (size_t)e * sh->in * c.out, c.out,
				   m + e * c.out_step, c.out, false);
		k->output(&c.t, n, sh->out, m, c.out_step, bias, skip, relu, y);
		x += n * cells * sh->in;
		y += n * cells * sh->out;
		if (skip)
			skip += n * cells * sh->out;
	}
}

static void transpose_taps(const struct conv_shape *sh, const float *w,
			   float *out)
{
	size_t in = sh->in, n = sh->out;

	for (int t = 0; t < 9; t++, w += in * n, out += in * n)
		for (size_t i = 0; i < in; i++)
			for (size_t o = 0; o < n; o++)
				out[o * in + i] = w[i * n + o];
}

/*
 * The exact transpose of conv_forward(), step by step: with V = B'xB, U = GwG'
 * and M = VU, y = A'MA, the gradients are dM = A dy A', dU = V'dM and
 * dV = dM U', then dw = G'dUG and dx = B dV B', summed where tiles overlap.
 */
void conv_backward(const struct conv_shape *sh, int batch, const float *w,
		   const float *x, const float *dy, float *dx, bool dx_add,
		   float *dw, float *scratch)
{
	const struct kernel *k = kernel_get();
	struct conv_shape back = back_shape(sh);
	struct cut c = cut_of(sh);
	size_t cells = (size_t)sh->rows * sh->cols;
	float *v = scratch, *m = v + c.elements * c.in_step;
	float *du = m + c.elements * c.out_step;
	float *ut = du + c.u_count, *wt = ut + conv_kernel_count(&back);

	if (dx) {
		transpose_taps(sh, w, wt);
		k->weights(&c.t, back.in, back.out, wt, ut);
		if (!dx_add)
			memset(dx, 0, batch * cells * sh->in * sizeof(*dx));
	}
	for (int from = 0; from < batch; from += c.boards) {
		int n = batch - from < c.boards ? batch - from : c.boards;

		k->input(&c.t, n, sh->in, x, v, c.in_step);
		k->output_back(&c.t, n, sh->out, dy, m, c.out_step);
		for (int e = 0; e < c.elements; e++) {
			float *ve = v + e * c.in_step;
			const float *me = m + e * c.out_step;

			k->product(sh->in, c.out, n * c.tiles, ve, 1, c.in, me,
				   c.out, du + (size_t)e * sh->in * c.out,
				   c.out, from > 0);
			if (dx)
				k->product(n * c.tiles, c.in, sh->out, me,
					   c.out, 1,
					   ut + (size_t)e * sh->out * c.in,
					   c.in, ve, c.in, false);
		}
		if (dx) {
			k->input_back(&c.t, n, sh->in, v, c.in_step, dx);
			dx += n * cells * sh->in;
		}
		x += n * cells * sh->in;
		dy += n * cells * sh->out;
	}
	k->weights_back(&c.t, sh->in, sh->out, du, dw);
}
