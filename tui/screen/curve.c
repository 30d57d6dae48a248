/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/curve.h"

#include "core/session/metric.h"

struct plot_series curve_of(const struct series *s, enum series_x x)
{
	bool band = s->low && s->high;

	return (struct plot_series){
		.x = s->x[x],
		.y = s->smooth,
		.raw = s->value,
		.low = band ? s->low : NULL,
		.high = band ? s->high : NULL,
		.count = s->count,
	};
}

enum axis_kind curve_x_kind(enum series_x x)
{
	return x == SERIES_TIME ? AXIS_SECONDS : AXIS_COUNT;
}

enum axis_kind curve_y_kind(const char *metric)
{
	return metric_find(metric)->whole ? AXIS_COUNT : AXIS_NUMBER;
}
