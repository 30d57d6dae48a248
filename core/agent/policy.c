/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/agent/kind.h"
#include "core/agent/mind.h"
#include "core/agent/net_eval.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/search/evaluator.h"

/* The agent that asks a network and does not search. */

/* Rows of the network's calls in many games: more make them no quicker. */
enum { ROWS = 32 };

struct policy_conf {
	float temperature;
};

static const struct conf_spec policy_spec[] = {
	{"temperature", CONF_FLOAT, offsetof(struct policy_conf, temperature),
	 0, 100, "0", NULL,
	 "0 plays the likeliest move, 1 as likely as the network says"},
	{0},
};

struct policy {
	struct mind mind;
	struct net_eval *wide; /* owned; of ROWS; NULL: not yet */
	float *logits;         /* owned; ROWS rows */
	float wdl[ROWS * 3];
};

static enum err_code policy_open(struct agent *a, struct err *e)
{
	static const struct mind_conf as_it_is = MIND_CONF_DEFAULT;
	struct policy *p = a->self;

	p->logits = mem_floats((size_t)ROWS * (size_t)a->g->move_count);
	return mind_open(&p->mind, a, &as_it_is, e);
}

static void policy_close(struct agent *a)
{
	struct policy *p = a->self;

	mind_close(&p->mind);
	net_eval_free(p->wide);
	free(p->logits);
}

/* The thought that an answer of the network comes to. */
static void choose(struct agent *a, const float *logits, const float *wdl,
		   struct rng *r, struct thought *out)
{
	const struct policy_conf *c = a->conf;

	memcpy(out->wdl, wdl, sizeof(out->wdl));
	out->has_value = true;
	thought_priors(out, logits);
	thought_choose(out, a, c->temperature, r);
}

static void policy_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	struct policy *p = a->self;

	(void)cancel;
	mind_show(&p->mind, a, state, out);
	evaluator_run(&p->mind.evaluator, a->g, 1, &state, p->logits, p->wdl);
	choose(a, p->logits, p->wdl, r, out);
}

static void ask_rows(struct agent *a, struct agent_turn *turns, int n)
{
	struct policy *p = a->self;
	struct evaluator ev = net_eval_evaluator(p->wide);
	const void *states[ROWS];

	for (int i = 0; i < n; i++) {
		states[i] = turns[i].at.state;
		mind_show(&p->mind, a, states[i], &turns[i].out);
	}
	evaluator_run(&ev, a->g, n, states, p->logits, p->wdl);
}

static void choose_row(struct agent *a, int row, struct rng *r,
		       struct thought *out)
{
	struct policy *p = a->self;
	size_t at = (size_t)row;

	choose(a, p->logits + at * (size_t)a->g->move_count, p->wdl + at * 3, r,
	       out);
}

static bool policy_together(struct agent *a, struct agent_turn *turns,
			    int count, const atomic_bool *cancel)
{
	struct policy *p = a->self;

	if (!p->wide)
		p->wide = mind_network(&p->mind, a->g, ROWS);
	return agent_rows_together(a, turns, count, ROWS, ask_rows, choose_row,
				   cancel);
}

const struct agent_kind agent_kind_policy = {
	.name = "policy",
	.form = "policy:RUN/STEP[,temperature=T]",
	.help = "the network's policy, without search",
	.mind = AGENT_NETWORK,
	.company = AGENT_TOGETHER,
	.conf = policy_spec,
	.conf_size = sizeof(struct policy_conf),
	.self_size = sizeof(struct policy),
	.open = policy_open,
	.close = policy_close,
	.think = policy_think,
	.together = policy_together,
};
