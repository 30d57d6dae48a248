/* SPDX-License-Identifier: MIT */
/* The whole network: gradients, inference against training, repeatability. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/net/optim.h"

/* Of any game, and with every head: moves on 3 planes, two of which are the
 * board's. */
static struct net_config small, rich;

static void make(struct net_config *c, int planes, int rows, int cols,
		 int moves, const char *net)
{
	static const uint16_t place[] = {0, 7, 60, 59, 61, 31, 30};

	*c = (struct net_config){.planes = planes,
				 .rows = rows,
				 .cols = cols,
				 .moves = moves,
				 .place_planes = 3,
				 .place_pooled = 2};
	memcpy(c->place, place, sizeof(place));
	assert_int_equal(net_config_parse(c, net, NULL), ERR_OK);
}

static int setup(void **state)
{
	(void)state;
	make(&small, 2, 4, 5, 5,
	     "tower:filters=6,blocks=2,pool=1,policy=3,value=2,hidden=7");
	make(&rich, 2, 4, 5, 7,
	     "tower:filters=6,blocks=2,policy=4,value=2,hidden=7,head=planes,"
	     "ownership=yes,lead=yes");
	return 0;
}

/* A batch of noise with proper targets, and a network whose every parameter
 * matters (fresh ones have branches that are multiplied by zero). */
struct fixture {
	const struct net_config *c;
	struct net_trainer *t;
	size_t count;
	int n;
	float *params, *grad, *stats;
	struct net_rows rows;
	struct net_batch batch; /* all of them */
};

static const float head_weight[NET_HEADS] = {
	[NET_POLICY] = 1,
	[NET_VALUE] = 1.5f,
	[NET_OWNERSHIP] = 3,
	[NET_LEAD] = 0.7f,
};

static void distribution(struct rng *r, int k, float *out)
{
	float sum = 0;

	for (int i = 0; i < k; i++)
		sum += out[i] = rng_float(r);
	for (int i = 0; i < k; i++)
		out[i] /= sum;
}

/* A policy where not every move is legal. */
static void choice(struct rng *r, int k, float *out)
{
	distribution(r, k, out);
	for (int i = 1; i < k; i++)
		if (rng_below(r, 2)) {
			out[0] += out[i];
			out[i] = NET_LEFT_OUT;
		}
}

/* Target i of a head, and its weight: not every sample has an owner. */
static void targets(struct rng *r, struct net_rows *rows, int i)
{
	struct net_row row = net_rows_at(rows, i);

	choice(r, (int)rows->target_size[NET_POLICY], row.target[NET_POLICY]);
	distribution(r, 3, row.target[NET_VALUE]);
	*row.weight[NET_POLICY] = *row.weight[NET_VALUE] = 0.5f + rng_float(r);
	for (size_t k = 0; k < rows->target_size[NET_OWNERSHIP]; k++)
		row.target[NET_OWNERSHIP][k] = 2 * rng_float(r) - 1;
	if (row.target[NET_LEAD])
		*row.target[NET_LEAD] = 1.5f * rng_normal(r);
	for (int h = NET_OWNERSHIP; h <= NET_LEAD; h++)
		if (row.weight[h])
			*row.weight[h] = i % 3 ? *row.weight[NET_POLICY] : 0;
}

static void fixture_init(struct fixture *f, const struct net_config *c, int n)
{
	float *learn, *decay;
	struct rng r;

	f->c = c;
	f->n = n;
	f->count = net_param_count(c);
	f->t = net_trainer_new(c, n);
	f->params = mem_floats(f->count);
	f->grad = mem_floats(f->count);
	f->stats = mem_floats(net_stat_count(c));
	net_rows_init(&f->rows, c, n);
	f->batch = net_rows_batch(&f->rows, n);
	learn = mem_floats(f->count);
	decay = mem_floats(f->count);
	net_init(c, 7, f->params);
	net_masks(c, decay, learn);
	rng_init(&r, 5, RNG_TEST, 0, 0);
	for (size_t i = 0; i < f->count; i++)
		if (learn[i] > 0)
			f->params[i] += 0.2f * rng_normal(&r);
	for (size_t i = 0; i < (size_t)n * f->rows.x_size; i++)
		f->rows.first.x[i] = rng_normal(&r);
	for (int i = 0; i < n; i++)
		targets(&r, &f->rows, i);
	free(learn);
	free(decay);
}

static void fixture_release(struct fixture *f)
{
	net_trainer_free(f->t);
	free(f->params);
	free(f->grad);
	free(f->stats);
	net_rows_release(&f->rows);
}

