/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_PANES_H
#define TUI_SCREEN_PANES_H

#include <stdbool.h>

#include "core/session/sitting.h"
#include "tui/app.h"
#include "tui/widget/thinking.h"

/*
 * What those who sit at a board think, a pane for each seat.  Zeroed are panes
 * that nobody has looked at.
 */
struct panes {
	struct thinking of[SITTING_SEATS];
	int guest[SITTING_SEATS]; /* whose name the pane has */
};

/* What seats need, of a running app. */
struct seat_host panes_host(struct app *app);

/* After who sits, or who thinks, has changed: names, and who is at it. */
void panes_follow(struct panes *p, const struct sitting *s);
/* For sitting_collect(): a new thought of the seat. */
void panes_set(struct panes *p, const struct sitting *s, int seat,
	       const struct thought *th, int ply, bool running, bool ascii);
/* After moves were taken back: each player's pane shows what it thought of the
 * last position that is still on the board, and none what was thought of one
 * that is not. */
void panes_take_back(struct panes *p, const struct sitting *s, bool ascii);
void panes_swap(struct panes *p);  /* of the two players */
void panes_clear(struct panes *p); /* of the two players; they keep names */

/* A one-player game has nobody to play against; it runs by the clock: opens the
 * screen `live` in place of the one that opens; `speed_ms`
 * as in play_args.  False: it
 * is a two-player game. */
bool panes_live(struct app *app, const struct game *g, const char *player,
		int speed_ms);

#endif
