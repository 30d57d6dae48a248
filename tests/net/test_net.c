/* SPDX-License-Identifier: MIT */
/* The whole network: gradients, inference against training, repeatability. */
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
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/net/net.h"
#include "core/net/optim.h"

static const struct net_config small = {
	.planes = 2,
	.rows = 4,
	.cols = 5,
	.moves = 5,
	.filters = 6,
	.blocks = 2,
	.pool_blocks = 1,
	.policy_filters = 3,
	.value_filters = 2,
	.value_hidden = 7,
};

/* Everything that a network can have: moves on 3 planes, two of which are the
 * board's, and both extra heads. */
static const struct net_config rich = {
	.planes = 2,
	.rows = 4,
	.cols = 5,
	.moves = 7,
	.place_planes = 3,
	.place_pooled = 2,
	.place = {0, 7, 60, 59, 61, 31, 30},
	.filters = 6,
	.blocks = 2,
	.policy_filters = 4,
	.value_filters = 2,
	.value_hidden = 7,
	.head = NET_HEAD_PLANES,
	.ownership = true,
	.lead = true,
};

/* A batch of noise with proper targets, and a network whose every parameter
 * matters (fresh ones have branches that are multiplied by zero). */
struct fixture {
	const struct net_config *c;
	struct net_trainer *t;
	size_t count;
	int n;
	float *params, *grad, *stats, *x, *policy, *wdl, *weight;
	float *ownership, *lead, *known;
	struct net_extra extra; /* of the three */
};

static void targets(struct rng *r, int n, int k, float *out)
{
	for (int b = 0; b < n; b++, out += k) {
		float sum = 0;

		for (int i = 0; i < k; i++)
			sum += out[i] = rng_float(r);
		for (int i = 0; i < k; i++)
			out[i] /= sum;
	}
}

static void fixture_init(struct fixture *f, const struct net_config *c, int n)
{
	int input = c->planes * c->rows * c->cols;
	float *learn, *decay;
	struct rng r;

	f->c = c;
	f->n = n;
	f->count = net_param_count(c);
	f->t = net_trainer_new(c, n);
	f->params = mem_floats(f->count);
	f->grad = mem_floats(f->count);
	f->stats = mem_floats(net_stat_count(c));
	f->x = mem_floats((size_t)n * input);
	f->policy = mem_floats((size_t)n * c->moves);
	f->wdl = mem_floats((size_t)n * 3);
	f->weight = mem_floats(n);
	f->ownership = mem_floats((size_t)n * c->rows * c->cols);
	f->lead = mem_floats(n);
	f->known = mem_floats(n);
	f->extra = (struct net_extra){
		.ownership = c->ownership ? f->ownership : NULL,
		.lead = c->lead ? f->lead : NULL,
		.known = f->known,
		.ownership_weight = 3,
		.lead_weight = 0.7f,
	};
	learn = mem_floats(f->count);
	decay = mem_floats(f->count);
	net_init(c, 7, f->params);
	net_masks(c, decay, learn);
	rng_init(&r, 5, RNG_TEST, 0, 0);
	for (size_t i = 0; i < f->count; i++)
		if (learn[i] > 0)
			f->params[i] += 0.2f * rng_normal(&r);
	for (int i = 0; i < n * input; i++)
		f->x[i] = rng_normal(&r);
	for (int i = 0; i < n; i++)
		f->weight[i] = 0.5f + rng_float(&r);
	targets(&r, n, c->moves, f->policy);
	targets(&r, n, 3, f->wdl);
	for (int i = 0; i < n * c->rows * c->cols; i++)
		f->ownership[i] = 2 * rng_float(&r) - 1;
	for (int i = 0; i < n; i++) {
		f->lead[i] = 1.5f * rng_normal(&r);
		f->known[i] = i % 3 ? 1 : 0;
	}
	free(learn);
	free(decay);
}

static void fixture_release(struct fixture *f)
{
	net_trainer_free(f->t);
	free(f->params);
	free(f->grad);
	free(f->stats);
	free(f->x);
	free(f->policy);
	free(f->wdl);
	free(f->weight);
	free(f->ownership);
	free(f->lead);
	free(f->known);
}

static double train(struct fixture *f, struct net_loss *loss)
{
	memset(f->grad, 0, f->count * sizeof(*f->grad));
	net_train(f->t, f->params, f->n, f->x, f->policy, f->wdl, f->weight,
		  1.5f, &f->extra, f->grad, f->stats, loss);
	return loss->policy + 1.5 * loss->value + 3 * loss->ownership +
	       (double)0.7f * loss->lead;
}