static double total(const struct net_loss *loss)
{
	double sum = 0;

	for (int h = 0; h < NET_HEADS; h++)
		sum += (double)head_weight[h] * loss->head[h].figure[0];
	return sum;
}

static double train(struct fixture *f, struct net_loss *loss)
{
	memset(f->grad, 0, f->count * sizeof(*f->grad));
	net_train(f->t, f->params, &f->batch, head_weight, f->grad, f->stats,
		  loss);
	return total(loss);
}

/* Half the square of a row's first logit, times its number. */
static void own_loss(const void *self, int row, const struct net_head_row *r)
{
	(void)self;
	memset(r->dy, 0, (size_t)r->size * sizeof(*r->dy));
	r->dy[0] = r->scale * (float)row * r->y[0];
	r->figure[0] +=
		(double)r->weight * row * (double)r->y[0] * (double)r->y[0] / 2;
}

static const struct net_judge own_judge = {NET_POLICY, own_loss, NULL};

static void check_gradient(const struct net_config *c, bool steady,
			   const struct net_judge *judge)
{
	struct net_loss loss;
	struct fixture f;
	float *grad, *learn, *decay;
	double error = 0, size = 0;

	fixture_init(&f, c, 6);
	learn = mem_floats(f.count);
	decay = mem_floats(f.count);
	net_masks(c, decay, learn);
	f.batch.steady = steady;
	f.batch.judge = judge;
	train(&f, &loss);
	grad = mem_floats(f.count);
	memcpy(grad, f.grad, f.count * sizeof(*grad));
	for (size_t i = 0; i < f.count; i++) {
		const float h = 7e-4f;
		float was = f.params[i];
		double up, down, d;

		/* No gradient is wanted of statistics. */
		if (!(learn[i] > 0))
			continue;
		f.params[i] = was + h;
		up = train(&f, &loss);
		f.params[i] = was - h;
		down = train(&f, &loss);
		f.params[i] = was;
		d = (up - down) / (2 * (double)h);
		error += (d - (double)grad[i]) * (d - (double)grad[i]);
		size += d * d;
	}
	print_message("gradient: relative error %.2g\n", sqrt(error / size));
	assert_true(size > 0);
	assert_true(sqrt(error / size) < 0.02);
	free(learn);
	free(decay);
	free(grad);
	fixture_release(&f);
}

static void test_gradient(void **state)
{
	(void)state;
	check_gradient(&small, false, NULL);
	check_gradient(&rich, false, NULL);
	check_gradient(&rich, true, NULL);
	check_gradient(&rich, false, &own_judge);
}

/* A steady batch is trained on as it is played with: the losses are those of
 * inference, and the running statistics stay. */
static void test_steady(void **state)
{
	struct net_loss loss, played;
	struct net_plan *plan;
	struct net_work *work;
	struct fixture f;
	float *before;

	(void)state;
	fixture_init(&f, &rich, 6);
	train(&f, &loss);
	net_stats_update(f.c, f.params, f.stats, 0.3f);
	f.batch.steady = true;
	train(&f, &loss);
	plan = net_plan_new(f.c, f.params);
	work = net_work_new(plan, f.n);
	net_measure(plan, work, NULL, &f.batch, &played);
	for (int h = NET_POLICY; h <= NET_LEAD; h++)
		assert_true(fabs(loss.head[h].figure[0] -
				 played.head[h].figure[0]) <
			    1e-4 * fabs(played.head[h].figure[0]));
	before = mem_floats(f.count);
	memcpy(before, f.params, f.count * sizeof(*before));
	net_stats_update(f.c, f.params, f.stats, 0.3f);
	assert_memory_equal(before, f.params, f.count * sizeof(*before));
	free(before);
	net_work_free(work);
	net_plan_free(plan);
	fixture_release(&f);
}

/* Each head alone says what it says among the others, bit for bit. */
static void check_alone(const struct net_plan *p, struct net_work *w,
			const struct fixture *f, float *const out[NET_HEADS])
{
	for (int h = 0; h < NET_HEADS; h++) {
		size_t n = (size_t)f->n * net_heads[h]->size(f->c);
		float *again = mem_floats(n);
		float *one[NET_HEADS] = {NULL};

		one[h] = again;
		if (out[h]) {
			net_infer(p, w, NULL, &f->batch, one);
			assert_memory_equal(again, out[h], n * sizeof(*again));
		}
		free(again);
	}
}

