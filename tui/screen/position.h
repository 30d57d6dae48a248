/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_POSITION_H
#define TUI_SCREEN_POSITION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/line.h"
#include "tui/app.h"
#include "tui/widget/board_view.h"
#include "tui/widget/entry.h"

/*
 * State of the `position` screen: any position, reached by moves, by text that
 * was pasted, or piece by piece, for an agent to search.  position.c holds its
 * life and its commands, position_setup.c the setting up.
 */
/* Part of the canvas. */
enum { POSITION_BOARD };

struct position_setup {
	bool on;
	uint8_t cell[BOARD_CELLS]; /* as rules->cell() counts */
	int kind;                  /* that Space puts */
	int player;                /* to move */
	char wrong[480];           /* why it cannot be played from; "" */
};

struct position {
	struct app *app; /* borrowed */
	struct game game;
	bool ready;
	struct line line;
	struct entry entry;
	struct position_setup setup;
	struct board_view view;
};

/* Begin with what stands on the board; says so where the game has none. */
enum screen_action position_setup_begin(struct position *s);

enum position_setup_key {
	SETUP_PASSED, /* the key means nothing here */
	SETUP_TAKEN,
	SETUP_DONE, /* *out is the game that begins at what was set up */
};
enum position_setup_key position_setup_text(struct position *s, int key,
					    struct game *out);
enum screen_action position_setup_mouse(struct position *s, int cell,
					int button);
/* The keys of the setting up, for the bottom line. */
extern const struct key_binding position_setup_hints[];
void position_setup_draw(const struct position *s, struct canvas *c);

#endif
