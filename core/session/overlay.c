/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/overlay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/session/metric.h"

enum { CURSOR_STEPS = 60 };

void overlay_init(struct overlay *o)
{
	memset(o, 0, sizeof(*o));
	o->x = SERIES_GAMES;
	o->weight = 0.8;
}

void overlay_release(struct overlay *o)
{
	for (int i = 0; i < o->run_count; i++)
		series_set_release(&o->run[i]);
	memset(o, 0, sizeof(*o));
}

struct series_set *overlay_add(struct overlay *o, int64_t run_id,
			       const char *name)
{
	struct series_set *h;

	if (o->run_count == OVERLAY_RUNS)
		return NULL;
	h = &o->run[o->run_count++];
	series_set_init(h, run_id, name);
	h->weight = o->weight;
	return h;
}

void overlay_remove_others(struct overlay *o)
{
	while (o->run_count > 1)
		series_set_release(&o->run[--o->run_count]);
	o->top = 0;
	overlay_refresh(o);
}

static int compare_names(const void *a, const void *b)
{
	return metric_compare(a, b);
}

void overlay_refresh(struct overlay *o)
{
	char focused[64] = "";

	/* the first chart stays the first, whichever that will be */
	if (o->count && o->focus)
		memcpy(focused, o->name[o->focus], sizeof(focused));
	o->count = 0;
	o->focus = 0;
	for (int r = 0; r < o->run_count; r++) {
		for (int i = 0; i < o->run[r].count; i++) {
			const char *name = o->run[r].series[i].name;
			bool known = false;

			for (int k = 0; k < o->count; k++)
				known |= !strcmp(o->name[k], name);
			if (!known && o->count < OVERLAY_METRICS)
				snprintf(o->name[o->count++],
					 sizeof(o->name[0]), "%s", name);
		}
	}
	qsort(o->name, (size_t)o->count, sizeof(o->name[0]), compare_names);
	for (int k = 0; k < o->count; k++) {
		if (!strcmp(o->name[k], focused))
			o->focus = k;
	}
}

bool overlay_extent(const struct overlay *o, double *low, double *high)
{
	bool any = false;

	for (int k = 0; k < o->count * o->run_count; k++) {
		const struct series *s = series_set_find(
			&o->run[k % o->run_count], o->name[k / o->run_count]);
		const double *x = s ? s->x[o->x] : NULL;

		if (!s || !s->count)
			continue;
		*low = any ? fmin(*low, x[0]) : x[0];
		*high = any ? fmax(*high, x[s->count - 1]) : x[s->count - 1];
		any = true;
	}
	return any;
}

const struct series *overlay_focused(const struct overlay *o)
{
	const struct series *curve = NULL;

	if (o->count && o->run_count)
		curve = series_set_find(&o->run[o->top], o->name[o->focus]);
	return curve && curve->count ? curve : NULL;
}

static int nearest(const struct series *s, enum series_x x, double at)
{
	return series_nearest(s->x[x], s->smooth, s->count, at);
}

/* The point of the focused series that is read; -1 if there is none. */
static int read_at(const struct overlay *o, const struct series *s)
{
	if (!s)
		return -1;
	return o->has_cursor ? nearest(s, o->x, o->cursor) : (int)s->count - 1;
}

int64_t overlay_step(const struct overlay *o)
{
	const struct series *curve = overlay_focused(o);
	int at = read_at(o, curve);

	return at < 0 ? -1 : (int64_t)curve->x[SERIES_STEP][at];
}

static void shown_range(const struct overlay *o, double *low, double *high)
{
	*low = o->range.low;
	*high = o->range.high;
	if (*low >= *high) {
		*low = *high = 0;
		overlay_extent(o, low, high);
	}
}

static int points_between(const struct series *curve, enum series_x x,
			  double low, double high)
{
	int n = 0;

	for (size_t i = 0; i < curve->count; i++)
		n += curve->x[x][i] >= low && curve->x[x][i] <= high;
	return n;
}

/* To the next point; where there are many, to the next that is far enough away
 * to be seen to move. */
void overlay_cursor_by(struct overlay *o, int way, bool one)
{
	const struct series *curve = overlay_focused(o);
	double low, high, full_low = 0, full_high = 0, least;
	int at = read_at(o, curve);

	if (at < 0)
		return;
	shown_range(o, &low, &high);
	one |= points_between(curve, o->x, low, high) <= 2 * CURSOR_STEPS;
	least = one ? 0 : (high - low) / CURSOR_STEPS;
	if (!o->has_cursor) {
		if (way > 0)
			return;
		at = (int)curve->count; /* the first step back is the last point
					 */
	} else {
		double from = curve->x[o->x][at];

		do
			at += way;
		while (at >= 0 && at < (int)curve->count &&
		       fabs(curve->x[o->x][at] - from) < least);
		at -= way;
	}
	at += way;
	if (at >= (int)curve->count) {
		/* past the last point: follow what comes */
		o->has_cursor = (int)curve->count - 1 != read_at(o, curve);
		at = (int)curve->count - 1;
	}
	at = at < 0 ? 0 : at;
	if (way < 0)
		o->has_cursor = true;
	o->cursor = curve->x[o->x][at];
	overlay_extent(o, &full_low, &full_high);
	x_range_reveal(&o->range, full_low, full_high, o->cursor);
}

/* The cursor and the zoomed range stay at the same steps. */
static double translate(const struct series *curve, enum series_x from,
			enum series_x to, double x)
{
	int at = nearest(curve, from, x);

	return at < 0 ? x : curve->x[to][at];
}

void overlay_next_x(struct overlay *o)
{
	const struct series *curve = overlay_focused(o);
	enum series_x next = (enum series_x)((o->x + 1) % SERIES_X_COUNT);

	if (curve) {
		o->cursor = translate(curve, o->x, next, o->cursor);
		if (o->range.low < o->range.high) {
			o->range.low =
				translate(curve, o->x, next, o->range.low);
			o->range.high =
				translate(curve, o->x, next, o->range.high);
		}
	}
	o->x = next;
}

void overlay_cursor_first(struct overlay *o)
{
	const struct series *s = overlay_focused(o);

	if (!s)
		return;
	o->has_cursor = true;
	o->cursor = s->x[o->x][0];
}

bool overlay_cursor_at(struct overlay *o, double x)
{
	const struct series *s = overlay_focused(o);
	int at = s ? nearest(s, o->x, x) : -1;

	if (at < 0)
		return false;
	o->has_cursor = true;
	o->cursor = s->x[o->x][at];
	return true;
}

void overlay_next_run(struct overlay *o)
{
	if (o->run_count)
		o->top = (o->top + 1) % o->run_count;
}

void overlay_smooth(struct overlay *o, double weight)
{
	o->weight = weight;
	for (int r = 0; r < o->run_count; r++)
		series_set_smooth(&o->run[r], weight);
}

void overlay_zoom(struct overlay *o, double factor)
{
	double low = 0, high = 0;

	if (!overlay_extent(o, &low, &high))
		return;
	/* without a cursor: what came last is what one looks at */
	x_range_zoom(&o->range, low, high, factor,
		     o->has_cursor ? o->cursor : high);
}

void overlay_pan(struct overlay *o, double fraction)
{
	double low = 0, high = 0;

	if (overlay_extent(o, &low, &high))
		x_range_pan(&o->range, low, high, fraction);
}

void overlay_focus_by(struct overlay *o, int by, bool around)
{
	int next = o->focus + by;

	if (!o->count)
		return;
	if (around)
		next = (next + o->count) % o->count;
	if (next >= 0 && next < o->count)
		o->focus = next;
}
