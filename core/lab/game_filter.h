/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_GAME_FILTER_H
#define CORE_LAB_GAME_FILTER_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "store/game.h"

/*
 * The filter line of the game browser: `key=value` words, all of which must
 * hold.
 *
 *	run=NAME          played in that run
 *	agent=TEXT        either side's spec contains TEXT
 *	result=R          first (or win), second (or loss), draw, finished,
 *	                  unfinished; `win` is the first player's
 *	step=N, step=A..B of the run, when it was played
 *	purpose=P         selfplay, match, human, watch, imitate, import
 *	game=G            connect4, mnk:3,3,3, ...
 *	match=ID          games of that match
 *	traces=yes        only games with stored searches
 *	order=O           newest (as without), oldest
 *
 * A value with blanks stands in double quotes.
 */
enum { FILTER_TEXT = 128 };

struct game_filter {
	char run[FILTER_TEXT]; /* "": any; so below */
	char agent[FILTER_TEXT];
	char purpose[FILTER_TEXT];
	char game[FILTER_TEXT]; /* canonical name */
	enum store_outcome outcome;
	bool by_step;
	int64_t step_min, step_max;
	int64_t match_id;
	bool searched, oldest;
};

/* ERR_USAGE names the word that is wrong and what is allowed; `*f` is then as
 * before. */
ATTR_NODISCARD enum err_code
game_filter_parse(const char *text, struct game_filter *f, struct err *e);

/* As a person would write it, "" for every game. */
void game_filter_text(const struct game_filter *f, struct buf *out);

/* `out` borrows from `f`; the run's name is resolved by the caller, who has
 * the store: `run_id` 0 for any. */
void game_filter_store(const struct game_filter *f, int64_t run_id,
		       struct store_game_filter *out);

#endif
