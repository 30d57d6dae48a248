/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_COMPARE_DRAW_H
#define TUI_WIDGET_COMPARE_DRAW_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/session/compare.h"
#include "tui/canvas.h"
#include "tui/screen.h"

/* Two searches side by side on a canvas: who searched, where they part, a row
 * for each move with the figures of both; trees and boards where there is room.
 */

/* Who searched a side. */
struct compare_who {
	const char *name; /* borrowed; "" nobody yet */
	const char *best; /* its move, borrowed; "" none yet */
	bool thinking;
};

/* "only left" and the like; "" for COMPARE_NONE. */
const char *compare_mark_name(enum compare_mark m);
const char *compare_sort_name(enum compare_sort s);

/* Whether they part, where, and by how much, in one line. */
void compare_part_text(const struct compare *c, struct buf *out);

void compare_draw(const struct compare *c,
		  const struct compare_who who[COMPARE_SIDES],
		  struct canvas *canvas);
/* Whether anything changed. */
bool compare_draw_click(struct compare *c, const struct mouse_event *m);

/* The same as text, without trees and boards. */
void compare_draw_print(const struct compare *c,
			const struct compare_who who[COMPARE_SIDES], bool ascii,
			struct buf *out);

#endif
