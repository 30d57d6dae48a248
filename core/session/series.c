/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/session/metric.h"
#include "core/session/smooth.h"
#include "store/run.h"

const char *series_x_name(enum series_x x)
{
	static const char *const names[] = {"step", "games", "time"};

	return names[x];
}

void series_set_init(struct series_set *h, int64_t run_id, const char *run)
{
	memset(h, 0, sizeof(*h));
	h->run_id = run_id;
	snprintf(h->run, sizeof(h->run), "%s", run);
}

static void series_release(struct series *c)
{
	for (int k = 0; k < SERIES_X_COUNT; k++)
		free(c->x[k]);
	free(c->value);
	free(c->smooth);
	free(c->low);
	free(c->high);
}

void series_set_release(struct series_set *h)
{
	for (int i = 0; i < h->count; i++)
		series_release(&h->series[i]);
	free(h->series);
	memset(h, 0, sizeof(*h));
}

static void grow(double **array, size_t cap)
{
	*array = mem_realloc(*array, cap * sizeof(**array));
}

static void series_append(struct series *c, const struct store_metric *rows,
			  size_t count)
{
	if (c->count + count > c->cap) {
		c->cap = 2 * (c->count + count);
		for (int k = 0; k < SERIES_X_COUNT; k++)
			grow(&c->x[k], c->cap);
		grow(&c->value, c->cap);
		grow(&c->smooth, c->cap);
	}
	for (size_t i = 0; i < count; i++) {
		size_t at = c->count++;
		double x[SERIES_X_COUNT] = {(double)rows[i].step,
					    (double)rows[i].games,
					    (double)rows[i].time_ms / 1000};

		/* games and time must ascend as steps do, even where a run went
		 * on with its counters set back */
		for (int k = 0; k < SERIES_X_COUNT; k++)
			c->x[k][at] = at ? fmax(x[k], c->x[k][at - 1]) : x[k];
		c->value[at] = rows[i].value;
	}
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && !strcmp(text + n - m, end);
}

/* Is `name` one end of another metric's band? */
static bool is_bound(const char *name, const char *const *names, size_t count)
{
	size_t stem = strlen(name);

	if (ends_with(name, ".low"))
		stem -= 4;
	else if (ends_with(name, ".high"))
		stem -= 5;
	else
		return false;
	for (size_t i = 0; i < count; i++) {
		if (strlen(names[i]) == stem && !strncmp(names[i], name, stem))
			return true;
	}
	return false;
}

static int by_metric(const void *a, const void *b)
{
	const struct series *p = a, *q = b;

	return metric_compare(p->name, q->name);
}

static struct series *series_get(struct series_set *h, const char *name)
{
	struct series *c;

	for (int i = 0; i < h->count; i++) {
		if (!strcmp(h->series[i].name, name))
			return &h->series[i];
	}
	h->series = mem_realloc(h->series,
				(size_t)(h->count + 1) * sizeof(*h->series));
	c = &h->series[h->count++];
	memset(c, 0, sizeof(*c));
	snprintf(c->name, sizeof(c->name), "%s", name);
	return c;
}

static enum err_code store_failed(struct store *s, struct err *e)
{
	return err_set(e, ERR_IO, "%s", store_message(s));
}

/* One end of the band: the values of NAME.low or .high at the curve's steps. */
static enum err_code read_bound(struct series_set *h, struct store *s,
				const struct series *c, const char *end,
				double **out, struct err *e)
{
	struct store_metric *rows;
	struct store_bag bag = {0};
	char name[80];
	size_t count, k = 0;

	snprintf(name, sizeof(name), "%s%s", c->name, end);
	if (store_metric_list(s, &bag, h->run_id, name, 0, &rows, &count) !=
	    STORE_OK) {
		store_bag_release(&bag);
		return store_failed(s, e);
	}
	grow(out, c->count + 1);
	for (size_t i = 0; i < c->count; i++) {
		while (k < count && (double)rows[k].step < c->x[SERIES_STEP][i])
			k++;
		(*out)[i] = k < count && (double)rows[k].step <=
						    c->x[SERIES_STEP][i]
				    ? rows[k].value
				    : (double)NAN;
	}
	store_bag_release(&bag);
	return ERR_OK;
}

static void smooth_one(const struct series_set *h, struct series *c)
{
	bool steady = metric_find(c->name)->steady;

	smooth_ema(c->x[SERIES_STEP], c->value, c->count,
		   steady ? 0 : h->weight, c->smooth);
}

/* A curve with a band is an estimate that later matches may move: read anew.
 * Others only grow, and their last point may still change: a value at a step
 * that has one replaces it. */
static enum err_code series_update(struct series_set *h, struct store *s,
				   struct series *c, bool band, bool *changed,
				   struct err *e)
{
	struct store_bag bag = {0};
	struct store_metric *rows;
	int64_t from = 0;
	size_t count, last = c->count - 1;
	enum err_code rc = ERR_OK;

	if (!band && c->count)
		from = (int64_t)c->x[SERIES_STEP][last];
	if (store_metric_list(s, &bag, h->run_id, c->name, from, &rows,
			      &count) != STORE_OK) {
		store_bag_release(&bag);
		return store_failed(s, e);
	}
	if (band) {
		c->count = 0;
	} else if (c->count && count) {
		*changed |= count > 1 ||
			    (double)rows[0].games > c->x[SERIES_GAMES][last];
		c->count = last;
	}
	*changed |= band || (!c->count && count);
	series_append(c, rows, count);
	store_bag_release(&bag);
	if (band && c->count) {
		rc = read_bound(h, s, c, ".low", &c->low, e);
		if (!rc)
			rc = read_bound(h, s, c, ".high", &c->high, e);
	}
	if (count && !rc)
		smooth_one(h, c);
	return rc;
}

enum err_code series_set_update(struct series_set *h, struct store *s,
				bool *changed, struct err *e)
{
	struct store_bag bag = {0};
	enum err_code rc = ERR_OK;
	const char **names;
	bool any = false;
	size_t count;

	if (store_metric_names(s, &bag, h->run_id, &names, &count) != STORE_OK)
		rc = store_failed(s, e);
	for (size_t i = 0; !rc && i < count; i++) {
		char low[80];
		bool band = false;

		if (is_bound(names[i], names, count))
			continue;
		snprintf(low, sizeof(low), "%s.low", names[i]);
		for (size_t k = 0; k < count; k++)
			band |= !strcmp(names[k], low);
		rc = series_update(h, s, series_get(h, names[i]), band, &any,
				   e);
	}
	if (h->count)
		qsort(h->series, (size_t)h->count, sizeof(*h->series),
		      by_metric);
	store_bag_release(&bag);
	if (changed)
		*changed = any;
	return rc;
}

void series_set_smooth(struct series_set *h, double weight)
{
	h->weight = weight;
	for (int i = 0; i < h->count; i++) {
		if (h->series[i].count)
			smooth_one(h, &h->series[i]);
	}
}

const struct series *series_set_find(const struct series_set *h,
				     const char *name)
{
	for (int i = 0; i < h->count; i++) {
		if (!strcmp(h->series[i].name, name))
			return &h->series[i];
	}
	return NULL;
}

int series_nearest(const double *x, const double *y, size_t count, double at)
{
	int best = -1;

	for (size_t i = 0; i < count; i++) {
		if (!isnan(y[i]) &&
		    (best < 0 || fabs(x[i] - at) < fabs(x[best] - at)))
			best = (int)i;
	}
	return best;
}
