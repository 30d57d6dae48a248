/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/curve.h"

#include "core/session/metric.h"

struct plot_series curve_of(const struct series *s, enum series_x x)
{
	bool band = s->low && s->high;
	size_t from = 0;

	/* A learner that plays no games stands at those it was shown: where it
	 * came to is a point there, and its whole way would be a spike. */
	if (s->count && s->x[x][0] >= s->x[x][s->count - 1])
		from = s->count - 1;
	return (struct plot_series){
		.x = s->x[x] + from,
		.y = s->smooth + from,
		.raw = s->value + from,
		.low = band ? s->low + from : NULL,
		.high = band ? s->high + from : NULL,
		.count = s->count - from,
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
