/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_GAME_H
#define TUI_SCREEN_GAME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/inspector.h"
#include "core/session/review.h"
#include "core/session/whole_game.h"
#include "tui/app.h"
#include "tui/widget/agent_picker.h"
#include "tui/widget/board_view.h"
#include "tui/widget/entry.h"

/*
 * State of the `game` screen: one stored game, stepped through.  game.c holds
 * its life and keys, game_load.c what comes from the lab file, game_whole.c the
 * agent that is asked about the whole game, game_draw.c how it looks.
 */
/* Parts of the canvas. */
enum { GAME_BOARD, GAME_GRAPH, GAME_LIST, GAME_TABLE, GAME_MOMENTS };

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
	struct whole_game *whole;   /* owned; NULL: nobody is asked */
	struct agent_picker picker; /* who shall be asked */
	bool moments; /* what is worth a look, in place of the moves */
};

struct game_list stepper_list(const struct stepper *s, int height, int width);

ATTR_NODISCARD enum err_code stepper_load(struct stepper *s, int64_t id,
					  struct err *e);
void stepper_unload(struct stepper *s);
/* The figures at the line's place, after it changed. */
void stepper_show(struct stepper *s);
void stepper_draw(const void *self, struct canvas *c);
/* ---- an agent that looks at the whole game (game_whole.c) ---- */

/* Ask at once, the game's own network if there is one; again stops it, and
 * once there is an answer, chooses who else. */
enum screen_action stepper_analyse_game(void *self, const struct key_press *k);
enum screen_action stepper_show_stored(void *self, const struct key_press *k);
enum screen_action stepper_type_agent(void *self, const struct key_press *k);
enum screen_action stepper_close(void *self, const struct key_press *k);
enum screen_action stepper_keep_game(void *self, const struct key_press *k);
enum screen_action stepper_list_moments(void *self, const struct key_press *k);
extern const struct key_binding stepper_picker_keys[];
/* Returns whether anything is new. */
bool stepper_collect(struct stepper *s);
/* How far it is, or who it was; returns the column after it. */
int stepper_draw_progress(const struct stepper *s, struct canvas *c, int row,
			  int col);
void stepper_draw_moments(const struct stepper *s, struct canvas *c);
/* The first of the moments that the list shows. */
int stepper_moments_top(const struct review_moment *list, int count, int ply,
			int height);

/* What was said at this ply of the game, wrapped: how many rows it takes, and
 * the rows themselves (game_notes.c). */
int stepper_notes_rows(const struct stepper *s, int width);
void stepper_draw_notes(const struct stepper *s, struct canvas *c);
void stepper_print(const struct stepper *s, bool ascii, struct buf *out);

#endif
