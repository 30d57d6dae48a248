/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/staged.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/agent/mind.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/lessons.h"
#include "core/net/batch.h"
#include "core/net/body.h"
#include "core/net/head.h"
#include "core/study/views.h"
#include "core/study/views_agent.h"

enum err_code staged_net(const struct game *g, const char *network,
			 struct net_config *out, struct err *e)
{
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	net_config_game(out, g);
	out->planes++;
	rc = net_config_parse(out, network, e);
	if (!rc && out->body->reads_ids)
		rc = err_set(e, ERR_USAGE,
			     "%s reads games in order, not a position alone",
			     out->body->name);
	return rc ? rc : net_config_check(out, e);
}

bool staged_fits(const struct net_config *c, const struct game *g)
{
	return !c->body->reads_ids && c->planes == g->planes + 1 &&
	       c->rows == g->rows && c->cols == g->cols &&
	       c->moves == g->move_count;
}

static void write_stage(const struct game *g, float stage, float *x)
{
	int cells = g->rows * g->cols;

	for (int i = 0; i < cells; i++)
		x[g->planes * cells + i] = stage;
}

/* --- as a data set ------------------------------------------------------- */

static int64_t held(const void *self)
{
	const struct staged_data *d = self;

	return d->views->count * d->stages;
}

static int one_row(const void *self, int64_t item)
{
	(void)self;
	(void)item;
	return 1;
}

static void read_item(const struct staged_data *d, int64_t item, int sym,
		      struct dataset_room *out)
{
	const struct views *v = d->views;
	int stage = (int)(item % d->stages), moves = v->game->move_count;
	struct net_row row =
		net_rows_at(&out->rows, dataset_room_add(out, 1, stage));
	float *logs = mem_floats(v->said), *policy = row.target[NET_POLICY];

	views_read(v, item / d->stages, sym, row.x);
	write_stage(v->game, (float)stage / (float)(d->stages - 1), row.x);
	views_read_said(v, item / d->stages, stage, sym, logs);
	for (int m = 0; m < moves; m++)
		policy[m] =
			logs[m] > VIEWS_ILLEGAL ? expf(logs[m]) : NET_LEFT_OUT;
	for (int i = 0; i < 3; i++)
		row.target[NET_VALUE][i] = expf(logs[moves + i]);
	for (int h = 0; h < NET_HEADS; h++)
		if (row.weight[h])
			*row.weight[h] = h == NET_POLICY || h == NET_VALUE;
	free(logs);
}

static void read_searched(const struct staged_data *d, struct rng *r,
			  struct dataset_room *out)
{
	const struct staged_game *from =
		&d->games[rng_below(r, (uint32_t)d->game_count)];
	int sym = (int)rng_below(r, (uint32_t)d->views->symmetries);
	uint32_t skip = rng_below(r, (uint32_t)lessons_count(from->lessons));
	struct net_row row =
		net_rows_at(&out->rows, dataset_room_add(out, 1, -1));
	size_t at = 0;

	for (uint32_t i = 0; i < skip; i++)
		at = lessons_next(from->lessons, at);
	lessons_read(d->views->game, from->lessons, at, sym, &row);
	write_stage(d->views->game, from->stage, row.x);
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	const struct staged_data *d = self;

	(void)window;
	for (uint64_t i = chance->first; dataset_room_left(out); i++) {
		struct rng r;
		int64_t item;

		rng_init(&r, chance->seed, RNG_BATCH, chance->step, i);
		if (d->searched > 0 && rng_float(&r) < d->searched) {
			read_searched(d, &r, out);
			continue;
		}
		item = (int64_t)rng_below(&r, (uint32_t)d->views->count) *
			       d->stages +
		       rng_below(&r, (uint32_t)d->stages);
		read_item(d, item,
			  (int)rng_below(&r, (uint32_t)d->views->symmetries),
			  out);
	}
}

static void get(const void *self, int64_t item, struct dataset_room *out)
{
	read_item(self, item, 0, out);
}

struct dataset staged_dataset(const struct staged_data *d)
{
	assert(d->stages >= 2 && d->stages <= d->views->stages);
	return (struct dataset){
		.held = held,
		.rows = one_row,
		.draw = draw,
		.get = get,
		.self = d,
	};
}

/* --- as an agent --------------------------------------------------------- */

