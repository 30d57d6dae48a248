/* SPDX-License-Identifier: MIT */
/*
 * Layers that mix the samples of a sequence, against plain loops in double over
 * sequences of unlike lengths: outputs, gradients against central differences
 * of those loops, samples told one by one, and that no sequence sees another.
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

enum { SEQUENCES = 4, ROWS = 11, LONGEST = 5, MOST = 20 };
static const int begin[SEQUENCES + 1] = {0, 1, 6, 8, 11};

/* One sequence: y(rows, O) from x(rows, I). */
typedef void oracle_fn(const struct layer_shape *sh, int rows, const double *w,
		       const double *x, double *y);

static double sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

/* h before is y of the sample before. */
static void gru_oracle(const struct layer_shape *sh, int rows, const double *w,
		       const double *x, double *y)
{
	static const double zeros[MOST];
	int n = sh->out;

	for (int t = 0; t < rows; t++) {
		const double *h = t ? y + (t - 1) * n : zeros;

		for (int i = 0; i < n; i++) {
			double p[3], r, z, c;

			for (int g = 0; g < 3; g++) {
				p[g] = w[3 * n * n + g * n + i];
				for (int k = 0; k < n; k++)
					p[g] += h[k] * w[k * 3 * n + g * n + i];
			}
			r = sigmoid(x[t * 3 * n + i] + p[0]);
			z = sigmoid(x[t * 3 * n + n + i] + p[1]);
			c = tanh(x[t * 3 * n + 2 * n + i] + r * p[2]);
			y[t * n + i] = (1 - z) * c + z * h[i];
		}
	}
}

static double phi(double x)
{
	return x > 0 ? x + 1 : exp(x);
}

/* As attention: every sample weighs all before it. */
static void linear_oracle(const struct layer_shape *sh, int rows,
			  const double *w, const double *x, double *y)
{
	int n = sh->out, d = n / sh->heads;

	(void)w;
	for (int t = 0; t < rows; t++)
		for (int h = 0; h < sh->heads; h++) {
			const double *q = x + t * 3 * n + h * d;
			double all = (double)LINEAR_EPSILON;
			double *out = y + t * n + h * d;

			memset(out, 0, d * sizeof(*out));
			for (int s = 0; s <= t; s++) {
				const double *k = x + s * 3 * n + n + h * d;
				double weight = 0;

				for (int i = 0; i < d; i++)
					weight += phi(q[i]) * phi(k[i]);
				all += weight;
				for (int i = 0; i < d; i++)
					out[i] += weight * k[n + i];
			}
			for (int i = 0; i < d; i++)
				out[i] /= all;
		}
}

static double length(int d, const double *x)
{
	double sum = (double)FAST_EPSILON;

	for (int i = 0; i < d; i++)
		sum += x[i] * x[i];
	return sqrt(sum);
}

/* By the gradient of |M' p - v|^2 / 2, element for element. */
static void fast_head(const struct layer_shape *sh, int h, int rows,
		      const double *w, const double *x, double *y)
{
	int n = sh->out, d = n / sh->heads;
	double m[MOST * MOST], slope[MOST * MOST];

	memcpy(m, w + h * d * d, d * d * sizeof(*m));
	for (int t = 0; t < rows; t++, x += sh->in, y += n) {
		const double *q = x + h * d, *k = q + n, *v = k + n;
		double rate = sigmoid(x[3 * n + h]);

		for (int j = 0; j < d; j++) {
			double off = -v[j];

			for (int i = 0; i < d; i++)
				off += m[i * d + j] * k[i] / length(d, k);
			for (int i = 0; i < d; i++)
				slope[i * d + j] = off * k[i] / length(d, k);
		}
		for (int i = 0; i < d * d; i++)
			m[i] -= rate * slope[i];
		for (int j = 0; j < d; j++) {
			y[h * d + j] = 0;
			for (int i = 0; i < d; i++)
				y[h * d + j] +=
					m[i * d + j] * q[i] / length(d, q);
		}
	}
}

