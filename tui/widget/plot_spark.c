/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>

#include "core/base/buf.h"
#include "tui/widget/plot.h"

void plot_sparkline(const double *y, size_t count, int width, struct buf *out)
{
	static const char *const bars[] = {"▁", "▂", "▃", "▄",
					   "▅", "▆", "▇", "█"};
	double low = INFINITY, high = -INFINITY;

	for (size_t i = 0; i < count; i++) {
		if (isfinite(y[i])) {
			low = fmin(low, y[i]);
			high = fmax(high, y[i]);
		}
	}
	for (int k = 0; k < width && low <= high; k++) {
		/* the mean of the points that fall into this cell */
		size_t from = count * (size_t)k / (size_t)width;
		size_t to = count * (size_t)(k + 1) / (size_t)width;
		double sum = 0, share;
		int n = 0;

		if (to <= from)
			to = from + 1;
		for (size_t i = from; i < to && i < count; i++) {
			if (isfinite(y[i])) {
				sum += y[i];
				n++;
			}
		}
		share = n && high > low ? (sum / n - low) / (high - low) : 0.5;
		buf_puts(out, n ? bars[lround(share * 7)] : " ");
	}
}
