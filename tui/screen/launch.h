/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_LAUNCH_H
#define TUI_SCREEN_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "store/store.h"
#include "tui/spawn.h"

/*
 * Starting a command from a dialog: its words, the process, and the wait until
 * its job stands in the lab file, or until it has failed and said why.
 */
enum { LAUNCH_WORDS = 64 };

struct launch {
	char *word[LAUNCH_WORDS + 1]; /* owned, ends with NULL */
	int count;
	struct spawn *spawn; /* owned; NULL: not started */
};

void launch_init(struct launch *l);
void launch_release(struct launch *l); /* what was started goes on */
/* Drop words and process, to try again. */
void launch_clear(struct launch *l);

/* Add one word, or an option and its value; an empty value adds neither. */
void launch_add(struct launch *l, const char *word);
void launch_option(struct launch *l, const char *option, const char *value);
/* Add each of the blank-separated words of a text. */
void launch_split(struct launch *l, const char *text);
/* The words as a person would type them after `plyscope`. */
void launch_text(const struct launch *l, struct buf *out);

ATTR_NODISCARD enum err_code launch_start(struct launch *l, struct store *s,
					  struct err *e);

enum launch_state {
	LAUNCH_IDLE, /* nothing was started */
	LAUNCH_WAITING,
	LAUNCH_WORKING, /* *job_id, and *run_id where it has a run */
	LAUNCH_FAILED,  /* the sentence is in `e` */
};
/* Where it stands; `needs_run`: a job without its run is not working yet. */
enum launch_state launch_poll(struct launch *l, struct store *s, bool needs_run,
			      int64_t *job_id, int64_t *run_id, struct err *e);

/* Checks for form fields: 0 or more, as a whole number or a number; a name of a
 * run; a game's rules; blank-separated key=value words of a recipe.  Empty text
 * is accepted except for a name and rules. */
enum err_code launch_check_count(const char *text, struct err *e);
enum err_code launch_check_number(const char *text, struct err *e);
enum err_code launch_check_name(const char *text, struct err *e);
enum err_code launch_check_rules(const char *text, struct err *e);
enum err_code launch_check_settings(const char *text, struct err *e);

/* A run name that is not taken: "connect4-2". */
void launch_fresh_name(struct store *s, const char *stem, char *out,
		       size_t size);

/* "default|quick|tictactoe": the shipped recipes for a game, as choices of a
 * form. */
void launch_recipes(const char *game, struct buf *out);
/* Agents that the lab can offer, as choices of a form: each run's policy and
 * search, then `others` ("tactical|random|"), then "typed".  `first` (may be
 * "") comes first. */
enum err_code launch_agents(struct store *s, const char *first,
			    const char *others, struct buf *out, struct err *e);
#define LAUNCH_NO_RUN "tactical|random|mcts:uniform|"
/* Games with a short name, as choices of a form. */
void launch_games(struct buf *out);
/* What a screen begins with that is told no game: Connect Four, or, where the
 * networks of the lab (`s` may be NULL) know only other games, the game of the
 * newest learner by self-play, else imitator. */
void launch_usual_game(struct store *s, struct game *out);

#endif
