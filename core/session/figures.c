/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/figures.h"

#include <math.h>

void sim_path_of(const struct trace_view *v, struct sim_path *out)
{
	out->len =
		v->at > 0 ? trace_path(v->trace, v->at, out->node, SIM_PATH_CAP)
			  : 0;
}

bool sim_path_has(const struct sim_path *p, uint32_t node)
{
	for (int i = 0; i < p->len; i++) {
		if (p->node[i] == node)
			return true;
	}
	return false;
}

uint64_t figures_total(const struct trace_view *v, uint32_t node)
{
	const struct trace_node *n = &v->trace->nodes[node];
	uint64_t total = 0;

	for (uint32_t i = 0; n->first_child && i < n->child_count; i++)
		total += v->visits[n->first_child + i];
	return total;
}

/* The mean of a node before the last simulation, which went through it. */
static double mean_before(const struct trace_view *v,
			  const struct sim_path *path, uint32_t node)
{
	const struct trace_sim *sim = &v->trace->sims[v->at - 1];
	int64_t added = (int64_t)llrint((double)sim->value * TRACE_ONE);

	for (int i = path->len - 1; path->node[i] != node; i--)
		if (trace_turns(v->trace, path->node[i]))
			added = -added;
	return (double)(v->value[node] - added) / (double)TRACE_ONE /
	       (double)(v->visits[node] - 1);
}

static int change_of(const struct trace_view *v, const struct sim_path *path,
		     uint32_t node)
{
	double now, before;

	if (trace_view_proof(v, node) &&
	    (uint32_t)v->trace->nodes[node].proven < v->at)
		return 0; /* exact already */
	if (v->visits[node] < 2)
		return 1;
	now = node == 0 ? trace_view_mean(v, 0) : trace_view_q(v, node);
	before = mean_before(v, path, node);
	if (trace_turns(v->trace, node))
		before = -before;
	/* Less than the table's last digit is not a visible change. */
	if (fabs(now - before) < 0.0005)
		return 0;
	return now > before ? 1 : -1;
}

static bool evaluated_by(const struct trace_view *v, uint32_t node)
{
	int32_t when = v->trace->nodes[node].evaluated;

	/* Nobody is asked about a turn of chance. */
	return !v->trace->nodes[node].chance && when >= 0 &&
	       (uint32_t)when <= v->at;
}

static enum trace_proof turned(enum trace_proof p)
{
	return p == TRACE_WIN ? TRACE_LOSS : p == TRACE_LOSS ? TRACE_WIN : p;
}

void figures_of(const struct trace_view *v, const struct sim_path *path,
		uint32_t node, uint64_t total, struct figures *out)
{
	const struct trace *t = v->trace;
	const struct trace_node *n = &t->nodes[node];
	bool turn = trace_turns(t, node);

	*out = (struct figures){
		.visits = v->visits[node],
		.prior = (double)n->prior,
		.diff = NAN,
		.q = NAN,
		.v = NAN,
		.wdl = {NAN, NAN, NAN},
		.proof = trace_view_proof(v, node),
	};
	if (turn)
		out->proof = turned(out->proof);
	if (total > 0) {
		out->share = (double)out->visits / (double)total;
		out->diff = out->share - out->prior;
	}
	if (evaluated_by(v, node))
		out->v = turn ? -(double)n->value : (double)n->value;
	if (node == 0)
		out->prior = NAN;
	/* Without settings or simulations in the record there is no such
	 * figure, see root_moves_trace(). */
	out->u = node != 0 && t->c_puct > 0 ? trace_view_u(v, node)
					    : (double)NAN;
	if (out->visits > 0 || out->proof) {
		out->q = node == 0 ? trace_view_mean(v, 0)
				   : trace_view_q(v, node);
		if (node == 0 || t->sim_count > 0 || t->c_puct > 0)
			trace_view_wdl(v, node, out->wdl);
	}
	out->on_path = sim_path_has(path, node);
	if (out->on_path && out->visits > 0)
		out->change = change_of(v, path, node);
}

void figures_turn(struct figures *f)
{
	double win = f->wdl[0];

	/* Taken from 0 rather than negated, so that no -0 is shown. */
	f->q = 0 - f->q;
	f->v = 0 - f->v;
	f->wdl[0] = f->wdl[2];
	f->wdl[2] = win;
	f->proof = turned(f->proof);
	f->change = -f->change;
}
