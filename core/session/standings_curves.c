/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/standings_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_step.h"
#include "core/base/buf.h"
#include "core/session/series.h"
#include "store/run.h"
#include "store/store.h"

/* "mcts:c4/120,sims=64" without its step. */
static bool same_but_step(const char *a, const char *b)
{
	struct agent_step x, y;

	return agent_step_of(a, &x) && agent_step_of(b, &y) &&
	       !agent_step_order(a, &x, b, &y);
}

static const char *curve_name(struct store_bag *bag, const char *spec)
{
	struct agent_step at;
	const char *name;
	struct buf b;

	agent_step_of(spec, &at);
	buf_init(&b);
	buf_add(&b, spec, (size_t)(at.step - 1 - spec));
	if (at.step[at.step_len] == ',')
		buf_printf(&b, " %s", at.step + at.step_len + 1);
	name = store_bag_strdup(bag, b.data);
	buf_release(&b);
	return name;
}

struct point {
	double x[SERIES_X_COUNT];
	int row;
};

static int by_step(const void *a, const void *b)
{
	const struct point *p = a, *q = b;

	return (p->x[SERIES_STEP] > q->x[SERIES_STEP]) -
	       (p->x[SERIES_STEP] < q->x[SERIES_STEP]);
}

static void fill_curve(struct standings *s, struct standing_curve *c,
		       const struct point *points)
{
	size_t bytes = (size_t)c->count * sizeof(double);

	for (int k = 0; k < SERIES_X_COUNT; k++)
		c->x[k] = store_bag_alloc(&s->bag, bytes);
	c->elo = store_bag_alloc(&s->bag, bytes);
	c->low = store_bag_alloc(&s->bag, bytes);
	c->high = store_bag_alloc(&s->bag, bytes);
	c->row = store_bag_alloc(&s->bag, (size_t)c->count * sizeof(*c->row));
	for (int i = 0; i < c->count; i++) {
		struct standing *row = &s->rows[points[i].row];

		/* games and time ascend as steps do, even where a run went on
		 * with its counters set back */
		for (int k = 0; k < SERIES_X_COUNT; k++)
			c->x[k][i] = i ? fmax(points[i].x[k], c->x[k][i - 1])
				       : points[i].x[k];
		c->row[i] = points[i].row;
		c->elo[i] = row->elo;
		c->low[i] = row->low;
		c->high[i] = row->high;
		row->curve = (int)(c - s->curves);
		row->point = i;
	}
}

/* When a run had worked its way to a step: by its measurements, else by the
 * clock on the wall. */
struct clock {
	int64_t run_id, created_ms;
	struct store_metric *rows; /* in the bag */
	size_t count;
};

static double clock_at(const struct clock *t, const struct store_checkpoint *c)
{
	size_t low = 0, high = t->count;

	if (!t->count)
		return (double)(c->created_ms - t->created_ms) / 1000;
	while (low < high) { /* the first row after the step */
		size_t mid = low + (high - low) / 2;

		if (t->rows[mid].step <= c->step)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? (double)t->rows[low - 1].time_ms / 1000 : 0;
}

/* The runs and checkpoints that rows may belong to. */
struct runs_found {
	struct store_run *runs;
	struct store_checkpoint *checkpoints;
	struct clock *clocks; /* by run */
	size_t run_count, checkpoint_count;
};

static const struct store_checkpoint *
find_checkpoint(const struct runs_found *f, const char *spec)
{
	struct agent_step at;
	int64_t step;

	if (!agent_step_of(spec, &at))
		return NULL;
	step = strtoll(at.step, NULL, 10);
	for (size_t i = 0; i < f->checkpoint_count; i++) {
		const struct store_checkpoint *c = &f->checkpoints[i];

		if (c->step == step && strlen(c->run) == (size_t)at.run_len &&
		    !strncmp(c->run, at.run, (size_t)at.run_len))
			return c;
	}
	return NULL;
}

static enum store_status find_clock(struct standings *s, struct store *store,
				    struct runs_found *f,
				    const struct store_checkpoint *c,
				    const struct clock **out)
{
	size_t i = 0;

	while (i < f->run_count && f->runs[i].id != c->run_id)
		i++;
	*out = &f->clocks[i];
	/* the last is for a run that came between the two reads */
	if (i == f->run_count || f->clocks[i].run_id)
		return STORE_OK;
	f->clocks[i].run_id = c->run_id;
	f->clocks[i].created_ms = f->runs[i].created_ms;
	return store_metric_list(store, &s->bag, c->run_id, "loss.policy", 0,
				 &f->clocks[i].rows, &f->clocks[i].count);
}

/* One curve from all rows that are as `first` but for the step. */
static enum store_status make_curve(struct standings *s, struct store *store,
				    struct runs_found *f, int first,
				    struct point *points)
{
	const char *spec = s->rows[first].spec;
	struct standing_curve *c = &s->curves[s->curve_count];
	enum store_status st = STORE_OK;

	*c = (struct standing_curve){.name = curve_name(&s->bag, spec),
				     .run = s->rows[first].run};
	for (int i = first; i < s->rated && st == STORE_OK; i++) {
		const struct store_checkpoint *at;
		const struct clock *clock;

		if (s->rows[i].curve >= 0 || !s->rows[i].run ||
		    !same_but_step(spec, s->rows[i].spec))
			continue;
		at = find_checkpoint(f, s->rows[i].spec);
		st = find_clock(s, store, f, at, &clock);
		points[c->count++] = (struct point){
			.x = {(double)at->step, (double)at->games,
			      clock_at(clock, at)},
			.row = i,
		};
	}
	qsort(points, (size_t)c->count, sizeof(*points), by_step);
	fill_curve(s, c, points);
	s->curve_count++;
	return st;
}

enum store_status standings_read_curves(struct standings *s,
					struct store *store)
{
	struct runs_found f = {0};
	struct point *points;
	enum store_status st =
		store_run_list(store, &s->bag, &f.runs, &f.run_count);

	if (st == STORE_OK)
		st = store_checkpoint_list(store, &s->bag, 0, &f.checkpoints,
					   &f.checkpoint_count);
	if (st != STORE_OK)
		return st;
	f.clocks =
		store_bag_alloc(&s->bag, (f.run_count + 1) * sizeof(*f.clocks));
	s->curves = store_bag_alloc(&s->bag, (size_t)(s->rated + 1) *
						     sizeof(*s->curves));
	points = store_bag_alloc(&s->bag,
				 (size_t)(s->rated + 1) * sizeof(*points));
	for (int i = 0; i < s->count; i++) {
		const struct store_checkpoint *c =
			find_checkpoint(&f, s->rows[i].spec);

		if (!c)
			continue;
		s->rows[i].run = c->run;
		s->rows[i].step = c->step;
	}
	for (int i = 0; i < s->rated && st == STORE_OK; i++) {
		if (s->rows[i].run && s->rows[i].curve < 0)
			st = make_curve(s, store, &f, i, points);
	}
	return st;
}
