/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/curve.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"

struct block {
	double elo, weight;
	int count; /* of points */
};

void curve_rise(const struct curve_point *points, int count, double *elo)
{
	struct block *b = mem_zalloc((size_t)count, sizeof(*b));
	int n = 0, at = 0;

	for (int i = 0; i < count; i++) {
		assert(points[i].games > 0 && points[i].weight > 0);
		assert(!i || points[i].games > points[i - 1].games);
		b[n++] = (struct block){points[i].elo, points[i].weight, 1};
		while (n > 1 && b[n - 2].elo >= b[n - 1].elo) {
			struct block *x = &b[n - 2], *y = &b[n - 1];
			double weight = x->weight + y->weight;

			x->elo = (x->elo * x->weight + y->elo * y->weight) /
				 weight;
			x->weight = weight;
			x->count += y->count;
			n--;
		}
	}
	for (int k = 0; k < n; k++)
		for (int i = 0; i < b[k].count; i++)
			elo[at++] = b[k].elo;
	free(b);
}

/* Between two points of a risen curve, the first of which is below. */
static double between(double games0, double games1, double elo0, double elo1,
		      double elo)
{
	double share = (elo - elo0) / (elo1 - elo0);

	return exp(log(games0) + share * (log(games1) - log(games0)));
}

double curve_games(const struct curve_point *points, int count, double elo,
		   enum curve_side *side)
{
	double *risen = mem_zalloc((size_t)count, sizeof(*risen));
	enum curve_side where = CURVE_ON;
	double games;
	int i = 0;

	assert(count >= 1);
	curve_rise(points, count, risen);
	while (i < count && risen[i] < elo)
		i++;
	if (isnan(elo)) {
		games = (double)NAN;
	} else if (i == count) {
		where = CURVE_ABOVE;
		games = points[count - 1].games;
	} else if (i == 0) {
		where = elo < risen[0] ? CURVE_BELOW : CURVE_ON;
		games = points[0].games;
	} else {
		games = between(points[i - 1].games, points[i].games,
				risen[i - 1], risen[i], elo);
	}
	if (side)
		*side = where;
	free(risen);
	return games;
}

struct curve_horizon curve_horizon(const struct curve_seed *seeds, int n,
				   double level, double *h)
{
	double *logs = mem_zalloc((size_t)n + 1, sizeof(*logs));
	struct curve_horizon out = {.below = 0};

	for (int i = 0; i < n; i++) {
		const struct curve_seed *s = &seeds[i];
		enum curve_side side;
		double times;

		assert(s->cut > 0);
		times = curve_games(s->points, s->count, s->elo, &side) /
			s->cut;
		out.below += side == CURVE_BELOW;
		out.above += side == CURVE_ABOVE;
		logs[i] = log(times);
		if (h)
			h[i] = times;
	}
	out.h = estimate_t(logs, n, level);
	out.h.value = exp(out.h.value);
	out.h.low = exp(out.h.low);
	out.h.high = exp(out.h.high);
	free(logs);
	return out;
}