static void fast_oracle(const struct layer_shape *sh, int rows, const double *w,
			const double *x, double *y)
{
	for (int h = 0; h < sh->heads; h++)
		fast_head(sh, h, rows, w, x, y);
}

/* One of q or k of a head, turned by its place. */
static void turned(const struct layer_shape *sh, int t, const double *from,
		   double *to)
{
	int d = sh->out / sh->heads;

	memcpy(to, from, d * sizeof(*to));
	for (int i = 0; sh->rotary && i < d / 2; i++) {
		double a = t * pow(ROTARY_BASE, -2.0 * i / d);

		to[i] = from[i] * cos(a) - from[i + d / 2] * sin(a);
		to[i + d / 2] = from[i] * sin(a) + from[i + d / 2] * cos(a);
	}
}

static void attention_oracle(const struct layer_shape *sh, int rows,
			     const double *w, const double *x, double *y)
{
	int n = sh->out, d = n / sh->heads;
	double q[MOST], k[MOST];

	(void)w;
	for (int t = 0; t < rows; t++)
		for (int h = 0; h < sh->heads; h++) {
			double all = 0, *out = y + t * n + h * d;

			turned(sh, t, x + t * 3 * n + h * d, q);
			memset(out, 0, d * sizeof(*out));
			for (int s = 0; s <= t; s++) {
				const double *at = x + s * 3 * n + n + h * d;
				double weight = 0;

				turned(sh, s, at, k);
				for (int i = 0; i < d; i++)
					weight += q[i] * k[i] / sqrt(d);
				all += weight = exp(weight);
				for (int i = 0; i < d; i++)
					out[i] += weight * at[n + i];
			}
			for (int i = 0; i < d; i++)
				out[i] /= all;
		}
}

static void position_oracle(const struct layer_shape *sh, int rows,
			    const double *w, const double *x, double *y)
{
	for (int i = 0; i < rows * sh->out; i++)
		y[i] = x[i] + w[i];
}

/* Of the sequence at hand. */
static const float *ids_now;

/* Does what came before s end as what came up to t? */
static bool same_before(const struct layer_shape *sh, int s, int t)
{
	for (int k = 0; k < sh->gram; k++)
		for (int f = 0; f < sh->matched; f++)
			if (ids_now[(s - 1 - k) * sh->ids + f] !=
			    ids_now[(t - k) * sh->ids + f])
				return false;
	return true;
}

static void ngram_oracle(const struct layer_shape *sh, int rows,
			 const double *w, const double *x, double *y)
{
	int n = sh->out;

	(void)w;
	for (int t = 0; t < rows; t++)
		for (int i = 0; i < n; i++) {
			double sum = 0, count = 0;

			for (int s = sh->gram; s <= t; s++)
				if (same_before(sh, s, t)) {
					sum += x[s * n + i];
					count++;
				}
			y[t * n + i] = count > 0 ? sum / count : 0;
		}
}

#define NGRAM(o, n, all, first)                                     \
	{                                                           \
		.rows = 1, .cols = 1, .in = o, .out = o, .gram = n, \
		.ids = all, .matched = first, .context = LONGEST    \
	}
#define PLACES(n)                                                   \
	{                                                           \
		.rows = 1, .cols = 1, .in = n, .out = n, .gain = 1, \
		.context = LONGEST                                  \
	}
#define HEADS(o, h, turn)                                                  \
	{                                                                  \
		.rows = 1, .cols = 1, .in = 3 * (o), .out = o, .heads = h, \
		.context = LONGEST, .rotary = turn                         \
	}
#define SHAPE(i, o, h)                                                         \
	{                                                                      \
		.rows = 1, .cols = 1, .in = i, .out = o, .gain = 1, .heads = h \
	}

