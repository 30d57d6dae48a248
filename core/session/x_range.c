/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/x_range.h"

#include <math.h>
#include <stdbool.h>

static bool following(const struct x_range *v)
{
	return v->low >= v->high;
}

/* Move the range inside the extent; one that covers all of it follows. */
static void settle(struct x_range *v, double full_low, double full_high)
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

void x_range_zoom(struct x_range *v, double full_low, double full_high,
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

void x_range_pan(struct x_range *v, double full_low, double full_high,
		 double fraction)
{
	double by = (v->high - v->low) * fraction;

	if (following(v))
		return;
	v->low += by;
	v->high += by;
	settle(v, full_low, full_high);
}

void x_range_reveal(struct x_range *v, double full_low, double full_high,
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
