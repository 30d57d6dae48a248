/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/traj.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/net/batch.h"
#include "core/net/body.h"
#include "core/net/head.h"
#include "core/net/stream.h"
#include "core/study/views.h"

/* Share of steps whose length is any, so that the model knows them all. */
static const float ODD_STEPS = 0.1f;

/* Lanes of a rollout: more make no call quicker. */
enum { LANES = 32 };

/* Planes that hold what was said, a number a cell. */
static int more_planes(const struct game *g)
{
	int cells = g->rows * g->cols;

	return (2 * (g->move_count + 3) + cells - 1) / cells;
}

enum err_code traj_net(const struct game *g, const char *network,
		       struct net_config *out, struct err *e)
{
	char *text = mem_printf("%s%cnext=yes", network,
				strchr(network, ':') ? ',' : ':');
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	net_config_game(out, g);
	out->planes += more_planes(g);
	out->place_planes = out->place_pooled = 0;
	memset(out->place, 0, sizeof(out->place));
	memset(out->id_size, 0, sizeof(out->id_size));
	out->id_count = TRAJ_IDS;
	out->id_size[TRAJ_ID_SAID] = 2;
	out->id_size[TRAJ_ID_GAP] = TRAJ_GAPS;
	rc = net_config_parse(out, text, e);
	if (!rc && !out->body->reads_ids)
		rc = err_set(e, ERR_USAGE,
			     "%s reads one token alone, not stages in order",
			     out->body->name);
	free(text);
	return rc;
}

/* --- tokens -------------------------------------------------------------- */

/* x has the game's planes; the rest of the token. */
static void finish_token(const struct game *g, const float *logs, bool said,
			 int gap, float *x)
{
	int cells = g->rows * g->cols, n = g->move_count + 3;
	float *to = x + g->planes * cells;

	assert(gap >= 1 && gap <= TRAJ_GAPS);
	memset(to, 0, (size_t)(more_planes(g) * cells) * sizeof(*to));
	for (int i = 0; i < n; i++) {
		bool legal = logs[i] > VIEWS_ILLEGAL;

		to[i] = (legal ? logs[i] : VIEWS_LEAST) / TRAJ_SCALE;
		to[n + i] = legal ? expf(logs[i]) : 0;
	}
	to += more_planes(g) * cells;
	to[TRAJ_ID_SAID] = said;
	to[TRAJ_ID_GAP] = (float)(gap - 1);
}

/* What was given, then what followed as probabilities. */
static void write_target(const struct game *g, const float *given,
			 const float *next, float *target)
{
	int said = g->move_count + 3;

	for (int i = 0; i < said; i++) {
		bool legal = next[i] > VIEWS_ILLEGAL;

		target[i] = legal ? given[i] : 0;
		target[said + i] = legal ? expf(next[i]) : NET_LEFT_OUT;
	}
}

/* --- as a data set ------------------------------------------------------- */

static int64_t held(const void *self)
{
	const struct traj_data *d = self;

	return d->views->count;
}

static int most_rows(const void *self, int64_t item)
{
	const struct traj_data *d = self;

	(void)item;
	return d->rows < d->stages ? d->rows : d->stages;
}

/* A sequence of one position: from the token at `stage` (-1: nothing was said)
 * by steps to the last stage. */
struct walk {
	int64_t item;
	int sym, stage, gap;
	bool own;
	struct rng *rng; /* NULL: all steps are alike */
};

static int step_of(const struct traj_data *d, struct walk *w)
{
	int gap = w->gap;

	if (w->rng && rng_float(w->rng) < ODD_STEPS)
		gap = 1 + (int)rng_below(w->rng, (uint32_t)d->gaps);
	if (gap > d->stages - 1 - w->stage)
		gap = d->stages - 1 - w->stage;
	return gap;
}

static void read_token(const struct traj_data *d, const struct walk *w, int gap,
		       const struct net_row *out, float *given, float *next)
{
	const struct views *v = d->views;
	const struct game *g = v->game;
	int row_next = w->stage + gap;

	views_read(v, w->item, w->sym, out->x);
	views_read_said(v, w->item, row_next, w->sym, next);
	if (w->stage >= 0) {
		views_read_said(w->own ? d->own : v, w->item, w->stage, w->sym,
				given);
	} else {
		memcpy(given, next, v->said * sizeof(*given));
		views_nothing(g, given);
	}
	finish_token(g, given, w->stage >= 0, gap, out->x);
	write_target(g, given, next, out->target[NET_NEXT]);
}

