/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_MAZE_H
#define TUI_WIDGET_MAZE_H

#include "core/game/game.h"
#include "tui/canvas.h"

/*
 * Draws a position of Pac-Man: walls as joined lines ('#' in ASCII), the
 * largest scale up to three that fits, in the middle of the canvas.  Nothing is
 * shown by colour alone: ghosts are their numbers, 'm' in fright and 'M' when
 * it is about to end, '"' while they are out of play.  Pac-Man's mouth is open
 * to where he faces: "> < v ^" in ASCII have the mouth on that side, so '<'
 * faces right.
 */
void maze_draw(const struct game *g, const void *state, struct canvas *c);

#endif
