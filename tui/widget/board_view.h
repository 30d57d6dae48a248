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
 *	open:    board_view_init(&s->view, &s->game, app);
 *	keys:    BOARD_VIEW_KEYS(struct foo, view,
 *	                         "who owns each cell by the rules' count"),
 *	draw:    board_view_apply(&s->view, &board, NULL, own);
 */
struct board_view {
	const struct game *game;
	struct app *app;
	bool flip;   /* seen from the other side */
	bool owners; /* who owns each cell is shown on the board */
};

/* `app` says where nobody owns cells of `g`; both are borrowed. */
void board_view_init(struct board_view *v, const struct game *g,
		     struct app *app);

#define BOARD_VIEW_KEYS(type, member, owners_help)                             \
	{"w",                                                                  \
	 "owners",                                                             \
	 owners_help,                                                          \
	 false,                                                                \
	 .run = board_view_owners,                                             \
	 .part = offsetof(type, member)},                                      \
	{                                                                      \
		"f", "flip", "see the board from the other side", false,       \
			.run = board_view_flip, .part = offsetof(type, member) \
	}
enum screen_action board_view_owners(void *self, const struct key_press *k);
enum screen_action board_view_flip(void *self, const struct key_press *k);

/* The cell of `b` under a click, where it was drawn on all of region `r`; -1
 * beside it, and where `r` is NULL: it was not drawn. */
int board_view_click(const struct board *b, const struct canvas_region *r,
		     const struct mouse_event *m, bool ascii);

/* Look at `b` this way; `seen` and `own` are board_owners()'. */
void board_view_apply(const struct board_view *v, struct board *b,
		      const float *seen, float *own);

#endif
