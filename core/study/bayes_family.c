/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/study/bayes_int.h"
#include "core/study/tabular.h"

/* Value i of n from one end to the other, by equal factors or steps; i may lie
 * between two. */
static double by_factors(double i, int n, double low, double high)
{
	return n < 2 ? low : low * pow(high / low, i / (n - 1));
}

static double by_steps(double i, int n, double low, double high)
{
	return n < 2 ? low : low + (high - low) * i / (n - 1);
}

/* Where a member stands on each axis. */
struct place {
	double rate, noise;
	int start, third;
	bool greedy, averages;
};

static struct tabular_learner value_learner(const struct bayes_conf *c,
					    bool chance, const struct place *p)
{
	double third = by_steps(p->third, c->thirds, 0, 1);

	return (struct tabular_learner){
		.kind = TABULAR_VALUE,
		.greedy = p->greedy,
		.noise = (float)(p->greedy ? by_factors(p->noise, c->noises,
							0.02, 0.4)
					   : by_factors(p->noise, c->noises,
							0.05, 0.4)),
		.rate = (float)by_factors(p->rate, c->rates, 0.02, 0.5),
		.averages = p->averages,
		.start = (float)by_steps(p->start, c->starts, -0.5, 0.5),
		/* One action is all of an episode of chance. */
		.lambda = chance ? 1 : (float)third,
		.forget = chance ? (float)third / 20 : 0,
	};
}

static int value_count(const struct bayes_conf *c)
{
	return c->rates * c->noises * c->starts * c->thirds * 4;
}

static struct place place_of(const struct bayes_conf *c, int i)
{
	struct place p = {.rate = i % c->rates};

	i /= c->rates;
	p.noise = i % c->noises;
	i /= c->noises;
	p.start = i % c->starts;
	i /= c->starts;
	p.third = i % c->thirds;
	i /= c->thirds;
	p.greedy = i & 1;
	p.averages = i & 2;
	return p;
}

static struct tabular_learner gradient_learner(const struct bayes_conf *c,
					       int i)
{
	struct tabular_learner l = {.kind = TABULAR_GRADIENT};

	l.rate = (float)by_factors(i % c->rates, c->rates, 0.02, 0.5);
	i /= c->rates;
	l.noise = (float)by_factors(i % c->noises, c->noises, 0.25, 2);
	i /= c->noises;
	l.start = (float)by_steps(i % c->starts, c->starts, -0.5, 0.5);
	l.averages = i / c->starts & 1;
	return l;
}

/* From players of whom nothing is expected to those of whom much is. */
enum { COUNTERS = 9 };

static struct tabular_learner count_learner(int i)
{
	return (struct tabular_learner){
		.kind = TABULAR_COUNT,
		.start = (float)by_factors(i, COUNTERS, 0.01, 100),
	};
}

struct tabular_learner *bayes_family(const struct bayes_conf *c,
				     enum tabular_kind kind, bool chance,
				     int *count)
{
	struct tabular_learner *l;

	*count = kind == TABULAR_VALUE ? value_count(c)
		 : kind == TABULAR_GRADIENT
			 ? c->rates * c->noises * c->starts * 2
			 : COUNTERS;
	l = mem_zalloc((size_t)*count, sizeof(*l));
	for (int i = 0; i < *count; i++) {
		struct place p = place_of(c, i);

		l[i] = kind == TABULAR_VALUE      ? value_learner(c, chance, &p)
		       : kind == TABULAR_GRADIENT ? gradient_learner(c, i)
						  : count_learner(i);
	}
	return l;
}

/* One of the middle half. */
static int middle(int n, struct rng *r)
{
	return n / 4 + (int)rng_below(r, (uint32_t)(n - n / 4 * 2));
}

int bayes_teacher(const struct bayes_conf *c, bool chance, bool between,
		  struct rng *r, struct tabular_learner *out)
{
	int i = (int)rng_below(r, (uint32_t)value_count(c));
	int rate = middle(c->rates, r), noise = middle(c->noises, r);
	struct place p;

	i = i / (c->rates * c->noises) * c->rates * c->noises +
	    noise * c->rates + rate;
	p = place_of(c, i);
	if (between) {
		p.rate += 0.5;
		p.noise += 0.5;
	}
	*out = value_learner(c, chance, &p);
	return between ? -1 : i;
}
