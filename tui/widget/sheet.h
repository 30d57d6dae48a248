/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_SHEET_H
#define TUI_WIDGET_SHEET_H

#include "core/session/round.h"
#include "tui/canvas.h"

/* The moves of a round in the game's own notation, numbered, in as many columns
 * as fit; the end is kept in view.  The move that led to `ply` is marked. */
void sheet_draw(const struct round *r, int ply, struct canvas *c);

/* The value of each position, for the first player, by whoever thought about
 * it; a line through `ply`. */
void sheet_graph(const struct round *r, int ply, struct canvas *c);

#endif