struct staged_conf {
	float stage, steer, temperature;
};

#define FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct staged_conf, CONF_FLOAT, key, lo, hi, dflt, text)
static const struct conf_spec spec[] = {
	FLOAT(stage, 0, 100, "1", "in units of the last stage that was shown"),
	FLOAT(steer, 0, 100, "0", "on by so many times what it learned"),
	FLOAT(temperature, 0, 100, "0", "0 plays the likeliest move"),
	{0},
};

struct staged {
	const struct net_plan *plan; /* released through the source */
	struct net_work *work;       /* owned */
	float *x, *logs, *first;     /* owned; VIEWS_CALL of them */
	size_t row, said;
};

static enum err_code staged_open(struct agent *a, struct err *e)
{
	struct staged *s = a->self;
	enum err_code rc = mind_load(a, &s->plan, e);

	if (rc)
		return rc;
	if (!staged_fits(net_plan_config(s->plan), a->g))
		return err_set(e, ERR_USAGE,
			       "%s is no model that is told stages of this "
			       "game",
			       a->mind);
	s->row = net_config_row(net_plan_config(s->plan));
	s->said = (size_t)a->g->move_count + 3;
	s->work = net_work_new(s->plan, VIEWS_CALL);
	s->x = mem_floats(VIEWS_CALL * s->row);
	s->logs = mem_floats(VIEWS_CALL * s->said);
	s->first = mem_floats(VIEWS_CALL * s->said);
	return ERR_OK;
}

static void staged_close(struct agent *a)
{
	struct staged *s = a->self;

	net_work_free(s->work);
	if (s->plan)
		a->source->release(a->source->self, s->plan);
	free(s->x);
	free(s->logs);
	free(s->first);
}

static void ask(struct agent *a, int rows, float stage, float *logs)
{
	struct staged *s = a->self;

	for (int i = 0; i < rows; i++)
		write_stage(a->g, stage, s->x + (size_t)i * s->row);
	views_ask(a->g, s->plan, s->work, 1, rows, s->x, logs, s->said);
}

static void take_position(struct agent *a, const void *state, int row)
{
	struct staged *s = a->self;

	views_position(a->g, state, s->x + (size_t)row * s->row,
		       s->logs + (size_t)row * s->said);
}

static void say(struct agent *a, int rows)
{
	const struct staged_conf *c = a->conf;
	struct staged *s = a->self;
	size_t n = (size_t)rows * s->said;

	memcpy(s->first, s->logs, n * sizeof(*s->logs));
	ask(a, rows, c->stage, s->logs);
	if (c->steer <= 0)
		return;
	ask(a, rows, 0, s->first);
	for (size_t i = 0; i < n; i++)
		if (s->logs[i] > VIEWS_ILLEGAL)
			s->logs[i] += c->steer * (s->logs[i] - s->first[i]);
	for (int i = 0; i < rows; i++)
		views_normalise(a->g, s->logs + (size_t)i * s->said);
}

static void choose(struct agent *a, int row, struct rng *r, struct thought *out)
{
	const struct staged_conf *c = a->conf;
	const struct staged *s = a->self;

	views_choose(a, s->logs + (size_t)row * s->said, c->temperature, r,
		     out);
}

static void staged_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	(void)cancel;
	take_position(a, state, 0);
	say(a, 1);
	choose(a, 0, r, out);
}

static void ask_rows(struct agent *a, struct agent_turn *turns, int n)
{
	for (int i = 0; i < n; i++)
		take_position(a, turns[i].at.state, i);
	say(a, n);
}

static bool staged_together(struct agent *a, struct agent_turn *turns,
			    int count, const atomic_bool *cancel)
{
	return agent_rows_together(a, turns, count, VIEWS_CALL, ask_rows,
				   choose, cancel);
}

const struct agent_kind staged_kind = {
	.name = "stage",
	.form = "stage:RUN/STEP[,stage=S][,steer=A]",
	.help = "a model that is told a stage",
	.mind = AGENT_NETWORK,
	.company = AGENT_TOGETHER,
	.conf = spec,
	.conf_size = sizeof(struct staged_conf),
	.self_size = sizeof(struct staged),
	.open = staged_open,
	.close = staged_close,
	.think = staged_think,
	.together = staged_together,
};
