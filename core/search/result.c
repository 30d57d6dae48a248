/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/mcts_int.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/search/trace.h"

/* Moves with fewer visits, relative to the most, are never the surest. */
static const float FAIR_SHARE = 0.15f;

/* Win, draw, loss from win minus loss and draw. */
static void split(double value, double draw, float wdl[3])
{
	double win = (1 - draw + value) / 2, loss = (1 - draw - value) / 2;

	wdl[0] = (float)fmax(0, win);
	wdl[1] = (float)draw;
	wdl[2] = (float)fmax(0, loss);
}

static double mean_of(int64_t sum, uint32_t visits)
{
	return (double)sum / TRACE_ONE / visits;
}

/* Taken from 0 rather than negated, so that no -0 is shown. */
static float from_child(const struct mcts *t, double value)
{
	return (float)(t->alternate ? 0 - value : value);
}

static void fill_move(const struct mcts *t, const struct mcts_node *c,
		      struct mcts_move *out)
{
	memset(out, 0, sizeof(*out));
	out->move = c->move;
	out->visits = c->visits;
	out->prior = c->prior;
	out->proof = c->proof;
	if (t->alternate && c->proof == TRACE_WIN)
		out->proof = TRACE_LOSS;
	else if (t->alternate && c->proof == TRACE_LOSS)
		out->proof = TRACE_WIN;

	out->q = out->value = NAN;
	out->wdl[0] = out->wdl[1] = out->wdl[2] = NAN;
	if (c->evaluated >= 0)
		out->value = from_child(t, (double)c->raw_value);
	else if (c->terminal)
		out->value = mcts_proof_value(out->proof);
	if (t->solve && c->proof) {
		out->q = mcts_proof_value(out->proof);
		split((double)out->q, out->proof == TRACE_DRAW, out->wdl);
	} else if (c->visits) {
		float q = from_child(t, mean_of(c->value, c->visits));

		out->q = q;
		split((double)q, mean_of(c->draw, c->visits), out->wdl);
	}
}

/* Shares of the visits; of the priors where no move allowed was visited. */
static void visit_policy(const struct mcts *t, struct mcts_result *out)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];
	double sum[2] = {0};
	int by_prior;

	for (int i = 0; i < out->count; i++) {
		if (!mcts_move_allowed(t, mcts_child(t, root, i)))
			continue;
		sum[0] += out->moves[i].visits;
		sum[1] += (double)out->moves[i].prior;
	}
	by_prior = sum[0] <= 0;
	for (int i = 0; i < out->count; i++) {
		struct mcts_move *m = &out->moves[i];
		double w = by_prior ? (double)m->prior : m->visits;

		if (!mcts_move_allowed(t, mcts_child(t, root, i)))
			m->policy = 0;
		else if (sum[by_prior] > 0)
			m->policy = (float)(w / sum[by_prior]);
		else
			m->policy = 1.0f; /* priors that underflowed */
	}
}

/* Most visits among the moves allowed, then the larger prior. */
static int visit_best(const struct mcts *t, const struct mcts_result *r)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];
	int best = -1;

	for (int i = 0; i < r->count; i++) {
		const struct mcts_move *m = &r->moves[i];

		if (!mcts_move_allowed(t, mcts_child(t, root, i)))
			continue;
		if (best < 0 || m->visits > r->moves[best].visits ||
		    (m->visits == r->moves[best].visits &&
		     m->prior > r->moves[best].prior))
			best = i;
	}
	return best;
}

/*
 * Q minus this many standard errors.  Values of one subtree are not
 * independent, which is why so many; and with one more value in mind, as far
 * off as can be, few that are alike prove little.
 */
static double lower_bound(const struct mcts *t, const struct mcts_node *c)
{
	double n = c->visits, q = (double)mcts_child_q(t, c);
	double spread = (double)c->squares - n * q * q;

	if (t->solve && c->proof)
		return q;
	spread = fmax(spread, 0) + 1;
	return q - (double)t->cfg.lcb * sqrt(spread / (n + 1) / n);
}

/* From the move of the most visits to the one that is surest to be good. */
static int surest(const struct mcts *t, const struct mcts_result *r, int most)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];
	float fair = FAIR_SHARE * (float)r->moves[most].visits;
	int best = most;

	if (!t->alternate || t->cfg.lcb <= 0 || !r->moves[most].visits)
		return most;
	for (int i = 0; i < r->count; i++) {
		const struct mcts_node *c = mcts_child(t, root, i);

		if (mcts_move_allowed(t, c) && c->visits > 1 &&
		    (float)c->visits >= fair &&
		    lower_bound(t, c) >
			    lower_bound(t, mcts_child(t, root, best)))
			best = i;
	}
	return best;
}

