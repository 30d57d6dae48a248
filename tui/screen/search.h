/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_SEARCH_H
#define TUI_SCREEN_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/analysis.h"
#include "core/session/inspector.h"
#include "tui/app.h"
#include "tui/widget/agent_picker.h"

/*
 * State of the `search` screen.  search.c holds its life and commands,
 * search_open.c where a search comes from: the lab file or an agent.
 */
struct search {
	struct app *app; /* borrowed */
	struct analysis analysis;
	bool ready; /* the inspector is there */
	struct inspector in;
	struct agent_picker picker;
	bool choose;  /* opened to choose an agent */
	bool chosen;  /* one was: the plies beside this one ask it too */
	bool running; /* the scrubber moves by itself */
	bool warned;  /* that leaving drops a search that is not kept */
};

/* Fill in from the screen's argument: "GAME_ID PLY [agent=SPEC]" or
 * "GAME [MOVES] [agent=SPEC]".  SPEC `?` asks for one; `again` is the one that
 * was chosen last, where somebody is to move. */
ATTR_NODISCARD enum err_code search_open_arg(struct search *s, const char *arg,
					     struct err *e);

/* Have `spec` search the position; its answer comes through search_collect().
 */
ATTR_NODISCARD enum err_code search_start(struct search *s, const char *spec,
					  struct err *e);
/* Another of the searches that are kept at the ply, `step` from the one that
 * stands.  ERR_NOTFOUND: there is no other. */
ATTR_NODISCARD enum err_code search_other_kept(struct search *s, int step,
					       struct err *e);
/* Make the search of self-play again. */
ATTR_NODISCARD enum err_code search_as_it_was(struct search *s, struct err *e);
/* Returns whether anything is new. */
bool search_collect(struct search *s, struct err *e);

#endif
