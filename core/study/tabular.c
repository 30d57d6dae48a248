/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/tabular.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/study/env.h"

static size_t at(const struct tabular_world *w, int state, int action)
{
	return (size_t)state * (size_t)w->actions + (size_t)action;
}

static bool is_legal(const struct tabular_world *w, int state, int action)
{
	return w->next[at(w, state, action)] != TABULAR_ILLEGAL;
}

/* --- learners ------------------------------------------------------------ */

size_t tabular_mind_size(const struct tabular_world *w)
{
	return 2 * (size_t)w->states * (size_t)w->actions;
}

static float *visits(const struct tabular_world *w, float *mind)
{
	return mind + tabular_mind_size(w) / 2;
}

void tabular_begin(const struct tabular_world *w,
		   const struct tabular_learner *l, float *mind)
{
	size_t n = tabular_mind_size(w) / 2;
	float first = l->kind == TABULAR_GRADIENT ? 0 : l->start;

	for (size_t i = 0; i < n; i++)
		mind[i] = first;
	memset(mind + n, 0, n * sizeof(*mind));
}

/* Best ones alike. */
static void only_best(const float *q, const bool *legal, int n, float *out)
{
	float top = -INFINITY;
	int ties = 0;

	for (int a = 0; a < n; a++)
		if (legal[a])
			top = fmaxf(top, q[a]);
	for (int a = 0; a < n; a++)
		ties += legal[a] && q[a] >= top;
	for (int a = 0; a < n; a++)
		out[a] = legal[a] && q[a] >= top ? 1.0f / (float)ties : 0;
}

static void mixed(const float *q, const bool *legal, int n, float share,
		  float *out)
{
	int count = 0;

	for (int a = 0; a < n; a++)
		count += legal[a];
	only_best(q, legal, n, out);
	for (int a = 0; a < n; a++)
		if (legal[a])
			out[a] = (1 - share) * out[a] + share / (float)count;
}

static void softmax(const float *q, const bool *legal, int n, float temperature,
		    float *out)
{
	float top = -INFINITY, sum = 0;

	for (int a = 0; a < n; a++)
		if (legal[a])
			top = fmaxf(top, q[a]);
	for (int a = 0; a < n; a++) {
		out[a] = legal[a] ? expf((q[a] - top) / temperature) : 0;
		sum += out[a];
	}
	for (int a = 0; a < n; a++)
		out[a] /= sum;
}

static void shares(const float *q, const bool *legal, int n, float *out)
{
	float sum = 0;

	for (int a = 0; a < n; a++)
		sum += legal[a] ? q[a] : 0;
	for (int a = 0; a < n; a++)
		out[a] = legal[a] ? q[a] / sum : 0;
}

void tabular_policy(const struct tabular_world *w,
		    const struct tabular_learner *l, const float *mind,
		    int state, float *out)
{
	const float *q = mind + at(w, state, 0);
	bool legal[TABULAR_ACTIONS] = {false};

	for (int a = 0; a < w->actions; a++)
		legal[a] = is_legal(w, state, a);
	if (l->kind == TABULAR_COUNT)
		shares(q, legal, w->actions, out);
	else if (l->greedy)
		mixed(q, legal, w->actions, l->noise, out);
	else
		softmax(q, legal, w->actions, l->noise, out);
}

static float best_value(const struct tabular_world *w, const float *mind,
			int state)
{
	float top = -INFINITY;

	for (int a = 0; a < w->actions; a++)
		if (is_legal(w, state, a))
			top = fmaxf(top, mind[at(w, state, a)]);
	return top;
}

static float rate_of(const struct tabular_learner *l, float *count)
{
	*count += 1;
	return l->averages ? fmaxf(l->rate, 1 / *count) : l->rate;
}

static void learn_values(const struct tabular_world *w,
			 const struct tabular_learner *l, float *mind,
			 const struct tabular_episode *e)
{
	float back = e->result;

	for (int i = e->count - 1; i >= 0; i--) {
		size_t here = at(w, e->state[i], e->action[i]);
		float rate = rate_of(l, visits(w, mind) + here);

		/* What is good for who moves next is bad for who moved. */
		if (i < e->count - 1)
			back = -(l->lambda * back +
				 (1 - l->lambda) *
					 best_value(w, mind, e->state[i + 1]));
		mind[here] += rate * (back - mind[here]);
		for (int a = 0; a < w->actions && l->forget > 0; a++) {
			float *q = mind + at(w, e->state[i], a);

			if (a != e->action[i])
				*q += l->forget * (l->start - *q);
		}
	}
}

static void learn_gradient(const struct tabular_world *w,
			   const struct tabular_learner *l, float *mind,
			   const struct tabular_episode *e)
{
	float sign = 1, p[TABULAR_ACTIONS];

	for (int i = e->count - 1; i >= 0; i--, sign = -sign) {
		size_t here = at(w, e->state[i], e->action[i]);
		float rate = rate_of(l, visits(w, mind) + here);
		float step = rate * (sign * e->result - l->start);

		tabular_policy(w, l, mind, e->state[i], p);
		for (int a = 0; a < w->actions; a++)
			mind[at(w, e->state[i], a)] -= step * p[a];
		mind[here] += step;
	}
}

