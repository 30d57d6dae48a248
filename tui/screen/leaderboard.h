/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_LEADERBOARD_H
#define TUI_SCREEN_LEADERBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/ranking.h"
#include "core/session/standings.h"
#include "tui/app.h"
#include "tui/row/row.h"
#include "tui/widget/table.h"
#include "tui/widget/whisker.h"

/*
 * The ratings of one game, and what is known of the selected agent: the curve
 * of its run's checkpoints, and whom it met.  What draw() shows is all in here.
 */
enum leaderboard_pane { BOARD_RATINGS, BOARD_OPPONENTS };

struct leaderboard {
	struct app *app;     /* borrowed */
	struct store *store; /* borrowed from the lab */
	struct standings all;
	struct table table, met;    /* of `shown` and `opponents` */
	struct row_view view;       /* columns of `table` */
	int *shown;                 /* owned: rows that pass the filter */
	struct opponent *opponents; /* owned; of the selected agent */
	struct whisker_scale scale;
	enum leaderboard_pane pane;
	enum series_x x;
	bool to_mean;   /* intervals are of the difference to the mean */
	bool every_run; /* lay the curves of all runs over each other */
	char filter[64];
	struct ranking ranking;
	bool readonly;
	bool untouched; /* no agent was chosen: the first one stays selected */
	int64_t data_version;
	int ticks;
};

/* Open it on a game, with an agent selected if it is there ("": the first). */
void leaderboard_push(struct app *app, const char *game, const char *agent);

/* Both tables, without rows. */
void leaderboard_prepare(struct leaderboard *b);
/* Columns for what the standings have. */
void leaderboard_columns(struct leaderboard *b);
void leaderboard_draw(const void *self, struct canvas *c);
/* The selected agent's curve, see struct screen. */
bool leaderboard_chart(const void *self, enum picture_format f,
		       struct buf *out);
/* Its interval as it is shown: around its Elo, to the anchor or to the mean. */
void leaderboard_interval(const struct leaderboard *b, int row, double *low,
			  double *high);
/* The selected row of the standings; -1: there is none. */
int leaderboard_selected(const struct leaderboard *b);

#endif
