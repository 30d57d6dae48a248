/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/mind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/kind.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/net/body.h"
#include "core/net/net.h"

/* Leaves at once with a network, unless the settings say. */
enum { NETWORK_BATCH = 8 };

bool mind_is_built_in(const char *text)
{
	return !strcmp(text, "uniform") || !strcmp(text, "rollout");
}

static void open_built_in(struct mind *m, const struct agent *a,
			  const struct mind_conf *c)
{
	m->rollout = !strcmp(a->mind, "rollout");
	if (m->rollout)
		evaluator_rollout_open(&m->evaluator, a->g, c->rollouts, 1);
	else
		m->evaluator = evaluator_uniform;
	m->batch = c->batch ? c->batch : 1;
}

struct net_eval *mind_network(const struct mind *m, const struct game *g,
			      int max_batch)
{
	struct net_eval *ne = net_eval_new(m->plan, g, max_batch);

	net_eval_tune(ne, m->symmetries, m->prior_temperature);
	return ne;
}

enum err_code mind_load(struct agent *a, const struct net_plan **plan,
			struct err *e)
{
	char run[sizeof(a->mind)];
	char *slash;
	const char *step;
	int64_t number = 0;
	enum err_code code;

	snprintf(run, sizeof(run), "%s", a->mind);
	slash = strrchr(run, '/');
	step = slash ? slash + 1 : "latest";
	if (slash)
		*slash = '\0';
	if (!*run || !*step)
		return err_set(
			e, ERR_USAGE,
			"agent %s needs a network: write %s, for example "
			"%s:c4/latest",
			a->kind->name, a->kind->form, a->kind->name);
	if (!a->source)
		return err_set(e, ERR_NOTFOUND,
			       "agent %s:%s/%s: there is no lab to take a "
			       "network from",
			       a->kind->name, run, step);
	code = a->source->load(a->source->self, run, step, a->g, plan, &number,
			       e);
	/* A step of two numbers, a stage of a life, is as it was written. */
	if (!code && !strchr(step, '.'))
		snprintf(a->mind, sizeof(a->mind), "%.207s/%lld", run,
			 (long long)number);
	return code;
}

static enum err_code open_network(struct mind *m, struct agent *a,
				  const struct mind_conf *c, struct err *e)
{
	enum err_code code = mind_load(a, &m->plan, e);

	m->source = a->source;
	if (code)
		return code;
	if (net_plan_config(m->plan)->body->rows)
		return err_set(e, ERR_USAGE,
			       "%s reads boards as tokens: write serial:%s",
			       a->mind, a->mind);
	if (net_plan_config(m->plan)->body->reads_ids)
		return err_set(e, ERR_USAGE,
			       "%s reads games in order, not a position alone: "
			       "write seq:%s",
			       a->mind, a->mind);
	m->batch = c->batch ? c->batch : NETWORK_BATCH;
	m->net = mind_network(m, a->g, m->batch);
	m->evaluator = net_eval_evaluator(m->net);
	return ERR_OK;
}

enum err_code mind_open(struct mind *m, struct agent *a,
			const struct mind_conf *c, struct err *e)
{
	m->symmetries = c->symmetries;
	m->prior_temperature = c->prior_temperature;
	if (a->kind->mind != AGENT_EVALUATOR || !mind_is_built_in(a->mind))
		return open_network(m, a, c, e);
	open_built_in(m, a, c);
	return ERR_OK;
}

void mind_close(struct mind *m)
{
	net_eval_free(m->net);
	if (m->plan)
		m->source->release(m->source->self, m->plan);
	if (m->rollout)
		evaluator_rollout_close(&m->evaluator);
}

void mind_show(struct mind *m, const struct agent *a, const void *state,
	       struct thought *out)
{
	if (m->net && a->keep_trace)
		net_eval_extra(m->net, a->g, state, &out->ownership,
			       &out->lead);
}

void mind_keep_leads(struct mind *m, const struct agent *a)
{
	if (!m->net)
		return;
	net_eval_keep_leads(m->net, a->keep_trace && a->limits.lines > 0);
	m->evaluator = net_eval_evaluator(m->net);
}

void mind_show_lines(struct mind *m, struct agent *a, const void *state,
		     struct thought *out)
{
	const struct game *g = a->g;
	size_t cells = (size_t)g->rows * (size_t)g->cols;

	if (!a->limits.line_owners || !out->ownership || !out->line_count)
		return;
	free(out->line_owners);
	out->line_owners = mem_floats((size_t)out->line_count * cells);
	for (int i = 0; i < out->line_count; i++) {
		float *to = out->line_owners + (size_t)i * cells, *owners, lead;

		memcpy(a->child, state, g->state_size);
		g->rules->apply(g, a->child, out->lines[i].moves[0]);
		if (g->rules->to_act(g, a->child) == GAME_OVER) {
			g->rules->ownership(g, a->child, to);
			continue;
		}
		net_eval_extra(m->net, g, a->child, &owners, &lead);
		memcpy(to, owners, cells * sizeof(*to));
		free(owners);
	}
}