static const struct mixer_case {
	const struct layer_type *type;
	oracle_fn *oracle;
	struct layer_shape sh;
} cases[] = {
	{&layer_gru, gru_oracle, SHAPE(12, 4, 0)},
	{&layer_gru, gru_oracle, SHAPE(3, 1, 0)},
	{&layer_gru, gru_oracle, SHAPE(51, 17, 0)},
	{&layer_linear_attention, linear_oracle, SHAPE(12, 4, 1)},
	{&layer_linear_attention, linear_oracle, SHAPE(18, 6, 2)},
	{&layer_linear_attention, linear_oracle, SHAPE(9, 3, 3)},
	{&layer_fast_weights, fast_oracle, SHAPE(13, 4, 1)},
	{&layer_fast_weights, fast_oracle, SHAPE(20, 6, 2)},
	{&layer_fast_weights, fast_oracle, SHAPE(12, 3, 3)},
	{&layer_attention, attention_oracle, HEADS(4, 1, false)},
	{&layer_attention, attention_oracle, HEADS(8, 2, true)},
	{&layer_attention, attention_oracle, HEADS(9, 3, false)},
	{&layer_attention, attention_oracle, HEADS(16, 1, true)},
	{&layer_position, position_oracle, PLACES(4)},
	{&layer_ngram, ngram_oracle, NGRAM(3, 1, 1, 1)},
	{&layer_ngram, ngram_oracle, NGRAM(17, 1, 3, 2)},
	{&layer_ngram, ngram_oracle, NGRAM(2, 2, 2, 1)},
};

struct bench {
	const struct mixer_case *c;
	size_t nw, nx, ny;
	double *w, *x, *y; /* the oracle's */
	float *fw, *fx, *fy, *keep, *scratch, *cost, *dx, *dw;
	float *ready, *again, *spare; /* inference */
	float *ids;                   /* of few values; NULL: not read */
};

static void fill(struct rng *r, size_t n, double *d, float *f)
{
	for (size_t i = 0; i < n; i++) {
		f[i] = rng_normal(r);
		d[i] = (double)f[i];
	}
}

static void bench_init(struct bench *b, const struct mixer_case *c)
{
	const struct layer_type *t = c->type;
	struct rng r;
	double *cost;

	blas_init();
	*b = (struct bench){.c = c,
			    .nw = t->param_count(&c->sh),
			    .nx = (size_t)ROWS * c->sh.in,
			    .ny = (size_t)ROWS * c->sh.out};
	rng_init(&r, 4, RNG_TEST, b->nw, b->nx);
	b->w = mem_zalloc(b->nw + 1, sizeof(*b->w));
	b->x = mem_zalloc(b->nx, sizeof(*b->x));
	b->y = mem_zalloc(b->ny, sizeof(*b->y));
	cost = mem_zalloc(b->ny, sizeof(*cost));
	b->fw = mem_floats(b->nw);
	b->fx = mem_floats(b->nx);
	b->fy = mem_floats(b->ny);
	b->cost = mem_floats(b->ny);
	b->keep = mem_floats(t->keep_count(&c->sh, ROWS));
	b->scratch = mem_floats(t->scratch_count(&c->sh, ROWS));
	b->dx = mem_floats(b->nx);
	b->dw = mem_floats(b->nw);
	b->ready = mem_floats(t->ready_count(&c->sh));
	b->again = mem_floats(b->ny);
	b->spare = mem_floats(t->infer_scratch(&c->sh, ROWS));
	fill(&r, b->nw, b->w, b->fw);
	fill(&r, b->nx, b->x, b->fx);
	fill(&r, b->ny, cost, b->cost);
	b->ids = c->sh.ids ? mem_floats((size_t)ROWS * c->sh.ids) : NULL;
	for (int i = 0; i < ROWS * c->sh.ids; i++)
		b->ids[i] = (float)rng_below(&r, 2);
	t->prepare(&c->sh, b->fw, NULL, NULL, b->ready);
	free(cost);
}