static void fill_root(const struct mcts *t, struct mcts_result *out)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];

	out->raw_value = root->raw_value;
	split((double)root->raw_value, (double)root->raw_draw, out->raw_wdl);
	out->proof = t->solve ? root->proof : TRACE_OPEN;
	out->value = root->raw_value;
	memcpy(out->wdl, out->raw_wdl, sizeof(out->wdl));
	if (out->proof) {
		out->value = mcts_proof_value(out->proof);
		split((double)out->value, out->proof == TRACE_DRAW, out->wdl);
	} else if (root->visits) {
		double v = mean_of(root->value, root->visits);

		out->value = (float)v;
		split(v, mean_of(root->draw, root->visits), out->wdl);
	}
}

void mcts_result(struct mcts *t, struct mcts_result *out)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];

	assert(root->first);
	memset(out, 0, sizeof(*out));
	out->count = root->count;
	out->moves = t->moves;
	for (int i = 0; i < root->count; i++)
		fill_move(t, mcts_child(t, root, i), &out->moves[i]);
	if (t->cfg.root == MCTS_ROOT_GUMBEL) {
		mcts_gumbel_policy(t, t->weight);
		for (int i = 0; i < root->count; i++)
			out->moves[i].policy = t->weight[i];
		out->best = mcts_gumbel_best(t);
	} else {
		visit_policy(t, out);
		out->best = surest(t, out, visit_best(t, out));
	}
	fill_root(t, out);
	out->simulations = t->sim_count;
	out->stop = t->stop;
}

/* Where the tree goes on from `node`; MCTS_NO_NODE where it was not tried. */
static uint32_t expected(const struct mcts *t, uint32_t node)
{
	const struct mcts_node *n = &t->nodes[node], *best = NULL;

	for (int i = 0; n->first && i < n->count; i++) {
		const struct mcts_node *c = mcts_child(t, n, i);

		if (!mcts_child_known(t, c) || !mcts_move_allowed(t, c))
			continue;
		if (!best || c->visits > best->visits ||
		    (c->visits == best->visits && c->prior > best->prior))
			best = c;
	}
	return best ? (uint32_t)(best - t->nodes) : MCTS_NO_NODE;
}

int mcts_line(const struct mcts *t, game_move first, game_move *out,
	      uint32_t *visits, int cap)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];
	uint32_t node = MCTS_NO_NODE;
	int n = 0;

	for (int i = 0; i < root->count; i++)
		if (mcts_child(t, root, i)->move == first &&
		    mcts_child_known(t, mcts_child(t, root, i)))
			node = root->first + (uint32_t)i;
	while (node != MCTS_NO_NODE && n < cap) {
		out[n] = t->nodes[node].move;
		visits[n++] = t->nodes[node].visits;
		node = expected(t, node);
	}
	return n;
}

/* --- leads --------------------------------------------------------------- */

struct lead_sum {
	double n, sum, squares;
};

static void add_lead(const struct mcts *t, const struct mcts_node *n,
		     double weight, struct lead_sum *s)
{
	double lead = (double)n->lead / MCTS_LEAD_ONE *
		      (double)t->g->rules->lead_scale(t->g);

	if (!n->lead)
		return;
	if (n->player == 1)
		lead = -lead;
	s->n += weight;
	s->sum += weight * lead;
	s->squares += weight * lead * lead;
}

/* The subtree is walked without a stack of its own: parents are known, and
 * children are neighbours. */
static void add_subtree(const struct mcts *t, uint32_t top, struct lead_sum *s)
{
	uint32_t node = top;

	for (;;) {
		const struct mcts_node *n = &t->nodes[node];

		/* An end that was seen and not gone to counts only where it is
		 * the move itself. */
		add_lead(t, n,
			 !n->terminal ? 1
				      : fmax(n->visits, node == top ? 1 : 0),
			 s);
		if (n->first) {
			node = n->first;
			continue;
		}
		for (;;) {
			const struct mcts_node *p;

			if (node == top)
				return;
			p = &t->nodes[t->nodes[node].parent];
			if (node + 1 < p->first + p->count)
				break;
			node = t->nodes[node].parent;
		}
		node++;
	}
}

bool mcts_lead(const struct mcts *t, game_move first, double *mean,
	       double *spread)
{
	const struct mcts_node *root = &t->nodes[MCTS_ROOT_NODE];
	struct lead_sum s = {0};
	double rest;

	if (!t->has_leads)
		return false;
	for (int i = 0; i < root->count; i++)
		if (mcts_child(t, root, i)->move == first)
			add_subtree(t, root->first + (uint32_t)i, &s);
	if (s.n <= 0)
		return false;
	*mean = s.sum / s.n;
	rest = s.squares / s.n - *mean * *mean;
	*spread = sqrt(fmax(rest, 0));
	return true;
}
