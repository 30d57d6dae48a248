/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/value_graph.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"

enum { LABEL_WIDTH = 3 };

/* Columns a ply takes: wide boards for short games, one for long ones. */
static int ply_step(const struct value_graph *v, int width)
{
	int plot = width - LABEL_WIDTH;

	if (v->count < 1 || plot < 1)
		return 1;
	return plot / v->count > 2   ? 2
	       : plot / v->count < 1 ? 1
				     : plot / v->count;
}

static int ply_column(const struct value_graph *v, int width, int ply)
{
	int plot = width - LABEL_WIDTH;

	if (v->count <= plot)
		return LABEL_WIDTH + ply * ply_step(v, width);
	return LABEL_WIDTH + (int)((long)ply * plot / v->count);
}

int value_graph_ply(const struct value_graph *v, int width, int col)
{
	for (int ply = v->count - 1; ply >= 0; ply--) {
		int at = ply_column(v, width, ply);

		if (col >= at && col < at + ply_step(v, width))
			return ply;
	}
	return -1;
}

/* Two places a row: upper and lower half of the cell. */
static void put(struct canvas *c, int rows, int col, double value)
{
	int halves = 2 * rows;
	int at = (int)lround((1 - fmin(fmax(value, -1), 1)) / 2 * (halves - 1));
	bool upper = at % 2 == 0;
	uint32_t glyph;

	if (c->ascii)
		glyph = upper ? '\'' : '.';
	else
		glyph = upper ? 0x2580 : 0x2584; /* half blocks */
	canvas_glyph(c, at / 2, col,
		     value > 0   ? STYLE_PLAYER0
		     : value < 0 ? STYLE_PLAYER1
				 : STYLE_VALUE,
		     glyph);
}

void value_graph_draw(const struct value_graph *v, struct canvas *c)
{
	int rows = c->height - 1, middle = (rows - 1) / 2;

	if (rows < 1 || c->width <= LABEL_WIDTH)
		return;
	if (rows > 1) {
		canvas_text(c, 0, 0, STYLE_LABEL, "+1");
		canvas_text(c, rows - 1, 0, STYLE_LABEL, "-1");
	}
	if (rows > 2)
		canvas_text(c, middle, 0, STYLE_LABEL, " 0");
	for (int ply = 0; ply < v->count; ply++) {
		int col = ply_column(v, c->width, ply);

		canvas_glyph(c, middle, col, STYLE_DIM,
			     c->ascii ? '-' : 0x2508); /* light dashes */
	}
	if (v->cursor >= 0 && v->cursor < v->count) {
		int col = ply_column(v, c->width, v->cursor);

		for (int row = 0; row < rows; row++)
			canvas_glyph(c, row, col, STYLE_SELECTED,
				     c->ascii ? '|' : 0x2502);
		canvas_glyph(c, rows, col, STYLE_SELECTED, '^');
	}
	for (int ply = 0; ply < v->count; ply++) {
		int col = ply_column(v, c->width, ply);

		if (!isnan(v->value[ply]))
			put(c, rows, col, v->value[ply]);
		if (v->marked && v->marked[ply])
			canvas_glyph(c, rows, col,
				     ply == v->cursor ? STYLE_SELECTED
						      : STYLE_WARN,
				     '~');
	}
}

void value_graph_picture(const struct value_graph *v, enum picture_format f,
			 struct buf *out)
{
	double *x = mem_zalloc((size_t)v->count + 1, sizeof(*x));
	double *y = mem_zalloc((size_t)v->count + 1, sizeof(*y));
	struct plot_series s = {.name = "first", .x = x, .y = y};
	struct plot p = {.title = "value for the first player",
			 .x_name = "ply",
			 .x_kind = AXIS_COUNT,
			 .series = &s,
			 .count = 1};

	for (int ply = 0; ply < v->count; ply++) {
		if (isnan(v->value[ply]))
			continue;
		x[s.count] = ply;
		y[s.count++] = v->value[ply];
	}
	plot_picture(&p, f, out);
	free(x);
	free(y);
}
