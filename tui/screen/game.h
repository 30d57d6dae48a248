/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_GAME_H
#define TUI_SCREEN_GAME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/review.h"
#include "tui/app.h"
#include "tui/widget/board_view.h"
#include "tui/widget/entry.h"
#include "tui/widget/inspector.h"

/*
 * State of the `game` screen: one stored game, stepped through.  game.c holds
 * its life and keys, game_load.c what comes from the lab file, game_draw.c how
 * it looks.
 */
/* Where things stood when last drawn, for the mouse. */
struct game_place {
	int row, col, height, width; /* width 0: not drawn */
};
struct game_seen {
	struct game_place board, graph, list, table;
	int list_top, list_columns; /* first pair shown; pairs a row */
	int list_move;              /* columns that a move takes */
	bool ascii;
};

struct stepper {
	struct app *app; /* borrowed */
	struct review review;
	struct inspector root; /* figures of the search at this ply */
	bool searched;         /* `root` has some */
	bool playing;
	int pace; /* tenths of a second a move */
	int ticks;
	struct entry entry; /* a piece that was clicked */
	struct board_view view;
	struct game_seen *seen; /* owned */
};

/* Columns that a pair of moves takes in the list: its number, and twice a move
 * with its signs. */
static inline int stepper_list_cell(int move)
{
	return 5 + 2 * move;
}

/* Half pairs before the first move: 1 where the second player begins. */
int stepper_list_odd(const struct stepper *s);

ATTR_NODISCARD enum err_code stepper_load(struct stepper *s, int64_t id,
					  struct err *e);
void stepper_unload(struct stepper *s);
/* The figures at the line's place, after it changed. */
void stepper_show(struct stepper *s);
void stepper_draw(const void *self, struct canvas *c);
/* What was said at this ply of the game, wrapped: how many rows it takes, and
 * the rows themselves (game_notes.c). */
int stepper_notes_rows(const struct stepper *s, int width);
void stepper_draw_notes(const struct stepper *s, struct canvas *c);
void stepper_print(const struct stepper *s, bool ascii, struct buf *out);

#endif
