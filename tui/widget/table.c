/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/table.h"

#include <assert.h>
#include <string.h>

#include "tui/canvas_map.h"

enum { MAX_COLUMNS = 32, GAP = 2, WHEEL_ROWS = 3 };

/* Where the rows and columns stand on a pane. */
struct layout {
	int top;             /* first row shown */
	int height, width;   /* of the rows, without the heads */
	int at[MAX_COLUMNS]; /* column of each head, -1: left out */
	int widths[MAX_COLUMNS];
};

void table_init(struct table *t, const struct table_column *columns,
		int column_count)
{
	assert(column_count > 0 && column_count <= MAX_COLUMNS);
	memset(t, 0, sizeof(*t));
	t->columns = columns;
	t->column_count = column_count;
	t->sort = -1;
}

void table_select(struct table *t, int row)
{
	if (row >= t->row_count)
		row = t->row_count - 1;
	t->selected = row < 0 ? 0 : row;
}

void table_rows(struct table *t, int row_count)
{
	t->row_count = row_count;
	table_select(t, t->selected);
}

bool table_find(struct table *t, const char *text, table_cell_fn *cell,
		const void *self)
{
	for (int i = 1; i <= t->row_count; i++) {
		int row = (t->selected + i) % t->row_count;
		bool found = false;

		for (int c = 0; c < t->column_count && !found; c++) {
			enum style st = STYLE_NORMAL;
			struct buf b;

			buf_init(&b);
			cell(self, row, c, 400, &b, &st);
			found = strcasestr(b.data, text) != NULL;
			buf_release(&b);
		}
		if (found) {
			table_select(t, row);
			return true;
		}
	}
	return false;
}

static int least_width(const struct table_column *col)
{
	return col->least ? col->least : col->width;
}

/* What is left over with the columns shown at the widths they want, or else at
 * their least. */
static int room_left(const struct table *t, const struct layout *s,
		     const bool *shown, bool wanted)
{
	int left = s->width + GAP;

	for (int i = 0; i < t->column_count; i++)
		if (shown[i])
			left -= GAP + (wanted ? t->columns[i].width
					      : least_width(&t->columns[i]));
	return left;
}

/* Leaves out columns from the highest rank down until the least widths fit,
 * then gives what is left over: first up to each wanted width, then to those
 * that grow. */
static void place_columns(const struct table *t, struct layout *s)
{
	bool shown[MAX_COLUMNS];
	int left, growing = 0, at = 0;

	for (int i = 0; i < t->column_count; i++)
		shown[i] = true;
	for (;;) {
		int worst = -1;
		bool spare;

		for (int i = 0; i < t->column_count; i++) {
			if (!shown[i])
				continue;
			if (worst < 0 ||
			    t->columns[i].rank >= t->columns[worst].rank)
				worst = i;
		}
		spare = t->columns[worst].rank >= TABLE_SPARE;
		if (room_left(t, s, shown, spare) >= 0 ||
		    t->columns[worst].rank == 0)
			break;
		shown[worst] = false;
	}
	left = room_left(t, s, shown, false);
	for (int i = 0; i < t->column_count; i++)
		s->widths[i] = least_width(&t->columns[i]);
	/* a cell a turn to each that wants more: the shares come out even */
	for (bool given = true; given && left > 0;) {
		given = false;
		for (int i = 0; i < t->column_count && left > 0; i++) {
			if (!shown[i] || s->widths[i] >= t->columns[i].width)
				continue;
			s->widths[i]++;
			left--;
			given = true;
		}
	}
	for (int i = 0; i < t->column_count; i++)
		growing += shown[i] && t->columns[i].grow;
	for (int i = 0; i < t->column_count; i++) {
		if (shown[i] && t->columns[i].grow && left > 0) {
			s->widths[i] += left / growing;
			left -= left / growing--;
		}
		s->at[i] = shown[i] ? at : -1;
		if (shown[i])
			at += s->widths[i] + GAP;
	}
}

/* The rows around the selected one, moved no further than they must be. */
static int top_of(const struct table *t, int height, int top)
{
	if (top > t->row_count - height)
		top = t->row_count - height;
	if (top > t->selected)
		top = t->selected;
	if (top < t->selected - height + 1)
		top = t->selected - height + 1;
	return top < 0 ? 0 : top;
}

/* `top` was the first row before. */
static void lay_out(const struct table *t, int height, int width, int top,
		    struct layout *s)
{
	s->height = height > 1 ? height - 1 : 0;
	/* room for the scroll mark, and a blank before it */
	s->width = t->row_count > s->height ? width - 2 : width;
	s->top = top_of(t, s->height, top);
	place_columns(t, s);
}

static void draw_cell(struct canvas *c, const struct table *t,
		      const struct layout *s, int row, int column,
		      enum style st, const char *text)
{
	int width = s->widths[column], at = s->at[column];

	if (t->columns[column].right && canvas_width(text) <= width)
		canvas_right(c, row, at + width, st, text);
	else
		canvas_field(c, row, at, width, st, text);
}

static void draw_heads(const struct table *t, const struct layout *s,
		       struct canvas *c)
{
	struct buf text;

	buf_init(&text);
	for (int i = 0; i < t->column_count; i++) {
		if (s->at[i] < 0)
			continue;
		buf_clear(&text);
		buf_puts(&text, t->columns[i].head);
		if (t->sort == i)
			buf_puts(&text, t->descending ? "▼" : "▲");
		draw_cell(c, t, s, 0, i, STYLE_LABEL, text.data);
	}
	buf_release(&text);
}

