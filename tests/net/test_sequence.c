/* SPDX-License-Identifier: MIT */
/*
 * Networks over sequences, and layers put together as no body of the table does
 * it: a body and a layer of this file's own go through the same interfaces.
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
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/batch.h"
#include "core/net/body.h"
#include "core/net/graph.h"
#include "core/net/head.h"
#include "core/net/layer.h"
#include "core/net/net.h"

/*
 * Layer `recur`: h[t] = a h[t - 1] + b x[t] for each channel, over the samples
 * of a sequence.  w: a(O), b(O); I = O, S = 1; h is what it remembers.
 */
static size_t recur_params(const struct layer_shape *sh)
{
	return (size_t)2 * sh->out;
}

static void recur_init(const struct layer_shape *sh, struct rng *r, float *w)
{
	for (int o = 0; o < sh->out; o++) {
		w[o] = 0.9f * rng_float(r);
		w[sh->out + o] = 1;
	}
}

static void recur_masks(const struct layer_shape *sh, float *decay,
			float *learn)
{
	for (int i = 0; i < 2 * sh->out; i++) {
		decay[i] = 0;
		learn[i] = 1;
	}
}

static void recur_run(const struct layer_shape *sh, const struct layer_run *r)
{
	int n = sh->out;

	for (int s = 0; s < r->sequences; s++) {
		float *h = layer_memory(r, s);

		for (int o = 0; o < n; o++) {
			float now = h ? h[o] : 0;

			for (int t = layer_begin(r, s);
			     t < layer_begin(r, s + 1); t++)
				r->y[t * n + o] = now =
					r->w[o] * now +
					r->w[n + o] * r->x[t * n + o];
			if (h)
				h[o] = now;
		}
	}
}

static void recur_backward(const struct layer_shape *sh,
			   const struct layer_run *r)
{
	int n = sh->out;

	for (int s = 0; s < r->sequences; s++)
		for (int o = 0; o < n; o++) {
			int first = layer_begin(r, s);
			float dh = 0;

			for (int t = layer_begin(r, s + 1) - 1; t >= first;
			     t--) {
				int i = t * n + o;
				float dx;

				dh = r->dy[i] + r->w[o] * dh;
				if (t > first)
					r->dw[o] += dh * r->y[i - n];
				r->dw[n + o] += dh * r->x[i];
				dx = dh * r->w[n + o];
				if (r->dx)
					r->dx[i] =
						r->dx_add ? r->dx[i] + dx : dx;
			}
		}
}

static void recur_prepare(const struct layer_shape *sh, const float *w,
			  const float *mul, const float *add, float *ready)
{
	assert_null(mul);
	assert_null(add);
	memcpy(ready, w, recur_params(sh) * sizeof(*w));
}

static const struct layer_type recur = {
	.name = "recur",
	.param_count = recur_params,
	.out_count = layer_board_count,
	.describe = layer_board_text,
	.init = recur_init,
	.masks = recur_masks,
	.keep_count = layer_no_room,
	.scratch_count = layer_no_room,
	.forward = recur_run,
	.backward = recur_backward,
	.ready_count = recur_params,
	.prepare = recur_prepare,
	.infer_scratch = layer_no_room,
	.infer = recur_run,
	.memory_count = layer_board_count,
};

/* Body `history`: a dense layer, then two that remember. */
struct history {
	int width;
};

static const struct conf_spec history_conf[] = {
	{"width", CONF_INT, offsetof(struct history, width), 1, 64, "6", NULL,
	 "channels"},
	{.name = NULL},
};

static void history_build(const struct net_config *c, const void *conf,
			  struct net_graph *g)
{
	int n = ((const struct history *)conf)->width;
	struct layer_shape sh = {.rows = 1, .cols = 1, .in = n, .out = n};
	int x = net_graph_dense(g, "in", c->planes, n, true, GAIN_RELU, 0);

	x = net_graph_add(g, &recur, "recur", sh, x, NET_NO_VALUE);
	x = net_graph_add(g, &recur, "recur", sh, x, NET_NO_VALUE);
	g->trunk = (struct net_trunk){x, 1, 1, n};
}

