/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/mix_agent.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/agent/kind.h"
#include "core/agent/net_eval.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/search/evaluator.h"

/* Rows of a network's call; networks that an agent asks. */
enum { ROWS = 32, MEMBERS = 64, NAME = 64 };

struct mix_conf {
	float temperature;
	int members;    /* of a vote */
	char old[NAME]; /* of a contrast */
	float strength;
};

static const struct conf_spec vote_spec[] = {
	{"members", CONF_INT, offsetof(struct mix_conf, members), 1, MEMBERS,
	 "8", NULL, "networks that are asked"},
	{"temperature", CONF_FLOAT, offsetof(struct mix_conf, temperature), 0,
	 100, "0", NULL, "0 plays the likeliest move"},
	{.name = NULL},
};

static const struct conf_spec contrast_spec[] = {
	{"old", CONF_TEXT, offsetof(struct mix_conf, old), 0, NAME, "old", NULL,
	 "the network that it came from"},
	{"strength", CONF_FLOAT, offsetof(struct mix_conf, strength), -1, 1000,
	 "0.5", NULL, "how far it goes on; 0: it does not"},
	{"temperature", CONF_FLOAT, offsetof(struct mix_conf, temperature), 0,
	 100, "0", NULL, "0 plays the likeliest move"},
	{.name = NULL},
};

struct member {
	const struct net_plan *plan; /* released through the source */
	struct net_eval *net;        /* owned */
	float share;                 /* of its logarithm; 0: of its chances */
};

struct mix {
	struct member members[MEMBERS];
	int count;
	float *logits; /* owned; (members, ROWS, moves) */
	float *wdl;    /* owned; (members, ROWS, 3) */
	float *mixed;  /* owned; [moves] */
};

/* --- opening ------------------------------------------------------------- */

/* What stands after the colon is a name; a step after it says nothing. */
static void name_of(const struct agent *a, char out[NAME])
{
	snprintf(out, NAME, "%.*s", (int)strcspn(a->mind, "/"), a->mind);
}

static enum err_code add_member(struct agent *a, const char *run, float share,
				struct err *e)
{
	struct mix *m = a->self;
	struct member *who = &m->members[m->count];
	int64_t step;
	enum err_code rc;

	if (!a->source)
		return err_set(e, ERR_NOTFOUND,
			       "agent %s: there is nowhere to take network %s "
			       "from",
			       a->kind->name, run);
	rc = a->source->load(a->source->self, run, "latest", a->g, &who->plan,
			     &step, e);
	if (rc)
		return rc;
	m->count++;
	who->net = net_eval_new(who->plan, a->g, ROWS);
	who->share = share;
	return ERR_OK;
}

static void take_room(struct agent *a)
{
	struct mix *m = a->self;
	size_t rows = (size_t)m->count * ROWS;

	m->logits = mem_floats(rows * (size_t)a->g->move_count);
	m->wdl = mem_floats(rows * 3);
	m->mixed = mem_floats((size_t)a->g->move_count);
}

static enum err_code vote_open(struct agent *a, struct err *e)
{
	const struct mix_conf *c = a->conf;
	char name[NAME], run[NAME + 16];
	enum err_code rc = ERR_OK;

	name_of(a, name);
	for (int i = 1; i <= c->members && !rc; i++) {
		snprintf(run, sizeof(run), "%s%d", name, i);
		rc = add_member(a, run, 0, e);
	}
	take_room(a);
	return rc;
}

static enum err_code contrast_open(struct agent *a, struct err *e)
{
	const struct mix_conf *c = a->conf;
	char name[NAME];
	enum err_code rc;

	name_of(a, name);
	rc = add_member(a, name, 1 + c->strength, e);
	if (!rc)
		rc = add_member(a, c->old, -c->strength, e);
	take_room(a);
	return rc;
}

static void mix_close(struct agent *a)
{
	struct mix *m = a->self;

	for (int i = 0; i < m->count; i++) {
		net_eval_free(m->members[i].net);
		a->source->release(a->source->self, m->members[i].plan);
	}
	free(m->logits);
	free(m->wdl);
	free(m->mixed);
}

