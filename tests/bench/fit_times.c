/* SPDX-License-Identifier: MIT */
/*
 * How long one fit of ratings takes, on one core, by the shape of the pool and
 * the number of players.
 *
 *	make -C build tests/bench/fit_times
 *	build/tests/bench/fit_times [PLAYERS...]
 *
 * random: each met four others at random.  chain: checkpoints of runs of a
 * hundred, each met the one before and the one at half its age.  star: as
 * chain, and all met one.  all: everybody met everybody (to 1,000 players).
 * Games are 40 a pair, half of them drawn at most.  Prints seconds of work, of
 * the fit and then of how likely each is above the next; judges nothing.
 */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/rate/fit.h"

enum { RUN = 100, OPPONENTS = 4, GAMES = 40 };

struct pool_made {
	struct fit_pair *pairs;
	int count, room;
	double *truth;
	struct rng rng;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void meet(struct pool_made *p, int i, int j)
{
	double score = stat_score_from_elo(p->truth[i] - p->truth[j]);
	double drawn = fmin(score, 1 - score);
	struct fit_pair q = {.i = i, .j = j};

	for (int g = 0; g < GAMES; g++) {
		double u = rng_double(&p->rng);

		if (u < score - drawn / 2)
			q.wins++;
		else if (u < score + drawn / 2)
			q.draws++;
		else
			q.losses++;
	}
	if (p->count == p->room) {
		p->room = 2 * p->room + 64;
		p->pairs = mem_realloc(p->pairs,
				       (size_t)p->room * sizeof(*p->pairs));
	}
	p->pairs[p->count++] = q;
}

static void make(struct pool_made *p, const char *shape, int n)
{
	rng_init(&p->rng, 1, RNG_TEST, 1, 0);
	p->truth = mem_zalloc((size_t)n, sizeof(double));
	for (int i = 0; i < n; i++)
		p->truth[i] =
			10.0 * (i % RUN) + 100 * (double)rng_normal(&p->rng);
	for (int i = 1; i < n; i++) {
		int age = i % RUN;

		if (!strcmp(shape, "random")) {
			for (int k = 0; 2 * k < OPPONENTS; k++)
				meet(p, i,
				     (int)rng_below(&p->rng, (unsigned)i));
		} else if (!strcmp(shape, "all")) {
			for (int j = 0; j < i; j++)
				meet(p, i, j);
		} else {
			if (age || i == RUN)
				meet(p, i, i - 1);
			if (age > 3)
				meet(p, i, i - age / 2);
			if (!strcmp(shape, "star"))
				meet(p, i, 0);
			else if (!age)
				meet(p, i, 0);
		}
	}
}

static void measure(const char *shape, int n)
{
	struct pool_made p = {.count = 0};
	double began, took, sum = 0;
	struct fit f;

	make(&p, shape, n);
	began = now();
	fit_init(&f, n, p.pairs, p.count, 0);
	took = now() - began;
	began = now();
	for (int i = 1; i < n; i++)
		sum += fit_superiority(&f, f.order[i - 1], f.order[i]);
	assert(sum >= 0.5 * (n - 1));
	printf("%-8s %6d players %7d pairs %3d rounds %8.3f s, ranked "
	       "%8.3f s\n",
	       shape, n, p.count, f.rounds, took, now() - began);
	fit_release(&f);
	free(p.pairs);
	free(p.truth);
}

int main(int argc, char **argv)
{
	static const char *const shapes[] = {"random", "chain", "star", "all"};

	for (int s = 0; s < 4; s++) {
		if (argc < 2) {
			measure(shapes[s], 1000);
			if (s < 3)
				measure(shapes[s], 5000);
		}
		for (int i = 1; i < argc; i++)
			if (s < 3 || atoi(argv[i]) <= 1000)
				measure(shapes[s], atoi(argv[i]));
	}
	return 0;
}
