/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>

#include "tui/widget/axis.h"
#include "tui/widget/plot_int.h"

/* What of x and y a plot shows. */

bool plot_extent(const struct plot_series *series, int count, double *low,
		 double *high)
{
	bool any = false;

	for (int k = 0; k < count; k++) {
		const struct plot_series *s = &series[k];

		if (!s->count)
			continue;
		if (!any || s->x[0] < *low)
			*low = s->x[0];
		if (!any || s->x[s->count - 1] > *high)
			*high = s->x[s->count - 1];
		any = true;
	}
	return any;
}

static void stretch(const struct plot_frame *f, double v, double *low,
		    double *high)
{
	v = plot_to_y(f, v);
	if (!isfinite(v))
		return;
	*low = fmin(*low, v);
	*high = fmax(*high, v);
}

bool plot_y_range(struct plot_frame *f, const struct plot *p)
{
	double low = INFINITY, high = -INFINITY;

	for (int k = 0; k < p->count; k++) {
		const struct plot_series *s = &p->series[k];

		for (size_t i = 0; i < s->count; i++) {
			if (s->x[i] < f->x_low || s->x[i] > f->x_high)
				continue;
			stretch(f, s->y[i], &low, &high);
			if (s->raw)
				stretch(f, s->raw[i], &low, &high);
			if (s->low) {
				stretch(f, s->low[i], &low, &high);
				stretch(f, s->high[i], &low, &high);
			}
		}
	}
	if (low > high)
		return false;
	/* a constant lies in the middle of something */
	if (high - low <= 1e-9 * fmax(fabs(low), fabs(high))) {
		double room = f->log_y ? 0.5 : low != 0 ? fabs(low) * 0.1 : 1;

		low -= room;
		high += room;
	}
	f->y_low = low;
	f->y_high = high;
	return true;
}

bool plot_x_range(struct plot_frame *f, const struct plot *p)
{
	bool any;

	f->x_low = p->x_low;
	f->x_high = p->x_high;
	any = plot_extent(p->series, p->count, &f->x_low, &f->x_high);
	if (any && p->x_low < p->x_high) {
		f->x_low = p->x_low;
		f->x_high = p->x_high;
	}
	f->log_x = any && p->x_kind == AXIS_LOG && f->x_low > 0;
	return any;
}
