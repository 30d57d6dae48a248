/* SPDX-License-Identifier: MIT */
/*
 * Every kind of layer against plain loops in double, and its gradients against
 * central differences of those loops.
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

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/layer.h"

/* y(B, S, O) from w, x(B, S, I) and skip(B, S, O), NULL if none. */
typedef void oracle_fn(const struct layer_shape *sh, int batch, const double *w,
		       const double *x, const double *skip, double *y);

static double cut(const struct layer_shape *sh, double v)
{
	return sh->relu && v < 0 ? 0 : v;
}

static void conv3_oracle(const struct layer_shape *sh, int batch,
			 const double *w, const double *x, const double *skip,
			 double *y)
{
	int cells = sh->rows * sh->cols;

	(void)skip;
	for (int r = 0; r < batch * cells; r++)
		for (int o = 0; o < sh->out; o++) {
			double sum = 0;

			for (int t = 0; t < 9; t++)
				for (int i = 0; i < sh->in; i++) {
					int row = r % cells / sh->cols + t / 3 -
						  1;
					int col = r % sh->cols + t % 3 - 1;
					int cell = r / cells * cells +
						   row * sh->cols + col;

					if (row >= 0 && row < sh->rows &&
					    col >= 0 && col < sh->cols)
						sum += x[cell * sh->in + i] *
						       w[(t * sh->in + i) *
								 sh->out +
							 o];
				}
			y[r * sh->out + o] = sum;
		}
}

static void product_oracle(const struct layer_shape *sh, int batch,
			   const double *w, const double *x, const double *skip,
			   double *y)
{
	(void)skip;
	for (int r = 0; r < batch * sh->rows * sh->cols; r++)
		for (int o = 0; o < sh->out; o++) {
			double sum = 0;

			for (int i = 0; i < sh->in; i++)
				sum += x[r * sh->in + i] * w[i * sh->out + o];
			y[r * sh->out + o] = sum;
		}
}

static void dense_oracle(const struct layer_shape *sh, int batch,
			 const double *w, const double *x, const double *skip,
			 double *y)
{
	product_oracle(sh, batch, w, x, skip, y);
	for (int i = 0; i < batch * sh->rows * sh->cols * sh->out; i++)
		y[i] = cut(sh, y[i] + w[sh->in * sh->out + i % sh->out]);
}

static void norm_oracle(const struct layer_shape *sh, int batch,
			const double *w, const double *x, const double *skip,
			double *y)
{
	int rows = batch * sh->rows * sh->cols, n = sh->out;

	for (int i = 0; i < n; i++) {
		double mean = 0, var = 0;

		for (int r = 0; r < rows; r++)
			mean += x[r * n + i] / rows;
		for (int r = 0; r < rows; r++)
			var += (x[r * n + i] - mean) * (x[r * n + i] - mean) /
			       rows;
		for (int r = 0; r < rows; r++) {
			double v = (x[r * n + i] - mean) /
				   sqrt(var + (double)NORM_EPSILON);

			v = w[i] * v + w[n + i];
			y[r * n + i] = cut(sh, skip ? v + skip[r * n + i] : v);
		}
	}
}

static void affine_oracle(const struct layer_shape *sh, int batch,
			  const double *w, const double *x, const double *skip,
			  double *y)
{
	product_oracle(sh, batch, w, x, NULL, y);
	for (int i = 0; i < batch * sh->out; i++)
		y[i] += w[sh->in * sh->out + i % sh->out] +
			(skip ? skip[i] : 0);
}

static void row_norm_oracle(const struct layer_shape *sh, int batch,
			    const double *w, const double *x,
			    const double *skip, double *y)
{
	int n = sh->out;

	for (int r = 0; r < batch * sh->rows * sh->cols; r++, x += n, y += n) {
		double mean = 0, var = 0;

		for (int i = 0; i < n; i++)
			mean += x[i] / n;
		for (int i = 0; i < n; i++)
			var += (x[i] - mean) * (x[i] - mean) / n;
		for (int i = 0; i < n; i++) {
			double v = (x[i] - mean) /
				   sqrt(var + (double)NORM_EPSILON);

			v = w[i] * v + w[n + i];
			y[i] = cut(sh, skip ? v + skip[r * n + i] : v);
		}
	}
}

