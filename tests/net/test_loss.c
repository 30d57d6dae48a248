/* SPDX-License-Identifier: MIT */
/* The loss over some of the answers, against plain loops in double. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/net/head.h"
#include "core/net/loss.h"

enum { MOST = 300 };

struct sample {
	int n, left; /* answers, those that are not left out */
	float logits[MOST], target[MOST];
	float p[MOST], gradient[MOST];
};

/* About one in `out_of` is an answer, and one at least. */
static void make(struct sample *s, struct rng *r, int n, int out_of)
{
	int sure = (int)rng_below(r, (uint32_t)n);
	float sum = 0;

	s->n = n;
	s->left = 0;
	for (int i = 0; i < n; i++) {
		s->logits[i] = 3 * rng_normal(r);
		s->target[i] = NET_LEFT_OUT;
		if (i != sure && rng_below(r, (uint32_t)out_of))
			continue;
		s->left++;
		sum += s->target[i] = rng_float(r) + 0.01f;
	}
	for (int i = 0; i < n; i++)
		if (s->target[i] >= 0)
			s->target[i] /= sum;
}

static double loss_of(struct sample *s, float scale)
{
	return loss_choice(s->n, s->logits, s->target, scale, s->p,
			   s->gradient);
}

/* By the definition: the answers that are left, in a list of their own. */
static double plain_loss(const struct sample *s, double p[MOST])
{
	double sum = 0, loss = 0;

	for (int i = 0; i < s->n; i++)
		p[i] = s->target[i] < 0 ? 0 : exp((double)s->logits[i]);
	for (int i = 0; i < s->n; i++)
		sum += p[i];
	for (int i = 0; i < s->n; i++) {
		p[i] /= sum;
		if (s->target[i] > 0)
			loss -= (double)s->target[i] * log(p[i]);
	}
	return loss;
}

static void test_is_the_plain_loss(void **state)
{
	static struct sample s;
	struct rng r;

	(void)state;
	rng_init(&r, 1, RNG_TEST, 0, 0);
	for (int round = 0; round < 500; round++) {
		float scale = 0.1f + rng_float(&r);
		double p[MOST], right;

		make(&s, &r, 1 + (int)rng_below(&r, MOST), 1 + round % 20);
		right = plain_loss(&s, p);
		assert_true(fabs(loss_of(&s, scale) - right) < 1e-5);
		for (int i = 0; i < s.n; i++) {
			double slope =
				(double)scale * (p[i] - (double)s.target[i]);

			if (s.target[i] < 0)
				assert_true(s.p[i] == 0 && s.gradient[i] == 0);
			else
				assert_true(
					fabs((double)s.p[i] - p[i]) < 1e-5 &&
					fabs((double)s.gradient[i] - slope) <
						1e-5);
		}
	}
}

/* Central differences of the plain loss, of every logit, left out or not. */
static void test_gradient(void **state)
{
	const float h = 1e-2f;
	static struct sample s;
	struct rng r;

	(void)state;
	rng_init(&r, 2, RNG_TEST, 0, 0);
	for (int round = 0; round < 20; round++) {
		make(&s, &r, 40, 1 + round % 4);
		loss_of(&s, 2);
		for (int i = 0; i < s.n; i++) {
			float was = s.logits[i];
			double p[MOST], up, down;

			s.logits[i] = was + h;
			up = plain_loss(&s, p);
			s.logits[i] = was - h;
			down = plain_loss(&s, p);
			s.logits[i] = was;
			assert_true(fabs((up - down) / (double)h -
					 (double)s.gradient[i]) < 1e-3);
		}
	}
}

/* With nothing left out it is the cross-entropy of the others, bit for bit. */
static void test_of_all_answers(void **state)
{
	static struct sample s;
	float p[MOST], gradient[MOST];
	struct rng r;

	(void)state;
	rng_init(&r, 3, RNG_TEST, 0, 0);
	make(&s, &r, MOST, 1);
	assert_int_equal(s.left, MOST);
	assert_true(loss_of(&s, 0.5f) == loss_cross_entropy(s.n, s.logits,
							    s.target, 0.5f, p,
							    gradient));
	assert_memory_equal(s.p, p, sizeof(p));
	assert_memory_equal(s.gradient, gradient, sizeof(gradient));
}

/* One answer, or none: nothing to learn, whatever the logits are. */
static void test_of_no_choice(void **state)
{
	static struct sample s;
	struct rng r;

	(void)state;
	rng_init(&r, 4, RNG_TEST, 0, 0);
	for (int answers = 0; answers < 2; answers++) {
		make(&s, &r, 50, 1);
		for (int i = 0; i < s.n; i++)
			s.target[i] = i < answers ? 1 : NET_LEFT_OUT;
		s.logits[7] = 1e30f;
		assert_true(loss_of(&s, 1) == 0);
		for (int i = 0; i < s.n; i++) {
			assert_true(s.gradient[i] == 0);
			assert_true(s.p[i] == (i < answers ? 1.0f : 0.0f));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_the_plain_loss),
		cmocka_unit_test(test_gradient),
		cmocka_unit_test(test_of_all_answers),
		cmocka_unit_test(test_of_no_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
