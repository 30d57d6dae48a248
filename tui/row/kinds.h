/* SPDX-License-Identifier: MIT */
#ifndef TUI_ROW_KINDS_H
#define TUI_ROW_KINDS_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/row/row.h"

/* The kinds of rows, each of the struct of store/ with its name. */
extern const struct row_kind row_run, row_checkpoint;
extern const struct row_kind row_game, row_search;
extern const struct row_kind row_job;
extern const struct row_kind row_life;
extern const struct row_kind row_match;
extern const struct row_kind row_study; /* of struct store_study_state */
extern const struct row_kind row_score; /* of core/lab/scorecard.h */

/* An agent among all of its game. */
struct rating {
	int64_t rank; /* from 1; 0: not rated */
	const char *agent;
	double elo, elo_low, elo_high; /* 95 % interval; NAN */
	int64_t games;
	double score; /* share of their points, [0, 1]; NAN */
	bool linked;  /* games lead from it to the agent whose Elo is 0 */
	bool guess;   /* so its Elo is shown with a question mark */
	double above; /* chance to be stronger than the next; NAN */
	/* Above the mean of all, 95 % interval; NAN */
	double over, over_low, over_high;
};
extern const struct row_kind row_rating;

/* How a verdict looks; NULL: there is none yet. */
struct badge_word {
	const char *word;
	uint32_t glyph;
	char plain; /* the glyph in ASCII */
	enum style style;
};
const struct badge_word *badge_word(const char *verdict);

#endif