static const struct net_body history = {
	.name = "history",
	.conf = history_conf,
	.conf_size = sizeof(struct history),
	.build = history_build,
};

/* Body `knots`: norms that no convolution can do on its way: one whose input is
 * read twice, one with a skip that comes later, one after a pooling. */
static void knots_build(const struct net_config *c, const void *conf,
			struct net_graph *g)
{
	enum { N = 5 };
	struct layer_shape in = {.rows = c->rows,
				 .cols = c->cols,
				 .in = c->planes,
				 .out = N,
				 .gain = 1};
	struct layer_shape sh = in, norm = in;
	int u, v, w, x;

	(void)conf;
	sh.in = norm.in = N;
	norm.relu = true;
	u = net_graph_add(g, &layer_conv1, "u", in, 0, NET_NO_VALUE);
	v = net_graph_add(g, &layer_norm, "v", norm, u, NET_NO_VALUE);
	v = net_graph_add(g, &layer_norm, "v", norm, u, v);
	w = net_graph_add(g, &layer_conv3, "w", sh, v, NET_NO_VALUE);
	x = net_graph_add(g, &layer_pool, "x", sh, v, NET_NO_VALUE);
	x = net_graph_add(g, &layer_norm, "x", norm, x, NET_NO_VALUE);
	w = net_graph_add(g, &layer_norm, "w", norm, w, x);
	w = net_graph_add(g, &layer_conv1, "w", sh, w, NET_NO_VALUE);
	w = net_graph_add(g, &layer_norm, "w", norm, w, x);
	g->trunk = (struct net_trunk){w, c->rows, c->cols, N};
}

static const struct net_body knots = {.name = "knots", .build = knots_build};

/* Networks that go through the same tests. */
static const struct kind {
	const struct net_body *body;
	const char *text;
	int rows, cols;
} kinds[] = {
	{&history, "policy=3,value=2,hidden=5,lead=yes", 1, 1},
	{&net_body_transformer,
	 "width=8,layers=2,heads=2,ff=2,context=5,lead=yes,result=yes", 2, 2},
	{&net_body_transformer,
	 "width=16,layers=1,heads=1,ff=1,context=5,position=rotary,mlp=swiglu,"
	 "board=conv,filters=3,blocks=1",
	 2, 3},
	{&net_body_transformer,
	 "width=8,layers=1,heads=1,ff=1,context=5,ngram=1,ngram_ids=1", 1, 1},
	{&net_body_gru, "width=8,layers=2,ff=2,result=yes", 2, 2},
	{&net_body_linear, "width=8,layers=2,heads=2,ff=2", 1, 2},
	{&net_body_fast, "width=8,layers=2,heads=2,ff=2", 2, 1},
};
enum { HISTORY, KINDS = ARRAY_LEN(kinds) };
static const struct kind knotty = {&knots, "policy=3,value=2,hidden=5,lead=yes",
				   3, 2};
static const int id_sizes[] = {3, 7};

/* Four sequences of 1, 5, 2 and 3 samples. */
enum { SEQUENCES = 4, ROWS = 11, LONGEST = 5 };
static const int begin[SEQUENCES + 1] = {0, 1, 6, 8, 11};

struct fixture {
	struct net_config c;
	struct net_rows rows;
	struct net_batch batch;
	size_t count;
	float *params, *grad, *stats;
	struct net_trainer *t;
	struct net_plan *plan;
	struct net_work *work;
	float *out[NET_HEADS];
};

static void fill(struct rng *r, float *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = rng_normal(r);
}

static void fill_targets(struct rng *r, struct net_rows *rows)
{
	for (int i = 0; i < ROWS; i++) {
		struct net_row row = net_rows_at(rows, i);

		for (int h = 0; h < NET_HEADS; h++) {
			size_t n = rows->target_size[h];
			float sum = 0;

			for (size_t k = 0; k < n; k++)
				sum += row.target[h][k] = rng_float(r);
			for (size_t k = 0; h != NET_LEAD && k < n; k++)
				row.target[h][k] /= sum;
			if (n)
				*row.weight[h] = 0.5f + rng_float(r);
		}
	}
}

