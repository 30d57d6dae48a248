/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/trace_rules.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

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

enum err_code trace_rules_check(const struct trace *t, const struct game *g,
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

void trace_rules_state(const struct trace *t, const struct game *g,
		       const void *root, uint32_t node, void *out)
{
	if (node == 0) {
		memcpy(out, root, g->state_size);
		return;
	}
	trace_rules_state(t, g, root, t->nodes[node].parent, out);
	g->rules->apply(g, out, t->nodes[node].move);
}
