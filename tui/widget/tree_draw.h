/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_TREE_DRAW_H
#define TUI_WIDGET_TREE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/session/tree_view.h"
#include "tui/canvas.h"

/* How an unfolded search tree looks: names with their branches, and the figures
 * in columns, as in the move table. */

/* A head line, then rows around the cursor. */
void tree_draw(const struct tree_view *t, struct canvas *c, bool focused);
/* The same where some nodes are of note: `alone` says which, and they read
 * "only". */
struct tree_notes {
	bool (*alone)(const void *self, uint32_t node);
	const void *self;
};
void tree_draw_noted(const struct tree_view *t, struct canvas *c, bool focused,
		     const struct tree_notes *notes);
/* Row of the list that stands at canvas row `row` when drawn at `height`;
 * -1 if none. */
int tree_draw_row_at(const struct tree_view *t, int height, int row);

/* The rows as text with a head line, for export. */
void tree_draw_print(const struct tree_view *t, bool ascii, struct buf *out);

#endif