/* The losses, worked out from what inference says of row b. */
static double policy_loss(const float *y, const float *t, int moves)
{
	double sum = 0, loss = 0;

	for (int i = 0; i < moves; i++)
		sum += t[i] < 0 ? 0 : exp((double)y[i]);
	for (int i = 0; i < moves; i++)
		loss += fmax((double)t[i], 0) * (log(sum) - (double)y[i]);
	return loss;
}

static double value_loss(const float *y, const float *t, int n)
{
	double loss = 0;

	for (int i = 0; i < n; i++)
		loss -= (double)t[i] * log((double)y[i]);
	return loss;
}

static double owner_loss(const float *y, const float *t, int cells)
{
	double loss = 0;

	for (int i = 0; i < cells; i++) {
		double own = (1 + (double)y[i]) / 2;
		double target = (1 + (double)t[i]) / 2;

		loss -= target * log(own) + (1 - target) * log(1 - own);
	}
	return loss / cells;
}

static double lead_loss(const float *y, const float *t, int n)
{
	double off = fabs((double)*y - fmin(fmax((double)*t, -2), 2));

	(void)n;
	return off < 1 ? off * off / 2 : off - 0.5;
}

/* With momentum 1 the running statistics are the batch's, so inference must
 * see what training saw. */
static void check_infer(const struct net_config *c, int n)
{
	static double (*const losses[NET_HEADS])(const float *, const float *,
						 int) = {
		[NET_POLICY] = policy_loss,
		[NET_VALUE] = value_loss,
		[NET_OWNERSHIP] = owner_loss,
		[NET_LEAD] = lead_loss,
	};
	float *out[NET_HEADS] = {NULL};
	struct net_plan *p;
	struct net_work *w;
	struct net_loss loss, measured;
	struct fixture f;

	fixture_init(&f, c, n);
	train(&f, &loss);
	net_stats_update(c, f.params, f.stats, 1);
	p = net_plan_new(c, f.params);
	w = net_work_new(p, n + 2);
	for (int h = 0; h < NET_HEADS; h++)
		if (net_config_has(c, h))
			out[h] = mem_floats((size_t)n * net_heads[h]->size(c));
	net_infer(p, w, NULL, &f.batch, out);
	for (int h = 0; h < NET_HEADS; h++) {
		int size = net_heads[h]->size(c);
		double sum = 0;

		for (int b = 0; out[h] && b < n; b++)
			sum += (double)f.batch.weight[h][b] *
			       losses[h](out[h] + b * size,
					 f.batch.target[h] + b * size, size);
		assert_true(fabs(sum - loss.head[h].figure[0]) <=
			    1e-4 * sum + 1e-9);
	}
	check_alone(p, w, &f, out);
	net_measure(p, w, NULL, &f.batch, &measured);
	for (int h = 0; h < NET_HEADS; h++) {
		assert_true(measured.head[h].weight == loss.head[h].weight);
		for (int i = 0; i < NET_FIGURES; i++)
			assert_true(fabs(measured.head[h].figure[i] -
					 loss.head[h].figure[i]) <=
				    1e-4 * fabs(loss.head[h].figure[i]) + 1e-4);
		free(out[h]);
	}
	net_work_free(w);
	net_plan_free(p);
	fixture_release(&f);
}

static void test_infer_is_forward(void **state)
{
	static const struct {
		int planes, rows, cols, moves;
		const char *net;
	} others[] = {
		{3, 3, 3, 9, "tower:filters=16,blocks=1,hidden=32"},
		{2, 6, 7, 7, "tower:filters=32,blocks=2,policy=2,value=1"},
		{22, 9, 9, 82,
		 "tower:filters=20,blocks=2,pool=2,policy=5,value=3,hidden=10"},
		{1, 5, 1, 1,
		 "tower:filters=1,blocks=0,policy=1,value=1,hidden=1"},
	};
	struct net_config c;

	(void)state;
	check_infer(&small, 6);
	check_infer(&rich, 6);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		make(&c, others[i].planes, others[i].rows, others[i].cols,
		     others[i].moves, others[i].net);
		check_infer(&c, 3);
		check_infer(&c, 50);
	}
}

/* A policy without targets: neither its layers nor their statistics move, and
 * the rest is trained as if it were not there. */
static void test_value_alone(void **state)
{
	struct fixture f;
	struct net_loss loss;
	float *before;
	size_t bytes, moved = 0;

	(void)state;
	fixture_init(&f, &small, 6);
	bytes = f.count * sizeof(float);
	before = mem_floats(f.count);
	memset(f.grad, 0, bytes);
	f.batch.target[NET_POLICY] = NULL;
	net_train(f.t, f.params, &f.batch, NULL, f.grad, f.stats, &loss);
	assert_true(loss.head[NET_POLICY].weight == 0);
	assert_true(net_loss_mean(&loss, "loss.value") > 0);
	memcpy(before, f.params, bytes);
	net_stats_update(&small, f.params, f.stats, 0.5f);
	for (size_t i = 0; i < f.count; i++)
		moved += before[i] < f.params[i] || before[i] > f.params[i];
	/* Five norms of the tower, and the value's. */
	assert_int_equal(moved, 2 * (5 * 6 + 2));
	free(before);
	fixture_release(&f);
}