static void gelu_oracle(const struct layer_shape *sh, int batch,
			const double *w, const double *x, const double *skip,
			double *y)
{
	(void)w;
	(void)skip;
	for (int i = 0; i < batch * sh->rows * sh->cols * sh->out; i++) {
		double u =
			sqrt(2 / M_PI) * (x[i] + 0.044715 * x[i] * x[i] * x[i]);

		y[i] = 0.5 * x[i] * (1 + tanh(u));
	}
}

static void swiglu_oracle(const struct layer_shape *sh, int batch,
			  const double *w, const double *x, const double *skip,
			  double *y)
{
	int n = sh->out;

	(void)w;
	(void)skip;
	for (int i = 0; i < batch * n; i++) {
		const double *a = x + i / n * 2 * n + i % n;

		y[i] = *a / (1 + exp(-*a)) * a[n];
	}
}

static void pool_oracle(const struct layer_shape *sh, int batch,
			const double *w, const double *x, const double *skip,
			double *y)
{
	int cells = sh->rows * sh->cols, n = sh->out;

	(void)skip;
	memcpy(y, x, (size_t)batch * cells * n * sizeof(*y));
	for (int b = 0; b < batch; b++, x += cells * n, y += cells * n)
		for (int o = 0; o < n; o++) {
			double add = w[2 * n * n + o];

			for (int i = 0; i < n; i++) {
				double mean = 0, max = x[i];

				for (int s = 0; s < cells; s++) {
					mean += x[s * n + i] / cells;
					max = fmax(max, x[s * n + i]);
				}
				add += mean * w[i * n + o] +
				       max * w[(n + i) * n + o];
			}
			for (int s = 0; s < cells; s++)
				y[s * n + o] += add;
		}
}

static void moves_oracle(const struct layer_shape *sh, int batch,
			 const double *w, const double *x, const double *skip,
			 double *y)
{
	int cells = sh->rows * sh->cols, n = sh->in, p = sh->planes;
	const double *v = w + (n + 1) * p;

	(void)skip;
	for (int b = 0; b < batch; b++, x += cells * n)
		for (int m = 0; m < sh->out; m++, y++) {
			int cell = sh->at[m] / p, plane = sh->at[m] % p;
			int k = sh->at[m] - cells * p;

			*y = k < 0 ? w[n * p + plane]
				   : v[2 * n * sh->pooled + k];
			for (int i = 0; i < n; i++) {
				double mean = 0, max = x[i];

				for (int s = 0; s < cells; s++) {
					mean += x[s * n + i] / cells;
					max = fmax(max, x[s * n + i]);
				}
				*y += k < 0 ? x[cell * n + i] * w[i * p + plane]
					    : mean * v[i * sh->pooled + k] +
						      max * v[(n +
							       i) * sh->pooled +
							      k];
			}
		}
}

/* Of 3x2 cells: on 3 planes, with two moves of the whole board between. */
static const uint16_t places[] = {0, 17, 18, 5, 19, 9, 10};
/* Go on 2x2. */
static const uint16_t points[] = {0, 1, 2, 3, 4};

#define SHAPE(r, c, i, o, cut)                                        \
	{                                                             \
		.rows = r, .cols = c, .in = i, .out = o, .relu = cut, \
		.gain = 1                                             \
	}
#define MOVES(r, c, i, p, k, list)                                     \
	{                                                              \
		.rows = r, .cols = c, .in = i, .out = ARRAY_LEN(list), \
		.gain = 1, .planes = p, .pooled = k, .at = list        \
	}