/* Whole numbers, where rows have some. */
static void fill_ids(struct rng *r, struct net_rows *rows)
{
	for (int b = 0; b < ROWS; b++) {
		struct net_row row = net_rows_at(rows, b);

		for (size_t i = 0; row.ids && i < ARRAY_LEN(id_sizes); i++)
			row.ids[i] = (float)rng_below(r, id_sizes[i]);
	}
}

static void fixture_init(struct fixture *f, const struct kind *k)
{
	struct rng r;

	*f = (struct fixture){.c = {.planes = 3,
				    .rows = k->rows,
				    .cols = k->cols,
				    .moves = 4,
				    .id_count = ARRAY_LEN(id_sizes)}};
	memcpy(f->c.id_size, id_sizes, sizeof(id_sizes));
	assert_int_equal(net_config_read(&f->c, k->body, k->text, NULL),
			 ERR_OK);
	rng_init(&r, 5, RNG_TEST, 0, 0);
	f->count = net_param_count(&f->c);
	f->params = mem_floats(f->count);
	f->grad = mem_floats(f->count);
	f->stats = mem_floats(net_stat_count(&f->c));
	net_init(&f->c, 7, f->params);
	net_rows_init(&f->rows, &f->c, ROWS);
	fill(&r, f->rows.first.x, ROWS * f->rows.x_size);
	fill_ids(&r, &f->rows);
	fill_targets(&r, &f->rows);
	f->batch = net_rows_batch(&f->rows, ROWS);
	f->batch.sequences = SEQUENCES;
	f->batch.begin = begin;
	f->t = net_trainer_new(&f->c, ROWS);
	f->plan = net_plan_new(&f->c, f->params);
	f->work = net_work_new(f->plan, ROWS);
	for (int h = 0; h < NET_HEADS; h++)
		if (net_config_has(&f->c, h))
			f->out[h] = mem_floats(
				ROWS * (size_t)net_heads[h]->size(&f->c));
}

static void fixture_release(struct fixture *f)
{
	for (int h = 0; h < NET_HEADS; h++)
		free(f->out[h]);
	net_work_free(f->work);
	net_plan_free(f->plan);
	net_trainer_free(f->t);
	net_rows_release(&f->rows);
	free(f->params);
	free(f->grad);
	free(f->stats);
}

static double train(struct fixture *f)
{
	struct net_loss loss;
	double sum = 0;

	memset(f->grad, 0, f->count * sizeof(*f->grad));
	net_train(f->t, f->params, &f->batch, NULL, f->grad, f->stats, &loss);
	for (int h = 0; h < NET_HEADS; h++)
		sum += (double)net_heads[h]->weight * loss.head[h].figure[0];
	return sum;
}

/* Against central differences, over sequences of unlike lengths. */
static void check_gradient(const struct kind *k)
{
	double error = 0, size = 0;
	struct fixture f;
	float *grad;

	fixture_init(&f, k);
	grad = mem_floats(f.count);
	train(&f);
	memcpy(grad, f.grad, f.count * sizeof(*grad));
	for (size_t i = 0; i < f.count; i++) {
		const float h = 1e-3f;
		float was = f.params[i];
		double up, d;

		f.params[i] = was + h;
		up = train(&f);
		f.params[i] = was - h;
		d = (up - train(&f)) / (2 * (double)h);
		f.params[i] = was;
		error += (d - (double)grad[i]) * (d - (double)grad[i]);
		size += d * d;
	}
	print_message("gradient: relative error %.2g\n", sqrt(error / size));
	assert_true(size > 0);
	assert_true(sqrt(error / size) < 0.02);
	free(grad);
	fixture_release(&f);
}

static void test_gradient(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++)
		check_gradient(&kinds[k]);
	check_gradient(&knotty);
}

