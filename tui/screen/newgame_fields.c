/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/newgame.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "tui/widget/form.h"

static enum err_code check_game(const char *text, struct err *e)
{
	struct game g;

	return game_init(&g, text, e);
}

static enum err_code check_number(const char *text, double most,
				  const char *what, struct err *e)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v >= 0) || v > most)
		return err_set(e, ERR_USAGE, "'%s' is not %s from 0 to %.0f",
			       text, what, most);
	return ERR_OK;
}

static enum err_code check_komi(const char *text, struct err *e)
{
	enum err_code rc;
	struct buf spec;
	struct game g;

	/* after a comma another parameter would begin */
	if (strchr(text, ','))
		return err_set(e, ERR_USAGE, "komi is one number, as 7 or 6.5");
	buf_init(&spec);
	buf_printf(&spec, "go:komi=%s", text);
	rc = game_init(&g, spec.data, e);
	buf_release(&spec);
	return rc;
}

static enum err_code check_sims(const char *text, struct err *e)
{
	if (strchr(text, '.'))
		return err_set(e, ERR_USAGE, "simulations are a whole number");
	return check_number(text, 1000000, "a number of simulations", e);
}

static enum err_code check_temperature(const char *text, struct err *e)
{
	return check_number(text, 100, "a temperature", e);
}

static enum err_code check_speed(const char *text, struct err *e)
{
	return check_number(text, 60000, "milliseconds", e);
}

/* "other" lets a game or an agent be typed. */
#define GAME_FIELDS                                                           \
	[FIELD_GAME] = {"Game",                                               \
			FORM_CHOICE,                                          \
			NULL,                                                 \
			"connect4",                                           \
			"Left and Right choose; 'other' is typed",            \
			NULL},                                                \
	[FIELD_GAME_TEXT] = {"Rules",                                         \
			     FORM_TEXT,                                       \
			     "drop:rows=4,cols=5,line=4",                     \
			     NULL,                                            \
			     "a family and its parameters",                   \
			     check_game},                                     \
	[FIELD_KOMI] = {"Komi",                                               \
			FORM_TEXT,                                            \
			NULL,                                                 \
			NULL,                                                 \
			"points for White, who moves second; what the agent " \
			"learned with stands here",                           \
			check_komi},                                          \
	[FIELD_FROM] = {"Start",                                              \
			FORM_TEXT,                                            \
			"",                                                   \
			NULL,                                                 \
			"empty: the usual start; else type or paste a FEN, "  \
			"an SGF or PGN game, or moves",                       \
			NULL}

#define AGENT_FIELDS_AT(at, label)                                          \
	[(at) + AGENT_WHO] = {label,                                        \
			      FORM_CHOICE,                                  \
			      NULL,                                         \
			      "tactical",                                   \
			      "a run of this game, or an agent that needs " \
			      "none",                                       \
			      NULL},                                        \
		[(at) + AGENT_STEP] = {"  checkpoint",                      \
				       FORM_CHOICE,                         \
				       NULL,                                \
				       "latest",                            \
				       "how far in its training",           \
				       NULL},                               \
		[(at) + AGENT_SIMS] = {"  simulations",                     \
				       FORM_TEXT,                           \
				       "200",                               \
				       NULL,                                \
				       "a move; 0 plays the raw policy",    \
				       check_sims},                         \
		[(at) + AGENT_TEMPERATURE] =                                \
			{"  temperature",                                   \
			 FORM_TEXT,                                         \
			 "0",                                               \
			 NULL,                                              \
			 "of the raw policy: 0 plays its best "             \
			 "move, 1 draws by its figures",                    \
			 check_temperature},                                \
		[(at) + AGENT_SPEC] = {"  agent",                           \
				       FORM_TEXT,                           \
				       "mcts:uniform,sims=1000",            \
				       NULL,                                \
				       "as on the command line",            \
				       form_check_agent}

const struct form_field newgame_play_fields[PLAY_FIELDS] = {
	GAME_FIELDS,
	AGENT_FIELDS_AT(FIELD_AGENT, "Opponent"),
	[PLAY_SIDE] = {"You play", FORM_CHOICE, NULL, "first|second",
		       "first moves first", NULL},
	[PLAY_START] = {"Play", FORM_BUTTON, NULL, NULL, NULL, NULL},
};

const struct form_field newgame_watch_fields[WATCH_FIELDS] = {
	GAME_FIELDS,
	AGENT_FIELDS_AT(FIELD_AGENT, "First"),
	AGENT_FIELDS_AT(WATCH_AGENT2, "Second"),
	[WATCH_SPEED] = {"Speed", FORM_TEXT, "500", NULL,
			 "milliseconds a move; + and - change it later",
			 check_speed},
	[WATCH_START] = {"Watch", FORM_BUTTON, NULL, NULL, NULL, NULL},
};