static void check_gradient(const struct net_config *c)
{
	struct net_loss loss;
	struct fixture f;
	float *grad;
	double error = 0, size = 0;

	fixture_init(&f, c, 6);
	train(&f, &loss);
	grad = mem_floats(f.count);
	memcpy(grad, f.grad, f.count * sizeof(*grad));
	for (size_t i = 0; i < f.count; i++) {
		const float h = 7e-4f;
		float was = f.params[i];
		double up, down, d;

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
	free(grad);
	fixture_release(&f);
}

static void test_gradient(void **state)
{
	(void)state;
	check_gradient(&small);
	check_gradient(&rich);
}

/* The policy and the value have the same bits whether the rest is asked. */
static void check_plain(const struct net_plan *p, struct net_work *w,
			const struct fixture *f, const float *policy,
			const float *wdl)
{
	float *again = mem_floats((size_t)f->n * f->c->moves);
	float *wdl_again = mem_floats((size_t)f->n * 3);

	net_infer(p, w, f->n, f->x, again, wdl_again);
	assert_memory_equal(again, policy,
			    (size_t)f->n * f->c->moves * sizeof(*again));
	assert_memory_equal(wdl_again, wdl, (size_t)f->n * 3 * sizeof(*wdl));
	free(again);
	free(wdl_again);
}

/* With momentum 1 the running statistics are the batch's, so inference must
 * see what training saw. */
static void check_infer(const struct net_config *c, int n)
{
	struct net_plan *p;
	struct net_work *w;
	struct net_loss loss;
	struct fixture f;
	float *policy, *wdl, *ownership, *lead;
	double policy_loss = 0, value_loss = 0, owner_loss = 0, lead_loss = 0;
	int cells = c->rows * c->cols;

	fixture_init(&f, c, n);
	train(&f, &loss);
	net_stats_update(c, f.params, f.stats, 1);
	p = net_plan_new(c, f.params);
	w = net_work_new(p, n + 2);
	policy = mem_floats((size_t)f.n * c->moves);
	wdl = mem_floats((size_t)f.n * 3);
	ownership = mem_floats((size_t)f.n * cells);
	lead = mem_floats((size_t)f.n);
	net_infer_extra(p, w, f.n, f.x, policy, wdl,
			c->ownership ? ownership : NULL, c->lead ? lead : NULL);
	for (int b = 0; b < f.n; b++) {
		double sum = 0, off = 0;

		for (int i = 0; i < c->moves; i++)
			sum += exp((double)policy[b * c->moves + i]);
		for (int i = 0; i < c->moves; i++)
			policy_loss +=
				(double)f.weight[b] *
				(double)f.policy[b * c->moves + i] *
				(log(sum) - (double)policy[b * c->moves + i]);
		for (int i = 0; i < 3; i++)
			value_loss -= (double)f.weight[b] *
				      (double)f.wdl[b * 3 + i] *
				      log((double)wdl[b * 3 + i]);
		for (int i = b * cells; c->ownership && i < (b + 1) * cells;
		     i++) {
			double own = (1 + (double)ownership[i]) / 2;
			double t = (1 + (double)f.ownership[i]) / 2;

			owner_loss -= (double)(f.weight[b] * f.known[b]) *
				      (t * log(own) + (1 - t) * log(1 - own)) /
				      cells;
		}
		if (c->lead)
			off = fabs((double)lead[b] -
				   fmin(fmax((double)f.lead[b], -2), 2));
		lead_loss += (double)(f.weight[b] * f.known[b]) *
			     (off < 1 ? off * off / 2 : off - 0.5);
	}
	assert_true(fabs(owner_loss - loss.ownership) <= 1e-4 * loss.ownership);
	assert_true(fabs(lead_loss - loss.lead) <= 1e-4 * loss.lead);
	check_plain(p, w, &f, policy, wdl);
	assert_true(fabs(policy_loss - loss.policy) <
		    1e-4 * loss.policy + 1e-9);
	assert_true(fabs(value_loss - loss.value) < 1e-4 * loss.value);
	free(policy);
	free(wdl);
	free(ownership);
	free(lead);
	net_work_free(w);
	net_plan_free(p);
	fixture_release(&f);
}

static void test_infer_is_forward(void **state)
{
	static const struct net_config others[] = {
		{.planes = 3,
		 .rows = 3,
		 .cols = 3,
		 .moves = 9,
		 .filters = 16,
		 .blocks = 1,
		 .policy_filters = 16,
		 .value_filters = 8,
		 .value_hidden = 32},
		{.planes = 2,
		 .rows = 6,
		 .cols = 7,
		 .moves = 7,
		 .filters = 32,
		 .blocks = 2,
		 .policy_filters = 2,
		 .value_filters = 1,
		 .value_hidden = 64},
		{.planes = 22,
		 .rows = 9,
		 .cols = 9,
		 .moves = 82,
		 .filters = 20,
		 .blocks = 2,
		 .pool_blocks = 2,
		 .policy_filters = 5,
		 .value_filters = 3,
		 .value_hidden = 10},
		{.planes = 1,
		 .rows = 5,
		 .cols = 1,
		 .moves = 1,
		 .filters = 1,
		 .blocks = 0,
		 .policy_filters = 1,
		 .value_filters = 1,
		 .value_hidden = 1},
	};

	(void)state;
	check_infer(&small, 6);
	check_infer(&rich, 6);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		check_infer(&others[i], 3);
		check_infer(&others[i], 50);
	}
}

