/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/history.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/session/smooth.h"
#include "store/run.h"

/* In the order of the page. */
static const struct history_look looks[] = {
	{"elo", "Elo", AXIS_COUNT, true},
	{"grade.class", "grade: result kept", AXIS_NUMBER, true},
	{"grade.score", "grade: best moves", AXIS_NUMBER, true},
	{"score", "mean score", AXIS_COUNT, true},
	{"loss.policy", "policy loss", AXIS_NUMBER, false},
	{"loss.value", "value loss", AXIS_NUMBER, false},
	{"loss.ownership", "owner loss", AXIS_NUMBER, false},
	{"loss.lead", "lead loss", AXIS_NUMBER, false},
	{"kl", "KL search | prior", AXIS_NUMBER, false},
	{"entropy", "policy entropy", AXIS_NUMBER, false},
	{"agree", "net agrees", AXIS_NUMBER, false},
	{"length", "game length", AXIS_NUMBER, false},
	{"first_score", "first player scores", AXIS_NUMBER, false},
	{"selfplay.score", "self-play score", AXIS_COUNT, false},
	{"games_per_second", "games a second", AXIS_NUMBER, false},
	{"heldout.agree", "held out: agrees", AXIS_NUMBER, true},
	{"heldout.kl", "held out: KL", AXIS_NUMBER, true},
	{"heldout.value_error", "held out: v error", AXIS_NUMBER, true},
	{"heldout.loss.policy", "held out: p loss", AXIS_NUMBER, true},
	{"heldout.loss.value", "held out: v loss", AXIS_NUMBER, true},
	{"rate", "learning rate", AXIS_NUMBER, true},
	{"gradient", "gradient norm", AXIS_NUMBER, false},
	{"search.entropy", "search entropy", AXIS_NUMBER, false},
	{"search.changed", "search overturns net", AXIS_NUMBER, false},
	{"network.share", "time in network", AXIS_NUMBER, false},
	{"cache.share", "positions known", AXIS_NUMBER, false},
	{"positions_per_second", "moves a second", AXIS_NUMBER, false},
	{"idle", "threads idle", AXIS_NUMBER, false},
	{"time.network", "ms a game: network", AXIS_NUMBER, false},
	{"time.search", "ms a game: search", AXIS_NUMBER, false},
	{"time.training", "ms a game: training", AXIS_NUMBER, false},
	{NULL, NULL, AXIS_NUMBER, false},
};

const struct history_look *history_look(const char *name)
{
	const struct history_look *l = looks;

	while (l->name && strcmp(l->name, name))
		l++;
	return l;
}

const char *history_title(const char *name)
{
	const struct history_look *l = history_look(name);

	return l->title ? l->title : name;
}

const char *history_x_name(enum history_x x)
{
	static const char *const names[] = {"step", "games", "time"};

	return names[x];
}

enum axis_kind history_x_kind(enum history_x x)
{
	return x == HISTORY_TIME ? AXIS_SECONDS : AXIS_COUNT;
}

void history_init(struct history *h, int64_t run_id, const char *run)
{
	memset(h, 0, sizeof(*h));
	h->run_id = run_id;
	snprintf(h->run, sizeof(h->run), "%s", run);
}

static void curve_release(struct history_curve *c)
{
	for (int k = 0; k < HISTORY_X_COUNT; k++)
		free(c->x[k]);
	free(c->value);
	free(c->smooth);
	free(c->low);
	free(c->high);
}

void history_release(struct history *h)
{
	for (int i = 0; i < h->count; i++)
		curve_release(&h->curves[i]);
	free(h->curves);
	memset(h, 0, sizeof(*h));
}

static void grow(double **array, size_t cap)
{
	*array = mem_realloc(*array, cap * sizeof(**array));
}

