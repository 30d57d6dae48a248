/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/net_eval.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/net/batch.h"

struct net_eval {
	const struct net_plan *plan; /* borrowed */
	struct net_work *work;       /* owned */
	float *x, *turned; /* owned; (max_batch, planes, rows, cols); the second
			    * where several symmetries are seen */
	size_t size;       /* of one position */
	int max_batch;
	int symmetries;
	float temperature;
	float *policy, *wdl; /* owned; max_batch rows of one symmetry */
	float *lead;         /* owned; (max_batch); NULL: not kept */
	bool leads;          /* evaluate() fills it */
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
	ne->symmetries = 1;
	ne->temperature = 1;
	return ne;
}

void net_eval_tune(struct net_eval *ne, int symmetries, float temperature)
{
	size_t rows = (size_t)ne->max_batch;

	assert(symmetries >= 1 && temperature > 0);
	ne->symmetries = symmetries;
	ne->temperature = temperature;
	if (symmetries == 1 || ne->turned)
		return;
	ne->turned = mem_floats(rows * ne->size);
	ne->policy =
		mem_floats(rows * (size_t)net_plan_config(ne->plan)->moves);
	ne->wdl = mem_floats(rows * 3);
}

void net_eval_free(struct net_eval *ne)
{
	if (!ne)
		return;
	net_work_free(ne->work);
	free(ne->x);
	free(ne->turned);
	free(ne->policy);
	free(ne->wdl);
	free(ne->lead);
	free(ne);
}

void net_eval_keep_leads(struct net_eval *ne, bool keep)
{
	ne->leads = keep && net_config_has(net_plan_config(ne->plan), NET_LEAD);
	if (ne->leads && !ne->lead)
		ne->lead = mem_floats((size_t)ne->max_batch);
}

static const float *last_leads(void *self)
{
	return ((const struct net_eval *)self)->lead;
}

/* `lead`: NULL where nobody asks. */
static void ask(struct net_eval *ne, int n, const float *x, float *policy,
		float *wdl, float *lead)
{
	struct net_batch batch = {.sequences = n, .x = x};
	float *out[NET_HEADS] = {
		[NET_POLICY] = policy, [NET_VALUE] = wdl, [NET_LEAD] = lead};

	net_infer(ne->plan, ne->work, NULL, &batch, out);
}

/* Add what the network says of the boards turned by `sym`, turned back. */
static void add_turned(struct net_eval *ne, const struct game *g, int sym,
		       int n, const float *x, float *policy, float *wdl)
{
	size_t moves = (size_t)g->move_count;

	for (int i = 0; i < n; i++)
		game_planes_symmetry(g, sym, x + (size_t)i * ne->size,
				     ne->turned + (size_t)i * ne->size);
	ask(ne, n, ne->turned, ne->policy, ne->wdl, NULL);
	for (int i = 0; i < n; i++) {
		const float *from = ne->policy + (size_t)i * moves;
		float *to = policy + (size_t)i * moves;

		for (size_t m = 0; m < moves; m++)
			to[m] += from[g->rules->move_symmetry(g, sym,
							      (game_move)m)];
	}
	for (int i = 0; i < n * 3; i++)
		wdl[i] += ne->wdl[i];
}

static void scale(float *x, size_t n, float by)
{
	for (size_t i = 0; i < n; i++)
		x[i] *= by;
}

static void evaluate_encoded(void *self, const struct game *g, int n,
			     const float *x, float *policy, float *wdl)
{
	struct net_eval *ne = self;
	int count;

	assert(n <= ne->max_batch);
	ask(ne, n, x, policy, wdl, ne->leads ? ne->lead : NULL);
	count = g->symmetries < ne->symmetries ? g->symmetries : ne->symmetries;
	for (int sym = 1; sym < count; sym++)
		add_turned(ne, g, sym, n, x, policy, wdl);
	if (count > 1)
		scale(wdl, (size_t)n * 3, 1 / (float)count);
	if (count > 1 || ne->temperature < 1 || ne->temperature > 1)
		scale(policy, (size_t)n * (size_t)g->move_count,
		      1 / ((float)count * ne->temperature));
}

static void evaluate(void *self, const struct game *g, int n,
		     const void *const *states, float *policy, float *wdl)
{
	struct net_eval *ne = self;

	assert(n <= ne->max_batch);
	for (int i = 0; i < n; i++)
		g->rules->encode(g, states[i], ne->x + (size_t)i * ne->size);
	evaluate_encoded(ne, g, n, ne->x, policy, wdl);
}

void net_eval_extra(struct net_eval *ne, const struct game *g,
		    const void *state, float **ownership, float *lead)
{
	const struct net_config *c = net_plan_config(ne->plan);
	int cells = c->rows * c->cols;
	float sign = g->rules->to_act(g, state) == 1 ? -1 : 1;
	struct net_batch batch = {.sequences = 1, .x = ne->x};
	float *out[NET_HEADS] = {NULL};
	bool owners = net_config_has(c, NET_OWNERSHIP);
	bool leads = net_config_has(c, NET_LEAD);

	*ownership = owners ? mem_floats((size_t)cells) : NULL;
	*lead = NAN;
	if (!owners && !leads)
		return;
	g->rules->encode(g, state, ne->x);
	out[NET_OWNERSHIP] = *ownership;
	out[NET_LEAD] = leads ? lead : NULL;
	net_infer(ne->plan, ne->work, NULL, &batch, out);
	for (int i = 0; owners && i < cells; i++)
		(*ownership)[i] *= sign;
	if (leads)
		*lead *= sign * g->rules->lead_scale(g);
}

struct evaluator net_eval_evaluator(struct net_eval *ne)
{
	struct evaluator ev = {
		.name = "network",
		.max_batch = ne->max_batch,
		.evaluate = evaluate,
		.evaluate_encoded = evaluate_encoded,
		.leads = ne->leads ? last_leads : NULL,
		.self = ne,
	};

	return ev;
}
