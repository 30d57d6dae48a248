/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/move_draw.h"

#include "core/session/figures.h"
#include "tui/widget/columns.h"

enum { NAME_LEAST = 7 };

const char *move_draw_sort_name(const struct move_table *t)
{
	return t->sort == FIGURE_COUNT ? "move" : column_head(t->sort);
}

static int top_row(const struct move_table *t, int visible)
{
	int top = t->cursor - visible / 2;

	if (top > t->count - visible)
		top = t->count - visible;
	return top < 0 ? 0 : top;
}

int move_draw_row_at(const struct move_table *t, int height, int row)
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

void move_draw(const struct move_table *t, struct canvas *c, bool focused)
{
	enum figure list[FIGURE_COUNT];
	int names = name_width(t);
	int count = columns_fit(c->width - names, list);
	int visible = c->height - 1, top = top_row(t, visible);

	canvas_text(c, 0, 1, t->sort == FIGURE_COUNT ? STYLE_BOLD : STYLE_LABEL,
		    t->sort == FIGURE_COUNT ? "*move" : "move");
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

void move_draw_print(const struct move_table *t, bool ascii, struct buf *out)
{
	enum figure list[FIGURE_COUNT];
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
