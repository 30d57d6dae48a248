/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_SEARCH_H
#define TUI_SCREEN_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/thinker.h"
#include "tui/app.h"
#include "tui/widget/agent_picker.h"
#include "tui/widget/inspector.h"

/*
 * State of the `search` screen.  search.c holds its life and commands,
 * search_open.c where a search comes from: the lab file or an agent.
 */
enum { SEARCH_MOVES = 8192 };

struct search {
	struct app *app; /* borrowed */
	struct game game;
	bool ready; /* game and inspector are there */
	struct inspector in;
	int64_t game_id; /* stored game, 0: a position by hand */
	int ply;
	int plies;                /* of the stored game */
	char moves[SEARCH_MOVES]; /* that lead to the position */
	char agent[PICKER_SPEC];  /* who searched; "" nobody yet */
	struct agent_picker picker;
	struct thinker *thinker; /* owned; NULL: nobody is thinking */
	bool choose;             /* opened to choose an agent */
	bool hurry;              /* it is to settle for what it has */
	bool running;            /* the scrubber moves by itself */
	struct thought found;    /* the last answer; .moves NULL: none */
	bool unsaved;            /* it belongs to a stored game's ply */
};

/* Fill in from the screen's argument: "GAME_ID PLY [agent=SPEC]" or
 * "GAME [MOVES] [agent=SPEC]".  SPEC `?` asks for one. */
ATTR_NODISCARD enum err_code search_open_arg(struct search *s, const char *arg,
					     struct err *e);

/* Have `spec` search the position; its answer comes through search_collect().
 */
ATTR_NODISCARD enum err_code search_start(struct search *s, const char *spec,
					  struct err *e);
/* Returns whether anything is new. */
bool search_collect(struct search *s, struct err *e);
void search_stop(struct search *s);

/* Keep the answer with the stored game. */
ATTR_NODISCARD enum err_code search_save(struct search *s, struct err *e);

#endif
