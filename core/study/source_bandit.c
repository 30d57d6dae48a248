/* SPDX-License-Identifier: MIT */
/* Learners at bandits: Thompson sampling (Thompson 1933) with Beta(1, 1), UCB1
 * (Auer, Cesa-Bianchi, Fischer 2002), and one who knows the best arm. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_bandit.h"
#include "core/study/source.h"

enum { ARMS = BANDIT_ARMS };

struct mind {
	int paid[ARMS], pulled[ARMS];
};

static void begin(void *mind, const void *task)
{
	(void)task;
	memset(mind, 0, sizeof(struct mind));
}

static void told(void *mind, const struct env_step *seen, bool done,
		 struct rng *r)
{
	struct mind *m = mind;

	(void)done, (void)r;
	m->paid[seen->action] += seen->reward & 1;
	m->pulled[seen->action]++;
}

static int largest(const double *x)
{
	int top = 0;

	for (int a = 1; a < ARMS; a++)
		if (x[a] > x[top])
			top = a;
	return top;
}

static int thompson(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct mind *m = mind;
	double drawn[ARMS];

	(void)look;
	for (int a = 0; a < ARMS; a++) {
		double yes = rng_gamma(r, 1.0 + m->paid[a]);
		double no = rng_gamma(r, 1.0 + m->pulled[a] - m->paid[a]);

		drawn[a] = yes / (yes + no);
	}
	return largest(drawn);
}

/* With the constant of UCB1 for rewards of variance 1/4 at most. */
static int ucb(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct mind *m = mind;
	double bound[ARMS];
	int all = 0;

	(void)look;
	for (int a = 0; a < ARMS; a++)
		all += m->pulled[a];
	for (int a = 0; a < ARMS; a++) {
		double n = m->pulled[a];

		bound[a] = n > 0 ? m->paid[a] / n +
					   sqrt(0.5 * log((double)all) / n)
				 : 10 + rng_double(r);
	}
	return largest(bound);
}

const struct source source_thompson = {
	.name = "thompson",
	.what = "Thompson sampling",
	.env = &env_bandit,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = thompson,
	.told = told,
};

const struct source source_ucb = {
	.name = "ucb",
	.what = "upper confidence bounds",
	.env = &env_bandit,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = ucb,
	.told = told,
};

/* --- the expert ----------------------------------------------------------- */

struct expert {
	int arm;
};

static void begin_expert(void *mind, const void *task)
{
	struct expert *m = mind;

	m->arm = bandit_best_arm(task);
}

static int best_arm(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct expert *m = mind;

	(void)look, (void)r;
	return m->arm;
}

const struct source source_best_arm = {
	.name = "best-arm",
	.what = "knows which arm is best",
	.env = &env_bandit,
	.mind_size = sizeof(struct expert),
	.begin = begin_expert,
	.act = best_arm,
};
