/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>

#include "tui/widget/plot.h"

static bool following(const struct plot_view *v)
{
	return v->low >= v->high;
}

/* Move the range inside the extent; one that covers all of it follows. */
static void settle(struct plot_view *v, double full_low, double full_high)
{
	double width = v->high - v->low;

	if (width >= full_high - full_low) {
		v->low = v->high = 0;
		return;
	}
	if (v->low < full_low) {
		v->low = full_low;
		v->high = full_low + width;
	}
	if (v->high > full_high) {
		v->high = full_high;
		v->low = full_high - width;
	}
}

void plot_view_zoom(struct plot_view *v, double full_low, double full_high,
		    double factor, double centre)
{
	double least = (full_high - full_low) * 1e-6, width;

	if (full_high <= full_low)
		return;
	if (following(v)) {
		v->low = full_low;
		v->high = full_high;
	}
	centre = fmin(fmax(centre, v->low), v->high);
	width = fmax((v->high - v->low) * factor, least);
	v->low = centre - (centre - v->low) * width / (v->high - v->low);
	v->high = v->low + width;
	settle(v, full_low, full_high);
}

void plot_view_pan(struct plot_view *v, double full_low, double full_high,
		   double fraction)
{
	double by = (v->high - v->low) * fraction;

	if (following(v))
		return;
	v->low += by;
	v->high += by;
	settle(v, full_low, full_high);
}

void plot_view_reveal(struct plot_view *v, double full_low, double full_high,
		      double x)
{
	double width = v->high - v->low;

	if (following(v) || (x >= v->low && x <= v->high))
		return;
	if (x < v->low)
		v->low = x;
	else
		v->low = x - width;
	v->high = v->low + width;
	settle(v, full_low, full_high);
}

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
