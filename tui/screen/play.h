/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_PLAY_H
#define TUI_SCREEN_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/sitting.h"
#include "tui/app.h"
#include "tui/screen/panes.h"
#include "tui/widget/board_view.h"
#include "tui/widget/entry.h"

/*
 * State of the `play` screen: a game with a person on at least one side.
 * play.c holds its life, play_keys.c what its keys do, play_text.c the typing
 * of moves, play_draw.c how it looks.
 */
/* Part of the canvas. */
enum { PLAY_BOARD };

enum play_overlay {
	OVERLAY_NONE,
	OVERLAY_POLICY,
	OVERLAY_VISITS,
	OVERLAY_COUNT
};

struct play {
	struct app *app; /* borrowed */
	struct sitting sitting;
	struct panes panes;
	bool hint_wanted;   /* move the cursor to the answer */
	bool always_hint;   /* have every position of the person judged */
	struct entry entry; /* the cursor, and a move half given */
	struct board_view view;
	bool pane; /* thoughts beside the board */
	enum play_overlay overlay;
	char typed[16]; /* a coordinate that is not complete */
	bool empty;     /* opened without a game: only passing through */
};

void play_draw(const void *self, struct canvas *c);
void play_status(const void *self, struct buf *out);

/* The thoughts that the pane shows; NULL if nobody has any. */
const struct thinking *play_thinking(const struct play *p);
/* What a board borrows while it is drawn. */
struct play_figures {
	struct board_mark marks[THINKING_ROWS];
	float owners[BOARD_CELLS];
};
/* The board as it is drawn, with its figures in `f`. */
struct board play_board(const struct play *p, struct play_figures *f);

/* ---- between the files of the screen ---- */

/* Save the game as it stands; false if there is no row of it. */
bool play_save(struct play *p);
/* Something on the board, or who sits at it, has changed. */
void play_changed(struct play *p);
void play_ask_hint(struct play *p);
/* The person's move, or why there is none; and what came of a key or a click
 * on the board. */
enum screen_action play_person_move(struct play *p, game_move m,
				    const char *why);
enum screen_action play_entered(struct play *p, enum entry_result result,
				game_move m, const char *why);

extern const struct key_binding play_keys[];
enum screen_action play_at_cursor(struct play *p);
enum screen_action play_open_stored(struct play *p);

/* text() of the screen: the letters and digits of a move; and those letters
 * that moves of the game begin with, before any other meaning. */
bool play_claims(const void *self, unsigned ch);
bool play_text(void *self, unsigned ch, enum screen_action *action);
/* Ask for a move in the bottom line. */
void play_ask_move(struct play *p, const char *begun);

#endif