void tabular_learn(const struct tabular_world *w,
		   const struct tabular_learner *l, float *mind,
		   const struct tabular_episode *e)
{
	switch (l->kind) {
	case TABULAR_VALUE:
		learn_values(w, l, mind, e);
		break;
	case TABULAR_GRADIENT:
		learn_gradient(w, l, mind, e);
		break;
	case TABULAR_COUNT:
		for (int i = 0; i < e->count; i++)
			mind[at(w, e->state[i], e->action[i])] += 1;
		break;
	}
}

/* --- playing ------------------------------------------------------------- */

static float result_of(const struct tabular_world *w, int state, int action,
		       struct rng *r)
{
	if (!w->chance)
		return w->result[at(w, state, action)];
	return w->chance->step(w->task.bytes, NULL, action, r).reward & 1 ? 1
									  : -1;
}

void tabular_play(const struct tabular_world *w,
		  void (*choose)(void *ctx, int state, float *out), void *ctx,
		  struct rng *r, struct tabular_episode *out)
{
	float p[TABULAR_ACTIONS];
	int state = 0;

	for (out->count = 0; state >= 0; out->count++) {
		int a;

		choose(ctx, state, p);
		a = rng_pick(r, p, w->actions);
		assert(is_legal(w, state, a));
		out->state[out->count] = (int16_t)state;
		out->action[out->count] = (int8_t)a;
		state = w->next[at(w, state, a)];
	}
	out->result = result_of(w, out->state[out->count - 1],
				out->action[out->count - 1], r);
}

void tabular_best(const struct tabular_world *w, float *p)
{
	for (int s = 0; s < w->states; s++) {
		bool legal[TABULAR_ACTIONS] = {false};
		float best[TABULAR_ACTIONS];

		for (int a = 0; a < w->actions; a++)
			legal[a] = is_legal(w, s, a);
		only_best(p + at(w, s, 0), legal, w->actions, best);
		memcpy(p + at(w, s, 0), best,
		       (size_t)w->actions * sizeof(*best));
	}
}

/* Who acts by p[0] against p[1]: what each state is worth to who is to act,
 * value[2][states]; later states are done. */
static void worth(const struct tabular_world *w, const float *const p[2],
		  double *value)
{
	for (int s = w->states - 1; s >= 0; s--)
		for (int who = 0; who < 2; who++) {
			double sum = 0;

			for (int a = 0; a < w->actions; a++) {
				int to = w->next[at(w, s, a)];
				double v;

				if (to == TABULAR_ILLEGAL)
					continue;
				v = to == TABULAR_OVER
					    ? (double)w->result[at(w, s, a)]
					    : -value[(1 - who) * w->states +
						     to];
				sum += (double)p[who][at(w, s, a)] * v;
			}
			value[who * w->states + s] = sum;
		}
}

/* Chances of being in each state after so many moves by chance, which no game
 * ends within. */
static void openings(const struct tabular_world *w, int plies, double *share)
{
	double *next = mem_zalloc((size_t)w->states, sizeof(*next));

	memset(share, 0, (size_t)w->states * sizeof(*share));
	share[0] = 1;
	for (int i = 0; i < plies; i++) {
		memset(next, 0, (size_t)w->states * sizeof(*next));
		for (int s = 0; s < w->states; s++) {
			int legal = 0;

			for (int a = 0; a < w->actions; a++)
				legal += is_legal(w, s, a);
			for (int a = 0; a < w->actions && share[s] > 0; a++) {
				int to = w->next[at(w, s, a)];

				assert(to != TABULAR_OVER);
				if (to >= 0)
					next[to] += share[s] / legal;
			}
		}
		memcpy(share, next, (size_t)w->states * sizeof(*share));
	}
	free(next);
}

double tabular_match(const struct tabular_world *w, const float *first,
		     const float *second, int plies)
{
	const float *const p[2] = {first, second};
	double *value = mem_zalloc(2 * (size_t)w->states, sizeof(*value));
	double *share = mem_zalloc((size_t)w->states, sizeof(*share));
	double sum = 0;

	worth(w, p, value);
	openings(w, plies, share);
	/* From each opening who is to act is either. */
	for (int s = 0; s < w->states; s++)
		sum += share[s] * (value[s] - value[w->states + s]) / 2;
	free(value);
	free(share);
	return (1 + sum) / 2;
}

double tabular_pay(const struct tabular_world *w, const float *p)
{
	struct rng r;
	double sum = 0;

	rng_init(&r, 0, RNG_STUDY, 0, 0);
	for (int a = 0; a < w->actions; a++)
		sum += (double)p[a] *
		       w->chance->step(w->task.bytes, NULL, a, &r).gain;
	return sum;
}
