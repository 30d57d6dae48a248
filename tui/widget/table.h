/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_TABLE_H
#define TUI_WIDGET_TABLE_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "tui/canvas.h"
#include "tui/screen.h"

/*
 * A list of rows under column heads, one of them selected.  The rows stay with
 * the screen: the table asks for the text of the cells that show.
 *
 *	struct runs { struct table table; ... };
 *	open:    table_init(&s->table, columns, ARRAY_LEN(columns));
 *	         table_rows(&s->table, count);
 *	draw:    table_draw(&s->table, pane, true, runs_cell, s);
 *	mouse:   switch (table_mouse(&s->table, m)) ...
 * with {KEYS_OF(struct runs, table, table_keys)} in the screen's bindings.
 */
/* A column of this rank or higher shows only where all others have the width
 * that they want. */
enum { TABLE_SPARE = 100 };

struct table_column {
	const char *head;
	int width; /* columns wanted */
	int least; /* columns without which it is left out; 0: as `width` */
	bool right;
	bool grow;  /* takes what is left over */
	int rank;   /* 0 is the last to be left out in a narrow pane */
	bool sorts; /* a key may make it the sort column */
};

struct table {
	const struct table_column *columns; /* borrowed */
	int column_count;
	int row_count;
	int selected; /* 0..row_count-1; 0 when empty */
	int sort;     /* column that the rows are sorted by; -1: none */
	bool descending;
	const char
		*empty; /* borrowed: what an empty table says, NULL: nothing */
};

void table_init(struct table *t, const struct table_column *columns,
		int column_count);
/* The number of rows changed: the selection stays inside. */
void table_rows(struct table *t, int row_count);
void table_select(struct table *t, int row); /* clamped */

/* Text and style of one cell of `width` columns; `st` comes as STYLE_NORMAL.
 * The selected row is drawn in STYLE_SELECTED, whatever the cells say. */
typedef void table_cell_fn(const void *self, int row, int column, int width,
			   struct buf *out, enum style *st);

/* Select the next row, after the selected one and round, of which a cell has
 * `text`, in capitals or not; false: none. */
bool table_find(struct table *t, const char *text, table_cell_fn *cell,
		const void *self);

/* Heads in the first row, rows below, a scroll mark at the right edge; parks
 * the cursor on the selected row, which shows only while `focused`: no other
 * pane has the keys. */
void table_draw(const struct table *t, struct canvas *c, bool focused,
		table_cell_fn *cell, const void *self);

/* After a key of table_sort_keys the screen orders its rows by `sort` and
 * `descending`. */
extern const struct key_binding table_keys[], table_sort_keys[];

enum table_click { TABLE_NO_CLICK, TABLE_MOVED, TABLE_OPENED, TABLE_SORTED };
/* A click selects, a click on the selected row opens it, one on a head sorts;
 * the wheel moves. */
enum table_click table_mouse(struct table *t, const struct mouse_event *m);

#endif
