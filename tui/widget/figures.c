/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

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

char figures_proof_letter(enum trace_proof p)
{
	switch (p) {
	case TRACE_WIN:
		return 'W';
	case TRACE_DRAW:
		return 'D';
	case TRACE_LOSS:
		return 'L';
	default:
		return ' ';
	}
}

void figures_percent(char *out, size_t size, double share)
{
	if (isnan(share))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%.1f", 100 * share);
}

void figures_signed_percent(char *out, size_t size, double share)
{
	if (isnan(share))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%+.1f", 100 * share);
}

void figures_signed(char *out, size_t size, double value)
{
	if (isnan(value))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%+.3f", value);
}

/* Walks depth first with one state per level; depth is bounded by max_plies. */
struct walk {
	const struct trace *t;
	const struct game *g;
	unsigned char *states; /* [max_plies + 1] */
	game_move *legal;      /* [move_count] of one node at a time */
	bool *allowed;         /* [move_count] */
};

static bool walk_fits(struct walk *w, uint32_t node, int depth)
{
	const struct trace_node *n = &w->t->nodes[node];
	const struct game *g = w->g;
	unsigned char *here = w->states + (size_t)depth * g->state_size;
	int count;

	if (!n->first_child || n->child_count == 0)
		return true;
	if (depth >= g->max_plies || g->rules->to_act(g, here) == GAME_OVER)
		return false;
	count = g->rules->legal(g, here, w->legal);
	memset(w->allowed, 0, (size_t)g->move_count * sizeof(*w->allowed));
	for (int i = 0; i < count; i++)
		w->allowed[w->legal[i]] = true;
	for (uint32_t i = 0; i < n->child_count; i++) {
		game_move m = w->t->nodes[n->first_child + i].move;

		if (m >= g->move_count || !w->allowed[m])
			return false;
	}
	for (uint32_t i = 0; i < n->child_count; i++) {
		uint32_t child = n->first_child + i;

		if (!w->t->nodes[child].first_child)
			continue;
		memcpy(here + g->state_size, here, g->state_size);
		g->rules->apply(g, here + g->state_size,
				w->t->nodes[child].move);
		if (!walk_fits(w, child, depth + 1))
			return false;
	}
	return true;
}

enum err_code trace_fits(const struct trace *t, const struct game *g,
			 const void *root, struct err *e)
{
	struct walk w = {.t = t, .g = g};
	bool fits;

	if (t->node_count == 0)
		return err_set(e, ERR_FORMAT,
			       "the recorded search is empty: search again");
	w.states = mem_zalloc((size_t)g->max_plies + 2, g->state_size);
	w.legal = mem_zalloc((size_t)g->move_count, sizeof(*w.legal));
	w.allowed = mem_zalloc((size_t)g->move_count, sizeof(*w.allowed));
	memcpy(w.states, root, g->state_size);
	fits = walk_fits(&w, 0, 0);
	free(w.states);
	free(w.legal);
	free(w.allowed);
	if (fits)
		return ERR_OK;
	return err_set(e, ERR_FORMAT,
		       "the recorded search holds moves that %s does not allow "
		       "in this position: search again",
		       game_short_name(g));
}

void trace_state(const struct trace *t, const struct game *g, const void *root,
		 uint32_t node, void *out)
{
	if (node == 0) {
		memcpy(out, root, g->state_size);
		return;
	}
	trace_state(t, g, root, t->nodes[node].parent, out);
	g->rules->apply(g, out, t->nodes[node].move);
}
