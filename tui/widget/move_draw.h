/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_MOVE_DRAW_H
#define TUI_WIDGET_MOVE_DRAW_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/session/move_table.h"
#include "tui/canvas.h"

/* How the table of moves looks. */

const char *move_draw_sort_name(const struct move_table *t);

void move_draw(const struct move_table *t, struct canvas *c, bool focused);
int move_draw_row_at(const struct move_table *t, int height, int row);
void move_draw_print(const struct move_table *t, bool ascii, struct buf *out);

#endif
