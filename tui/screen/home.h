/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_HOME_H
#define TUI_SCREEN_HOME_H

#include <stdbool.h>
#include <stdint.h>

#include "store/game.h"
#include "store/run.h"
#include "store/study.h"
#include "tui/app.h"
#include "tui/row/row.h"
#include "tui/widget/table.h"

/* The lab at a glance, and the way to everything in it.  What draw() shows is
 * all in here, so that a test can fill it without a lab. */
enum {
	HOME_CURVE = 48,
	HOME_RUNS_MAX = 200,
	HOME_GAMES_MAX = 50,
	HOME_JOBS_MAX = 16
};

struct home_run {
	struct store_run run;     /* its texts in the screen's bag */
	double curve[HOME_CURVE]; /* Elo of its last checkpoints */
	int curve_count;
};

struct home_job {
	char kind[16], run[64], state[16], message[160];
	double done, total; /* total 0: no end known */
};

struct home_entry {
	char key;
	const char *label, *screen, *help;
};

/* The studies are there if the lab has some. */
enum home_pane { HOME_MENU, HOME_RUNS, HOME_GAMES, HOME_STUDIES, HOME_PANES };

struct home {
	struct app *app; /* borrowed */
	char path[512];
	bool readonly;
	int64_t bytes, checkpoint_count, game_count;
	const struct home_entry *menu[16];
	int menu_count, menu_at;
	enum home_pane pane;
	struct table runs_table, games_table, studies_table;
	struct row_view runs_view, games_view, studies_view;
	struct store_bag runs_bag, games_bag, studies_bag; /* the rows' texts */
	struct home_run *runs;    /* owned [runs_table.row_count] */
	struct store_game *games; /* in the bag [games_table.row_count] */
	struct store_study_state *studies; /* the same of studies_table */
	char find[64];                     /* what was looked for last */
	struct home_job jobs[HOME_JOBS_MAX];
	int job_count;
	int64_t version; /* of the lab file when it was read */
	double look_at;  /* when to look again, clock_seconds() */
};

void home_draw(const void *self, struct canvas *c);
/* All tables, without rows. */
void home_prepare(struct home *h);
/* Go to the next row with a text, of the pane with the keys, or of the runs. */
bool home_find(struct home *h, const char *text);
void home_release(struct home *h);
/* Part of the canvas: the menu, from the entry that stands first. */
enum { HOME_MENU_REGION };

#endif