static const struct layer_case {
	const struct layer_type *type;
	oracle_fn *oracle;
	struct layer_shape sh;
	int batch;
	bool skip;
} cases[] = {
	{&layer_conv3, conv3_oracle, SHAPE(3, 3, 2, 5, false), 2, false},
	{&layer_conv3, conv3_oracle, SHAPE(4, 5, 3, 2, false), 2, false},
	{&layer_conv3, conv3_oracle, SHAPE(6, 7, 2, 3, false), 1, false},
	{&layer_conv3, conv3_oracle, SHAPE(2, 1, 17, 1, false), 3, false},
	{&layer_conv1, product_oracle, SHAPE(3, 4, 5, 2, false), 3, false},
	{&layer_dense, dense_oracle, SHAPE(1, 1, 9, 4, false), 3, false},
	{&layer_dense, dense_oracle, SHAPE(1, 1, 4, 7, true), 5, false},
	{&layer_norm, norm_oracle, SHAPE(3, 2, 3, 3, false), 4, false},
	{&layer_norm, norm_oracle, SHAPE(3, 4, 5, 5, true), 3, false},
	{&layer_norm, norm_oracle, SHAPE(5, 5, 18, 18, true), 3, true},
	{&layer_norm, norm_oracle, SHAPE(2, 2, 3, 3, false), 2, true},
	{&layer_affine, affine_oracle, SHAPE(1, 1, 9, 4, false), 3, false},
	{&layer_affine, affine_oracle, SHAPE(1, 1, 5, 16, false), 70, true},
	{&layer_affine, affine_oracle, SHAPE(1, 1, 17, 32, false), 2, true},
	{&layer_row_norm, row_norm_oracle, SHAPE(1, 1, 5, 5, false), 4, false},
	{&layer_row_norm, row_norm_oracle, SHAPE(2, 3, 18, 18, true), 2, true},
	{&layer_row_norm, row_norm_oracle, SHAPE(1, 1, 32, 32, false), 3, true},
	{&layer_gelu, gelu_oracle, SHAPE(1, 1, 19, 19, false), 5, false},
	{&layer_gelu, gelu_oracle, SHAPE(2, 2, 4, 4, false), 2, false},
	{&layer_swiglu, swiglu_oracle, SHAPE(1, 1, 38, 19, false), 3, false},
	{&layer_swiglu, swiglu_oracle, SHAPE(1, 1, 32, 16, false), 2, false},
	{&layer_pool, pool_oracle, SHAPE(3, 4, 3, 3, false), 2, false},
	{&layer_pool, pool_oracle, SHAPE(1, 1, 2, 2, false), 3, false},
	{&layer_point, dense_oracle, SHAPE(3, 4, 5, 1, false), 3, false},
	{&layer_point, dense_oracle, SHAPE(2, 4, 3, 2, true), 2, false},
	{&layer_moves, moves_oracle, MOVES(3, 2, 4, 3, 2, places), 3, false},
	{&layer_moves, moves_oracle, MOVES(2, 2, 3, 1, 1, points), 2, false},
	{&layer_moves, moves_oracle, MOVES(5, 1, 2, 1, 0, points), 2, false},
};

struct bench {
	const struct layer_case *c;
	size_t nw, nx, ny;
	double *w, *x, *skip, *y; /* the oracle's */
	float *fw, *fx, *fskip, *fy, *keep, *scratch;
	float *cost, *dx, *dskip, *dw; /* cost: of each output */
};

static float *to_float(size_t n, const double *from)
{
	float *p = mem_floats(n);

	for (size_t i = 0; i < n; i++)
		p[i] = (float)from[i];
	return p;
}

/* Numbers that float32 holds, so both sides see the same. */
static double *noise(struct rng *r, size_t n)
{
	double *p = mem_zalloc(n, sizeof(*p));

	for (size_t i = 0; i < n; i++)
		p[i] = (double)rng_normal(r);
	return p;
}

static void bench_init(struct bench *b, const struct layer_case *c)
{
	size_t cells = (size_t)c->batch * c->sh.rows * c->sh.cols;
	double *cost;
	struct rng r;

	blas_init();
	b->c = c;
	b->nw = c->type->param_count(&c->sh);
	b->nx = cells * c->sh.in;
	b->ny = c->batch * c->type->out_count(&c->sh);
	rng_init(&r, 9, RNG_TEST, b->nw, b->nx);
	b->w = noise(&r, b->nw);
	b->x = noise(&r, b->nx);
	b->skip = c->skip ? noise(&r, b->ny) : NULL;
	cost = noise(&r, b->ny);
	b->y = mem_zalloc(b->ny, sizeof(*b->y));
	b->fw = to_float(b->nw, b->w);
	b->fx = to_float(b->nx, b->x);
	b->fskip = c->skip ? to_float(b->ny, b->skip) : NULL;
	b->cost = to_float(b->ny, cost);
	b->fy = mem_floats(b->ny);
	b->keep = mem_floats(c->type->keep_count(&c->sh, c->batch));
	b->scratch = mem_floats(c->type->scratch_count(&c->sh, c->batch));
	b->dx = mem_floats(b->nx);
	b->dskip = mem_floats(b->ny);
	b->dw = mem_floats(b->nw);
	free(cost);
}

