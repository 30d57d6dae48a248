/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/move_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum { NAME_LEAST = 7 };

void move_table_init(struct move_table *t)
{
	*t = (struct move_table){.sort = COLUMN_N};
}

void move_table_release(struct move_table *t)
{
	free(t->rows);
	*t = (struct move_table){0};
}

/* What a column sorts by; the largest first, unknown last. */
static double sort_key(const struct figures *f, enum column c)
{
	switch (c) {
	case COLUMN_N:
	case COLUMN_SHARE:
		return (double)f->visits;
	case COLUMN_P:
		return f->prior;
	case COLUMN_DIFF:
		return f->diff;
	case COLUMN_Q:
		return f->q;
	case COLUMN_V:
		return f->v;
	case COLUMN_U:
		return f->u;
	case COLUMN_WIN:
	case COLUMN_DRAW:
	case COLUMN_LOSS:
		return f->wdl[c - COLUMN_WIN];
	case COLUMN_PROOF:
		return f->proof == TRACE_WIN    ? 3
		       : f->proof == TRACE_DRAW ? 1
		       : f->proof == TRACE_LOSS ? 0
						: 2;
	case COLUMN_COUNT:
		break;
	}
	return 0;
}

static bool stands_before(const struct move_row *a, const struct move_row *b,
			  enum column c)
{
	double x = sort_key(&a->f, c), y = sort_key(&b->f, c);

	if (isnan(x) != isnan(y))
		return isnan(y);
	if (!isnan(x) && (x > y || x < y))
		return x > y;
	if (c == COLUMN_N &&
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
	int count = COLUMN_COUNT + 1;
	int to = ((int)t->sort + step + count) % count;

	/* Visits and their share sort alike. */
	if (to == COLUMN_SHARE)
		to += step;
	t->sort = (enum column)to;
	sort_rows(t);
	move_table_select(t, selected);
}

const char *move_table_sort_name(const struct move_table *t)
{
	return t->sort == COLUMN_COUNT ? "move" : column_head(t->sort);
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

static int top_row(const struct move_table *t, int visible)
{
	int top = t->cursor - visible / 2;

	if (top > t->count - visible)
		top = t->count - visible;
	return top < 0 ? 0 : top;
}

int move_table_row_at(const struct move_table *t, int height, int row)
{
	int at = top_row(t, height - 1) + row - 1;

	return row >= 1 && row < height && at < t->count ? at : -1;
}

/* Notations differ: chess has "exd8=Q+". */
static int name_width(const struct move_table *t)
{
	int widest = NAME_LEAST;

	for (int i = 0; i < t->count; i++)
		if (canvas_width(t->rows[i].text) + 2 > widest)
			widest = canvas_width(t->rows[i].text) + 2;
	return widest;
}

void move_table_draw(const struct move_table *t, struct canvas *c, bool focused)
{
	enum column list[COLUMN_COUNT];
	int names = name_width(t);
	int count = columns_fit(c->width - names, list);
	int visible = c->height - 1, top = top_row(t, visible);

	canvas_text(c, 0, 1, t->sort == COLUMN_COUNT ? STYLE_BOLD : STYLE_LABEL,
		    t->sort == COLUMN_COUNT ? "*move" : "move");
	columns_draw_heads(c, 0, names, list, count, t->sort);
	if (t->count == 0 && visible > 0)
		canvas_text(c, 1, 1, STYLE_DIM, "no move has been tried here");
	for (int i = top; i < t->count && i < top + visible; i++) {
		const struct move_row *row = &t->rows[i];
		bool here = i == t->cursor;
		enum style st = here && focused ? STYLE_SELECTED : STYLE_NORMAL;
		int y = i - top + 1;

		if (here && focused) {
			canvas_fill(c, y, 0, 1, c->width, st, ' ');
			canvas_cursor(c, y, 0);
		}
		if (row->f.on_path)
			canvas_text(c, y, 0, STYLE_MARKED,
				    c->ascii ? "@" : "\342\227\217");
		else if (here)
			canvas_text(c, y, 0, st, ">");
		canvas_field(c, y, 1, names - 1,
			     row->f.on_path && !here ? STYLE_MARKED : st,
			     row->text);
		columns_draw(c, y, names, list, count, &row->f, st);
	}
}

void move_table_print(const struct move_table *t, bool ascii, struct buf *out)
{
	enum column list[COLUMN_COUNT];
	int count = columns_fit(1000, list), names = name_width(t);

	buf_printf(out, "  %-*s", names - 1, "move");
	columns_print_heads(out, list, count);
	buf_putc(out, '\n');
	for (int i = 0; i < t->count; i++) {
		const struct move_row *row = &t->rows[i];

		buf_printf(out, "%s %-*s",
			   !row->f.on_path ? " "
			   : ascii         ? "@"
					   : "\342\227\217",
			   names - 1, row->text);
		columns_print(out, list, count, &row->f, ascii);
		while (out->len > 0 && out->data[out->len - 1] == ' ')
			out->data[--out->len] = '\0';
		buf_putc(out, '\n');
	}
}
