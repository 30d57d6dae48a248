/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_COLUMNS_H
#define TUI_WIDGET_COLUMNS_H

#include "tui/canvas.h"
#include "tui/widget/figures.h"

/*
 * The columns that every table and tree of search figures shares: heads,
 * widths, the text of a cell, and which of them fit a width.
 */
enum column {
	COLUMN_N,     /* visits */
	COLUMN_SHARE, /* N%: visits in per cent of those beside it */
	COLUMN_P,     /* the network's prior in per cent */
	COLUMN_DIFF,  /* N% - P: what the search changed */
	COLUMN_Q,     /* mean value, and the way that it moved */
	COLUMN_V,     /* the network's own value */
	COLUMN_U,     /* exploration term */
	COLUMN_WIN,   /* mean win, draw, loss in per cent */
	COLUMN_DRAW,
	COLUMN_LOSS,
	COLUMN_PROOF, /* W, D, L where the result is proven */
	COLUMN_COUNT,
};

const char *column_head(enum column c);
int column_width(enum column c); /* with a blank before it */

/* Those that fit `width`, in order, the most telling kept longest; returns how
 * many stand in `out`. */
int columns_fit(int width, enum column out[COLUMN_COUNT]);
int columns_total(const enum column *list, int count);

/* The cell's text without padding. */
void column_text(enum column c, const struct figures *f, bool ascii, char *out,
		 size_t size);

/* Heads, and one row's cells, right-aligned from canvas column `col`.  Heads:
 * the column `sorted` is marked; pass COLUMN_COUNT for none. */
void columns_draw_heads(struct canvas *c, int row, int col,
			const enum column *list, int count, enum column sorted);
void columns_draw(struct canvas *c, int row, int col, const enum column *list,
		  int count, const struct figures *f, enum style st);

/* The same appended to text. */
void columns_print_heads(struct buf *out, const enum column *list, int count);
void columns_print(struct buf *out, const enum column *list, int count,
		   const struct figures *f, bool ascii);

#endif