static void bench_release(struct bench *b)
{
	void *all[] = {b->w,    b->x,     b->skip,  b->y,    b->fw,
		       b->fx,   b->fskip, b->fy,    b->keep, b->scratch,
		       b->cost, b->dx,    b->dskip, b->dw};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		free(all[i]);
}

static struct layer_run run_of(struct bench *b)
{
	return (struct layer_run){
		.batch = b->c->batch,
		.w = b->fw,
		.x = b->fx,
		.skip = b->fskip,
		.y = b->fy,
		.keep = b->keep,
		.scratch = b->scratch,
		.dy = b->cost,
		.dx = b->dx,
		.dskip = b->c->skip ? b->dskip : NULL,
		.dw = b->dw,
	};
}

static double cost_of(struct bench *b)
{
	double sum = 0;

	b->c->oracle(&b->c->sh, b->c->batch, b->w, b->x, b->skip, b->y);
	for (size_t i = 0; i < b->ny; i++)
		sum += (double)b->cost[i] * b->y[i];
	return sum;
}

/* got(n) against `times` the slope of the cost in each of v(n). */
static void check_slopes(struct bench *b, size_t n, double *v, const float *got,
			 double times)
{
	const double h = 1e-6;

	for (size_t i = 0; i < n; i++) {
		double was = v[i], up, down, d;

		v[i] = was + h;
		up = cost_of(b);
		v[i] = was - h;
		down = cost_of(b);
		v[i] = was;
		d = times * (up - down) / (2 * h);
		if (fabs((double)got[i] - d) > 2e-4 * (1 + fabs(d)))
			fail_msg("%s: slope %zu of %zu is %g, not %g",
				 b->c->type->name, i, n, (double)got[i], d);
	}
}

/* The outputs against the oracle's. */
static void check_outputs(const struct bench *b, const char *pass)
{
	for (size_t i = 0; i < b->ny; i++)
		if (!(fabs((double)b->fy[i] - b->y[i]) <=
		      3e-5 * (1 + fabs(b->y[i]))))
			fail_msg("%s, %s: output %zu is %g, not %g",
				 b->c->type->name, pass, i, (double)b->fy[i],
				 b->y[i]);
}

/* After forward: made ready and run, with running statistics that are this
 * batch's. */
static void check_infer(struct bench *b)
{
	const struct layer_type *t = b->c->type;
	const struct layer_shape *sh = &b->c->sh;
	size_t stats = t->stat_count ? t->stat_count(sh) : 0;
	float *ready = mem_floats(t->ready_count(sh));
	float *scratch = mem_floats(t->infer_scratch(sh, b->c->batch));
	struct layer_run r = {.batch = b->c->batch,
			      .sequences = b->c->batch,
			      .w = ready,
			      .x = b->fx,
			      .skip = b->fskip,
			      .y = b->fy,
			      .scratch = scratch};

	memcpy(b->fw + b->nw - stats, b->keep, stats * sizeof(float));
	t->prepare(sh, b->fw, NULL, NULL, ready);
	memset(b->fy, 0xff, b->ny * sizeof(float)); /* NaN */
	t->infer(sh, &r);
	cost_of(b);
	check_outputs(b, "inference");
	free(ready);
	free(scratch);
}

/* A layer that can, does a multiplication and an addition of each channel on
 * its way, then a skip and the rectifier. */
static void check_fold(struct bench *b)
{
	const struct layer_type *t = b->c->type;
	struct layer_shape sh = b->c->sh;
	size_t n = (size_t)sh.out;
	float *ready = mem_floats(t->ready_count(&sh));
	float *scratch = mem_floats(t->infer_scratch(&sh, b->c->batch));
	float *mul = mem_floats(n), *add = mem_floats(n);
	const float *skip = t->takes_skip ? b->cost : NULL;
	struct layer_run r = {.batch = b->c->batch,
			      .sequences = b->c->batch,
			      .w = ready,
			      .x = b->fx,
			      .skip = skip,
			      .y = b->fy,
			      .scratch = scratch};

	for (size_t o = 0; o < n; o++) {
		mul[o] = 1 / (float)(o + 2);
		add[o] = 0.25f * (float)(o % 3) - 0.5f;
	}
	t->prepare(&sh, b->fw, mul, add, ready);
	sh.relu = true;
	t->infer(&sh, &r);
	cost_of(b);
	for (size_t i = 0; i < b->ny; i++) {
		b->y[i] = b->y[i] * (double)mul[i % n] + (double)add[i % n];
		if (skip)
			b->y[i] += (double)skip[i];
		b->y[i] = cut(&sh, b->y[i]);
	}
	check_outputs(b, "fold");
	free(ready);
	free(scratch);
	free(mul);
	free(add);
}

