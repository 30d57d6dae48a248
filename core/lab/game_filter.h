/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_GAME_FILTER_H
#define CORE_LAB_GAME_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "store/game.h"

/*
 * Which stored games: a filter as people write it, in two forms.  Words, all of
 * which must hold, are what the game browser takes:
 *
 *	run=NAME          played in that run
 *	agent=TEXT        either side's spec contains TEXT
 *	result=R          first (or win), second (or loss), draw, finished,
 *	                  unfinished; `win` is the first player's
 *	step=N, step=A..B of the run, when it was played
 *	purpose=P         selfplay, match, human, watch, imitate, import,
 *			study
 *	game=G            connect4, mnk:3,3,3, ...; a family alone, as chess or
 *			go, is all of its games
 *	match=ID          games of that match
 *	traces=yes        only games with stored searches
 *	order=O           newest (as without), oldest
 *
 * where a value with blanks stands in double quotes.  A list is what a source
 * of imitation takes after "games:", run, agent (the whole spec) and purpose
 * (any word) apart by commas, with
 *
 *	upto=ID           no game with a higher number
 *
 * and game=G last, since games have commas of their own; there a family alone
 *is the one game that it names.
 */
enum { FILTER_TEXT = 128, FILTER_AGENT = 512 };

struct game_filter {
	char run[FILTER_TEXT]; /* "": any; so below */
	char agent[FILTER_AGENT];
	char purpose[FILTER_TEXT];
	char game[GAME_NAME_SIZE]; /* canonical name, or a family's */
	bool family;               /* all games of it, and not one game */
	enum store_outcome outcome;
	bool by_step;
	int64_t step_min, step_max;
	int64_t match_id;
	bool searched, oldest;
	int64_t upto; /* 0: all */
};

/* ERR_USAGE names the word that is wrong and what is allowed; `*f` is then as
 * before.  `origin` stands before the sentence. */
ATTR_NODISCARD enum err_code
game_filter_parse(const char *text, struct game_filter *f, struct err *e);
ATTR_NODISCARD enum err_code game_filter_parse_list(const char *list,
						    const char *origin,
						    struct game_filter *f,
						    struct err *e);

/* As a person would write it, "" for every game. */
void game_filter_text(const struct game_filter *f, struct buf *out);
void game_filter_list(const struct game_filter *f, struct buf *out);

/* A word of result=; false if it is none of these. */
#define GAME_FILTER_RESULTS "first, second, draw, finished or unfinished"
bool game_filter_outcome(const char *word, enum store_outcome *out);

/* `out` borrows from `f`; the run's name is resolved by the caller, who has
 * the store: `run_id` 0 for any. */
void game_filter_store(const struct game_filter *f, int64_t run_id,
		       struct store_game_filter *out);

#endif
