/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_GAME_H
#define TUI_SCREEN_GAME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/inspector.h"
#include "core/session/review.h"
#include "tui/app.h"
#include "tui/widget/board_view.h"
#include "tui/widget/entry.h"

/*
 * State of the `game` screen: one stored game, stepped through.  game.c holds
 * its life and keys, game_load.c what comes from the lab file, game_draw.c how
 * it looks.
 */
/* Parts of the canvas. */
enum { GAME_BOARD, GAME_GRAPH, GAME_LIST, GAME_TABLE };

/* Where the moves stand in a list of `height` by `width`. */
struct game_list {
	int move, cell; /* columns that a move takes; that a pair does */
	int odd;        /* half pairs before the first move: 1 where the second
			 * player begins */
	int columns, pairs; /* pairs a row; pairs in all */
	int top;            /* first row shown */
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
};

struct game_list stepper_list(const struct stepper *s, int height, int width);

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
