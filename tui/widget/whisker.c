/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/whisker.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"

static int by_size(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

/* Half of the median interval; 0 if there is none. */
static double usual_side(const double *low, const double *high, int count)
{
	double *side = mem_zalloc((size_t)count + 1, sizeof(*side)), usual = 0;
	int n = 0;

	for (int i = 0; i < count; i++) {
		if (high[i] - low[i] > 0)
			side[n++] = (high[i] - low[i]) / 2;
	}
	qsort(side, (size_t)n, sizeof(*side), by_size);
	if (n)
		usual = side[(n - 1) / 2];
	free(side);
	return usual;
}

struct whisker_scale whisker_scale(const double *value, const double *low,
				   const double *high, int count)
{
	double from = INFINITY, to = -INFINITY, reach;
	struct whisker_scale s;

	for (int i = 0; i < count; i++) {
		from = fmin(from, value[i]); /* fmin() and fmax() pass NaN by */
		to = fmax(to, value[i]);
	}
	if (from > to)
		return (struct whisker_scale){0, 0};
	reach = fmax((to - from) / 4, 1.5 * usual_side(low, high, count));
	s = (struct whisker_scale){from, to};
	for (int i = 0; i < count; i++) {
		s.low = fmin(s.low, fmax(low[i], from - reach));
		s.high = fmax(s.high, fmin(high[i], to + reach));
	}
	return s;
}

static int column_of(const struct whisker_scale *s, double v, int width)
{
	double share =
		s->high > s->low ? (v - s->low) / (s->high - s->low) : 0.5;

	return (int)round(fmin(fmax(share, 0), 1) * (width - 1));
}

void whisker_text(const struct whisker_scale *s, double value, double low,
		  double high, int width, struct buf *out)
{
	int at, from, to;

	if (isnan(value) || width < 1)
		return;
	at = column_of(s, value, width);
	from = isnan(low) ? at : column_of(s, low, width);
	to = isnan(high) ? at : column_of(s, high, width);
	for (int i = 0; i < width; i++) {
		if (i == at)
			buf_puts(out, "●");
		else if (i < from || i > to)
			buf_putc(out, ' ');
		else if (i == from && low >= s->low)
			buf_puts(out, "├");
		else if (i == to && high <= s->high)
			buf_puts(out, "┤");
		else
			buf_puts(out, "─");
	}
}
