/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/rate_run.h"

#include <math.h>

#include "core/base/stat.h"

void rate_fit(const struct rate_result *results, int count, double *elo,
	      double *low, double *high)
{
	const double k = log(10) / 400;
	double x = 0, information = 1e-9;

	/* Newton on a concave likelihood, steps held to one class. */
	for (int round = 0; round < 200; round++) {
		double slope = 0, step;

		information = 1e-9;
		for (int i = 0; i < count; i++) {
			const struct rate_result *r = &results[i];
			double n = r->wins + r->draws + r->losses + 1;
			double score = r->wins + 0.5 * r->draws + 0.5;
			double p = stat_score_from_elo(x - r->opponent);

			slope += k * (score - n * p);
			information += k * k * n * p * (1 - p);
		}
		step = slope / information;
		step = fmax(fmin(step, 400), -400);
		x += step;
		if (fabs(step) < 1e-6)
			break;
	}
	*elo = x;
	*low = x - 1.959963984540054 / sqrt(information);
	*high = x + 1.959963984540054 / sqrt(information);
}

enum err_code rate_run(struct lab *lab, const struct rate_request *want,
		       struct pool *pool, bool (*tick)(void *ctx), void *ctx,
		       struct err *e)
{
	(void)lab;
	(void)want;
	(void)pool;
	(void)tick;
	(void)ctx;
	(void)e;
	return ERR_OK;
}
