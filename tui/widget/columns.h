/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_COLUMNS_H
#define TUI_WIDGET_COLUMNS_H

#include "core/session/figures.h"
#include "tui/canvas.h"

/*
 * The columns that every table and tree of search figures shares: heads,
 * widths, the text of a cell, and which of them fit a width.
 */
const char *column_head(enum figure c);
int column_width(enum figure c); /* with a blank before it */

/* Those that fit `width`, in order, the most telling kept longest; returns how
 * many stand in `out`. */
int columns_fit(int width, enum figure out[FIGURE_COUNT]);
int columns_total(const enum figure *list, int count);

/* The cell's text without padding. */
void column_text(enum figure c, const struct figures *f, bool ascii, char *out,
		 size_t size);

/* Heads, and one row's cells, right-aligned from canvas column `col`.  Heads:
 * the column `sorted` is marked; pass FIGURE_COUNT for none. */
void columns_draw_heads(struct canvas *c, int row, int col,
			const enum figure *list, int count, enum figure sorted);
void columns_draw(struct canvas *c, int row, int col, const enum figure *list,
		  int count, const struct figures *f, enum style st);

/* The same appended to text. */
void columns_print_heads(struct buf *out, const enum figure *list, int count);
void columns_print(struct buf *out, const enum figure *list, int count,
		   const struct figures *f, bool ascii);

#endif
