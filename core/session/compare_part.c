/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/compare_part.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/figures.h"
#include "core/session/trace_rules.h"

/* ---- one side's tree ---- */

/* The child of `node` under `m` that exists by now; 0: none. */
static uint32_t child_by_move(const struct inspector *s, uint32_t node,
			      game_move m)
{
	const struct trace_node *n = &s->trace->nodes[node];

	if (!n->first_child || !trace_view_exists(&s->view, n->first_child))
		return 0;
	for (uint32_t i = n->first_child; i < n->first_child + n->child_count;
	     i++)
		if (s->trace->nodes[i].move == m)
			return i;
	return 0;
}

/* Follow moves from the root; *node is the last one that is there.  Returns how
 * many were. */
int compare_follow(const struct inspector *s, const game_move *moves, int count,
		   uint32_t *node)
{
	*node = 0;
	for (int i = 0; i < count; i++) {
		uint32_t child = child_by_move(s, *node, moves[i]);

		if (!child)
			return i;
		*node = child;
	}
	return count;
}

double compare_weight(const struct inspector *s, uint32_t node, uint64_t total)
{
	return total > 0 ? (double)s->view.visits[node] / (double)total
			 : (double)s->trace->nodes[node].prior;
}

/* The child with the greatest weight, then prior; 0: the side says nothing
 * there.  Priors speak at the root alone: below it an unvisited node is one
 * that the search did not come to. */
static uint32_t favourite(const struct inspector *s, uint32_t node)
{
	const struct trace_node *n = &s->trace->nodes[node];
	const struct trace_node *nodes = s->trace->nodes;
	uint64_t total = figures_total(&s->view, node);
	uint32_t best = 0;

	if (!n->first_child || !trace_view_exists(&s->view, n->first_child) ||
	    (node != 0 && total == 0))
		return 0;
	for (uint32_t i = n->first_child; i < n->first_child + n->child_count;
	     i++) {
		double w = compare_weight(s, i, total);
		double than = best ? compare_weight(s, best, total) : -1;

		if (w > than ||
		    (w >= than && nodes[i].prior > nodes[best].prior))
			best = i;
	}
	return best;
}

/* Half the sum of |left - right| over the moves at one place of both. */
double compare_apart(const struct inspector side[COMPARE_SIDES],
		     const uint32_t node[COMPARE_SIDES])
{
	const struct inspector *l = &side[0], *r = &side[1];
	const struct trace_node *n = &l->trace->nodes[node[0]];
	uint64_t total[2] = {figures_total(&l->view, node[0]),
			     figures_total(&r->view, node[1])};
	double sum = 0;

	if (!n->first_child || !trace_view_exists(&l->view, n->first_child))
		return (double)NAN;
	for (uint32_t i = n->first_child; i < n->first_child + n->child_count;
	     i++) {
		uint32_t twin =
			child_by_move(r, node[1], l->trace->nodes[i].move);

		if (!twin)
			return (double)NAN;
		sum += fabs(compare_weight(l, i, total[0]) -
			    compare_weight(r, twin, total[1]));
	}
	return sum / 2;
}

/* ---- where they part ---- */

static void take_choice(const struct inspector *side, struct compare_part *p,
			const uint32_t node[2], const uint32_t best[2])
{
	const struct game *g = side[0].game;
	unsigned char *state = mem_alloc(g->state_size);
	struct figures f;

	trace_rules_state(side[0].trace, g, side[0].root, node[0], state);
	for (int i = 0; i < COMPARE_SIDES; i++) {
		const struct inspector *s = &side[i];
		uint64_t total = figures_total(&s->view, node[i]);

		p->ends[i] = !best[i];
		if (!best[i])
			continue;
		p->choice[i] = s->trace->nodes[best[i]].move;
		g->rules->move_text(g, state, p->choice[i], p->text[i]);
		figures_of(&s->view, &s->path, best[i], total, &f);
		p->q[i] = f.q;
	}
	free(state);
	for (int i = 0; p->parted && i < COMPARE_SIDES; i++) {
		const struct inspector *s = &side[i];
		uint64_t total = figures_total(&s->view, node[i]);

		for (int k = 0; k < COMPARE_SIDES; k++) {
			uint32_t child =
				child_by_move(s, node[i], p->choice[k]);

			p->weight[i][k] =
				child ? compare_weight(s, child, total) : 0;
		}
	}
}

void compare_part_find(const struct inspector side[COMPARE_SIDES],
		       struct compare_part *p)
{
	uint32_t node[2] = {0, 0}, best[2];

	*p = (struct compare_part){
		.choice = {GAME_NO_MOVE, GAME_NO_MOVE},
		.q = {NAN, NAN},
		.apart = NAN,
	};
	for (;;) {
		game_move m[2];

		for (int i = 0; i < COMPARE_SIDES; i++) {
			best[i] = favourite(&side[i], node[i]);
			m[i] = side[i].trace->nodes[best[i]].move;
		}
		p->parted = best[0] && best[1] && m[0] != m[1];
		if (p->parted || !best[0] || !best[1] ||
		    p->depth == COMPARE_LINE)
			break;
		p->line[p->depth++] = m[0];
		memcpy(node, best, sizeof(node));
	}
	take_choice(side, p, node, best);
	p->apart = compare_apart(side, node);
}
