/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/session/made_trace.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"

struct maker {
	const struct game *g;
	struct trace *t;
	uint32_t cap;
	uint32_t *visits;
	double *sum; /* for the node's own player */
};

static uint32_t add_nodes(struct maker *m, uint32_t count)
{
	uint32_t first = m->t->node_count;

	if (first + count > m->cap) {
		m->cap = 2 * (first + count);
		m->t->nodes =
			mem_realloc(m->t->nodes, m->cap * sizeof(*m->t->nodes));
		m->visits = mem_realloc(m->visits, m->cap * sizeof(*m->visits));
		m->sum = mem_realloc(m->sum, m->cap * sizeof(*m->sum));
	}
	memset(m->t->nodes + first, 0, count * sizeof(*m->t->nodes));
	memset(m->visits + first, 0, count * sizeof(*m->visits));
	memset(m->sum + first, 0, count * sizeof(*m->sum));
	m->t->node_count += count;
	return first;
}

static double hashed(uint64_t hash, uint64_t what)
{
	return (double)(rng_mix(hash, what) >> 40) / (double)(1 << 24);
}

static void expand(struct maker *m, uint32_t node, const void *s)
{
	const struct game *g = m->g;
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	int count = g->rules->legal(g, s, legal);
	uint64_t hash = g->rules->hash(g, s);
	uint32_t first = add_nodes(m, (uint32_t)count);
	double sum = 0;

	m->t->nodes[node].first_child = first;
	m->t->nodes[node].child_count = (uint16_t)count;
	for (int i = 0; i < count; i++)
		sum += 0.1 + hashed(hash, legal[i]);
	for (int i = 0; i < count; i++) {
		struct trace_node *c = &m->t->nodes[first + (uint32_t)i];

		c->parent = node;
		c->move = legal[i];
		c->prior = (float)((0.1 + hashed(hash, legal[i])) / sum);
		c->evaluated = -1;
	}
	free(legal);
}

static uint32_t best_child(const struct maker *m, uint32_t node)
{
	const struct trace_node *n = &m->t->nodes[node];
	uint32_t best = n->first_child;
	double top = -1e9;

	for (uint32_t i = 0; i < n->child_count; i++) {
		uint32_t c = n->first_child + i;
		double q = m->visits[c] ? -m->sum[c] / m->visits[c] : 0;
		double score = q + 1.25 * (double)m->t->nodes[c].prior *
					   sqrt(m->visits[node]) /
					   (1.0 + m->visits[c]);

		if (score > top) {
			top = score;
			best = c;
		}
	}
	return best;
}

static void simulate(struct maker *m, const void *root, int sim)
{
	const struct game *g = m->g;
	unsigned char *s = mem_alloc(g->state_size);
	struct trace_sim *out = &m->t->sims[sim - 1];
	uint32_t node = 0;
	double value, draw = 0;

	memcpy(s, root, g->state_size);
	while (m->t->nodes[node].first_child) {
		node = best_child(m, node);
		g->rules->apply(g, s, m->t->nodes[node].move);
	}
	if (g->rules->to_act(g, s) == GAME_OVER) {
		float score[GAME_MAX_PLAYERS];

		/* Who would act next sees what the other has done. */
		g->rules->score(g, s, score);
		value = score[0] > 0 || score[0] < 0 ? -1 : 0;
		draw = value < 0 ? 0 : 1;
		m->t->nodes[node].proof = value < 0 ? TRACE_LOSS : TRACE_DRAW;
		if (!m->t->nodes[node].proven)
			m->t->nodes[node].proven = sim;
	} else {
		uint64_t hash = g->rules->hash(g, s);

		value = hashed(hash, 1000) - 0.5;
		draw = 0.2 * hashed(hash, 1001);
		expand(m, node, s);
		m->t->nodes[node].evaluated = sim;
		m->t->nodes[node].value = (float)value;
		m->t->nodes[node].draw = (float)draw;
	}
	out->leaf = node;
	out->value = (float)value;
	out->draw = (float)draw;
	for (;;) {
		m->visits[node]++;
		m->sum[node] += value;
		value = -value;
		if (node == 0)
			break;
		node = m->t->nodes[node].parent;
	}
	free(s);
}

struct trace *made_trace(const struct game *g, const void *root, int sims)
{
	struct maker m = {.g = g, .t = mem_zalloc(1, sizeof(struct trace))};

	m.t->sims = mem_zalloc((size_t)sims + 1, sizeof(*m.t->sims));
	m.t->c_puct = 1.25f;
	m.t->c_base = 19652;
	m.t->alternate = 1;
	add_nodes(&m, 1);
	m.t->nodes[0].move = GAME_NO_MOVE;
	m.t->nodes[0].prior = 1;
	for (int sim = 1; sim <= sims; sim++) {
		simulate(&m, root, sim);
		m.t->sim_count++;
	}
	free(m.visits);
	free(m.sum);
	return m.t;
}

void made_count(const struct trace *t, uint32_t node, uint32_t at,
		uint32_t *visits, double *mean)
{
	double sum = 0;

	*visits = 0;
	for (uint32_t k = 0; k < at; k++) {
		double value = (double)t->sims[k].value;

		for (uint32_t n = t->sims[k].leaf;;
		     n = t->nodes[n].parent, value = -value) {
			if (n == node) {
				++*visits;
				sum += value;
			}
			if (n == 0)
				break;
		}
	}
	*mean = *visits ? sum / *visits : (double)NAN;
}

void made_inspector(const struct game *connect4, struct inspector *s, int sims)
{
	void *root = game_state_new(connect4, 0);
	game_move moves[64];
	struct err e = ERR_INIT;
	int count;

	assert_int_equal(
		game_play_text(connect4, root, "4453", moves, &count, &e),
		ERR_OK);
	inspector_init(s, connect4, root);
	assert_int_equal(inspector_set(s, made_trace(connect4, root, sims), &e),
			 ERR_OK);
	free(root);
}