/* --- thinking ------------------------------------------------------------ */

/* The logarithm of a sum of exponentials over the legal moves. */
static float log_sum(const struct thought *t, const float *logits)
{
	float top = -INFINITY, sum = 0;

	for (int i = 0; i < t->count; i++)
		top = fmaxf(top, logits[t->moves[i].move]);
	for (int i = 0; i < t->count; i++)
		sum += expf(logits[t->moves[i].move] - top);
	return top + logf(sum);
}

/* What all say of row `row`, as logits of one policy. */
static void mix_row(struct agent *a, int row, struct thought *out)
{
	struct mix *m = a->self;
	size_t moves = (size_t)a->g->move_count;
	bool votes = m->members[0].share == 0;

	memset(m->mixed, 0, moves * sizeof(*m->mixed));
	memset(out->wdl, 0, sizeof(out->wdl));
	for (int k = 0; k < m->count; k++) {
		size_t at = (size_t)k * ROWS + (size_t)row;
		const float *logits = m->logits + at * moves;
		float all = log_sum(out, logits), share = m->members[k].share;

		for (int i = 0; i < out->count; i++) {
			game_move move = out->moves[i].move;
			float says = logits[move] - all;

			m->mixed[move] += votes ? expf(says) : share * says;
		}
		for (int i = 0; i < 3 && (votes || !k); i++)
			out->wdl[i] += m->wdl[at * 3 + (size_t)i] /
				       (float)(votes ? m->count : 1);
	}
	for (int i = 0; i < out->count && votes; i++)
		m->mixed[out->moves[i].move] =
			logf(m->mixed[out->moves[i].move]);
	out->has_value = true;
	thought_priors(out, m->mixed);
}

static void ask(struct agent *a, int rows, const void *const *states)
{
	struct mix *m = a->self;

	for (int k = 0; k < m->count; k++) {
		struct evaluator ev = net_eval_evaluator(m->members[k].net);
		size_t at = (size_t)k * ROWS;

		evaluator_run(&ev, a->g, rows, states,
			      m->logits + at * (size_t)a->g->move_count,
			      m->wdl + at * 3);
	}
}

static void mix_choose(struct agent *a, int row, struct rng *r,
		       struct thought *out)
{
	const struct mix_conf *c = a->conf;

	mix_row(a, row, out);
	thought_choose(out, a, c->temperature, r);
}

static void mix_think(struct agent *a, const void *state, struct rng *r,
		      const atomic_bool *cancel, struct thought *out)
{
	(void)cancel;
	ask(a, 1, &state);
	mix_choose(a, 0, r, out);
}

static void ask_rows(struct agent *a, struct agent_turn *turns, int n)
{
	const void *states[ROWS];

	for (int i = 0; i < n; i++)
		states[i] = turns[i].at.state;
	ask(a, n, states);
}

static bool mix_together(struct agent *a, struct agent_turn *turns, int count,
			 const atomic_bool *cancel)
{
	return agent_rows_together(a, turns, count, ROWS, ask_rows, mix_choose,
				   cancel);
}

static const struct agent_kind kind_vote = {
	.name = "vote",
	.form = "vote:NAME,members=K",
	.help = "the mean of several networks' policies, without search",
	.mind = AGENT_NETWORK,
	.company = AGENT_TOGETHER,
	.conf = vote_spec,
	.conf_size = sizeof(struct mix_conf),
	.self_size = sizeof(struct mix),
	.open = vote_open,
	.close = mix_close,
	.think = mix_think,
	.together = mix_together,
};

static const struct agent_kind kind_contrast = {
	.name = "contrast",
	.form = "contrast:NEW/0,old=OLD,strength=A",
	.help = "a network's policy, further from an older one's",
	.mind = AGENT_NETWORK,
	.company = AGENT_TOGETHER,
	.conf = contrast_spec,
	.conf_size = sizeof(struct mix_conf),
	.self_size = sizeof(struct mix),
	.open = contrast_open,
	.close = mix_close,
	.think = mix_think,
	.together = mix_together,
};

const struct agent_kind *const mix_kinds[] = {&kind_vote, &kind_contrast, NULL};