static void bench_release(struct bench *b)
{
	void *all[] = {b->w,       b->x,     b->y,     b->fw,    b->fx,
		       b->fy,      b->keep,  b->cost,  b->dx,    b->dw,
		       b->scratch, b->ready, b->again, b->spare, b->ids};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		free(all[i]);
}

static struct layer_run training(struct bench *b)
{
	return (struct layer_run){
		.batch = ROWS,
		.sequences = SEQUENCES,
		.begin = begin,
		.w = b->fw,
		.x = b->fx,
		.skip = b->ids,
		.y = b->fy,
		.keep = b->keep,
		.scratch = b->scratch,
		.dy = b->cost,
		.dx = b->dx,
		.dw = b->dw,
	};
}

static struct layer_run inference(struct bench *b)
{
	return (struct layer_run){
		.batch = ROWS,
		.sequences = SEQUENCES,
		.begin = begin,
		.w = b->ready,
		.x = b->fx,
		.skip = b->ids,
		.y = b->again,
		.scratch = b->spare,
	};
}

static double cost_of(struct bench *b)
{
	const struct layer_shape *sh = &b->c->sh;
	double sum = 0;

	for (int s = 0; s < SEQUENCES; s++) {
		ids_now = b->ids ? b->ids + begin[s] * sh->ids : NULL;
		b->c->oracle(sh, begin[s + 1] - begin[s], b->w,
			     b->x + begin[s] * sh->in,
			     b->y + begin[s] * sh->out);
	}
	for (size_t i = 0; i < b->ny; i++)
		sum += (double)b->cost[i] * b->y[i];
	return sum;
}

static void check_outputs(struct bench *b, const float *got, const char *pass)
{
	cost_of(b);
	for (size_t i = 0; i < b->ny; i++)
		if (!(fabs((double)got[i] - b->y[i]) <=
		      3e-5 * (1 + fabs(b->y[i]))))
			fail_msg("%s, %s: output %zu is %g, not %g",
				 b->c->type->name, pass, i, (double)got[i],
				 b->y[i]);
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
		if (!(fabs((double)got[i] - d) <= 2e-4 * (1 + fabs(d))))
			fail_msg("%s: slope %zu of %zu is %g, not %g",
				 b->c->type->name, i, n, (double)got[i], d);
	}
}

/* First overwriting, then adding the same again; dw without dx is the same. */
static void check_gradients(struct bench *b)
{
	const struct layer_type *t = b->c->type;
	struct layer_run r = training(b);
	float *alone = mem_floats(b->nw);

	t->forward(&b->c->sh, &r);
	check_outputs(b, b->fy, "training");
	memset(b->dx, 0xff, b->nx * sizeof(*b->dx)); /* NaN */
	for (int times = 1; times <= 2; times++) {
		t->backward(&b->c->sh, &r);
		check_slopes(b, b->nx, b->x, b->dx, times);
		check_slopes(b, b->nw, b->w, b->dw, times);
		if (times == 1)
			memcpy(alone, b->dw, b->nw * sizeof(*alone));
		r.dx_add = true;
	}
	memset(b->dw, 0, b->nw * sizeof(*b->dw));
	r.dx = NULL;
	t->backward(&b->c->sh, &r);
	assert_memory_equal(b->dw, alone, b->nw * sizeof(*alone));
	free(alone);
}

/* Sample by sample, the sequences in turn, each in a lane of its own: the bits
 * of one call. */
