/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/trace_text.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/game/game.h"

enum { PV_LENGTH = 8, PATH_WIDTH = 24 };

struct printing {
	const struct trace_view *view;
	const struct game *game;
	const struct trace_cut *cut;
	struct buf *out;
	struct buf path; /* the moves that lead to the node */
};

static void add_move(const struct game *g, void *state, game_move m,
		     struct buf *out)
{
	char text[GAME_TEXT_SIZE];

	if (out->len && !g->rules->compact_text)
		buf_putc(out, ' ');
	g->rules->move_text(g, state, m, text);
	buf_puts(out, text);
	g->rules->apply(g, state, m);
}

/* The principal variation from `node`, whose state is `from`. */
static void add_line(const struct printing *p, uint32_t node, const void *from)
{
	void *state = mem_alloc(p->game->state_size);
	uint32_t pv[PV_LENGTH];
	int n = trace_view_pv(p->view, node, pv, PV_LENGTH);
	struct buf line;

	memcpy(state, from, p->game->state_size);
	buf_init(&line);
	for (int i = 0; i < n; i++)
		add_move(p->game, state, p->view->trace->nodes[pv[i]].move,
			 &line);
	if (n)
		buf_printf(p->out, "  -- %s", line.data);
	buf_release(&line);
	free(state);
}

static void add_proof(const struct printing *p, uint32_t node)
{
	enum trace_proof proof = trace_view_proof(p->view, node);
	/* Seen, as Q is, by the player who moves there. */
	bool turned = trace_turns(p->view->trace, node);

	if (proof == TRACE_DRAW)
		buf_puts(p->out, "  draw");
	else if (proof)
		buf_puts(p->out,
			 (proof == TRACE_WIN) != turned ? "  won" : "  lost");
}

static void add_node(struct printing *p, uint32_t node, const void *state)
{
	const struct trace_view *v = p->view;
	const struct trace_node *n = &v->trace->nodes[node];
	bool known = !n->chance && n->evaluated >= 0 &&
		     (uint32_t)n->evaluated <= v->at;
	double sign = trace_turns(v->trace, node) ? -1 : 1;
	double wdl[3];

	trace_view_wdl(v, node, wdl);
	buf_printf(p->out, "%-*s: ", node ? PATH_WIDTH : 0, p->path.data);
	buf_printf(p->out, "Q %7.4f  W/D/L %5.1f %5.1f %5.1f  ",
		   node ? trace_view_q(v, node) : trace_view_mean(v, node),
		   100 * wdl[0], 100 * wdl[1], 100 * wdl[2]);
	if (node)
		buf_printf(p->out, "P %6.2f%%  ", 100 * (double)n->prior);
	if (known)
		buf_printf(p->out, "V %7.4f  ", sign * (double)n->value);
	else
		buf_puts(p->out, "V       -  ");
	buf_printf(p->out, "N %7u", v->visits[node]);
	add_proof(p, node);
	if (n->chance)
		buf_puts(p->out, "  chance");
	add_line(p, node, state);
	buf_putc(p->out, '\n');
}

/* Children that are shown, most visits first, then by prior. */
int trace_cut_children(const struct trace_view *v, uint32_t node,
		       const struct trace_cut *cut, uint32_t *list)
{
	const struct trace_node *n = &v->trace->nodes[node];
	int count = 0;

	for (uint32_t i = 0; i < n->child_count; i++) {
		uint32_t c = n->first_child + i;
		int k;

		if (!trace_view_exists(v, c) || v->visits[c] < cut->visits)
			continue;
		for (k = count++; k > 0; k--) {
			uint32_t b = list[k - 1];

			if (v->visits[b] > v->visits[c] ||
			    (v->visits[b] == v->visits[c] &&
			     v->trace->nodes[b].prior >=
				     v->trace->nodes[c].prior))
				break;
			list[k] = b;
		}
		list[k] = c;
	}
	return count < cut->children ? count : cut->children;
}

static void add_children(struct printing *p, uint32_t node, const void *state,
			 int depth)
{
	const struct trace_node *n = &p->view->trace->nodes[node];
	size_t length = p->path.len;
	uint32_t *list;
	void *child;
	int count;

	if (depth >= p->cut->depth || !n->child_count)
		return;
	list = mem_alloc(n->child_count * sizeof(*list));
	child = mem_alloc(p->game->state_size);
	count = trace_cut_children(p->view, node, p->cut, list);
	for (int i = 0; i < count; i++) {
		memcpy(child, state, p->game->state_size);
		add_move(p->game, child, p->view->trace->nodes[list[i]].move,
			 &p->path);
		add_node(p, list[i], child);
		add_children(p, list[i], child, depth + 1);
		p->path.len = length;
		p->path.data[length] = '\0';
	}
	free(child);
	free(list);
}

void trace_text(const struct trace_view *v, const struct game *g,
		const void *root, const struct trace_cut *cut, struct buf *out)
{
	struct printing p = {.view = v, .game = g, .cut = cut, .out = out};

	buf_init(&p.path);
	add_node(&p, 0, root);
	add_children(&p, 0, root, 0);
	buf_release(&p.path);
}
