/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_PLOT_INT_H
#define TUI_WIDGET_PLOT_INT_H

#include "tui/widget/plot.h"

/* What plot.c (axes, legend), plot_range.c, plot_curve.c (dots) and
 * plot_picture.c (files) share. */

/* The drawing area, and how figures become dots of it. */
struct plot_frame {
	struct canvas pane;
	int dots_x, dots_y;   /* dots per cell: 2 x 4, or 1 x 1 */
	int width, height;    /* in dots */
	double x_low, x_high; /* as they are, also for a log axis */
	double y_low, y_high; /* after log10 for a log axis */
	bool log_x, log_y;
};

/* x as the axis counts it: itself or its log10. */
double plot_to_x(const struct plot_frame *f, double x);

/* y as the axis counts it: itself or its log10; NaN where there is none. */
double plot_to_y(const struct plot_frame *f, double y);
/* Dot column of x; outside the frame for an x that is not shown. */
int plot_dot_x(const struct plot_frame *f, double x);
/* Dot row of a y that went through plot_to_y(); row 0 is the top. */
int plot_dot_y(const struct plot_frame *f, double y);

/* What is shown of x, and whether by factors; false when there is nothing. */
bool plot_x_range(struct plot_frame *f, const struct plot *p);
/* The same of y, after that. */
bool plot_y_range(struct plot_frame *f, const struct plot *p);

/* The layers of one series, from the back to the front. */
void plot_band(const struct plot_frame *f, const struct plot_series *s);
void plot_points(const struct plot_frame *f, const struct plot_series *s);
void plot_curve(const struct plot_frame *f, const struct plot_series *s,
		bool alone);
void plot_marks(const struct plot_frame *f, const struct plot_series *s,
		int series);
void plot_put(const struct plot_frame *f, double x, double y, enum style st,
	      uint32_t glyph);

#endif
