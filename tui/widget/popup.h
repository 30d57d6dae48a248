/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_POPUP_H
#define TUI_WIDGET_POPUP_H

#include "tui/canvas.h"

/* A framed box in the middle of `c`, as large as asked or as there is room for,
 * cleared; returns the pane inside. */
struct canvas popup(struct canvas *c, int height, int width, const char *title);

#endif