/* As many tokens as fit. */
static void read_walk(const struct traj_data *d, struct walk *w,
		      struct dataset_room *out)
{
	int room = dataset_room_left(out);
	int most = d->rows < room ? d->rows : room, gaps[TRAJ_MOST_STAGES];
	struct walk at = *w;
	float *given = mem_floats(2 * d->views->said);
	int n = 0, first;

	for (; at.stage < d->stages - 1 && n < most; n++) {
		gaps[n] = step_of(d, &at);
		at.stage += gaps[n];
	}
	first = dataset_room_add(out, n, -1);
	for (int i = 0; i < n; i++) {
		struct net_row row = net_rows_at(&out->rows, first + i);

		for (int h = 0; h < NET_HEADS; h++)
			if (row.weight[h])
				*row.weight[h] = h == NET_NEXT;
		read_token(d, w, gaps[i], &row, given, given + d->views->said);
		w->stage += gaps[i];
	}
	free(given);
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct traj_data *d = self;
	uint64_t sequence = chance->first;

	(void)window;
	do {
		struct rng r;
		struct walk w = {.rng = &r, .stage = -1};

		rng_init(&r, chance->seed, RNG_BATCH, chance->step, sequence++);
		w.item = (int64_t)rng_below(&r, (uint32_t)d->views->count);
		w.sym = (int)rng_below(&r, (uint32_t)d->views->symmetries);
		w.gap = 1 + (int)rng_below(&r, (uint32_t)d->gaps);
		if (rng_float(&r) >= d->begin)
			w.stage = (int)rng_below(&r, (uint32_t)d->stages - 1);
		/* Who comes in between does not know how far own words are
		 * from the learner's. */
		w.own = d->own && w.stage < 0 && rng_float(&r) < d->own_share;
		read_walk(d, &w, out);
	} while (dataset_room_left(out) >= most_rows(d, 0));
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	struct walk w = {.item = item, .stage = -1, .gap = 1};

	read_walk(self, &w, out);
}

struct dataset traj_dataset(const struct traj_data *d)
{
	assert(d->stages >= 2 && d->stages <= d->views->stages);
	assert(d->stages < TRAJ_MOST_STAGES && d->rows > 0);
	assert(d->gaps >= 1 && d->gaps <= TRAJ_GAPS);
	return (struct dataset){
		.held = held,
		.rows = most_rows,
		.draw = draw,
		.get = get,
		.self = d,
	};
}

/* --- rolling on ---------------------------------------------------------- */

struct traj {
	const struct game *game;
	struct net_stream *stream; /* owned */
	int lanes;
	size_t row, said;
	float *x, *change, *at; /* owned; by lane */
};

bool traj_fits(const struct net_config *c, const struct game *g)
{
	return c->body->reads_ids && c->id_count == TRAJ_IDS &&
	       c->planes == g->planes + more_planes(g) && c->rows == g->rows &&
	       c->cols == g->cols && c->moves == g->move_count &&
	       net_config_has(c, NET_NEXT);
}

struct traj *traj_new(const struct net_plan *p, const struct game *g, int lanes)
{
	struct traj *t = mem_zalloc(1, sizeof(*t));

	*t = (struct traj){
		.game = g,
		.stream = net_stream_new(p, lanes),
		.lanes = lanes,
		.row = net_config_row(net_plan_config(p)),
		.said = (size_t)g->move_count + 3,
	};
	t->x = mem_floats((size_t)lanes * t->row);
	t->change = mem_floats((size_t)lanes * t->said);
	t->at = mem_floats((size_t)lanes * t->said);
	return t;
}

void traj_free(struct traj *t)
{
	if (!t)
		return;
	net_stream_free(t->stream);
	free(t->x);
	free(t->change);
	free(t->at);
	free(t);
}

/* One token more in each lane: logs + i * step is said; t->change what is to be
 * added. */
