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
#include "core/base/rng.h"
#include "core/net/net.h"

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

/* A batch of noise with proper targets, and a network whose every parameter
 * matters (fresh ones have branches that are multiplied by zero). */
struct fixture {
	const struct net_config *c;
	struct net_trainer *t;
	size_t count;
	int n;
	float *params, *grad, *stats, *x, *policy, *wdl, *weight;
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
}

static double train(struct fixture *f, struct net_loss *loss)
{
	memset(f->grad, 0, f->count * sizeof(*f->grad));
	net_train(f->t, f->params, f->n, f->x, f->policy, f->wdl, f->weight,
		  1.5f, f->grad, f->stats, loss);
	return loss->policy + 1.5 * loss->value;
}

static void test_gradient(void **state)
{
	struct net_loss loss;
	struct fixture f;
	float *grad;
	double error = 0, size = 0;

	(void)state;
	fixture_init(&f, &small, 6);
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

/* With momentum 1 the running statistics are the batch's, so inference must
 * see what training saw. */
static void test_infer_is_forward(void **state)
{
	const struct net_config *c = &small;
	struct net_plan *p;
	struct net_work *w;
	struct net_loss loss;
	struct fixture f;
	float *policy, *wdl;
	double policy_loss = 0, value_loss = 0;

	(void)state;
	fixture_init(&f, c, 6);
	train(&f, &loss);
	net_stats_update(c, f.params, f.stats, 1);
	p = net_plan_new(c, f.params);
	w = net_work_new(p, 8);
	policy = mem_floats((size_t)f.n * c->moves);
	wdl = mem_floats((size_t)f.n * 3);
	net_infer(p, w, f.n, f.x, policy, wdl);
	for (int b = 0; b < f.n; b++) {
		double sum = 0;

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
	}
	assert_true(fabs(policy_loss - loss.policy) < 1e-4 * loss.policy);
	assert_true(fabs(value_loss - loss.value) < 1e-4 * loss.value);
	free(policy);
	free(wdl);
	net_work_free(w);
	net_plan_free(p);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gradient),
		cmocka_unit_test(test_infer_is_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
