/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/bench_time.h"

#include "core/base/clock.h"

/* Long enough to read the clock well, short enough to fall between two turns
 * of other programs. */
#define RUN_SECONDS 2e-3

/* The fastest of runs of RUN_SECONDS or of one call. */
double bench_fastest(double seconds, double (*now)(void),
		     void (*work)(void *ctx), void *ctx)
{
	double start, best = 0;
	int calls = 1;

	work(ctx); /* first touch of memory and code */
	start = clock_seconds();
	do {
		double from = now(), took;

		for (int i = 0; i < calls; i++)
			work(ctx);
		took = now() - from;
		if (took > 0 && calls / took > best)
			best = calls / took;
		if (took < RUN_SECONDS / 2)
			calls *= 2;
	} while (clock_seconds() - start < seconds);
	return best;
}