static void check_steps(struct bench *b)
{
	const struct layer_type *t = b->c->type;
	const struct layer_shape *sh = &b->c->sh;
	size_t lane_step = t->memory_count(sh) + 3;
	float *memory = mem_floats(SEQUENCES * lane_step), one[32];
	struct layer_run r = inference(b);

	t->infer(sh, &r);
	check_outputs(b, b->again, "inference");
	r = (struct layer_run){.batch = 1,
			       .sequences = 1,
			       .w = b->ready,
			       .y = one,
			       .scratch = b->spare,
			       .memory = memory,
			       .lane_step = lane_step};
	assert_in_range(sh->out, 1, ARRAY_LEN(one));
	for (int k = 0; k < LONGEST; k++)
		for (int s = 0; s < SEQUENCES; s++) {
			int lane = SEQUENCES - 1 - s, row = begin[s] + k;

			if (row >= begin[s + 1])
				continue;
			r.lane = &lane;
			r.x = b->fx + row * sh->in;
			r.skip = b->ids ? b->ids + row * sh->ids : NULL;
			t->infer(sh, &r);
			assert_memory_equal(one, b->again + row * sh->out,
					    sh->out * sizeof(*one));
		}
	for (int s = 0; s < SEQUENCES; s++)
		for (int i = 1; i <= 3; i++)
			assert_true(memory[(s + 1) * lane_step - i] == 0);
	free(memory);
}

/* All but the second sequence keep their bits when that one changes, and it
 * changes from the sample on that does. */
static void check_apart(struct bench *b)
{
	const struct layer_type *t = b->c->type;
	const struct layer_shape *sh = &b->c->sh;
	struct layer_run r = inference(b);
	float *was = mem_floats(b->ny);
	int changed = begin[1] + 2;

	memcpy(was, b->again, b->ny * sizeof(*was));
	for (int i = 0; i < sh->in; i++)
		b->fx[changed * sh->in + i] += 0.5f;
	t->infer(sh, &r);
	for (int row = 0; row < ROWS; row++) {
		bool same =
			!memcmp(was + row * sh->out, b->again + row * sh->out,
				sh->out * sizeof(*was));

		/* A place says nothing of other samples, and an n-gram only of
		 * those that it finds. */
		if (row < changed || row >= begin[2])
			assert_true(same);
		else if (t == &layer_position)
			assert_int_equal(same, row > changed);
		else if (t != &layer_ngram)
			assert_false(same);
	}
	free(was);
}

static void test_mixers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;

		bench_init(&b, &cases[i]);
		check_gradients(&b);
		check_steps(&b);
		check_apart(&b);
		bench_release(&b);
	}
}

/* Products decay, biases do not; all learn. */
static void test_masks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct layer_shape *sh = &cases[i].sh;
		size_t n = cases[i].type->param_count(sh), biases = 0;
		float *decay = mem_floats(n), *learn = mem_floats(n);

		cases[i].type->masks(sh, decay, learn);
		for (size_t k = 0; k < n; k++) {
			assert_true(decay[k] == 0 || decay[k] == 1);
			assert_true(learn[k] == 1);
			biases += decay[k] == 0;
		}
		assert_int_equal(biases,
				 cases[i].type == &layer_gru ? 3 * sh->out
				 : cases[i].type == &layer_position ? (int)n
								    : 0);
		free(decay);
		free(learn);
	}
}

/* What a lane keeps, and the work of a sample, as by hand. */
static void test_sizes(void **state)
{
	const struct layer_shape gru = SHAPE(192, 64, 0);
	const struct layer_shape linear = SHAPE(192, 64, 4);
	const struct layer_shape fast = SHAPE(196, 64, 4);

	(void)state;
	assert_int_equal(layer_gru.memory_count(&gru), 64);
	assert_int_equal(layer_linear_attention.memory_count(&linear),
			 4 * (16 * 16 + 16));
	assert_int_equal(layer_fast_weights.memory_count(&fast),
			 4 * 16 * 16 + 1);
	assert_true(layer_gru.flops(&gru) == 2 * 64 * 192);
	assert_true(layer_linear_attention.flops(&linear) == 4 * 4 * 16 * 16);
	assert_true(layer_fast_weights.flops(&fast) == 6 * 4 * 16 * 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mixers),
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
