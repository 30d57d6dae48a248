/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_MATCH_VIEW_H
#define TUI_SCREEN_MATCH_VIEW_H

#include <stdbool.h>

#include "core/session/match_score.h"
#include "tui/canvas.h"
#include "tui/picture.h"

/* A match as its page shows it: figures, a bar of wins, draws and losses, the
 * test that may end it, and the curve. */
void match_view_draw(const struct match_score *v, struct canvas *c);
/* Its curve, see struct screen. */
bool match_view_picture(const struct match_score *v, enum picture_format f,
			struct buf *out);

#endif
