/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_WATCH_H
#define TUI_SCREEN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/sitting.h"
#include "tui/app.h"
#include "tui/screen/panes.h"
#include "tui/widget/board_view.h"

/*
 * State of the `watch` screen: two agents play one game after another.
 * watch.c holds its life and its commands, watch_draw.c how it looks.
 */
struct watch {
	struct app *app;        /* borrowed */
	struct sitting sitting; /* players of the present game */
	struct panes panes;
	int first_agent; /* who plays first now: agent 0 or 1 as named */
	int shown;       /* ply on the board; behind the game while looking
			  * back */
	int speed_ms;    /* least time a move stands */
	bool paused;
	int steps;          /* moves still to be made though paused */
	double ready_at;    /* clock_seconds() when the next move may fall */
	int wins[2], draws; /* by agent as named */
	int games;          /* pause after this many; 0: go on */
	bool scored;        /* the game on the board is in the score */
	int64_t last_row;   /* of the game saved last; 0: none */
	int tab;            /* whose thoughts show where only one has room;
			     * -1: who is to move */
	bool marks;         /* figures on the board */
	struct board_view view;
	bool empty; /* opened without agents: only passing through */
};

void watch_draw(const void *self, struct canvas *c);
void watch_status(const void *self, struct buf *out);

/* The agent, as named on opening, that plays side `player`. */
int watch_agent(const struct watch *w, int player);

#endif
