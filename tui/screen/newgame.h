/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_NEWGAME_H
#define TUI_SCREEN_NEWGAME_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "tui/app.h"
#include "tui/widget/form.h"

/*
 * The dialogs before `play` and `watch`: they put together what could be typed
 * after the `:` as well, and open that screen in their own place.  newgame.c
 * holds their life and what they come to, newgame_fields.c the fields, and
 * newgame_agents.c who can be chosen.
 */

/* One agent takes five fields; most are hidden, by what it is. */
enum {
	AGENT_WHO,
	AGENT_STEP,
	AGENT_SIMS,
	AGENT_TEMPERATURE,
	AGENT_SPEC,
	AGENT_FIELDS
};

enum {
	FIELD_GAME,
	FIELD_GAME_TEXT,
	FIELD_KOMI,
	FIELD_FROM,
	FIELD_AGENT, /* the first of its fields */
	PLAY_SIDE = FIELD_AGENT + AGENT_FIELDS,
	PLAY_START,
	PLAY_FIELDS,
	WATCH_AGENT2 = FIELD_AGENT + AGENT_FIELDS,
	WATCH_SPEED = WATCH_AGENT2 + AGENT_FIELDS,
	WATCH_START,
	WATCH_FIELDS,
};

/* A run of the lab, as far as a choice needs it. */
struct option {
	char *run; /* owned */
	struct game game;
	struct buf steps; /* "latest|1200|600" */
};

struct newgame {
	struct app *app; /* borrowed */
	struct form form;
	bool watch;
	struct option *options; /* owned */
	int option_count;
	struct game game; /* whom the choices fit; its rules NULL: none yet */
	char komi[GAME_PARAM_SIZE]; /* as proposed; another was typed */
	bool ready;                 /* the form exists */
};

extern const struct form_field newgame_play_fields[], newgame_watch_fields[];

int newgame_field_count(const struct newgame *n);
int newgame_agent_count(const struct newgame *n);
int newgame_agent_field(int agent); /* the first of its fields */
/* The game that the fields name, as a person writes it. */
const char *newgame_rules(const struct newgame *n);

/* Runs that have a network to play by. */
ATTR_NODISCARD enum err_code newgame_load_options(struct newgame *n,
						  struct err *e);
/* The run of the name, if it plays the chosen game; NULL. */
const struct option *newgame_option(const struct newgame *n, const char *run);
/* Runs of the chosen game, then agents for any game, as choices. */
void newgame_offer_agents(struct newgame *n);

#endif
