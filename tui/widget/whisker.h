/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_WHISKER_H
#define TUI_WIDGET_WHISKER_H

#include "core/base/buf.h"

/*
 * An estimate and its interval in one line of text, for a column of a table
 * whose rows share one scale: "  ├──●───┤   ".
 */
struct whisker_scale {
	double low, high; /* at the first and the last character */
};

/* Wide enough for every value and its interval, except for intervals that would
 * squeeze all others together: beyond the least and the greatest value stand at
 * most a quarter of the values' own span, or one and a half times the median
 * interval to one side.  NaNs are left out; all NaN: an empty scale. */
struct whisker_scale whisker_scale(const double *value, const double *low,
				   const double *high, int count);

/* `width` characters; an end that lies outside the scale has no bar across.
 * Nothing for a NaN value; without bounds the point alone. */
void whisker_text(const struct whisker_scale *s, double value, double low,
		  double high, int width, struct buf *out);

#endif