/* Heads that are not trained, and heads that are not there, leave the rest as
 * it is: parameters, gradients, statistics, outputs. */
static void test_extra_heads_stand_apart(void **state)
{
	struct net_config bare = rich;
	struct net_loss loss;
	struct fixture f, b;

	(void)state;
	bare.has[NET_OWNERSHIP] = bare.has[NET_LEAD] = false;
	fixture_init(&f, &rich, 6);
	fixture_init(&b, &bare, 6);
	assert_true(b.count < f.count);
	net_init(&rich, 7, f.params);
	net_init(&bare, 7, b.params);
	assert_memory_equal(f.params, b.params, b.count * sizeof(float));
	memset(f.grad, 0, f.count * sizeof(float));
	memset(b.grad, 0, b.count * sizeof(float));
	net_train(f.t, f.params, &b.batch, NULL, f.grad, f.stats, &loss);
	assert_true(loss.head[NET_OWNERSHIP].weight == 0);
	assert_true(isnan(net_loss_mean(&loss, "loss.lead")));
	net_train(b.t, b.params, &b.batch, NULL, b.grad, b.stats, &loss);
	assert_memory_equal(f.grad, b.grad, b.count * sizeof(float));
	for (size_t i = b.count; i < f.count; i++)
		assert_true(f.grad[i] == 0);
	assert_memory_equal(f.stats, b.stats,
			    net_stat_count(&rich) * sizeof(float));
	fixture_release(&f);
	fixture_release(&b);
}

static void test_training_repeats(void **state)
{
	struct net_loss first, again;
	struct fixture f;
	float *grad, *stats;
	size_t bytes, stat_bytes;

	(void)state;
	fixture_init(&f, &small, 6);
	bytes = f.count * sizeof(*grad);
	stat_bytes = net_stat_count(&small) * sizeof(*stats);
	grad = mem_floats(f.count);
	stats = mem_floats(net_stat_count(&small));
	train(&f, &first);
	memcpy(grad, f.grad, bytes);
	memcpy(stats, f.stats, stat_bytes);
	train(&f, &again);
	assert_memory_equal(grad, f.grad, bytes);
	assert_memory_equal(stats, f.stats, stat_bytes);
	assert_memory_equal(&first, &again, sizeof(first));

	/* A trainer made for larger batches gives the same bits. */
	net_trainer_free(f.t);
	f.t = net_trainer_new(&small, 50);
	train(&f, &again);
	assert_memory_equal(grad, f.grad, bytes);

	/* Gradients are added to what is there. */
	net_train(f.t, f.params, &f.batch, head_weight, f.grad, f.stats,
		  &again);
	for (size_t i = 0; i < f.count; i++)
		assert_true(fabsf(f.grad[i] - 2 * grad[i]) <=
			    1e-5f * (1 + fabsf(grad[i])));
	free(grad);
	free(stats);
	fixture_release(&f);
}

struct infer_task {
	const struct net_plan *p;
	struct net_work *w[2];
	int n;
	const struct net_batch *batch;
	float *policy[8], *wdl[8];
};

static void infer(void *ctx, int i, int worker)
{
	struct infer_task *t = ctx;
	float *out[NET_HEADS] = {t->policy[i], t->wdl[i]};

	net_infer(t->p, t->w[worker], NULL, t->batch, out);
}

