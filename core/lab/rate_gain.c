/* SPDX-License-Identifier: MIT */
/* Checkpoints of a run against the one before. */
#include "config.h"

#include "core/lab/rate_fit.h"

#include <math.h>
#include <stdlib.h>

#include "core/agent/agent_step.h"
#include "core/base/mem.h"
#include "core/rate/fit.h"

/* Of the normal distribution: 95% lie within. */
#define NORMAL_95 1.959964

static int by_players(const void *a, const void *b)
{
	const struct fit_pair *p = a, *q = b;

	return p->i != q->i ? p->i - q->i : p->j - q->j;
}

/* What of their games against each other is evidence. */
static double units_between(const struct rate_fit *f, int a, int b)
{
	const struct fit_pair key = {.i = a < b ? a : b, .j = a < b ? b : a};
	const struct fit_pair *p = bsearch(
		&key, f->pairs, (size_t)f->pair_count, sizeof(key), by_players);

	return p ? p->wins + p->draws + p->losses : 0;
}

struct rate_gain rate_fit_gain(const struct rate_fit *f, int player, int before,
			       int64_t *games)
{
	struct rate_gain g = {.before = before,
			      .elo = (double)NAN,
			      .low = (double)NAN,
			      .high = (double)NAN};
	double units, half;

	*games = 0;
	if (player < 0 || before < 0)
		return g;
	units = units_between(f, player, before);
	*games = (int64_t)units;
	if (units <= 0 && !(f->fit.linked[player] && f->fit.linked[before]))
		return g;
	half = NORMAL_95 * sqrt(fit_variance(&f->fit, player, before));
	g.elo = f->fit.elo[player] - f->fit.elo[before];
	g.low = g.elo - half;
	g.high = g.elo + half;
	return g;
}

/* A player who is a checkpoint. */
struct climber {
	const char *spec;
	struct agent_step at;
	int64_t step;
	int player;
};

static int order_of(const struct climber *p, const struct climber *q)
{
	return agent_step_order(p->spec, &p->at, q->spec, &q->at);
}

/* Those of one climb together, by step. */
static int by_climb(const void *a, const void *b)
{
	const struct climber *p = a, *q = b;
	int order = order_of(p, q);

	if (!order)
		order = (p->step > q->step) - (p->step < q->step);
	return order ? order : p->player - q->player;
}

void rate_fit_gains(const struct rate_fit *f, struct rate_gain *out)
{
	struct climber *all = mem_zalloc((size_t)f->count, sizeof(*all));
	size_t n = 0;

	for (int i = 0; i < f->count; i++) {
		struct climber *c = &all[n];
		int64_t games;

		out[i] = rate_fit_gain(f, i, -1, &games);
		c->spec = f->names[i];
		c->player = i;
		if (!agent_step_of(c->spec, &c->at))
			continue;
		c->step = strtoll(c->at.step, NULL, 10);
		n++;
	}
	if (n)
		qsort(all, n, sizeof(*all), by_climb);
	for (size_t k = 1; k < n; k++) {
		int64_t games;

		if (!order_of(&all[k - 1], &all[k]))
			out[all[k].player] = rate_fit_gain(
				f, all[k].player, all[k - 1].player, &games);
	}
	free(all);
}
