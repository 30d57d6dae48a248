/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/mixture.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/study/tabular.h"

void mixture_init(struct mixture *m, const struct tabular_world *w,
		  const struct tabular_learner *family, int count, double least)
{
	size_t n = (size_t)count;

	assert(count >= 1 && least >= 0 && least < 1.0 / count);
	*m = (struct mixture){
		.world = w,
		.family = family,
		.count = count,
		.least = least,
		.left = count,
		.which = mem_zalloc(n, sizeof(*m->which)),
		.share = mem_zalloc(n, sizeof(*m->share)),
		.minds = mem_zalloc(n, sizeof(*m->minds)),
	};
	for (int i = 0; i < count; i++) {
		m->which[i] = i;
		m->share[i] = 1.0 / count;
		m->minds[i] =
			mem_alloc(tabular_mind_size(w) * sizeof(**m->minds));
		tabular_begin(w, &family[i], m->minds[i]);
	}
}

void mixture_copy(struct mixture *m, const struct mixture *of)
{
	size_t n = (size_t)of->left, size = tabular_mind_size(of->world);

	*m = *of;
	m->which = mem_zalloc(n, sizeof(*m->which));
	m->share = mem_zalloc(n, sizeof(*m->share));
	m->minds = mem_zalloc(n, sizeof(*m->minds));
	memcpy(m->which, of->which, n * sizeof(*m->which));
	memcpy(m->share, of->share, n * sizeof(*m->share));
	for (int i = 0; i < m->left; i++) {
		m->minds[i] = mem_alloc(size * sizeof(**m->minds));
		memcpy(m->minds[i], of->minds[i], size * sizeof(**m->minds));
	}
}

void mixture_release(struct mixture *m)
{
	for (int i = 0; i < m->left; i++)
		free(m->minds[i]);
	free(m->which);
	free(m->share);
	free(m->minds);
	memset(m, 0, sizeof(*m));
}

void mixture_policy(const struct mixture *m, int state, float *out)
{
	double sum[TABULAR_ACTIONS] = {0};
	float p[TABULAR_ACTIONS];

	for (int i = 0; i < m->left; i++) {
		tabular_policy(m->world, &m->family[m->which[i]], m->minds[i],
			       state, p);
		for (int a = 0; a < m->world->actions; a++)
			sum[a] += m->share[i] * (double)p[a];
	}
	for (int a = 0; a < m->world->actions; a++)
		out[a] = (float)sum[a];
}

/* What is left is moved together, and sums to 1 again. */
static void drop(struct mixture *m, double least)
{
	double sum = 0;
	int left = 0;

	for (int i = 0; i < m->left; i++) {
		if (m->share[i] < least || m->share[i] <= 0) {
			free(m->minds[i]);
			continue;
		}
		m->which[left] = m->which[i];
		m->share[left] = m->share[i];
		m->minds[left] = m->minds[i];
		sum += m->share[left++];
	}
	assert(left > 0);
	m->left = left;
	for (int i = 0; i < left; i++)
		m->share[i] /= sum;
}

/* Chances of the actions of an episode, before it is learned from. */
static double likelihood(const struct mixture *m, int i,
			 const struct tabular_episode *e)
{
	float p[TABULAR_ACTIONS];
	double log_sum = 0;

	for (int k = 0; k < e->count; k++) {
		tabular_policy(m->world, &m->family[m->which[i]], m->minds[i],
			       e->state[k], p);
		log_sum += log((double)p[e->action[k]]);
	}
	return log_sum;
}

double mixture_read(struct mixture *m, const struct tabular_episode *e)
{
	double *log_p = mem_zalloc((size_t)m->left, sizeof(*log_p));
	double top = -INFINITY, sum = 0;

	for (int i = 0; i < m->left; i++) {
		log_p[i] = log(m->share[i]) + likelihood(m, i, e);
		top = fmax(top, log_p[i]);
	}
	/* Else nobody would have done that. */
	if (isfinite(top)) {
		for (int i = 0; i < m->left; i++)
			sum += exp(log_p[i] - top);
		for (int i = 0; i < m->left; i++)
			m->share[i] = exp(log_p[i] - top) / sum;
		drop(m, m->least);
	}
	free(log_p);
	for (int i = 0; i < m->left; i++)
		tabular_learn(m->world, &m->family[m->which[i]], m->minds[i],
			      e);
	return sum > 0 ? top + log(sum) : -HUGE_VAL;
}

int mixture_likeliest(const struct mixture *m)
{
	int best = 0;

	for (int i = 1; i < m->left; i++)
		if (m->share[i] > m->share[best])
			best = i;
	return m->which[best];
}

double mixture_share(const struct mixture *m, int learner)
{
	for (int i = 0; i < m->left; i++)
		if (m->which[i] == learner)
			return m->share[i];
	return 0;
}

void mixture_keep(struct mixture *m, int learner)
{
	for (int i = 0; i < m->left; i++)
		m->share[i] = m->which[i] == learner;
	drop(m, m->least);
}
