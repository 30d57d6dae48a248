/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_BOARD_VIEW_H
#define TUI_WIDGET_BOARD_VIEW_H

#include <stdbool.h>

#include "tui/app.h"
#include "tui/widget/board.h"

/*
 * How a person looks at a board, and the keys for it, alike on every screen
 * that has one:
 *
 *	keys:    BOARD_VIEW_KEYS("who owns each cell by the rules' count"),
 *	command: if (board_view_command(&s->view, command, &s->game, s->app))
 *	                 return SCREEN_REDRAW;
 *	draw:    board_view_apply(&s->view, &board, NULL, own);
 */
struct board_view {
	bool flip;   /* seen from the other side */
	bool owners; /* who owns each cell is shown on the board */
};

/* Far from a screen's own commands. */
enum { BOARD_VIEW_FLIP = 9500, BOARD_VIEW_OWNERS };
#define BOARD_VIEW_KEYS(owners_help)                                       \
	{"w", "owners", owners_help, false, .command = BOARD_VIEW_OWNERS}, \
	{                                                                  \
		"f", "flip", "see the board from the other side", false,   \
			.command = BOARD_VIEW_FLIP                         \
	}

/* True if `command` was one of them and the screen must be drawn again; says so
 * where nobody owns cells. */
bool board_view_command(struct board_view *v, int command, const struct game *g,
			struct app *app);

/* Look at `b` this way; `seen` and `own` are board_owners()'. */
void board_view_apply(const struct board_view *v, struct board *b,
		      const float *seen, float *own);

#endif
