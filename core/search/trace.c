/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/trace.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/search/mcts_int.h"

void trace_free(struct trace *t)
{
	if (!t)
		return;
	free(t->nodes);
	free(t->sims);
	free(t);
}

struct trace *trace_clone(const struct trace *t)
{
	struct trace *c = mem_alloc(sizeof(*c));

	*c = *t;
	c->nodes = mem_alloc(t->node_count * sizeof(*c->nodes));
	c->sims = mem_alloc(t->sim_count * sizeof(*c->sims) + 1);
	memcpy(c->nodes, t->nodes, t->node_count * sizeof(*c->nodes));
	memcpy(c->sims, t->sims, t->sim_count * sizeof(*c->sims));
	return c;
}

static float from_fixed(int64_t x)
{
	return (float)x / (float)TRACE_ONE;
}

struct trace_sim trace_sim_of(const struct trace *t, uint32_t sim,
			      uint32_t leaf)
{
	const struct trace_node *n = &t->nodes[leaf];
	struct trace_sim s = {.leaf = leaf};

	if (n->proof && (uint32_t)n->proven <= sim) {
		s.value = mcts_proof_value(n->proof);
		s.draw = n->proof == TRACE_DRAW ? 1.0f : 0.0f;
	} else {
		s.value = from_fixed(mcts_fixed(n->value));
		s.draw = from_fixed(mcts_fixed(n->draw));
	}
	return s;
}

static void copy_node(const struct mcts_node *n, struct trace_node *out)
{
	out->parent = n->parent;
	out->first_child = n->first;
	out->child_count = n->count;
	out->move = n->move;
	out->prior = n->prior;
	out->value = n->raw_value;
	out->draw = n->raw_draw;
	out->evaluated = n->evaluated;
	out->proof = n->proof;
	out->proven = n->proven;
	out->chance = n->chance;
}

struct trace *mcts_trace(const struct mcts *t)
{
	struct trace *out = mem_zalloc(1, sizeof(*out));

	out->node_count = t->node_count;
	out->sim_count = (uint32_t)t->sim_count;
	out->nodes = mem_zalloc(out->node_count, sizeof(*out->nodes));
	out->sims = mem_zalloc(out->sim_count + 1, sizeof(*out->sims));
	for (uint32_t i = 0; i < out->node_count; i++)
		copy_node(&t->nodes[i], &out->nodes[i]);
	for (uint32_t i = 0; i < t->base_count; i++) {
		out->nodes[i].base_visits = t->base[i].visits;
		out->nodes[i].base_value = t->base[i].value;
		out->nodes[i].base_draw = t->base[i].draw;
	}
	for (uint32_t i = 0; i < out->sim_count; i++)
		out->sims[i] = trace_sim_of(out, i + 1, t->sim_leaf[i]);
	out->c_puct = t->cfg.c_puct;
	out->c_base = t->cfg.c_base;
	out->fpu = t->cfg.fpu;
	out->gumbel = t->cfg.root == MCTS_ROOT_GUMBEL;
	out->alternate = t->alternate;
	return out;
}

/* As mcts_tree_met() has them; what an earlier search left is one value. */
static void find_ranges(struct trace_view *v)
{
	const struct trace *t = v->trace;
	const struct trace_node *root = &t->nodes[0];
	size_t bytes = (t->sim_count + 1) * sizeof(*v->low);
	float low = INFINITY, high = -INFINITY;

	v->low = v->high = NULL;
	if (t->alternate)
		return;
	v->low = mem_alloc(bytes);
	v->high = mem_alloc(bytes);
	if (root->base_visits)
		low = high = (float)root->base_value / (float)TRACE_ONE /
			     (float)root->base_visits;
	v->low[0] = low;
	v->high[0] = high;
	for (uint32_t i = 0; i < t->sim_count; i++) {
		v->low[i + 1] = low = fminf(low, t->sims[i].value);
		v->high[i + 1] = high = fmaxf(high, t->sims[i].value);
	}
}

