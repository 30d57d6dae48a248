/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/agent/kind.h"
#include "core/agent/mind.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/net.h"
#include "core/study/traj.h"
#include "core/study/views.h"
#include "core/study/views_agent.h"

/* The agent that rolls a model of stages on, for many games at once. */

enum { ROWS = 32, MOST_FED = 64 };

struct traj_conf {
	int stage, fed, gap;
	float sharp, temperature;
};

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct traj_conf, CONF_INT, key, lo, hi, dflt, text)
static const struct conf_spec spec[] = {
	INT(stage, 0, TRAJ_MOST_STAGES - 1, "0", "the stage that is played"),
	INT(fed, 0, MOST_FED, "0",
	    "stages that snapshots say, networks s0, s1, ...; 0: none"),
	INT(gap, 1, TRAJ_GAPS, "1", "stages that a step goes on by"),
	{"sharp", CONF_FLOAT, offsetof(struct traj_conf, sharp), 0.01, 100, "1",
	 NULL, "temperature of what snapshots say"},
	{"temperature", CONF_FLOAT, offsetof(struct traj_conf, temperature), 0,
	 100, "0", NULL, "0 plays the likeliest move"},
	{0},
};

struct traj_player {
	const struct net_plan *plan;          /* released through the source */
	const struct net_plan *fed[MOST_FED]; /* the same */
	struct net_work *work[MOST_FED];      /* owned */
	struct traj *traj;                    /* owned */
	float *x, *given, *logs;              /* owned; ROWS of them */
	size_t row, said;
};

static enum err_code load_fed(struct agent *a, struct err *e)
{
	const struct traj_conf *c = a->conf;
	struct traj_player *p = a->self;
	enum err_code rc = ERR_OK;

	for (int i = 0; i < c->fed && !rc; i++) {
		char name[16];
		int64_t step;

		snprintf(name, sizeof(name), "s%d", i);
		rc = a->source->load(a->source->self, name, "0", a->g,
				     &p->fed[i], &step, e);
		if (!rc)
			p->work[i] = net_work_new(p->fed[i], VIEWS_CALL);
	}
	return rc;
}

static enum err_code traj_open(struct agent *a, struct err *e)
{
	const struct traj_conf *c = a->conf;
	struct traj_player *p = a->self;
	enum err_code rc = mind_load(a, &p->plan, e);

	if (rc)
		return rc;
	if (c->fed && c->stage < c->fed - 1)
		return err_set(e, ERR_USAGE,
			       "agent traj: stage %d is before the %d that "
			       "snapshots say",
			       c->stage, c->fed);
	p->row = (size_t)a->g->planes * (size_t)(a->g->rows * a->g->cols);
	p->said = (size_t)a->g->move_count + 3;
	if (!traj_fits(net_plan_config(p->plan), a->g))
		return err_set(e, ERR_USAGE,
			       "%s is no model of stages of this game",
			       a->mind);
	p->traj = traj_new(p->plan, a->g, ROWS);
	p->x = mem_floats(ROWS * p->row);
	p->logs = mem_floats(ROWS * p->said);
	p->given = mem_floats(ROWS * p->said * (size_t)(c->fed + 1));
	return load_fed(a, e);
}

static void traj_close(struct agent *a)
{
	const struct traj_conf *c = a->conf;
	struct traj_player *p = a->self;

	traj_free(p->traj);
	for (int i = 0; i < c->fed; i++) {
		net_work_free(p->work[i]);
		if (p->fed[i])
			a->source->release(a->source->self, p->fed[i]);
	}
	if (p->plan)
		a->source->release(a->source->self, p->plan);
	free(p->x);
	free(p->given);
	free(p->logs);
}

/* p->logs at the stage, of rows whose planes are in p->x and whose legal moves
 * are marked in p->logs. */
static void say(struct agent *a, int rows)
{
	const struct traj_conf *c = a->conf;
	struct traj_player *p = a->self;
	size_t step = (size_t)c->fed * p->said;

	for (int s = 0; s < c->fed; s++) {
		float *to = p->given + (size_t)s * p->said;

		for (int i = 0; i < rows; i++)
			memcpy(to + (size_t)i * step,
			       p->logs + (size_t)i * p->said,
			       p->said * sizeof(*to));
		views_ask(a->g, p->fed[s], p->work[s], c->sharp, rows, p->x, to,
			  step);
	}
	traj_roll(p->traj, rows, p->x, c->fed, p->given, c->gap, c->stage,
		  p->logs);
}

static void take_position(struct agent *a, const void *state, int row)
{
	struct traj_player *p = a->self;

	views_position(a->g, state, p->x + (size_t)row * p->row,
		       p->logs + (size_t)row * p->said);
}

static void choose(struct agent *a, int row, struct rng *r, struct thought *out)
{
	const struct traj_conf *c = a->conf;
	const struct traj_player *p = a->self;

	views_choose(a, p->logs + (size_t)row * p->said, c->temperature, r,
		     out);
}

static void traj_think(struct agent *a, const void *state, struct rng *r,
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

static bool traj_together(struct agent *a, struct agent_turn *turns, int count,
			  const atomic_bool *cancel)
{
	return agent_rows_together(a, turns, count, ROWS, ask_rows, choose,
				   cancel);
}

const struct agent_kind traj_kind = {
	.name = "traj",
	.form = "traj:RUN/STEP[,stage=N][,fed=N][,gap=N]",
	.help = "a model of how a policy changes, rolled on to a stage",
	.mind = AGENT_NETWORK,
	.company = AGENT_TOGETHER,
	.conf = spec,
	.conf_size = sizeof(struct traj_conf),
	.self_size = sizeof(struct traj_player),
	.open = traj_open,
	.close = traj_close,
	.think = traj_think,
	.together = traj_together,
};
