/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/move_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/search/trace.h"

void move_table_init(struct move_table *t)
{
	*t = (struct move_table){.sort = FIGURE_N};
}

void move_table_release(struct move_table *t)
{
	free(t->rows);
	*t = (struct move_table){0};
}

/* What a column sorts by; the largest first, unknown last. */
static double sort_key(const struct figures *f, enum figure c)
{
	switch (c) {
	case FIGURE_N:
	case FIGURE_SHARE:
		return (double)f->visits;
	case FIGURE_P:
		return f->prior;
	case FIGURE_DIFF:
		return f->diff;
	case FIGURE_Q:
		return f->q;
	case FIGURE_V:
		return f->v;
	case FIGURE_U:
		return f->u;
	case FIGURE_WIN:
	case FIGURE_DRAW:
	case FIGURE_LOSS:
		return f->wdl[c - FIGURE_WIN];
	case FIGURE_PROOF:
		return f->proof == TRACE_WIN    ? 3
		       : f->proof == TRACE_DRAW ? 1
		       : f->proof == TRACE_LOSS ? 0
						: 2;
	case FIGURE_COUNT:
		break;
	}
	return 0;
}

static bool stands_before(const struct move_row *a, const struct move_row *b,
			  enum figure c)
{
	double x = sort_key(&a->f, c), y = sort_key(&b->f, c);

	if (isnan(x) != isnan(y))
		return isnan(y);
	if (!isnan(x) && (x > y || x < y))
		return x > y;
	if (c == FIGURE_N &&
	    (a->f.prior > b->f.prior || a->f.prior < b->f.prior))
		return a->f.prior > b->f.prior;
	return a->node < b->node;
}

/* Insertion keeps it short; a Go position has 82 moves, a chess one some 40. */
static void sort_rows(struct move_table *t)
{
	for (int i = 1; i < t->count; i++) {
		struct move_row row = t->rows[i];
		int j = i;

		for (; j > 0 && stands_before(&row, &t->rows[j - 1], t->sort);
		     j--)
			t->rows[j] = t->rows[j - 1];
		t->rows[j] = row;
	}
}

void move_table_fill(struct move_table *t, const struct trace_view *view,
		     const struct sim_path *path, const struct game *g,
		     const void *state, uint32_t node)
{
	const struct trace_node *n = &view->trace->nodes[node];
	uint32_t selected = t->node == node ? move_table_selected(t) : 0;
	uint64_t total = figures_total(view, node);
	int cursor = t->cursor;

	t->node = node;
	t->count = 0;
	t->cursor = 0;
	if (!n->first_child || !trace_view_exists(view, n->first_child))
		return;
	if (t->cap < n->child_count) {
		t->cap = n->child_count;
		t->rows =
			mem_realloc(t->rows, (size_t)t->cap * sizeof(*t->rows));
	}
	for (uint32_t i = 0; i < n->child_count; i++) {
		struct move_row *row = &t->rows[t->count++];

		row->node = n->first_child + i;
		g->rules->move_text(g, state,
				    view->trace->nodes[row->node].move,
				    row->text);
		figures_of(view, path, row->node, total, &row->f);
	}
	sort_rows(t);
	if (!selected || !move_table_select(t, selected))
		t->cursor = selected && cursor < t->count ? cursor : 0;
}

void move_table_cycle(struct move_table *t, int step)
{
	uint32_t selected = move_table_selected(t);
	int count = FIGURE_COUNT + 1;
	int to = ((int)t->sort + step + count) % count;

	/* Visits and their share sort alike. */
	if (to == FIGURE_SHARE)
		to += step;
	t->sort = (enum figure)to;
	sort_rows(t);
	move_table_select(t, selected);
}

bool move_table_move(struct move_table *t, int rows)
{
	int old = t->cursor;
	long to = (long)t->cursor + rows;

	if (t->count == 0)
		return false;
	t->cursor = to < 0 ? 0 : to >= t->count ? t->count - 1 : (int)to;
	return t->cursor != old;
}

bool move_table_select(struct move_table *t, uint32_t node)
{
	for (int i = 0; i < t->count; i++) {
		if (t->rows[i].node == node) {
			t->cursor = i;
			return true;
		}
	}
	return false;
}

uint32_t move_table_selected(const struct move_table *t)
{
	return t->count > 0 ? t->rows[t->cursor].node : 0;
}