void trace_view_init(struct trace_view *v, const struct trace *t)
{
	v->trace = t;
	find_ranges(v);
	v->at = 0;
	v->visits = mem_alloc(t->node_count * sizeof(*v->visits));
	v->value = mem_alloc(t->node_count * sizeof(*v->value));
	v->draw = mem_alloc(t->node_count * sizeof(*v->draw));
	for (uint32_t i = 0; i < t->node_count; i++) {
		v->visits[i] = t->nodes[i].base_visits;
		v->value[i] = t->nodes[i].base_value;
		v->draw[i] = t->nodes[i].base_draw;
	}
}

void trace_view_release(struct trace_view *v)
{
	free(v->visits);
	free(v->value);
	free(v->draw);
	free(v->low);
	free(v->high);
	memset(v, 0, sizeof(*v));
}

/* Add (step 1) or take away (step -1) one simulation along its path. */
static void add_sim(struct trace_view *v, const struct trace_sim *s, int step)
{
	const struct trace *t = v->trace;
	int64_t value = mcts_fixed(s->value) * step;
	int64_t draw = mcts_fixed(s->draw) * step;
	uint32_t node = s->leaf;

	for (;;) {
		v->visits[node] += (uint32_t)step;
		v->value[node] += value;
		v->draw[node] += draw;
		if (!node)
			return;
		if (trace_turns(t, node))
			value = -value;
		node = t->nodes[node].parent;
	}
}

void trace_view_seek(struct trace_view *v, uint32_t at)
{
	assert(at <= v->trace->sim_count);
	while (v->at < at)
		add_sim(v, &v->trace->sims[v->at++], 1);
	while (v->at > at)
		add_sim(v, &v->trace->sims[--v->at], -1);
}

static bool evaluated_by(const struct trace_node *n, uint32_t at)
{
	return n->evaluated >= 0 && (uint32_t)n->evaluated <= at;
}

bool trace_view_exists(const struct trace_view *v, uint32_t node)
{
	const struct trace_node *nodes = v->trace->nodes;

	return !node || evaluated_by(&nodes[nodes[node].parent], v->at);
}

enum trace_proof trace_view_proof(const struct trace_view *v, uint32_t node)
{
	const struct trace_node *n = &v->trace->nodes[node];

	return n->proof && (uint32_t)n->proven <= v->at ? n->proof : TRACE_OPEN;
}

bool trace_is_own(const struct trace *t, uint32_t node)
{
	bool own = true;

	for (; node; node = t->nodes[node].parent)
		own ^= trace_turns(t, node);
	return own;
}

static double from_child(const struct trace_view *v, uint32_t node,
			 double value)
{
	/* Taken from 0 rather than negated, so that no -0 is shown. */
	return trace_turns(v->trace, node) ? 0 - value : value;
}

static double q_range(const struct trace_view *v)
{
	if (!v->low)
		return 1;
	return (double)mcts_q_range(false, v->low[v->at], v->high[v->at]);
}

/* First-play urgency: what the search takes for a move that it never tried. */
static double first_play_q(const struct trace_view *v, uint32_t parent)
{
	const struct trace_node *p = &v->trace->nodes[parent];
	double seen = 0;

	for (uint32_t i = 0; i < p->child_count; i++)
		if (v->visits[p->first_child + i])
			seen += (double)v->trace->nodes[p->first_child + i]
					.prior;
	return trace_view_mean(v, parent) -
	       (double)v->trace->fpu * sqrt(seen) * q_range(v);
}

