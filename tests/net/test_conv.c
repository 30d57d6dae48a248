/* SPDX-License-Identifier: MIT */
/* The convolution against plain loops, on every kind of board and width, and
 * every vector unit's kernel against the plainest. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/conv.h"
#include "core/net/kernel.h"

static float *noise(struct rng *r, size_t n)
{
	float *p = mem_floats(n);

	for (size_t i = 0; i < n; i++)
		p[i] = rng_normal(r);
	return p;
}

/* Largest difference, relative to the root mean square of `right`. */
static double worst(size_t n, const float *got, const double *right)
{
	double most = 0, square = 0;

	for (size_t i = 0; i < n; i++) {
		double d = fabs((double)got[i] - right[i]);

		most = d > most || isnan(d) ? d : most;
		square += right[i] * right[i];
	}
	return most / sqrt(square / (double)n);
}

/*
 * float32 has 24 bits.  The transforms of the largest tiles, with a side of
 * seven, cost up to eleven of them in the worst element and seven in the mean;
 * those of the others three less.
 */
static void assert_close(size_t n, const float *got, const double *right)
{
	double square = 0, error = 0;

	assert_true(worst(n, got, right) < 3e-4);
	for (size_t i = 0; i < n; i++) {
		error += pow((double)got[i] - right[i], 2);
		square += right[i] * right[i];
	}
	assert_true(sqrt(error / square) < 2e-5);
}

/* Calls each(tap, cell index, neighbour's index) for all that are on the
 * board: the definition of the convolution, for all three products. */
struct oracle {
	const struct conv_shape *sh;
	const float *w, *x, *dy;
	double *y, *dx, *dw;
};

static void oracle_pair(struct oracle *o, int tap, size_t cell, size_t near)
{
	int in = o->sh->in, out = o->sh->out;

	for (int i = 0; i < in; i++)
		for (int k = 0; k < out; k++) {
			size_t w = ((size_t)tap * in + i) * out + k;
			double x = (double)o->x[near * in + i];
			double d = (double)o->dy[cell * out + k];

			o->y[cell * out + k] += x * (double)o->w[w];
			o->dx[near * in + i] += d * (double)o->w[w];
			o->dw[w] += x * d;
		}
}

static void oracle_run(struct oracle *o, int batch)
{
	int rows = o->sh->rows, cols = o->sh->cols;

	for (int b = 0; b < batch; b++)
		for (int r = 0; r < rows; r++)
			for (int c = 0; c < cols; c++)
				for (int t = 0; t < 9; t++) {
					int rr = r + t / 3 - 1;
					int cc = c + t % 3 - 1;
					int first = b * rows * cols;

					if (rr >= 0 && rr < rows && cc >= 0 &&
					    cc < cols)
						oracle_pair(
							o, t,
							first + r * cols + c,
							first + rr * cols + cc);
				}
}