static void push(struct traj *t, int n, const float *x, const float *logs,
		 size_t step, bool said, int gap)
{
	const struct game *g = t->game;
	size_t planes = (size_t)g->planes * (size_t)(g->rows * g->cols);
	float *out[NET_HEADS] = {[NET_NEXT] = t->change};

	for (int i = 0; i < n; i++) {
		float *token = t->x + (size_t)i * t->row;

		memcpy(token, x + (size_t)i * planes, planes * sizeof(*x));
		finish_token(g, logs + (size_t)i * step, said, gap, token);
	}
	net_stream_push(t->stream, n, NULL, t->x, out);
}

static void change(struct traj *t, int n)
{
	for (int i = 0; i < n; i++) {
		float *at = t->at + (size_t)i * t->said;

		for (size_t k = 0; k < t->said; k++)
			if (at[k] > VIEWS_ILLEGAL)
				at[k] += t->change[(size_t)i * t->said + k];
		views_normalise(t->game, at);
	}
}

void traj_roll(struct traj *t, int n, const float *x, int count,
	       const float *given, int gap, int to, float *logs)
{
	int stage = count ? (count - 1) % gap : -1;
	size_t all = (size_t)n * t->said;

	assert(n > 0 && n <= t->lanes && to >= 0 && to >= count - 1);
	for (int i = 0; i < n; i++)
		net_stream_reset(t->stream, i);
	memcpy(t->at, logs, all * sizeof(*logs));
	for (int i = 0; i < n; i++)
		views_nothing(t->game, t->at + (size_t)i * t->said);
	/* What is known is read as it was trained on: nothing, then stages. */
	if (count)
		push(t, n, x, t->at, t->said, false, stage + 1);
	for (; stage >= 0 && stage < count - 1; stage += gap)
		push(t, n, x, given + (size_t)stage * t->said,
		     (size_t)count * t->said, true, gap);
	for (int i = 0; i < n && count; i++)
		memcpy(t->at + (size_t)i * t->said,
		       given + ((size_t)i * (size_t)count + (size_t)stage) *
				       t->said,
		       t->said * sizeof(*given));
	while (stage < to) {
		int step = (to - stage) % gap ? (to - stage) % gap : gap;

		push(t, n, x, t->at, t->said, stage >= 0, step);
		change(t, n);
		stage += step;
	}
	memcpy(logs, t->at, all * sizeof(*logs));
}

/* --- what a model says by itself ----------------------------------------- */

struct saying {
	const struct net_plan *plan;
	struct views *own;
};

static void say_some(void *ctx, int number, int worker)
{
	struct saying *s = ctx;
	struct views *own = s->own;
	struct traj *t = traj_new(s->plan, own->game, LANES);
	int64_t from = (int64_t)number * LANES;
	int n = own->count - from < LANES ? (int)(own->count - from) : LANES;
	const float *x = own->x + (size_t)from * own->row;

	(void)worker;
	for (int i = 0; i < n; i++) {
		views_read_said(own, from + i, 0, 0,
				t->at + (size_t)i * own->said);
		views_nothing(own->game, t->at + (size_t)i * own->said);
	}
	for (int stage = 0; stage < own->stages; stage++) {
		push(t, n, x, t->at, t->said, stage > 0, 1);
		change(t, n);
		for (int i = 0; i < n; i++)
			memcpy(own->logs + ((size_t)(from + i) *
						    (size_t)own->stages +
					    (size_t)stage) *
						   own->said,
			       t->at + (size_t)i * t->said,
			       t->said * sizeof(float));
	}
	traj_free(t);
}

void traj_say(const struct net_plan *p, const struct views *v, int stages,
	      struct pool *pool, struct views *own)
{
	struct saying s = {p, own};
	size_t x = (size_t)v->count * v->row;

	assert(stages > 0 && stages <= v->stages);
	views_init(own, v->game, stages);
	own->count = own->room = v->count;
	own->x = mem_floats(x);
	memcpy(own->x, v->x, x * sizeof(float));
	own->logs = mem_floats((size_t)v->count * (size_t)stages * v->said);
	for (int64_t i = 0; i < v->count; i++)
		views_read_said(v, i, 0, 0,
				own->logs +
					(size_t)i * (size_t)stages * v->said);
	pool_run(pool, (int)((v->count + LANES - 1) / LANES), say_some, &s);
}