double trace_view_mean(const struct trace_view *v, uint32_t node)
{
	const struct trace_node *n = &v->trace->nodes[node];

	if (v->visits[node])
		return (double)v->value[node] / TRACE_ONE / v->visits[node];
	if (trace_view_proof(v, node))
		return (double)mcts_proof_value(n->proof);
	if (!node || evaluated_by(n, v->at))
		return (double)n->value;
	/* One level up only: a node that exists has an evaluated parent. */
	if (!evaluated_by(&v->trace->nodes[n->parent], v->at))
		return 0;
	if (v->trace->nodes[n->parent].chance)
		return trace_view_mean(v, n->parent);
	return from_child(v, node, first_play_q(v, n->parent));
}

double trace_view_q(const struct trace_view *v, uint32_t node)
{
	enum trace_proof proof = trace_view_proof(v, node);

	return from_child(v, node,
			  proof ? (double)mcts_proof_value(proof)
				: trace_view_mean(v, node));
}

double trace_view_u(const struct trace_view *v, uint32_t node)
{
	const struct trace *t = v->trace;
	const struct trace_node *n = &t->nodes[node];
	uint32_t parent = n->parent;
	bool own = parent || t->nodes[0].base_visits;
	double visits = (double)v->visits[parent] - own;

	if (!node || t->nodes[parent].chance)
		return 0;
	if (visits < 1)
		visits = 1;
	return (double)mcts_exploration(t->c_puct, t->c_base, (float)visits) *
	       (double)n->prior * sqrt(visits) / (1 + v->visits[node]) *
	       q_range(v);
}

void trace_view_wdl(const struct trace_view *v, uint32_t node, double wdl[3])
{
	const struct trace_node *n = &v->trace->nodes[node];
	enum trace_proof proof = trace_view_proof(v, node);
	double value = trace_view_mean(v, node), draw = 0;

	if (proof) {
		value = (double)mcts_proof_value(proof);
		draw = proof == TRACE_DRAW;
	} else if (v->visits[node]) {
		draw = (double)v->draw[node] / TRACE_ONE / v->visits[node];
	} else if (evaluated_by(n, v->at)) {
		draw = (double)n->draw;
	}
	value = from_child(v, node, value);
	wdl[0] = fmax(0, (1 - draw + value) / 2);
	wdl[1] = draw;
	wdl[2] = fmax(0, (1 - draw - value) / 2);
}

int trace_path(const struct trace *t, uint32_t sim, uint32_t *out, int cap)
{
	uint32_t node;
	int depth = 1, n;

	assert(sim >= 1 && sim <= t->sim_count);
	for (node = t->sims[sim - 1].leaf; node; node = t->nodes[node].parent)
		depth++;
	n = depth < cap ? depth : cap;
	node = t->sims[sim - 1].leaf;
	for (int i = depth - 1; i >= 0; i--) {
		if (i < n)
			out[i] = node;
		node = t->nodes[node].parent;
	}
	return n;
}

/* A node won by proof goes on with the move that wins. */
static bool better(const struct trace_view *v, uint32_t a, uint32_t b)
{
	const struct trace_node *nodes = v->trace->nodes;
	bool wins_a = trace_view_proof(v, a) == TRACE_LOSS;
	bool wins_b = trace_view_proof(v, b) == TRACE_LOSS;

	if (trace_turns(v->trace, a) && wins_a != wins_b)
		return wins_a;
	if (v->visits[a] != v->visits[b])
		return v->visits[a] > v->visits[b];
	return nodes[a].prior > nodes[b].prior;
}

int trace_view_pv(const struct trace_view *v, uint32_t node, uint32_t *out,
		  int cap)
{
	const struct trace_node *nodes = v->trace->nodes;
	int n = 0;

	while (n < cap && nodes[node].child_count &&
	       evaluated_by(&nodes[node], v->at)) {
		uint32_t best = nodes[node].first_child;

		for (uint32_t i = 1; i < nodes[node].child_count; i++)
			if (better(v, nodes[node].first_child + i, best))
				best = nodes[node].first_child + i;
		if (!v->visits[best] && !trace_view_proof(v, best))
			break;
		out[n++] = node = best;
	}
	return n;
}
