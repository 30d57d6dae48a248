/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/trend.h"

#include <math.h>

void trend_write(int count, double (*at)(const void *ctx, int i),
		 const void *ctx, char out[TREND + 1])
{
	int n = count < TREND ? count : TREND;

	for (int k = 0; k < n; k++) {
		int from = count * k / n, to = count * (k + 1) / n;
		double sum = 0;

		for (int i = from; i < to; i++)
			sum += at(ctx, i);
		sum = floor(10 * sum / (to - from));
		out[k] = isnan(sum) ? '?' : "0123456789"[(int)fmin(sum, 9)];
	}
	out[n] = '\0';
}