static void check_conv(int rows, int cols, int in, int out, int batch)
{
	const struct conv_shape sh = {rows, cols, in, out};
	size_t cells = (size_t)batch * rows * cols;
	size_t nx = cells * in, ny = cells * out, nw = (size_t)9 * in * out;
	struct rng r;
	float *x, *w, *dy, *bias, *skip, *u, *y, *dx, *dw, *scratch;
	struct oracle o;

	rng_init(&r, 3, RNG_TEST, rows * 100 + cols, in * 1000 + out);
	x = noise(&r, nx);
	w = noise(&r, nw);
	dy = noise(&r, ny);
	bias = noise(&r, out);
	skip = noise(&r, ny);
	u = mem_floats(conv_kernel_count(&sh));
	y = mem_floats(ny);
	dx = noise(&r, nx);
	dw = mem_floats(nw);
	scratch = mem_floats(conv_forward_scratch(&sh) +
			     conv_backward_scratch(&sh));
	o = (struct oracle){&sh,
			    w,
			    x,
			    dy,
			    mem_zalloc(ny, sizeof(double)),
			    mem_zalloc(nx, sizeof(double)),
			    mem_zalloc(nw, sizeof(double))};
	oracle_run(&o, batch);

	conv_prepare(&sh, w, u);
	conv_forward(&sh, batch, u, x, NULL, NULL, false, y, scratch);
	assert_close(ny, y, o.y);

	/* Overwriting whatever was in dx, then adding the same again. */
	conv_backward(&sh, batch, w, x, dy, dx, false, dw, scratch);
	assert_close(nx, dx, o.dx);
	assert_close(nw, dw, o.dw);
	conv_backward(&sh, batch, w, x, dy, dx, true, dw, scratch);
	for (size_t i = 0; i < nx; i++)
		o.dx[i] *= 2;
	for (size_t i = 0; i < nw; i++)
		o.dw[i] *= 2;
	assert_close(nx, dx, o.dx);
	assert_close(nw, dw, o.dw);
	memset(dw, 0, nw * sizeof(*dw));
	conv_backward(&sh, batch, w, x, dy, NULL, false, dw, scratch);
	for (size_t i = 0; i < nw; i++)
		o.dw[i] /= 2;
	assert_close(nw, dw, o.dw);

	for (size_t i = 0; i < ny; i++) {
		double v = o.y[i] + (double)bias[i % out] + (double)skip[i];

		o.y[i] = v > 0 ? v : 0;
	}
	conv_forward(&sh, batch, u, x, bias, skip, true, skip, scratch);
	assert_close(ny, skip, o.y);

	free(x);
	free(w);
	free(dy);
	free(bias);
	free(skip);
	free(u);
	free(y);
	free(dx);
	free(dw);
	free(scratch);
	free(o.y);
	free(o.dx);
	free(o.dw);
}

static void test_shapes(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 13; rows++)
		for (int cols = 1; cols <= 13; cols += rows < 10 ? 1 : 4)
			check_conv(rows, cols, 3, 5, 2);
}

static void test_widths(void **state)
{
	static const int widths[] = {1, 2, 15, 16, 17, 33, 48, 64};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		for (size_t j = 0; j < ARRAY_LEN(widths); j++)
			check_conv(6, 7, widths[i], widths[j], 2);
}

/* Batches that fill several runs, and the last one partly. */
static void test_batches(void **state)
{
	(void)state;
	check_conv(6, 7, 32, 32, 1);
	check_conv(6, 7, 32, 32, 67);
	check_conv(9, 9, 64, 32, 5);
}

static void test_board_alone(void **state)
{
	enum { BATCH = 37, SIZE = 42 * 32 };
	const struct conv_shape sh = {6, 7, 32, 32};
	struct rng r;
	float *x, *w, *u, *y, *one, *scratch;

	(void)state;
	rng_init(&r, 3, RNG_TEST, 0, 0);
	x = noise(&r, (size_t)BATCH * SIZE);
	w = noise(&r, (size_t)9 * 32 * 32);
	u = mem_floats(conv_kernel_count(&sh));
	y = mem_floats((size_t)BATCH * SIZE);
	one = mem_floats(SIZE);
	scratch = mem_floats(conv_forward_scratch(&sh));
	conv_prepare(&sh, w, u);
	conv_forward(&sh, BATCH, u, x, NULL, NULL, false, y, scratch);
	for (int b = 0; b < BATCH; b++) {
		conv_forward(&sh, 1, u, x + (size_t)b * SIZE, NULL, NULL, false,
			     one, scratch);
		assert_memory_equal(one, y + (size_t)b * SIZE,
				    SIZE * sizeof(*one));
	}
	free(x);
	free(w);
	free(u);
	free(y);
	free(one);
	free(scratch);
}

/* Kernels */