/* The layer against plain loops in double. */
static void test_recurrence(void **state)
{
	enum { N = 3 };
	const struct layer_shape sh = {.rows = 1, .cols = 1, .in = N, .out = N};
	float w[2 * N], x[ROWS * N], y[ROWS * N];
	struct layer_run r = {.batch = ROWS,
			      .sequences = SEQUENCES,
			      .begin = begin,
			      .w = w,
			      .x = x,
			      .y = y};
	struct rng rng;

	(void)state;
	rng_init(&rng, 9, RNG_TEST, 0, 0);
	fill(&rng, w, 2 * N);
	fill(&rng, x, ROWS * N);
	recur.forward(&sh, &r);
	for (int s = 0; s < SEQUENCES; s++)
		for (int o = 0; o < N; o++) {
			double h = 0;

			for (int t = begin[s]; t < begin[s + 1]; t++) {
				h = (double)w[o] * h +
				    (double)w[N + o] * (double)x[t * N + o];
				assert_true(fabs(h - (double)y[t * N + o]) <
					    1e-5);
			}
		}
}

/* Rows first .. first + n - 1 of what was said, as of `all`. */
static void assert_rows(const struct fixture *f, float *const got[NET_HEADS],
			int n, int first)
{
	for (int h = 0; h < NET_HEADS; h++)
		if (got[h]) {
			size_t size = (size_t)net_heads[h]->size(&f->c);

			assert_memory_equal(got[h], f->out[h] + first * size,
					    n * size * sizeof(float));
		}
}

/* A memory, and room for one answer of each head. */
struct stepper {
	struct fixture *f;
	struct net_memory *m;
	float *out[NET_HEADS];
};

static void stepper_init(struct stepper *s, struct fixture *f, int lanes)
{
	*s = (struct stepper){.f = f, .m = net_memory_new(f->plan, lanes)};
	for (int h = 0; h < NET_HEADS; h++)
		if (f->out[h])
			s->out[h] = mem_floats(
				SEQUENCES * (size_t)net_heads[h]->size(&f->c));
	net_infer(f->plan, f->work, NULL, &f->batch, f->out);
}

static void stepper_release(struct stepper *s)
{
	net_memory_free(s->m);
	for (int h = 0; h < NET_HEADS; h++)
		free(s->out[h]);
}

/* Sample `row` alone, in `lane`; without answers if not `told`. */
static void step(struct stepper *s, int row, int lane, bool told)
{
	float *none[NET_HEADS] = {NULL};
	struct net_batch one = {.sequences = 1,
				.x = s->f->rows.first.x +
				     row * s->f->rows.x_size,
				.lane = &lane};

	net_infer(s->f->plan, s->f->work, s->m, &one, told ? s->out : none);
	if (told)
		assert_rows(s->f, s->out, 1, row);
}

/* Sample by sample, all sequences in turn, each in a lane of its own. */
static void check_steps_are_the_whole(const struct kind *k)
{
	struct fixture f;
	struct stepper s;

	fixture_init(&f, k);
	stepper_init(&s, &f, SEQUENCES + 1);
	for (int t = 0; t < LONGEST; t++)
		for (int q = 0; q < SEQUENCES; q++)
			if (begin[q] + t < begin[q + 1])
				step(&s, begin[q] + t, SEQUENCES - q, true);
	stepper_release(&s);
	fixture_release(&f);
}

static void test_steps_are_the_whole(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++)
		check_steps_are_the_whole(&kinds[k]);
}

/* Some in one call, the rest in another; lanes by default are sequences. */
static void check_parts_are_the_whole(const struct kind *k)
{
	static const int from[] = {0, 2}, to[] = {0, 3};
	struct net_batch part;
	struct fixture f;
	struct stepper s;

	fixture_init(&f, k);
	stepper_init(&s, &f, 1);
	part = (struct net_batch){.sequences = 1,
				  .begin = from,
				  .x = f.rows.first.x + 1 * f.rows.x_size};
	net_infer(f.plan, f.work, s.m, &part, s.out);
	assert_rows(&f, s.out, 2, 1);
	part.begin = to;
	part.x = f.rows.first.x + 3 * f.rows.x_size;
	net_infer(f.plan, f.work, s.m, &part, s.out);
	assert_rows(&f, s.out, 3, 3);
	stepper_release(&s);
	fixture_release(&f);
}

