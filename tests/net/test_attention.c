/* SPDX-License-Identifier: MIT */
/*
 * Attention over sequences of several blocks of queries, which the sequences of
 * test_mixers.c are too short for.
 */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/kernel.h"
#include "core/net/layer.h"

enum { HEADS = 2, SIZE = 5, OUT = HEADS * SIZE, IN = 3 * OUT };
enum { LONG = 77, CONTEXT = 90, ROWS = LONG + 40 };

static const struct layer_shape sh = {.rows = 1,
				      .cols = 1,
				      .in = IN,
				      .out = OUT,
				      .heads = HEADS,
				      .context = CONTEXT};
static const int begin[] = {0, 40, ROWS};

/* One sequence in double; without a maximum, for scores are small. */
static void oracle(int rows, const double *x, double *y)
{
	memset(y, 0, rows * OUT * sizeof(*y));
	for (int t = 0; t < rows; t++)
		for (int h = 0; h < HEADS; h++) {
			double all = 0, *out = y + t * OUT + h * SIZE;

			for (int s = 0; s <= t; s++) {
				const double *q = x + t * IN + h * SIZE;
				const double *k = x + s * IN + OUT + h * SIZE;
				double weight = 0;

				for (int i = 0; i < SIZE; i++)
					weight += q[i] * k[i] / sqrt(SIZE);
				all += weight = exp(weight);
				for (int i = 0; i < SIZE; i++)
					out[i] += weight * k[OUT + i];
			}
			for (int i = 0; i < SIZE; i++)
				out[i] /= all;
		}
}

static void whole_oracle(const double *x, double *y)
{
	for (int s = 0; s < 2; s++)
		oracle(begin[s + 1] - begin[s], x + begin[s] * IN,
		       y + begin[s] * OUT);
}

static double x[ROWS * IN], y[ROWS * OUT], toward[ROWS * IN];
static float fx[ROWS * IN], fy[ROWS * OUT], cost[ROWS * OUT];

static void fill(void)
{
	struct rng r;

	rng_init(&r, 8, RNG_TEST, 0, 0);
	for (int i = 0; i < ROWS * IN; i++) {
		x[i] = (double)(fx[i] = rng_normal(&r));
		toward[i] = (double)rng_normal(&r);
	}
	for (int i = 0; i < ROWS * OUT; i++)
		cost[i] = rng_normal(&r);
}

static void assert_near(const float *got)
{
	for (int i = 0; i < ROWS * OUT; i++)
		if (!(fabs((double)got[i] - y[i]) < 1e-5))
			fail_msg("output %d is %g, not %g", i, (double)got[i],
				 y[i]);
}

static double cost_at(double h)
{
	double moved[ROWS * IN], sum = 0;

	for (int i = 0; i < ROWS * IN; i++)
		moved[i] = x[i] + h * toward[i];
	whole_oracle(moved, y);
	for (int i = 0; i < ROWS * OUT; i++)
		sum += (double)cost[i] * y[i];
	return sum;
}

static void test_training(void **state)
{
	const struct layer_type *t = &layer_attention;
	float *dx = mem_floats(ROWS * IN);
	struct layer_run r = {.batch = ROWS,
			      .sequences = 2,
			      .begin = begin,
			      .x = fx,
			      .y = fy,
			      .keep = mem_floats(t->keep_count(&sh, ROWS)),
			      .scratch =
				      mem_floats(t->scratch_count(&sh, ROWS)),
			      .dy = cost,
			      .dx = dx};
	double slope = (cost_at(1e-5) - cost_at(-1e-5)) / 2e-5, got = 0;

	(void)state;
	t->forward(&sh, &r);
	whole_oracle(x, y);
	assert_near(fy);
	t->backward(&sh, &r);
	for (int i = 0; i < ROWS * IN; i++)
		got += (double)dx[i] * toward[i];
	assert_true(fabs(slope) > 1);
	assert_true(fabs(got - slope) < 1e-4 * fabs(slope));
	free(r.keep);
	free(r.scratch);
	free(dx);
}

