/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_PLOT_H
#define TUI_WIDGET_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "tui/canvas.h"
#include "tui/picture.h"
#include "tui/widget/axis.h"

/*
 * Curves on a canvas: 2 x 4 braille dots per cell, or one character per cell
 * where the canvas is ASCII only.  Pure functions over arrays; nothing is kept
 * and nothing is allocated.
 *
 * Several curves are told apart by colour and by their letter, which stands on
 * the curve and in the legend.  What is faint lies behind: the confidence band,
 * then the unsmoothed points, whose least and greatest are drawn where several
 * fall into one column, then the curves, the focused one last.  A NaN is a gap.
 */
struct plot_series {
	const char *name;  /* borrowed */
	const double *x;   /* borrowed [count], ascending, finite */
	const double *y;   /* borrowed [count] */
	const double *raw; /* borrowed [count]; NULL: y is not smoothed */
	const double *low,
		*high; /* borrowed [count]; both or neither: a band */
	size_t count;
	int number; /* colour number % 8, letter 'a' + number % 26 */
	bool dashed;
	bool piece; /* the series before goes on: none of the legend */
};

struct plot {
	const char *title;  /* borrowed; NULL: none */
	const char *x_name; /* borrowed; "games", in the corner; NULL: none */
	enum axis_kind x_kind; /* AXIS_LOG: as AXIS_NUMBER from x <= 0 on */
	enum axis_kind y_kind; /* AXIS_LOG: values <= 0 are gaps */
	/* The x range shown; all of it when x_low >= x_high. */
	double x_low, x_high;
	const struct plot_series *series; /* borrowed [count] */
	int count;
	int focus; /* series on top, whose value the cursor marks */
	bool has_mark;
	double mark; /* x that a line stands at */
	bool has_cursor;
	double cursor; /* x; the point nearest to it is read */
	bool selected; /* this plot has the keys: title reversed */
};

/* Where the curves came to stand, in the canvas's own coordinates; no rows when
 * there was nothing to draw. */
struct plot_area {
	int top, left, rows, cols;
	double x_low, x_high; /* at its first and last column */
};

/* From 20 x 6 up everything fits; below that, what fits is drawn. */
struct plot_area plot_draw(const struct plot *p, struct canvas *c);

/* The same outside of the program, of what is shown of x.  As PICTURE_CSV a row
 * for each point: series, x, the value as it was measured, smoothed (empty: it
 * is not), and the band (empty: none); as PICTURE_SVG a drawing with axes, in
 * which points that were smoothed stand as dots behind their curve. */
void plot_picture(const struct plot *p, enum picture_format f, struct buf *out);

/* Rows and columns of a grid of `count` plots: as many columns as let every
 * plot be seen, of a shape that reads well: about seven columns of text wide
 * for two rows high.  When all do not fit, as many as fit, a page at a time. */
void plot_grid(int count, int height, int width, int *rows, int *cols);

char plot_letter(int number);
enum style plot_style(int number);

/* Smallest and largest x of all series; false without any point. */
bool plot_extent(const struct plot_series *series, int count, double *low,
		 double *high);

/* A curve in one line of text, `width` characters: for tables.  A cell without
 * a point that is a number is blank. */
void plot_sparkline(const double *y, size_t count, int width, struct buf *out);

#endif