/* How far down the shown rows are, as a thumb at the right edge. */
static void draw_scroll(const struct table *t, const struct layout *s,
			struct canvas *c)
{
	int span, from;

	if (t->row_count <= s->height || s->height < 2)
		return;
	span = s->height * s->height / t->row_count;
	if (span < 1)
		span = 1;
	from = (s->height - span) * s->top / (t->row_count - s->height);
	for (int i = 0; i < s->height; i++)
		canvas_glyph_or(c, 1 + i, c->width - 1, STYLE_DIM,
				i >= from && i < from + span ? 0x2588 : 0x2502,
				i >= from && i < from + span ? '#' : '|');
}

void table_draw(const struct table *t, struct canvas *c, bool focused,
		table_cell_fn *cell, const void *self)
{
	struct layout s;
	struct buf text;

	lay_out(t, c->height, c->width, canvas_first(c, t, 0), &s);
	canvas_region(c, t, 0, s.top);
	draw_heads(t, &s, c);
	if (!t->row_count && t->empty)
		canvas_text(c, 1, 0, STYLE_DIM, t->empty);
	buf_init(&text);
	for (int i = 0; i < s.height && s.top + i < t->row_count; i++) {
		int row = s.top + i;
		bool selected = row == t->selected && focused;

		if (selected)
			canvas_fill(c, 1 + i, 0, 1, s.width, STYLE_SELECTED, 0);
		for (int k = 0; k < t->column_count; k++) {
			enum style st = STYLE_NORMAL;

			if (s.at[k] < 0)
				continue;
			buf_clear(&text);
			cell(self, row, k, s.widths[k], &text, &st);
			draw_cell(c, t, &s, 1 + i, k,
				  selected ? STYLE_SELECTED : st, text.data);
		}
		if (selected)
			canvas_cursor(c, 1 + i, 0);
	}
	buf_release(&text);
	draw_scroll(t, &s, c);
}

static void next_sort_column(struct table *t)
{
	for (int i = 1; i <= t->column_count; i++) {
		int column = (t->sort + i) % t->column_count;

		if (t->columns[column].sorts) {
			t->sort = column;
			return;
		}
	}
}

static enum screen_action row_by(void *self, const struct key_press *k)
{
	struct table *t = self;

	table_select(t, t->selected + k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action page_by(void *self, const struct key_press *k)
{
	struct table *t = self;
	const struct canvas_region *r = canvas_map_find(k->seen, t, 0);
	int page = r && r->height > 2 ? r->height - 2 : 1;

	table_select(t, t->selected + k->arg * page);
	return SCREEN_REDRAW;
}

static enum screen_action to_first(void *self, const struct key_press *k)
{
	(void)k;
	table_select(self, 0);
	return SCREEN_REDRAW;
}

static enum screen_action to_last(void *self, const struct key_press *k)
{
	struct table *t = self;

	(void)k;
	table_select(t, t->row_count - 1);
	return SCREEN_REDRAW;
}

static enum screen_action sort_next(void *self, const struct key_press *k)
{
	(void)k;
	next_sort_column(self);
	return SCREEN_REDRAW;
}

static enum screen_action sort_reverse(void *self, const struct key_press *k)
{
	struct table *t = self;

	(void)k;
	t->descending = !t->descending;
	return SCREEN_REDRAW;
}

const struct key_binding table_keys[] = {
	{"Up", "up", "one row up", false, .run = row_by, .arg = -1},
	{"Down", "down", "one row down", false, .run = row_by, .arg = 1},
	{"PgUp", "page-up", "one page up", false, .run = page_by, .arg = -1},
	{"PgDn", "page-down", "one page down", false, .run = page_by, .arg = 1},
	{"Home", "first", "to the first row", false, .run = to_first},
	{"End", "last", "to the last row", false, .run = to_last},
	{0},
};

const struct key_binding table_sort_keys[] = {
	{"s", "sort", "sort by the next column", false, .run = sort_next},
	{"S", "reverse-sort", "reverse the order", false, .run = sort_reverse},
	{0},
};

static enum table_click click_head(struct table *t, const struct layout *s,
				   int col)
{
	for (int i = 0; i < t->column_count; i++) {
		if (!t->columns[i].sorts || s->at[i] < 0 || col < s->at[i] ||
		    col >= s->at[i] + s->widths[i])
			continue;
		if (t->sort == i)
			t->descending = !t->descending;
		t->sort = i;
		return TABLE_SORTED;
	}
	return TABLE_NO_CLICK;
}

enum table_click table_mouse(struct table *t, const struct mouse_event *m)
{
	const struct canvas_region *r = canvas_map_find(m->seen, t, 0);
	struct layout s;
	int row, col;

	if (!r)
		return TABLE_NO_CLICK;
	lay_out(t, r->height, r->width, r->first, &s);
	row = m->row - r->row - 1;
	col = m->col - r->col;
	if (col < 0 || col > s.width || row < -1 || row >= s.height)
		return TABLE_NO_CLICK;
	if (m->button == 4 || m->button == 5) {
		table_select(t, t->selected + (m->button == 4 ? -WHEEL_ROWS
							      : WHEEL_ROWS));
		return TABLE_MOVED;
	}
	if (m->button != 1)
		return TABLE_NO_CLICK;
	if (row == -1)
		return click_head(t, &s, col);
	row += s.top;
	if (row >= t->row_count)
		return TABLE_NO_CLICK;
	if (row == t->selected)
		return TABLE_OPENED;
	t->selected = row;
	return TABLE_MOVED;
}