static void check_layer(const struct layer_case *c)
{
	struct layer_run r;
	struct bench b;

	bench_init(&b, c);
	r = run_of(&b);
	c->type->forward(&c->sh, &r);
	cost_of(&b);
	check_outputs(&b, "training");

	/* First overwriting, then adding the same again. */
	memset(b.dx, 0xff, b.nx * sizeof(*b.dx)); /* NaN */
	memset(b.dskip, 0xff, b.ny * sizeof(*b.dskip));
	for (int times = 1; times <= 2; times++) {
		c->type->backward(&c->sh, &r);
		check_slopes(&b, b.nx, b.x, b.dx, times);
		check_slopes(&b, b.nw, b.w, b.dw, times);
		if (c->skip)
			check_slopes(&b, b.ny, b.skip, b.dskip, times);
		r.dx_add = r.dskip_add = true;
	}
	check_infer(&b);
	if (c->type->takes_fold)
		check_fold(&b);
	bench_release(&b);
}

static void test_layers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_layer(&cases[i]);
}

/* The statistics are the batch's own, and running ones have no slope. */
static void test_norm_statistics(void **state)
{
	const struct layer_case c = {&layer_norm, norm_oracle,
				     SHAPE(7, 6, 5, 5, true), 40, false};
	struct layer_run r;
	struct bench b;

	(void)state;
	bench_init(&b, &c);
	/* Far from zero, where careless sums of squares lose their digits. */
	for (size_t i = 0; i < b.nx; i++)
		b.fx[i] += 300;
	r = run_of(&b);
	c.type->forward(&c.sh, &r);
	c.type->backward(&c.sh, &r);
	assert_int_equal(c.type->stat_count(&c.sh), 10);
	for (int i = 0; i < 5; i++) {
		double mean = 0, var = 0, rows = (double)b.nx / 5;

		for (size_t k = i; k < b.nx; k += 5)
			mean += (double)b.fx[k] / rows;
		for (size_t k = i; k < b.nx; k += 5)
			var += pow((double)b.fx[k] - mean, 2) / rows;
		assert_true(fabs((double)b.keep[i] - mean) < 1e-4);
		assert_true(fabs((double)b.keep[5 + i] - var) < 1e-3);
	}
	for (size_t i = 10; i < b.nw; i++)
		assert_true(b.dw[i] == 0);
	bench_release(&b);
}

static void test_masks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct layer_shape *sh = &cases[i].sh;
		size_t n = cases[i].type->param_count(sh), o = sh->out;
		float *decay = mem_floats(n), *learn = mem_floats(n);
		size_t biases = 0, frozen = 0;

		cases[i].type->masks(sh, decay, learn);
		for (size_t k = 0; k < n; k++) {
			assert_true(decay[k] == 0 || decay[k] == 1);
			assert_true(learn[k] == 0 || learn[k] == 1);
			biases += decay[k] == 0;
			frozen += learn[k] == 0;
		}
		if (cases[i].type == &layer_norm) {
			assert_int_equal(biases, 4 * o);
			assert_int_equal(frozen, 2 * o);
		} else {
			bool plain = cases[i].type == &layer_conv1 ||
				     cases[i].type == &layer_conv3;

			if (cases[i].type == &layer_moves)
				o = sh->planes + sh->pooled;
			if (cases[i].type == &layer_row_norm)
				o *= 2;
			plain |= n == 0;
			assert_int_equal(biases, plain ? 0 : o);
			assert_int_equal(frozen, 0);
		}
		free(decay);
		free(learn);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_norm_statistics),
		cmocka_unit_test(test_masks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
