/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/trace_dot.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/game/game.h"

struct dot {
	const struct trace_view *view;
	const struct game *game;
	const struct trace_cut *cut;
	struct buf *out;
};

/* Within double quotes: moves of some games have signs of their own. */
static void put_text(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
}

static void put_proof(struct dot *d, uint32_t node)
{
	enum trace_proof proof = trace_view_proof(d->view, node);
	bool turned = trace_turns(d->view->trace, node);

	if (proof == TRACE_OPEN)
		return;
	if (proof == TRACE_DRAW)
		buf_puts(d->out, ", xlabel=\"draw\", color=goldenrod");
	else if ((proof == TRACE_WIN) != turned)
		buf_puts(d->out, ", xlabel=\"won\", color=darkgreen");
	else
		buf_puts(d->out, ", xlabel=\"lost\", color=firebrick");
}

static void put_node(struct dot *d, uint32_t node, const char *move)
{
	const struct trace_view *v = d->view;
	const struct trace_node *n = &v->trace->nodes[node];
	double sign = trace_turns(v->trace, node) ? -1 : 1;

	buf_printf(d->out, "\tn%u [label=\"", node);
	put_text(d->out, move);
	buf_printf(d->out, "\\nN %u\\nQ %+.3f", v->visits[node],
		   node ? trace_view_q(v, node) : trace_view_mean(v, node));
	if (!n->chance && n->evaluated >= 0 && (uint32_t)n->evaluated <= v->at)
		buf_printf(d->out, "\\nV %+.3f", sign * (double)n->value);
	buf_putc(d->out, '"');
	put_proof(d, node);
	buf_puts(d->out, "];\n");
}

static void put_edge(struct dot *d, uint32_t parent, uint32_t node)
{
	const struct trace_view *v = d->view;
	double share = v->visits[parent] ? (double)v->visits[node] /
						   (double)v->visits[parent]
					 : 0;

	buf_printf(d->out,
		   "\tn%u -> n%u [label=\"P %.1f%%\", penwidth=%.2f];\n",
		   parent, node, 100 * (double)v->trace->nodes[node].prior,
		   1 + 4 * share);
}

static void put_below(struct dot *d, uint32_t node, const void *state,
		      int depth)
{
	const struct trace_node *n = &d->view->trace->nodes[node];
	const struct game *g = d->game;
	uint32_t *list;
	void *child;
	int count;

	if (depth >= d->cut->depth || !n->child_count)
		return;
	list = mem_alloc(n->child_count * sizeof(*list));
	child = mem_alloc(g->state_size);
	count = trace_cut_children(d->view, node, d->cut, list);
	for (int i = 0; i < count; i++) {
		game_move m = d->view->trace->nodes[list[i]].move;
		char text[GAME_TEXT_SIZE];

		g->rules->move_text(g, state, m, text);
		put_node(d, list[i], text);
		put_edge(d, node, list[i]);
		memcpy(child, state, g->state_size);
		g->rules->apply(g, child, m);
		put_below(d, list[i], child, depth + 1);
	}
	free(child);
	free(list);
}

void trace_dot(const struct trace_view *v, const struct game *g,
	       const void *root, const struct trace_cut *cut, struct buf *out)
{
	struct dot d = {.view = v, .game = g, .cut = cut, .out = out};

	buf_puts(out, "digraph search {\n"
		      "\tnode [shape=box, fontname=\"monospace\"];\n"
		      "\tedge [fontname=\"monospace\", fontsize=10];\n");
	put_node(&d, 0, "root");
	put_below(&d, 0, root, 0);
	buf_puts(out, "}\n");
}
