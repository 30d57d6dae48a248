/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/net_eval.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"

struct net_eval {
	const struct net_plan *plan; /* borrowed */
	struct net_work *work;       /* owned */
	float *x;    /* owned; (max_batch, planes, rows, cols) */
	size_t size; /* of one position */
	int max_batch;
};

struct net_eval *net_eval_new(const struct net_plan *plan, const struct game *g,
			      int max_batch)
{
	const struct net_config *c = net_plan_config(plan);
	struct net_eval *ne = mem_zalloc(1, sizeof(*ne));

	assert(c->planes == g->planes && c->rows == g->rows &&
	       c->cols == g->cols && c->moves == g->move_count);
	ne->plan = plan;
	ne->work = net_work_new(plan, max_batch);
	ne->size = (size_t)g->planes * (size_t)(g->rows * g->cols);
	ne->x = mem_floats((size_t)max_batch * ne->size);
	ne->max_batch = max_batch;
	return ne;
}

void net_eval_free(struct net_eval *ne)
{
	if (!ne)
		return;
	net_work_free(ne->work);
	free(ne->x);
	free(ne);
}

static void evaluate(void *self, const struct game *g, int n,
		     const void *const *states, float *policy, float *wdl)
{
	struct net_eval *ne = self;

	assert(n <= ne->max_batch);
	for (int i = 0; i < n; i++)
		g->rules->encode(g, states[i], ne->x + (size_t)i * ne->size);
	net_infer(ne->plan, ne->work, n, ne->x, policy, wdl);
}

void net_eval_extra(struct net_eval *ne, const struct game *g,
		    const void *state, float **ownership, float *lead)
{
	const struct net_config *c = net_plan_config(ne->plan);
	int cells = c->rows * c->cols;
	float sign = g->rules->to_act(g, state) == 1 ? -1 : 1;
	float *policy, wdl[3];

	*ownership = c->ownership ? mem_floats((size_t)cells) : NULL;
	*lead = NAN;
	if (!c->ownership && !c->lead)
		return;
	policy = mem_floats((size_t)c->moves);
	g->rules->encode(g, state, ne->x);
	net_infer_extra(ne->plan, ne->work, 1, ne->x, policy, wdl, *ownership,
			c->lead ? lead : NULL);
	free(policy);
	for (int i = 0; c->ownership && i < cells; i++)
		(*ownership)[i] *= sign;
	if (c->lead)
		*lead *= sign * g->rules->lead_scale(g);
}

struct evaluator net_eval_evaluator(struct net_eval *ne)
{
	struct evaluator ev = {
		.name = "network",
		.max_batch = ne->max_batch,
		.evaluate = evaluate,
		.self = ne,
	};

	return ev;
}