static void test_parts_are_the_whole(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++)
		check_parts_are_the_whole(&kinds[k]);
}

/* A lane can be set back, be copied within and to another memory, and goes on
 * when nobody asks for an answer. */
static void test_lanes(void **state)
{
	struct net_memory *other;
	struct fixture f;
	struct stepper s;

	(void)state;
	fixture_init(&f, &kinds[HISTORY]);
	stepper_init(&s, &f, 2);
	other = net_memory_new(f.plan, 1);
	step(&s, 8, 0, true);
	net_memory_reset(s.m, 0);
	for (int t = 1; t < 4; t++)
		step(&s, t, 0, false);
	net_memory_copy(other, 0, s.m, 0);
	net_memory_copy(s.m, 1, s.m, 0);
	step(&s, 4, 0, true);
	step(&s, 5, 0, true);
	step(&s, 4, 1, true);
	net_memory_copy(s.m, 0, other, 0);
	step(&s, 4, 0, true);
	assert_int_equal(net_memory_bytes(&f.c, 3),
			 3 * 2 * 6 * sizeof(float)); /* two layers of 6 */
	net_memory_free(other);
	net_memory_free(NULL);
	stepper_release(&s);
	fixture_release(&f);
}

/* Without `begin` each sample stands alone, as in a network over boards. */
static void check_alone(const struct kind *k)
{
	struct fixture f;
	struct stepper s;

	fixture_init(&f, k);
	f.batch.sequences = ROWS;
	f.batch.begin = NULL;
	stepper_init(&s, &f, 1);
	for (int row = 0; row < ROWS; row++) {
		net_memory_reset(s.m, 0);
		step(&s, row, 0, true);
	}
	stepper_release(&s);
	fixture_release(&f);
}

static void test_alone(void **state)
{
	(void)state;
	for (int k = 0; k < KINDS; k++)
		check_alone(&kinds[k]);
}

/* What HACKING says a token of training takes, but for the heads. */
static void test_flops(void **state)
{
	const double d = 64, layers = 3, t = 200;
	struct net_config c = {.moves = 4, .id_count = 1, .id_size = {5}};
	double heads = 2 * d * (4 + 3);

	(void)state;
	assert_int_equal(net_config_parse(&c,
					  "transformer:width=64,layers=3,"
					  "context=199",
					  NULL),
			 ERR_OK);
	assert_true(3 * (net_flops(&c) - heads) ==
		    6 * 12 * layers * d * d + 6 * layers * d * t);
}

/* With momentum 1 the running statistics are the batch's, so inference must
 * see what training saw: here the lead, by its loss. */
static void test_norms_stand_alone(void **state)
{
	struct net_loss loss;
	struct fixture f;
	double sum = 0;

	(void)state;
	fixture_init(&f, &knotty);
	net_train(f.t, f.params, &f.batch, NULL, f.grad, f.stats, &loss);
	net_stats_update(&f.c, f.params, f.stats, 1);
	net_plan_free(f.plan);
	f.plan = net_plan_new(&f.c, f.params);
	net_infer(f.plan, f.work, NULL, &f.batch, f.out);
	for (int b = 0; b < ROWS; b++) {
		double off = (double)f.out[NET_LEAD][b] -
			     (double)f.batch.target[NET_LEAD][b];

		assert_true(fabs(off) < 1); /* Huber's loss is the square */
		sum += (double)f.batch.weight[NET_LEAD][b] * off * off / 2;
	}
	assert_true(fabs(sum - net_loss_sum(&loss, "loss.lead")) < 1e-4 * sum);
	assert_int_equal(net_memory_bytes(&f.c, 8), 0);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recurrence),
		cmocka_unit_test(test_gradient),
		cmocka_unit_test(test_steps_are_the_whole),
		cmocka_unit_test(test_parts_are_the_whole),
		cmocka_unit_test(test_lanes),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_flops),
		cmocka_unit_test(test_norms_stand_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
