/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/tree_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/session/figures.h"
#include "tui/widget/columns.h"

/* Branch drawing and fold marks, with and without Unicode. */
struct strokes {
	const char *rail, *fork, *end, *blank;
	const char *open, *closed, *leaf, *path, *more, *deeper;
};
static const struct strokes strokes_of[2] = {
	{"\342\224\202 ", "\342\224\234 ", "\342\224\224 ", "  ",
	 "\342\226\276", "\342\226\270", "\302\267", "\342\227\217",
	 "\342\200\246", "\302\273 "},
	{"| ", "|-", "`-", "  ", "-", "+", ".", "@", "...", "> "},
};

enum { NAME_MIN = 14, NAME_ROOM = 10, TEXT_NAME = 24 };

static void add_name(const struct trace *t, const struct tree_row *row,
		     bool ascii, int skip, bool deeper, struct buf *out)
{
	const struct strokes *s = &strokes_of[ascii];

	if (deeper)
		buf_puts(out, s->deeper);
	for (int d = 1 + skip; d < row->depth; d++)
		buf_puts(out, row->rails >> d & 1 ? s->rail : s->blank);
	if (row->depth > 0)
		buf_puts(out, row->last ? s->end : s->fork);
	switch (row->kind) {
	case TREE_ROW_NODE:
		buf_puts(out, !row->foldable ? s->leaf
			      : row->open    ? s->open
					     : s->closed);
		buf_printf(out, " %s", row->node ? row->text : "root");
		if (t->nodes[row->node].chance)
			buf_puts(out, " chance");
		break;
	case TREE_ROW_MORE:
		buf_printf(out, "%s %u more, N %llu", s->more, row->hidden,
			   (unsigned long long)row->hidden_visits);
		break;
	case TREE_ROW_FULL:
		buf_printf(out, "%s cut here: ask for more visits", s->more);
		break;
	}
}

static void row_figures(const struct tree_view *t, const struct tree_row *row,
			struct figures *f)
{
	uint32_t parent = t->view->trace->nodes[row->node].parent;

	figures_of(t->view, t->path, row->node,
		   row->node ? figures_total(t->view, parent) : 0, f);
}

/* First row shown: the cursor stays in the middle where the list allows. */
static int top_row(const struct tree_view *t, int visible)
{
	int top = t->cursor - visible / 2;

	if (top > t->count - visible)
		top = t->count - visible;
	return top < 0 ? 0 : top;
}

int tree_draw_row_at(const struct tree_view *t, int height, int row)
{
	int visible = height - 1;
	int at = top_row(t, visible) + row - 1;

	return row >= 1 && row < height && at < t->count ? at : -1;
}

/* Rows that are deeper still than the cursor's, for which the list is shifted
 * already, shift further each by itself: a move without its branch says more
 * than a branch without its move. */
static int shift_of(const struct tree_row *row, int skip, int name_width)
{
	int room = (name_width - NAME_ROOM) / 2;

	/* One level more makes room for the sign. */
	return row->depth - room > skip ? row->depth - room + 1 : skip;
}

void tree_draw(const struct tree_view *t, struct canvas *c, bool focused)
{
	tree_draw_noted(t, c, focused, &(struct tree_notes){0});
}

void tree_draw_noted(const struct tree_view *t, struct canvas *c, bool focused,
		     const struct tree_notes *notes)
{
	enum figure list[FIGURE_COUNT];
	int count, name_width, top, visible = c->height - 1, skip;
	struct buf name;

	if (visible < 1 || t->count == 0)
		return;
	name_width = c->width / 3 < NAME_MIN ? NAME_MIN : c->width / 3;
	count = columns_fit(c->width - name_width - 1, list);
	name_width = c->width - 1 - columns_total(list, count);
	/* Deep rows shift left so that their moves stay readable. */
	skip = t->rows[t->cursor].depth - (name_width - NAME_ROOM) / 2;
	if (skip < 0)
		skip = 0;
	canvas_printf(c, 0, 1, STYLE_LABEL, "%s",
		      skip ? "move (shifted left)" : "move");
	columns_draw_heads(c, 0, 1 + name_width, list, count, FIGURE_COUNT);
	top = top_row(t, visible);
	buf_init(&name);
	for (int i = top; i < t->count && i < top + visible; i++) {
		const struct tree_row *row = &t->rows[i];
		int y = i - top + 1;
		bool here = i == t->cursor;
		int shift;
		enum style st = here && focused              ? STYLE_SELECTED
				: row->kind != TREE_ROW_NODE ? STYLE_DIM
							     : STYLE_NORMAL;
		struct figures f = {0};

		if (row->kind == TREE_ROW_NODE)
			row_figures(t, row, &f);
		buf_clear(&name);
		shift = shift_of(row, skip, name_width);
		add_name(t->view->trace, row, c->ascii, shift, shift > skip,
			 &name);
		if (row->kind == TREE_ROW_NODE && notes->alone &&
		    notes->alone(notes->self, row->node))
			buf_puts(&name, " only");
		if (here && focused)
			canvas_fill(c, y, 0, 1, c->width, st, ' ');
		canvas_field(c, y, 1, name_width,
			     f.on_path && !here ? STYLE_MARKED : st, name.data);
		if (f.on_path)
			canvas_text(c, y, 0, STYLE_MARKED,
				    strokes_of[c->ascii].path);
		else if (here)
			canvas_text(c, y, 0, st, ">");
		if (row->kind == TREE_ROW_NODE)
			columns_draw(c, y, 1 + name_width, list, count, &f, st);
		if (here && focused)
			canvas_cursor(c, y, 0);
	}
	buf_release(&name);
}

void tree_draw_print(const struct tree_view *t, bool ascii, struct buf *out)
{
	enum figure list[FIGURE_COUNT];
	int count = columns_fit(1000, list);
	int width = TEXT_NAME;
	struct buf name;

	buf_init(&name);
	for (int i = 0; i < t->count; i++) {
		int w;

		buf_clear(&name);
		add_name(t->view->trace, &t->rows[i], ascii, 0, false, &name);
		w = canvas_width(name.data);
		if (w > width)
			width = w;
	}
	buf_printf(out, "  %-*s", width, "move");
	columns_print_heads(out, list, count);
	buf_putc(out, '\n');
	for (int i = 0; i < t->count; i++) {
		const struct tree_row *row = &t->rows[i];
		struct figures f = {0};

		if (row->kind == TREE_ROW_NODE)
			row_figures(t, row, &f);
		buf_puts(out, f.on_path ? strokes_of[ascii].path : " ");
		buf_putc(out, ' ');
		buf_clear(&name);
		add_name(t->view->trace, row, ascii, 0, false, &name);
		buf_puts(out, name.data);
		if (row->kind == TREE_ROW_NODE) {
			for (int w = canvas_width(name.data); w < width; w++)
				buf_putc(out, ' ');
			columns_print(out, list, count, &f, ascii);
		}
		/* No blanks at line ends: the text is compared and pasted. */
		while (out->len > 0 && out->data[out->len - 1] == ' ')
			out->data[--out->len] = '\0';
		buf_putc(out, '\n');
	}
	buf_release(&name);
}
