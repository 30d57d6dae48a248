/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_VALUE_GRAPH_H
#define TUI_WIDGET_VALUE_GRAPH_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "tui/canvas.h"
#include "tui/picture.h"

/*
 * The value of every ply of a game as a small graph, for the first player: up
 * is good for the first, down for the second.  A ply that was never searched
 * is a gap, not a zero.
 */
struct value_graph {
	const double *value; /* borrowed; [count], in [-1, 1]; NAN: a gap */
	const bool *marked;  /* borrowed; [count] or NULL: "~" under the ply */
	int count;           /* plies, 0 .. count - 1 */
	int cursor;          /* ply with a line through it; -1: none */
};

/* The last row of the canvas is the axis with marks; the rest the graph. A game
 * longer than the canvas is wide shares columns: the last known value of a
 * column's plies stands there. */
void value_graph_draw(const struct value_graph *v, struct canvas *c);

/* Outside of the program: a point a ply, gaps left out. */
void value_graph_picture(const struct value_graph *v, enum picture_format f,
			 struct buf *out);

/* The ply under a column of a canvas `width` wide; -1 outside. */
int value_graph_ply(const struct value_graph *v, int width, int col);

#endif