/* One plan, two threads, the same bits from each. */
static void test_threads_agree(void **state)
{
	const struct net_config *c = &small;
	struct infer_task t = {.n = 6};
	struct pool *pool = pool_new(2);
	struct fixture f;
	struct net_plan *p;

	(void)state;
	fixture_init(&f, c, t.n);
	t.p = p = net_plan_new(c, f.params);
	t.batch = &f.batch;
	assert_int_equal(net_config_int(net_plan_config(p), "filters"), 6);
	for (int i = 0; i < 2; i++)
		t.w[i] = net_work_new(p, 6 + i);
	for (int i = 0; i < 8; i++) {
		t.policy[i] = mem_floats((size_t)t.n * c->moves);
		t.wdl[i] = mem_floats((size_t)t.n * 3);
	}
	pool_run(pool, 8, infer, &t);
	for (int i = 0; i < 8; i++) {
		assert_memory_equal(t.policy[i], t.policy[0],
				    t.n * c->moves * sizeof(float));
		assert_memory_equal(t.wdl[i], t.wdl[0],
				    t.n * 3 * sizeof(float));
		for (int b = 0; b < t.n; b++) {
			const float *wdl = t.wdl[i] + 3 * b;

			assert_true(fabsf(wdl[0] + wdl[1] + wdl[2] - 1) <
				    1e-5f);
		}
	}
	for (int i = 0; i < 8; i++) {
		free(t.policy[i]);
		free(t.wdl[i]);
	}
	for (int i = 0; i < 2; i++)
		net_work_free(t.w[i]);
	net_plan_free(p);
	pool_free(pool);
	fixture_release(&f);
}

/* Figures of the loss, worked out from a network that knows nothing: all
 * logits are zero when the heads' products are. */
static void test_loss_figures(void **state)
{
	const struct net_config *c = &small;
	const float policy[5] = {0.5f, NET_LEFT_OUT, 0.5f, 0, NET_LEFT_OUT};
	const float wdl[3] = {1, 0, 0};
	const double log3 = log(3);
	/* The weights sum to 3, three moves are legal; both say the first. */
	const struct {
		const char *figure;
		double sum;
	} sums[] = {
		{"loss.policy", 3 * log3}, {"loss.value", 3 * log3},
		{"entropy", 3 * log3},     {"kl", 3 * (log3 - log(2))},
		{"value_error", 3},        {"agree", 3},
	};
	static const char *const kept[] = {"loss.policy", "loss.value",
					   "agree"};
	struct net_loss loss, first;
	struct fixture f;
	const char *name;
	double mean;
	int at = 0;

	(void)state;
	fixture_init(&f, c, 2);
	memset(f.params, 0, f.count * sizeof(*f.params));
	for (int b = 0; b < 2; b++) {
		struct net_row row = net_rows_at(&f.rows, b);

		memcpy(row.target[NET_POLICY], policy, sizeof(policy));
		memcpy(row.target[NET_VALUE], wdl, sizeof(wdl));
		*row.weight[NET_POLICY] = *row.weight[NET_VALUE] = 1 + (float)b;
	}
	train(&f, &loss);
	/* The weights sum to 3. */
	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		assert_true(fabs(net_loss_sum(&loss, sums[i].figure) -
				 sums[i].sum) < 1e-5);
	/* What the history keeps, losses first. */
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		assert_true(net_loss_next(&loss, &at, &name, &mean));
		assert_string_equal(name, kept[i]);
		assert_true(fabs(mean - net_loss_sum(&loss, name) / 3) < 1e-9);
	}
	assert_false(net_loss_next(&loss, &at, &name, &mean));
	first = loss;
	net_loss_add(&loss, &first);
	assert_true(loss.head[NET_VALUE].weight == 6);
	assert_true(fabs(net_loss_sum(&loss, "kl") -
			 2 * net_loss_sum(&first, "kl")) < 1e-9);
	fixture_release(&f);
}

/* A few steps of plain descent must learn a batch by heart. */
static void test_learns(void **state)
{
	const struct optim_config sgd = {.kind = OPTIM_SGD, .momentum = 0.9f};
	struct net_loss first, loss = {0};
	float *decay, *learn, *momentum;
	struct fixture f;

	(void)state;
	fixture_init(&f, &small, 16);
	decay = mem_floats(f.count);
	learn = mem_floats(f.count);
	momentum = mem_floats(f.count);
	net_masks(&small, decay, learn);
	net_init(&small, 3, f.params);
	for (int step = 1; step <= 60; step++) {
		train(&f, &loss);
		if (step == 1)
			first = loss;
		optim_step(&sgd, f.count, f.params, f.grad, momentum, decay,
			   learn, 0.005f, step);
		net_stats_update(&small, f.params, f.stats, 0.1f);
	}
	assert_true(net_loss_sum(&loss, "kl") <
		    0.2 * net_loss_sum(&first, "kl"));
	free(decay);
	free(learn);
	free(momentum);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gradient),
		cmocka_unit_test(test_steady),
		cmocka_unit_test(test_infer_is_forward),
		cmocka_unit_test(test_value_alone),
		cmocka_unit_test(test_extra_heads_stand_apart),
		cmocka_unit_test(test_training_repeats),
		cmocka_unit_test(test_threads_agree),
		cmocka_unit_test(test_loss_figures),
		cmocka_unit_test(test_learns),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
