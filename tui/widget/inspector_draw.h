/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_INSPECTOR_DRAW_H
#define TUI_WIDGET_INSPECTOR_DRAW_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/session/inspector.h"
#include "tui/canvas.h"
#include "tui/screen.h"

/* An inspector on a canvas, its keys and the mouse. */

void inspector_draw(const struct inspector *s, struct canvas *c);

/* The board alone: the selected position, with the shares of its moves, and the
 * principal variation below. */
void inspector_draw_board(const struct inspector *s, struct canvas *c,
			  bool focused);

/* For a struct inspector. */
extern const struct key_binding inspector_keys[];
/* Whether anything changed. */
bool inspector_draw_click(struct inspector *s, const struct mouse_event *m);

/* Everything as text: place, table, principal variation, tree. */
void inspector_draw_print(const struct inspector *s, bool ascii,
			  struct buf *out);

#endif