/* Heads that are not trained, and heads that are not there, leave the rest as
 * it is: parameters, gradients, statistics, outputs. */
static void test_extra_heads_stand_apart(void **state)
{
	struct net_config bare = rich;
	struct net_loss loss;
	struct fixture f, b;

	(void)state;
	bare.ownership = bare.lead = false;
	fixture_init(&f, &rich, 6);
	fixture_init(&b, &bare, 6);
	assert_true(b.count < f.count);
	net_init(&rich, 7, f.params);
	net_init(&bare, 7, b.params);
	assert_memory_equal(f.params, b.params, b.count * sizeof(float));
	memset(f.grad, 0, f.count * sizeof(float));
	memset(b.grad, 0, b.count * sizeof(float));
	net_train(f.t, f.params, 6, b.x, b.policy, b.wdl, NULL, 1, NULL, f.grad,
		  f.stats, &loss);
	assert_true(loss.known == 0 && loss.ownership == 0 && loss.lead == 0);
	net_train(b.t, b.params, 6, b.x, b.policy, b.wdl, NULL, 1, NULL, b.grad,
		  b.stats, &loss);
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
	net_train(f.t, f.params, f.n, f.x, f.policy, f.wdl, f.weight, 1.5f,
		  NULL, f.grad, f.stats, &again);
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
	const float *x;
	float *policy[8], *wdl[8];
};

static void infer(void *ctx, int i, int worker)
{
	struct infer_task *t = ctx;

	net_infer(t->p, t->w[worker], t->n, t->x, t->policy[i], t->wdl[i]);
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
	t.x = f.x;
	assert_int_equal(net_plan_config(p)->filters, c->filters);
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
	const float policy[5] = {0.5f, 0.5f, 0, 0, 0};
	const float wdl[3] = {1, 0, 0};
	const double log5 = log(5), log3 = log(3);
	struct net_loss loss;
	struct fixture f;

	(void)state;
	fixture_init(&f, c, 2);
	memset(f.params, 0, f.count * sizeof(*f.params));
	for (int b = 0; b < 2; b++) {
		memcpy(f.policy + 5 * b, policy, sizeof(policy));
		memcpy(f.wdl + 3 * b, wdl, sizeof(wdl));
		f.weight[b] = 1 + (float)b;
	}
	train(&f, &loss);
	/* The weights sum to 3. */
	assert_true(fabs(loss.policy - 3 * log5) < 1e-6);
	assert_true(fabs(loss.value - 3 * log3) < 1e-6);
	assert_true(fabs(loss.entropy - 3 * log5) < 1e-5);
	assert_true(fabs(loss.kl - 3 * (log5 - log(2))) < 1e-5);
	assert_true(fabs(loss.value_error - 3) < 1e-6);
	assert_true(loss.agree == 3); /* both say the first move */
	f.weight[0] = f.weight[1] = 1;
	train(&f, &loss);
	assert_true(fabs(loss.policy - 2 * log5) < 1e-6);
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
	assert_true(loss.kl < 0.2 * first.kl);
	free(decay);
	free(learn);
	free(momentum);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gradient),
		cmocka_unit_test(test_infer_is_forward),
		cmocka_unit_test(test_extra_heads_stand_apart),
		cmocka_unit_test(test_training_repeats),
		cmocka_unit_test(test_threads_agree),
		cmocka_unit_test(test_loss_figures),
		cmocka_unit_test(test_learns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