/* In one call, in pieces of all sizes, and without a memory: the same bits. */
static void test_pieces(void **state)
{
	const struct layer_type *t = &layer_attention;
	float *memory = mem_floats(t->memory_count(&sh)), again[ROWS * OUT];
	struct layer_run r = {.batch = ROWS,
			      .sequences = 2,
			      .begin = begin,
			      .x = fx,
			      .y = fy,
			      .scratch =
				      mem_floats(t->infer_scratch(&sh, ROWS))};
	int piece[2] = {0, 0};

	(void)state;
	t->infer(&sh, &r);
	whole_oracle(x, y);
	assert_near(fy);
	r.sequences = 1;
	r.begin = piece;
	r.memory = memory;
	for (int at = 40, n = 1; at < ROWS; at += piece[1], n = 3 * n + 1) {
		piece[1] = n < ROWS - at ? n : ROWS - at;
		r.batch = piece[1];
		r.x = fx + at * IN;
		r.y = again + at * OUT;
		t->infer(&sh, &r);
	}
	assert_memory_equal(again + 40 * OUT, fy + 40 * OUT,
			    (ROWS - 40) * OUT * sizeof(float));
	assert_int_equal(*memory, LONG);
	free(memory);
	free(r.scratch);
}

/* Scores far from 0 overflow nothing: the softmax is a choice then. */
static void test_far(void **state)
{
	const struct layer_type *t = &layer_attention;
	struct layer_run r = {.batch = ROWS,
			      .sequences = 2,
			      .begin = begin,
			      .x = fx,
			      .y = fy,
			      .keep = mem_floats(t->keep_count(&sh, ROWS)),
			      .scratch =
				      mem_floats(t->scratch_count(&sh, ROWS)),
			      .dy = cost,
			      .dx = mem_floats(ROWS * IN)};

	(void)state;
	for (int i = 0; i < ROWS * IN; i++)
		fx[i] *= 300;
	t->forward(&sh, &r);
	t->backward(&sh, &r);
	for (int i = 0; i < ROWS * OUT; i++)
		assert_true(fabsf(fy[i]) < 2000);
	for (int i = 0; i < ROWS * IN; i++)
		assert_true(isfinite(r.dx[i]));
	free(r.keep);
	free(r.scratch);
	free(r.dx);
}

/* What each vector unit's loops make of the same numbers: rows of 21 channels,
 * which no vector divides, and scores of which a row sees some. */
enum { R = 3, N = 21, WIDE = 32, MADE = 14 * WIDE * R };

static void run_kernel(const struct kernel *k, float *out)
{
	float *in = fx, *keep = out, *answer = keep + 2 * R;
	float *dx = answer + R * N, *dg = dx + R * N, *db = dg + N;
	float *s = db + N, *p = s + R * WIDE, *inverse = p + R * WIDE;
	float *log_sum = inverse + R, *g = log_sum + R;

	memset(out, 0, MADE * sizeof(*out));
	k->row_norm(R, N, in, in + 100, in + 200, in + 300, true, answer, keep);
	k->row_norm_back(R, N, in, answer, true, keep, in + 100, in + 400, dx,
			 false, NULL, false, dg, db);
	memcpy(s, in, R * WIDE * sizeof(*s));
	memcpy(p, in + 500, R * WIDE * sizeof(*p));
	k->softmax(R, 5, WIDE, s, WIDE, inverse, log_sum);
	memcpy(s, in, R * WIDE * sizeof(*s));
	k->softmax_back(R, 5, WIDE, s, p, WIDE, log_sum, in);
	k->gelu(N, in, g);
	k->gelu_back(N, in, in + 100, g + N, false);
	k->swiglu(R, N, in, g + 2 * N);
	k->swiglu_back(R, N, in, in + 200, g + (2 + R) * N, false);
}

static void test_kernels_agree(void **state)
{
	float *want = mem_floats(MADE), *got = mem_floats(MADE), sum = 0;

	(void)state;
	run_kernel(&kernel_base, want);
	for (int i = 0; i < MADE; i++)
		sum += fabsf(want[i]);
	assert_true(sum > 100);
	for (const struct kernel *const *k = kernel_all(); *k; k++) {
		run_kernel(*k, got);
		for (int i = 0; i < MADE; i++)
			if (!(fabsf(got[i] - want[i]) <=
			      1e-5f * (1 + fabsf(want[i]))))
				fail_msg("%s: %d is %g, not %g", (*k)->name, i,
					 (double)got[i], (double)want[i]);
	}
	free(want);
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernels_agree),
		cmocka_unit_test(test_training),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_far),
	};

	fill();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