static void curve_append(struct history_curve *c,
			 const struct store_metric *rows, size_t count)
{
	if (c->count + count > c->cap) {
		c->cap = 2 * (c->count + count);
		for (int k = 0; k < HISTORY_X_COUNT; k++)
			grow(&c->x[k], c->cap);
		grow(&c->value, c->cap);
		grow(&c->smooth, c->cap);
	}
	for (size_t i = 0; i < count; i++) {
		size_t at = c->count++;
		double x[HISTORY_X_COUNT] = {(double)rows[i].step,
					     (double)rows[i].games,
					     (double)rows[i].time_ms / 1000};

		/* games and time must ascend as steps do, also where a run went
		 * on with its counters set back */
		for (int k = 0; k < HISTORY_X_COUNT; k++)
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

/* Known metrics in the order of the table, others after them, by name. */
static int compare_curves(const void *a, const void *b)
{
	const struct history_curve *p = a, *q = b;
	const struct history_look *lp = history_look(p->name);
	const struct history_look *lq = history_look(q->name);

	if (lp != lq)
		return lp < lq ? -1 : 1;
	return strcmp(p->name, q->name);
}

static struct history_curve *curve_get(struct history *h, const char *name)
{
	struct history_curve *c;

	for (int i = 0; i < h->count; i++) {
		if (!strcmp(h->curves[i].name, name))
			return &h->curves[i];
	}
	h->curves = mem_realloc(h->curves,
				(size_t)(h->count + 1) * sizeof(*h->curves));
	c = &h->curves[h->count++];
	memset(c, 0, sizeof(*c));
	snprintf(c->name, sizeof(c->name), "%s", name);
	return c;
}

static enum err_code store_failed(struct store *s, struct err *e)
{
	return err_set(e, ERR_IO, "%s", store_message(s));
}

/* One end of the band: the values of NAME.low or .high at the curve's steps. */
static enum err_code read_bound(struct history *h, struct store *s,
				const struct history_curve *c, const char *end,
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
		while (k < count &&
		       (double)rows[k].step < c->x[HISTORY_STEP][i])
			k++;
		(*out)[i] = k < count && (double)rows[k].step <=
						    c->x[HISTORY_STEP][i]
				    ? rows[k].value
				    : (double)NAN;
	}
	store_bag_release(&bag);
	return ERR_OK;
}

static void smooth_curve(const struct history *h, struct history_curve *c)
{
	bool steady = history_look(c->name)->steady;

	smooth_ema(c->x[HISTORY_STEP], c->value, c->count,
		   steady ? 0 : h->weight, c->smooth);
}

/* A curve with a band is an estimate that later matches may move: read anew.
 * Others only grow, and their last point may still change: a value at a step
 * that has one replaces it. */
static enum err_code curve_update(struct history *h, struct store *s,
				  struct history_curve *c, bool band,
				  bool *changed, struct err *e)
{
	struct store_bag bag = {0};
	struct store_metric *rows;
	int64_t from = 0;
	size_t count, last = c->count - 1;
	enum err_code rc = ERR_OK;

	if (!band && c->count)
		from = (int64_t)c->x[HISTORY_STEP][last];
	if (store_metric_list(s, &bag, h->run_id, c->name, from, &rows,
			      &count) != STORE_OK) {
		store_bag_release(&bag);
		return store_failed(s, e);
	}
	if (band) {
		c->count = 0;
	} else if (c->count && count) {
		*changed |= count > 1 ||
			    (double)rows[0].games > c->x[HISTORY_GAMES][last];
		c->count = last;
	}
	*changed |= band || (!c->count && count);
	curve_append(c, rows, count);
	store_bag_release(&bag);
	if (band && c->count) {
		rc = read_bound(h, s, c, ".low", &c->low, e);
		if (!rc)
			rc = read_bound(h, s, c, ".high", &c->high, e);
	}
	if (count && !rc)
		smooth_curve(h, c);
	return rc;
}

enum err_code history_update(struct history *h, struct store *s, bool *changed,
			     struct err *e)
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
		rc = curve_update(h, s, curve_get(h, names[i]), band, &any, e);
	}
	if (h->count)
		qsort(h->curves, (size_t)h->count, sizeof(*h->curves),
		      compare_curves);
	store_bag_release(&bag);
	if (changed)
		*changed = any;
	return rc;
}

void history_smooth(struct history *h, double weight)
{
	h->weight = weight;
	for (int i = 0; i < h->count; i++) {
		if (h->curves[i].count)
			smooth_curve(h, &h->curves[i]);
	}
}

const struct history_curve *history_find(const struct history *h,
					 const char *name)
{
	for (int i = 0; i < h->count; i++) {
		if (!strcmp(h->curves[i].name, name))
			return &h->curves[i];
	}
	return NULL;
}

struct plot_series history_series(const struct history_curve *c,
				  enum history_x x)
{
	return (struct plot_series){
		.x = c->x[x],
		.y = c->smooth,
		.raw = c->value,
		.low = c->low && c->high ? c->low : NULL,
		.high = c->low && c->high ? c->high : NULL,
		.count = c->count,
	};
}