static void check_product(const struct kernel *k, int m, int n, int depth,
			  bool transposed)
{
	struct rng r;
	float *a, *b, *c;
	double *right = mem_zalloc((size_t)m * n, sizeof(*right));
	size_t row = transposed ? 1 : depth, step = transposed ? m : 1;

	rng_init(&r, 4, RNG_TEST, m, depth);
	a = noise(&r, (size_t)m * depth);
	b = noise(&r, (size_t)depth * n);
	c = mem_floats((size_t)m * n);
	for (int i = 0; i < m; i++)
		for (int p = 0; p < depth; p++)
			for (int j = 0; j < n; j++)
				right[i * n + j] +=
					(double)a[i * row + p * step] *
					(double)b[p * n + j];
	memset(c, 0xff, (size_t)m * n * sizeof(*c)); /* NaN */
	k->product(m, n, depth, a, row, step, b, n, c, n, false);
	assert_true(worst((size_t)m * n, c, right) < 1e-5);
	k->product(m, n, depth, a, row, step, b, n, c, n, true);
	for (int i = 0; i < m * n; i++)
		right[i] *= 2;
	assert_true(worst((size_t)m * n, c, right) < 1e-5);
	free(a);
	free(b);
	free(c);
	free(right);
}

static void test_products(void **state)
{
	(void)state;
	for (const struct kernel *const *k = kernel_all(); *k; k++)
		for (int m = 1; m <= 33; m++)
			for (int n = 16; n <= 48; n += 16) {
				check_product(*k, m, n, m / 2 + 1, false);
				check_product(*k, m, n, m / 2 + 1, true);
			}
}

/* Every entry of the table on the same numbers as the plainest kernel. */
static void check_kernel(const struct kernel *k, const struct kernel *base,
			 const struct kernel_tiles *t, int channels)
{
	enum { BOARDS = 2, OUT = 19 };
	int p = kernel_pad(channels), e = (t->mr + 2) * (t->mc + 2);
	size_t stride = (size_t)BOARDS * t->tr * t->tc * p + 16;
	size_t nx = (size_t)BOARDS * t->rows * t->cols * channels;
	size_t nv = e * stride, nw = (size_t)9 * channels * OUT;
	size_t nu = (size_t)e * channels * kernel_pad(OUT);
	size_t most = nv + nx + nw + nu;
	const struct kernel *both[2] = {k, base};
	float *out[2];
	double *right = mem_zalloc(most, sizeof(*right));
	struct rng r;
	float *x, *v, *w, *bias, *u;

	rng_init(&r, 4, RNG_TEST, t->mr, t->mc);
	x = noise(&r, nx);
	v = noise(&r, nv);
	w = noise(&r, nw);
	u = noise(&r, nu);
	bias = noise(&r, channels);
	for (int step = 0; step < 6; step++) {
		for (int i = 0; i < 2; i++) {
			float *o = out[i] = mem_floats(most);

			if (step == 0)
				both[i]->input(t, BOARDS, channels, x, o,
					       stride);
			else if (step == 1)
				both[i]->input_back(t, BOARDS, channels, v,
						    stride, o);
			else if (step == 2)
				both[i]->output(t, BOARDS, channels, v, stride,
						bias, x, true, o);
			else if (step == 3)
				both[i]->output_back(t, BOARDS, channels, x, o,
						     stride);
			else if (step == 4)
				both[i]->weights(t, channels, OUT, w, o);
			else
				both[i]->weights_back(t, channels, OUT, u, o);
		}
		for (size_t i = 0; i < most; i++)
			right[i] = (double)out[1][i];
		assert_true(worst(most, out[0], right) < 1e-4);
		free(out[0]);
		free(out[1]);
	}
	free(x);
	free(v);
	free(w);
	free(u);
	free(bias);
	free(right);
}

static void test_kernels_agree(void **state)
{
	static const int sizes[] = {3, 4, 6, 7};

	(void)state;
	for (const struct kernel *const *k = kernel_all(); *k; k++)
		for (int i = 0; i < 16; i++)
			for (int channels = 15; channels <= 33; channels += 6) {
				struct kernel_tiles t = {
					.rows = 7,
					.cols = 10,
					.mr = sizes[i / 4],
					.mc = sizes[i % 4],
				};

				t.tr = (t.rows + t.mr - 1) / t.mr;
				t.tc = (t.cols + t.mc - 1) / t.mc;
				check_kernel(*k, &kernel_base, &t, channels);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_widths),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_board_alone),
		cmocka_unit_test(test_products),
		cmocka_unit_test(test_kernels_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
