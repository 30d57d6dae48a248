/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/study/env.h"
#include "core/study/tabular.h"

/*
 * A game as a table: all its positions, ply by ply, so that a later one has a
 * larger number.  Of positions that symmetries carry into each other the first
 * that was met stands for all, with its own actions.
 */
enum { MOST_STATES = 30000 };

struct making {
	const struct game *g;
	struct tabular_world *w;
	char *states;     /* [states][state_size] */
	uint64_t *hashes; /* [states][symmetries]: of all that it stands for */
	int count, cap;
};

/* The position that is reached by these moves, seen through a symmetry. */
struct line {
	game_move move[TABULAR_STEPS];
	int count;
};

static uint64_t seen_through(const struct game *g, const struct line *l,
			     int symmetry, void *state)
{
	memset(state, 0, g->state_size);
	g->rules->start(g, state, 0);
	for (int i = 0; i < l->count; i++)
		g->rules->apply(
			g, state,
			g->rules->move_symmetry(g, symmetry, l->move[i]));
	return g->rules->hash(g, state);
}

static int find(const struct making *m, uint64_t hash)
{
	for (int i = m->count - 1; i >= 0; i--)
		for (int k = 0; k < m->g->symmetries; k++)
			if (m->hashes[(size_t)i * (size_t)m->g->symmetries +
				      (size_t)k] == hash)
				return i;
	return -1;
}

static void grow(struct making *m)
{
	size_t n;

	if (m->count < m->cap)
		return;
	m->cap = m->cap ? 2 * m->cap : 256;
	n = (size_t)m->cap;
	m->hashes = mem_realloc(m->hashes, n * (size_t)m->g->symmetries *
						   sizeof(*m->hashes));
	m->w->next = mem_realloc(m->w->next, n * (size_t)m->w->actions *
						     sizeof(*m->w->next));
	m->w->result = mem_realloc(m->w->result, n * (size_t)m->w->actions *
							 sizeof(*m->w->result));
}

static int add(struct making *m, const struct line *l, struct line **lines,
	       void *scratch)
{
	assert(m->count < MOST_STATES);
	grow(m);
	*lines = mem_realloc(*lines, (size_t)m->cap * sizeof(**lines));
	(*lines)[m->count] = *l;
	for (int k = 0; k < m->g->symmetries; k++)
		m->hashes[(size_t)m->count * (size_t)m->g->symmetries +
			  (size_t)k] = seen_through(m->g, l, k, scratch);
	return m->count++;
}

/* Where each move of a state leads. */
static void spread(struct making *m, int state, struct line **lines, void *here,
		   void *there)
{
	const struct game *g = m->g;
	size_t row = (size_t)state * (size_t)m->w->actions;
	game_move legal[TABULAR_ACTIONS];
	int n;

	for (int a = 0; a < m->w->actions; a++) {
		m->w->next[row + (size_t)a] = TABULAR_ILLEGAL;
		m->w->result[row + (size_t)a] = 0;
	}
	seen_through(g, &(*lines)[state], 0, here);
	n = g->rules->legal(g, here, legal);
	for (int i = 0; i < n; i++) {
		struct line l = (*lines)[state];
		float score[GAME_MAX_PLAYERS];
		int to;

		l.move[l.count++] = legal[i];
		seen_through(g, &l, 0, there);
		if (g->rules->to_act(g, there) == GAME_OVER) {
			g->rules->score(g, there, score);
			m->w->next[row + legal[i]] = TABULAR_OVER;
			m->w->result[row + legal[i]] =
				score[g->rules->to_act(g, here)];
			continue;
		}
		to = find(m, g->rules->hash(g, there));
		if (to < 0)
			to = add(m, &l, lines, there);
		m->w->next[row + legal[i]] = to;
	}
}

void tabular_world_of_game(struct tabular_world *w, const struct game *g)
{
	struct making m = {.g = g, .w = w};
	struct line *lines = NULL, none = {.count = 0};
	void *here = mem_zalloc(1, g->state_size);
	void *there = mem_zalloc(1, g->state_size);

	assert(g->player_count == 2 && g->move_count <= TABULAR_ACTIONS);
	assert(g->max_plies <= TABULAR_STEPS);
	memset(w, 0, sizeof(*w));
	w->actions = g->move_count;
	add(&m, &none, &lines, there);
	for (int s = 0; s < m.count; s++)
		spread(&m, s, &lines, here, there);
	w->states = m.count;
	free(m.hashes);
	free(lines);
	free(here);
	free(there);
}

void tabular_world_of_env(struct tabular_world *w, const struct env *e,
			  int64_t task)
{
	assert(e->steps == 1 && !e->fields && e->actions <= TABULAR_ACTIONS);
	memset(w, 0, sizeof(*w));
	w->states = 1;
	w->actions = e->actions;
	w->next = mem_zalloc((size_t)w->actions, sizeof(*w->next));
	w->result = mem_zalloc((size_t)w->actions, sizeof(*w->result));
	for (int a = 0; a < w->actions; a++)
		w->next[a] = TABULAR_OVER;
	w->chance = e;
	e->task(task, w->task.bytes);
}

void tabular_world_release(struct tabular_world *w)
{
	free(w->next);
	free(w->result);
	memset(w, 0, sizeof(*w));
}
