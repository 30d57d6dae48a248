/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/pg.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/learn/lanes_int.h"
#include "core/net/batch.h"

/* --- the loss ------------------------------------------------------------ */

/* p over the legal moves, 0 elsewhere; returns the log of the sum, so that
 * log p = y - it. */
static float softmax(const struct net_head_row *r)
{
	float top = -INFINITY, sum = 0;

	for (int i = 0; i < r->size; i++)
		if (!(r->target[i] < 0) && r->y[i] > top)
			top = r->y[i];
	for (int i = 0; i < r->size; i++)
		sum += r->p[i] = r->target[i] < 0 ? 0 : expf(r->y[i] - top);
	for (int i = 0; i < r->size; i++)
		r->p[i] /= sum;
	return top + logf(sum);
}

/* The part that weighs the move: its loss, and what log p(m) is multiplied by
 * in its gradient. */
static float surrogate(const struct method *m, const struct pg_move *moved,
		       float log_p, float *slope)
{
	float a = moved->advantage, ratio, held;

	if (m->clip <= 0) {
		*slope = -a;
		return -a * log_p;
	}
	/* Where it is clipped nothing depends on so large a ratio. */
	ratio = expf(fminf(log_p - moved->log_chance, 20));
	held = fminf(fmaxf(ratio, 1 - m->clip), 1 + m->clip);
	*slope = ratio * a <= held * a ? -a * ratio : 0;
	return -fminf(ratio * a, held * a);
}

static float entropy_of(const struct net_head_row *r, float log_sum)
{
	float h = 0;

	for (int i = 0; i < r->size; i++)
		if (r->p[i] > 0)
			h -= r->p[i] * (r->y[i] - log_sum);
	return h;
}

/* What log q is at least: a policy of before may have ruled a move out. */
static float log_of(float q)
{
	return logf(fmaxf(q, 1e-8f));
}

static float kl_of(const struct net_head_row *r, float log_sum, const float *q)
{
	float kl = 0;

	for (int i = 0; q && i < r->size; i++)
		if (r->p[i] > 0)
			kl += r->p[i] * (r->y[i] - log_sum - log_of(q[i]));
	return kl;
}

void pg_loss(const struct method *m, const struct pg_move *moved,
	     const float *anchor, const struct net_head_row *r)
{
	float log_sum = softmax(r), slope, loss;
	float h = entropy_of(r, log_sum), kl = kl_of(r, log_sum, anchor);
	double w = (double)r->weight;
	int top = 0;

	loss = surrogate(m, moved, r->y[moved->move] - log_sum, &slope);
	for (int i = 0; i < r->size; i++) {
		float log_p = r->y[i] - log_sum, d;

		r->dy[i] = 0;
		if (r->target[i] < 0)
			continue;
		d = slope * ((i == moved->move ? 1.0f : 0.0f) - r->p[i]) +
		    m->entropy * r->p[i] * (log_p + h);
		if (anchor)
			d += m->anchor * r->p[i] *
			     (log_p - log_of(anchor[i]) - kl);
		r->dy[i] = r->scale * d;
		if (r->p[i] > r->p[top])
			top = i;
	}
	r->figure[0] += w * (double)(loss - m->entropy * h + m->anchor * kl);
	r->figure[1] += w * (top == moved->move);
	r->figure[2] += w * (double)h;
	r->figure[3] += w * (double)kl;
}

/* --- playing ------------------------------------------------------------- */

/* What the first weights would do, at states that are still in gr->x. */
static void note_anchor(struct lanes *l, int group, int ply)
{
	const struct game *g = l->game;
	struct lanes_group *gr = &l->groups[group];
	int slots = l->recipe.slots;
	size_t moves = (size_t)g->move_count;

	lanes_ask(gr, l->anchor_plan, slots, true, false);
	for (int k = 0; k < slots; k++) {
		float *q = lanes_policy(l, group * slots + k, ply);
		const float *y = gr->logits + (size_t)k * moves;
		int n = g->rules->legal(g, gr->lanes[k].state, gr->legal);
		float top = -INFINITY, sum = 0;

		memset(q, 0, moves * sizeof(*q));
		for (int i = 0; i < n; i++)
			top = fmaxf(top, y[gr->legal[i]]);
		for (int i = 0; i < n; i++)
			sum += q[gr->legal[i]] = expf(y[gr->legal[i]] - top);
		for (int i = 0; i < n; i++)
			q[gr->legal[i]] /= sum;
	}
}

static double kl_to(const struct lanes_group *gr, int n, const float *q)
{
	double kl = 0;

	for (int i = 0; i < n; i++)
		if (gr->chance[i] > 0)
			kl += (double)gr->chance[i] *
			      (double)(logf(gr->chance[i]) -
				       log_of(q[gr->legal[i]]));
	return kl;
}

void pg_choose(struct lanes *l, int group, int ply)
{
	const struct game *g = l->game;
	struct lanes_group *gr = &l->groups[group];
	int slots = l->recipe.slots;

	for (int k = 0; k < slots; k++)
		g->rules->encode(g, gr->lanes[k].state,
				 gr->x + (size_t)k * lanes_planes(l));
	if (l->anchor)
		note_anchor(l, group, ply);
	lanes_ask(gr, l->plan, slots, true, true);
	for (int k = 0; k < slots; k++) {
		int lane = group * slots + k;
		struct lanes_step *s = lanes_step(l, lane, ply);
		const float *y = gr->logits + (size_t)k * (size_t)g->move_count;
		int n = g->rules->legal(g, gr->lanes[k].state, gr->legal);
		float top = -INFINITY, sum = 0;

		for (int i = 0; i < n; i++)
			top = fmaxf(top, y[gr->legal[i]]);
		for (int i = 0; i < n; i++)
			sum += gr->chance[i] = expf(y[gr->legal[i]] - top);
		for (int i = 0; i < n; i++)
			gr->chance[i] /= sum;
		if (l->anchor)
			gr->figures.anchor_kl +=
				kl_to(gr, n, lanes_policy(l, lane, ply));
		memcpy(s->said, gr->wdl + 3 * (size_t)k, sizeof(s->said));
		lanes_draw(l, gr, &gr->lanes[k], n, s);
	}
}
