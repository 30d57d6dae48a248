/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/stat.h"
#include "core/study/bayes_int.h"
#include "core/study/tabular.h"

/*
 * What the data before the cut are worth to who may think about them as long as
 * it likes.  Of a bandit the mean of what each lever paid is all they say (by
 * Laplace's rule of succession, so that one pull is no certainty).  Of a game
 * there are several ways, and whichever does best against the teacher's end is
 * taken, which who has only the data could not know: the zero is a high one.
 */
enum way { CLONE, MEAN, MEAN_OF_SEEN, FITTED, FITTED_TO_SEEN, WAYS };

static size_t at(const struct tabular_world *w, int state, int action)
{
	return (size_t)state * (size_t)w->actions + (size_t)action;
}

struct told {
	double *count, *sum; /* [states][actions]: of results for who acted */
};

static void tell(const struct tabular_world *w, const struct tabular_episode *e,
		 int count, struct told *t)
{
	size_t n = (size_t)w->states * (size_t)w->actions;

	t->count = mem_zalloc(n, sizeof(*t->count));
	t->sum = mem_zalloc(n, sizeof(*t->sum));
	for (int i = 0; i < count; i++) {
		double result = (double)e[i].result;

		for (int k = e[i].count - 1; k >= 0; k--, result = -result) {
			size_t here = at(w, e[i].state[k], e[i].action[k]);

			t->count[here] += 1;
			t->sum[here] += result;
		}
	}
}

/* What a move is worth by its mean result, or, fitted, by the best answer that
 * is known: of moves that nobody made, a draw, or nothing at all. */
static double value(const struct tabular_world *w, const struct told *t,
		    enum way way, const double *best, int state, int action)
{
	size_t here = at(w, state, action);
	int to = w->next[here];

	if (way == CLONE)
		return t->count[here];
	if (t->count[here] <= 0)
		return way == MEAN || way == FITTED ? 0 : -2;
	if (way == MEAN || way == MEAN_OF_SEEN)
		return t->sum[here] / t->count[here];
	return to == TABULAR_OVER ? (double)w->result[here] : -best[to];
}

/* Later states first, so that one pass fits. */
static void policy_of(const struct tabular_world *w, const struct told *t,
		      enum way way, float *out)
{
	double *best = mem_zalloc((size_t)w->states, sizeof(*best));

	for (int s = w->states - 1; s >= 0; s--) {
		double top = -INFINITY;

		for (int a = 0; a < w->actions; a++) {
			double v;

			out[at(w, s, a)] = 0;
			if (w->next[at(w, s, a)] == TABULAR_ILLEGAL)
				continue;
			v = value(w, t, way, best, s, a);
			out[at(w, s, a)] = (float)v;
			top = fmax(top, v);
		}
		/* Of a state in which nobody was seen nothing is known. */
		best[s] = way == FITTED_TO_SEEN && top < -1 ? 0 : top;
	}
	free(best);
	tabular_best(w, out);
}

static void bandit_policy(const struct tabular_world *w, const struct told *t,
			  float *out)
{
	for (int a = 0; a < w->actions; a++)
		out[a] = (float)(t->sum[a] / (t->count[a] + 2));
	tabular_best(w, out);
}

void bayes_offline(const struct tabular_world *w,
		   const struct tabular_episode *e, int count, const float *end,
		   int plies, float *out)
{
	size_t n = (size_t)w->states * (size_t)w->actions;
	float *p = mem_floats(n);
	double most = -INFINITY;
	struct told t;

	tell(w, e, count, &t);
	if (w->chance)
		bandit_policy(w, &t, out);
	for (int way = 0; way < WAYS && !w->chance; way++) {
		double score;

		policy_of(w, &t, (enum way)way, p);
		score = tabular_match(w, p, end, plies);
		if (score > most) {
			most = score;
			memcpy(out, p, n * sizeof(*p));
		}
	}
	free(p);
	free(t.count);
	free(t.sum);
}

double bayes_above(const struct tabular_world *w, const float *first,
		   const float *second, int plies)
{
	double score;

	if (w->chance)
		return tabular_pay(w, first) - tabular_pay(w, second);
	/* No score is certain. */
	score = fmin(fmax(tabular_match(w, first, second, plies), 0.001),
		     0.999);
	return stat_elo_from_score(score);
}
