/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_CURVE_H
#define TUI_SCREEN_CURVE_H

#include "core/session/series.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"

/* How series of a run's figures are plotted. */

/* The smoothed values before the measured ones.  Borrows from `s`, valid until
 * its next update. */
struct plot_series curve_of(const struct series *s, enum series_x x);

enum axis_kind curve_x_kind(enum series_x x);
enum axis_kind curve_y_kind(const char *metric);

#endif
